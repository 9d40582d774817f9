//! What each page needs to know.

use serde::Serialize;

use super::cards::{
    BalanceCard, Customer, EntryLine, Header, LetterLine, Program, RedemptionCard, ReferralCard,
    RewardCard, VoucherCard,
};
use platform::kernel::{
    clock::Timestamp,
    error::{Refusal, Unavailable},
    locale::Language,
    zone::Zone,
};

/// What every page has around its own content.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// The page's language: the member's, or the visitor's best guess.
    pub language: Language,
    /// The setting `program_name`: the shop's name wherever it is shown.
    pub program_name: String,
    /// The setting `time_zone`: dates are shown as they are there.
    pub zone: Zone,
    /// Whether this is `vildar demo`: shows the ribbon and the way to the mailbox.
    pub demo: bool,
    /// Where the shop is: `/` in the demo, the storefront's address elsewhere, if it is known.
    pub home: Option<String>,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// A line about what just happened.
    pub notice: Option<Notice>,
}

/// The member that the page is for.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// The name that the page greets by.
    pub given_name: String,
    /// Points to spend now, shown beside the name.
    pub available: i64,
}

/// What just happened, to be said once at the top of the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// E-mail or password did not fit.
    WrongCredentials,
    Suspended,
    /// Too many tries to sign in.
    TooManyTries,
    /// Signed out.
    SignedOut,
    /// Who wants to join has a letter.
    JoinAsked,
    /// What was changed of the member's code.
    Saved,
    /// A redemption was cancelled and its points are back.
    RedemptionCancelled,
    /// A reward costs more than there is.
    InsufficientPoints,
    /// It has become dearer since it was looked at.
    PriceChanged,
    /// Somebody else had the last one.
    OutOfStock,
    /// The member has had as many as one may.
    LimitReached,
    /// The reward can't be had now, for another reason.
    RewardUnavailable,
}

impl Notice {
    /// Whether it tells of a failure, which is shown and announced as such.
    #[must_use]
    pub const fn is_warning(self) -> bool {
        !matches!(self, Self::SignedOut | Self::RedemptionCancelled | Self::JoinAsked | Self::Saved)
    }

    /// Whether it is about the form to sign in with, at which it stands.
    #[must_use]
    pub const fn is_of_sign_in(self) -> bool {
        matches!(self, Self::WrongCredentials | Self::Suspended | Self::TooManyTries)
    }

    /// What a page left to be said on the next one, in the address: good news alone, so that no
    /// link from elsewhere alarms anybody.
    #[must_use]
    pub fn left(word: &str) -> Option<Self> {
        match word {
            "signed_out" => Some(Self::SignedOut),
            "join_asked" => Some(Self::JoinAsked),
            "saved" => Some(Self::Saved),
            "redemption_cancelled" => Some(Self::RedemptionCancelled),
            _ => None,
        }
    }

    /// Why a reward was not to be had; `None` for refusals of another kind.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::InsufficientPoints { .. } => Some(Self::InsufficientPoints),
            Refusal::PriceChanged { .. } => Some(Self::PriceChanged),
            Refusal::OutOfStock => Some(Self::OutOfStock),
            Refusal::RewardUnavailable { reasons } => Some(match reasons.as_slice() {
                [Unavailable::LimitReached { .. }, ..] => Self::LimitReached,
                _ => Self::RewardUnavailable,
            }),
            _ => None,
        }
    }
}

/// `shop.html`: the storefront's home.
#[derive(Debug, Clone, Serialize)]
pub struct ShopPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// What the program offers.
    pub program: Program,
    /// Every live reward, in the order of the shelf.
    pub rewards: Vec<RewardCard>,
    /// The demo's customers, to sign in as with one click; empty hides the offer.
    pub customers: Vec<Customer>,
    /// The e-mail to show again after a failed sign-in, else empty.
    pub email: String,
    /// Why signing in failed: then its form comes first, with this in it.
    pub refused: Option<Notice>,
    /// Whether a friend's link led here.
    pub invited: bool,
    /// The signed-in member's own part; `None` shows the sign-in instead.
    pub home: Option<MemberHome>,
}

/// The signed-in member's part of the home.
#[derive(Debug, Clone, Serialize)]
pub struct MemberHome {
    /// The numbers on top.
    pub balance: BalanceCard,
    /// The newest few entries.
    pub entries: Vec<EntryLine>,
    /// The member's redemptions, newest first.
    pub redemptions: Vec<RedemptionCard>,
    /// The member's own code.
    pub referral: ReferralCard,
}

/// `voucher.html`: one redemption.
#[derive(Debug, Clone, Serialize)]
pub struct VoucherPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The redemption, as in the list.
    pub redemption: RedemptionCard,
    /// How many of the reward.
    pub quantity: i64,
    /// The reward's description; may be empty.
    pub description: String,
    /// Whether this is the page right after redeeming.
    pub fresh: bool,
    /// The code, for kinds that have one; keep it on voided ones too, the page shows it struck.
    pub voucher: Option<VoucherCard>,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The demo's letter about it, `None` while it is under way or outside the demo.
    pub letter_id: Option<String>,
    /// Whether the member may cancel it now.
    pub cancellable: bool,
}

/// `points.html`: the member's entries.
#[derive(Debug, Clone, Serialize)]
pub struct PointsPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The numbers on top.
    pub balance: BalanceCard,
    /// Newest first.
    pub entries: Vec<EntryLine>,
    /// Whether this is not the first page: offers the way back to the newest.
    pub later_page: bool,
    /// The cursor of the next page.
    pub next_cursor: Option<String>,
}

/// `mailbox.html`: the demo's letters.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// Newest first.
    pub letters: Vec<LetterLine>,
}

/// `samples.html`: every letter with samples.
#[derive(Debug, Clone, Serialize)]
pub struct SamplesPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// All of them.
    pub samples: Vec<SampleLine>,
}

/// A sample in a list.
#[derive(Debug, Clone, Serialize)]
pub struct SampleLine {
    /// Its place.
    pub number: usize,
    /// The letter's name.
    pub template: String,
    /// In the page's language.
    pub subject: String,
}

/// `letter.html`: one letter of the demo.
#[derive(Debug, Clone, Serialize)]
pub struct LetterPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The letter, as in the list.
    pub letter: LetterLine,
    /// Further headers worth a look, in order (`Message-ID`, `List-Unsubscribe`, …).
    pub headers: Vec<Header>,
    /// Whether it has an html part, shown from `/demo/mailbox/{id}/html`.
    pub has_html: bool,
    /// The plain-text part.
    pub text: String,
}

/// `unsubscribe.html`: before and after one kind of letter is switched off.
#[derive(Debug, Clone, Serialize)]
pub struct UnsubscribePage {
    /// Around the page; nobody is signed in on it.
    #[serde(flatten)]
    pub shell: Shell,
    /// The token from the address.
    pub token: String,
    /// What it is about.
    pub about: Choice,
    /// Whether it has just been switched off.
    pub done: bool,
    /// Whether it was off before.
    pub already: bool,
    /// What else comes to the reader, and can be switched off.
    pub others: Vec<Choice>,
}

/// `preferences.html`: which letters a member wants.
#[derive(Debug, Clone, Serialize)]
pub struct PreferencesPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// Every kind.
    pub kinds: Vec<Switch>,
    /// Holidays on which the shop greets.
    pub holidays: Vec<Switch>,
    /// Whether the member said yes to marketing, without which others do not come.
    pub marketing: bool,
}

/// A kind of letters, and whether it comes.
#[derive(Debug, Clone, Serialize)]
pub struct Switch {
    /// Which.
    pub choice: Choice,
    /// Whether it is on.
    pub on: bool,
}

/// A kind of letters.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// `marketing`, `thank_you`, `occasions`, `surveys`, `statements`, or `holiday:` and its key.
    pub name: String,
    /// What the holiday is called.
    pub holiday: Option<String>,
}

/// `error.html`: a problem.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The HTTP status.
    pub status: i64,
    /// The stable code; the page has words of its own for those that people meet.
    pub code: String,
    /// In English, where the page has no words for the code.
    pub detail: String,
    /// Points that are missing.
    pub shortfall: i64,
    /// To find it in the log.
    pub request_id: Option<String>,
}

/// `front.html`: what this address is, where it is no demo.
#[derive(Debug, Clone, Serialize)]
pub struct FrontPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
}

/// `problems.html`: every problem that the API answers with.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemsPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    pub problems: Vec<ListedProblem>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
pub struct ListedProblem {
    pub status: u16,
    pub code: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub help: &'static str,
}
