//! Pages as html: one typed context and one `render_*` for each template in `templates/pages`.
//!
//! All is embedded and parsed by [`Pages::load`]; html is escaped, and a name that a template
//! asks for and its context lacks is an error, never an empty place on a page.

mod answers;
mod art;
mod cards;
mod context;
mod docs;
mod friends;
mod links;
mod sample_answers;
mod sample_cards;
mod sample_friends;
mod samples;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use minijinja::{Environment, Error, HtmlEscape, UndefinedBehavior, Value, value::Serde};
use serde::Serialize;

pub use answers::{AnswerLine, AnswersPage, QuestionLine};
pub use cards::{
    BalanceCard, Customer, EntryLine, ExpiringLine, Header, LetterLine, Offer, Program, Reason,
    RedemptionCard, ReferralCard, RewardCard, VoucherCard,
};
pub use context::{
    Choice, ErrorPage, FrontPage, LetterPage, ListedProblem, MailboxPage, MemberHome, Notice,
    PointsPage, PreferencesPage, ProblemsPage, SampleLine, SamplesPage, Shell, ShopPage, SignedIn,
    Switch, UnsubscribePage, VoucherPage,
};
pub use docs::{DocsGroup, DocsGuide, DocsIndex};
pub use friends::{FriendLine, FriendsPage, InvitationPage, LeaderLine};
pub use links::{EmailPage, PasswordLink, PasswordPage, PasswordStep, SurveyPage, SurveyStep};

use super::assets;
use platform::kernel::{
    phrases::Phrases,
    templates::{speak, wrong},
};

static PHRASES: LazyLock<Arc<Phrases>> = LazyLock::new(|| {
    Arc::new(Phrases::new(
        concat!(
            include_str!("../../templates/locales/pages.en.ftl"),
            include_str!("../../templates/locales/console.en.ftl")
        ),
        concat!(
            include_str!("../../templates/locales/pages.is.ftl"),
            include_str!("../../templates/locales/console.is.ftl")
        ),
    ))
});

const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../../templates/pages/layout.html")),
    ("shop.html", include_str!("../../templates/pages/shop.html")),
    ("reward.html", include_str!("../../templates/pages/reward.html")),
    ("balance.html", include_str!("../../templates/pages/balance.html")),
    ("entry.html", include_str!("../../templates/pages/entry.html")),
    ("scene.svg", include_str!("../../templates/pages/scene.svg")),
    ("bird.svg", include_str!("../../templates/pages/bird.svg")),
    ("voucher.html", include_str!("../../templates/pages/voucher.html")),
    ("points.html", include_str!("../../templates/pages/points.html")),
    ("mailbox.html", include_str!("../../templates/pages/mailbox.html")),
    ("letter.html", include_str!("../../templates/pages/letter.html")),
    ("preferences.html", include_str!("../../templates/pages/preferences.html")),
    ("samples.html", include_str!("../../templates/pages/samples.html")),
    ("email.html", include_str!("../../templates/pages/email.html")),
    ("answers.html", include_str!("../../templates/pages/answers.html")),
    ("friends.html", include_str!("../../templates/pages/friends.html")),
    ("invitation.html", include_str!("../../templates/pages/invitation.html")),
    ("unsubscribe.html", include_str!("../../templates/pages/unsubscribe.html")),
    ("survey.html", include_str!("../../templates/pages/survey.html")),
    ("password.html", include_str!("../../templates/pages/password.html")),
    ("front.html", include_str!("../../templates/pages/front.html")),
    ("error.html", include_str!("../../templates/pages/error.html")),
    ("problems.html", include_str!("../../templates/pages/problems.html")),
    ("docs.html", include_str!("../../templates/pages/docs.html")),
    ("docs_group.html", include_str!("../../templates/pages/docs_group.html")),
    ("docs_guide.html", include_str!("../../templates/pages/docs_guide.html")),
];

const CONSOLE: &[(&str, &str)] = &[
    ("console/layout.html", include_str!("../../templates/console/layout.html")),
    ("console/referrals.html", include_str!("../../templates/console/referrals.html")),
    ("console/referral_case.html", include_str!("../../templates/console/referral_case.html")),
    ("console/referral_stats.html", include_str!("../../templates/console/referral_stats.html")),
    ("console/sign_in.html", include_str!("../../templates/console/sign_in.html")),
    ("console/today.html", include_str!("../../templates/console/today.html")),
    ("console/decide.html", include_str!("../../templates/console/decide.html")),
    ("console/take_back.html", include_str!("../../templates/console/take_back.html")),
    ("console/members.html", include_str!("../../templates/console/members.html")),
    ("console/member.html", include_str!("../../templates/console/member.html")),
    ("console/perks.html", include_str!("../../templates/console/perks.html")),
    ("console/perk_lists.html", include_str!("../../templates/console/perk_lists.html")),
    ("console/perk_list.html", include_str!("../../templates/console/perk_list.html")),
    ("console/list_counts.html", include_str!("../../templates/console/list_counts.html")),
    ("console/thanks.html", include_str!("../../templates/console/thanks.html")),
    ("console/thanks_one.html", include_str!("../../templates/console/thanks_one.html")),
    ("console/till.html", include_str!("../../templates/console/till.html")),
    ("console/letter.html", include_str!("../../templates/console/letter.html")),
    ("console/letters.html", include_str!("../../templates/console/letters.html")),
    ("console/occasions.html", include_str!("../../templates/console/occasions.html")),
    ("console/surveys.html", include_str!("../../templates/console/surveys.html")),
    ("console/survey.html", include_str!("../../templates/console/survey.html")),
    ("console/survey_fields.html", include_str!("../../templates/console/survey_fields.html")),
    ("console/topics.html", include_str!("../../templates/console/topics.html")),
    ("console/sorting.html", include_str!("../../templates/console/sorting.html")),
    ("console/announcements.html", include_str!("../../templates/console/announcements.html")),
    ("console/announcement.html", include_str!("../../templates/console/announcement.html")),
    ("console/segments.html", include_str!("../../templates/console/segments.html")),
    ("console/segment.html", include_str!("../../templates/console/segment.html")),
    ("console/condition_form.html", include_str!("../../templates/console/condition_form.html")),
    ("console/rewards.html", include_str!("../../templates/console/rewards.html")),
    ("console/reward.html", include_str!("../../templates/console/reward.html")),
    ("console/settings.html", include_str!("../../templates/console/settings.html")),
    ("console/users.html", include_str!("../../templates/console/users.html")),
    ("console/keys.html", include_str!("../../templates/console/keys.html")),
];

/// The pages, parsed and ready; cheap to share behind an `Arc`.
pub struct Pages {
    env: Environment<'static>,
}

impl Pages {
    /// The pages, parsed once for all who show them.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static PAGES: LazyLock<Arc<Pages>> = LazyLock::new(|| Arc::new(Pages::load()));
        Arc::clone(&PAGES)
    }

    /// Parses the embedded templates and texts; never reads the disk.
    ///
    /// # Panics
    /// If an embedded template does not parse, which the tests of this module would show.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "what is embedded is the same on every run: a test sees it"
    )]
    pub fn load() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES.iter().chain(CONSOLE).copied().chain(art::DRAWINGS) {
            env.add_template(name, source).expect("an embedded template parses");
        }
        speak(&mut env, &PHRASES);
        env.add_function("asset", |path: &str| {
            assets::address(path).ok_or_else(|| wrong(format!("no asset {path}")))
        });
        env.add_function("drawing", |kind: &str, name: &str| art::choose(kind, name));
        env.add_filter("urlpath", |text: &str| segment(text));
        env.add_filter("groups", |code: &str| groups(code));
        env.add_filter("drawn", |svg: &str| drawn(svg));
        env.add_filter("marked", |text: &str| marked(text));
        Self { env }
    }

    /// The storefront's home, signed in or not.
    ///
    /// # Errors
    /// A template asked for something that its context does not have, as for every `render_*`.
    pub fn render_shop(&self, page: &ShopPage) -> Result<String, Error> {
        self.render("shop.html", page)
    }

    /// A redemption: right after redeeming, and whenever the member comes back to it.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_voucher(&self, page: &VoucherPage) -> Result<String, Error> {
        self.render("voucher.html", page)
    }

    /// A page of the member's entries, newest first.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_points(&self, page: &PointsPage) -> Result<String, Error> {
        self.render("points.html", page)
    }

    /// The demo's mailbox.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_mailbox(&self, page: &MailboxPage) -> Result<String, Error> {
        self.render("mailbox.html", page)
    }

    /// One letter of the demo's mailbox.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_letter(&self, page: &LetterPage) -> Result<String, Error> {
        self.render("letter.html", page)
    }

    /// What an unsubscribe link will switch off, or that it did.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_unsubscribe(&self, page: &UnsubscribePage) -> Result<String, Error> {
        self.render("unsubscribe.html", page)
    }

    /// Every letter with samples.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_samples(&self, page: &SamplesPage) -> Result<String, Error> {
        self.render("samples.html", page)
    }

    /// Which letters a member wants.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_preferences(&self, page: &PreferencesPage) -> Result<String, Error> {
        self.render("preferences.html", page)
    }

    /// A new e-mail address is confirmed.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_email(&self, page: &EmailPage) -> Result<String, Error> {
        self.render("email.html", page)
    }

    /// What a member shares, and what came of it.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_friends(&self, page: &FriendsPage) -> Result<String, Error> {
        self.render("friends.html", page)
    }

    /// What a member is asked, and what it said.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_answers(&self, page: &AnswersPage) -> Result<String, Error> {
        self.render("answers.html", page)
    }

    /// Where a friend's link leads without a storefront.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_invitation(&self, page: &InvitationPage) -> Result<String, Error> {
        self.render("invitation.html", page)
    }

    /// A form for a password, behind a letter's link.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_password(&self, page: &PasswordPage) -> Result<String, Error> {
        self.render("password.html", page)
    }

    /// A survey's question, behind a letter's link.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_survey(&self, page: &SurveyPage) -> Result<String, Error> {
        self.render("survey.html", page)
    }

    /// What this address is, where no shop is known.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_front(&self, page: &FrontPage) -> Result<String, Error> {
        self.render("front.html", page)
    }

    /// A problem, told politely.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_error(&self, page: &ErrorPage) -> Result<String, Error> {
        self.render("error.html", page)
    }

    /// The list of all problems, for developers.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_problems(&self, page: &ProblemsPage) -> Result<String, Error> {
        self.render("problems.html", page)
    }

    /// A page of the console, by its template's name.
    ///
    /// # Errors
    /// See [`Pages::render_shop`].
    pub fn render_console(&self, name: &str, page: &impl Serialize) -> Result<String, Error> {
        self.render(&format!("console/{name}.html"), page)
    }

    fn render(&self, template: &str, page: &impl Serialize) -> Result<String, Error> {
        self.env.get_template(template)?.render(Serde(page))
    }
}

/// A code in groups of four to read out; spaces are for the eye only and are not copied.
fn groups(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let size = if code.contains('-') { letters.len().max(1) } else { 4 };
    letters.chunks(size).map(|group| group.iter().collect()).collect()
}

/// One segment of a path or one value of a query, percent-encoded.
#[must_use]
pub fn segment(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(
            |byte| {
                if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

/// A text in which `code` stands between backticks.
fn marked(text: &str) -> Value {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let part = HtmlEscape(part);
        if place % 2 == 1 { format!("<code>{part}</code>") } else { part.to_string() }
    });
    Value::from_safe_string(parts.collect())
}

/// Our own QR code as inline markup, without the XML declaration that html has no place for.
fn drawn(svg: &str) -> Result<Value, Error> {
    let from = svg.find("<svg").ok_or_else(|| wrong("the QR code is no SVG"))?;
    Ok(Value::from_safe_string(svg[from..].to_owned()))
}
