use super::*;
use platform::{
    auth::Realm,
    kernel::{locale::Language, phrases::keys},
};

/// Every page from every sample, by a name for the failure message and the preview.
fn gallery(language: Language) -> Vec<(String, String)> {
    let pages = Pages::load();
    let done = UnsubscribePage { done: true, ..UnsubscribePage::sample(language) };
    let mut failed = ShopPage::sample(language);
    failed.refused = Some(Notice::WrongCredentials);
    let used = VoucherPage { fresh: false, ..VoucherPage::sample(language) };
    let used = VoucherPage {
        redemption: RedemptionCard { state: "used".to_owned(), ..used.redemption },
        ..used
    };
    let rendered = [
        ("shop", pages.render_shop(&ShopPage::sample(language))),
        ("shop-failed", pages.render_shop(&failed)),
        ("shop-member", pages.render_shop(&ShopPage::sample_of_member(language))),
        ("voucher", pages.render_voucher(&VoucherPage::sample(language))),
        ("voucher-placed", pages.render_voucher(&VoucherPage::sample_placed(language))),
        ("voucher-used", pages.render_voucher(&used)),
        ("points", pages.render_points(&PointsPage::sample(language))),
        ("mailbox", pages.render_mailbox(&MailboxPage::sample(language))),
        ("letter", pages.render_letter(&LetterPage::sample(language))),
        ("unsubscribe", pages.render_unsubscribe(&UnsubscribePage::sample(language))),
        ("unsubscribe-done", pages.render_unsubscribe(&done)),
        ("survey", pages.render_survey(&SurveyPage::sample(language))),
        (
            "survey-done",
            pages.render_survey(&SurveyPage {
                step: SurveyStep::Done { points: Some(50) },
                ..SurveyPage::sample(language)
            }),
        ),
        (
            "survey-over",
            pages.render_survey(&SurveyPage {
                step: SurveyStep::Over,
                ..SurveyPage::sample(language)
            }),
        ),
        (
            "survey-choose",
            pages.render_survey(&SurveyPage {
                step: SurveyStep::Choose,
                chosen: None,
                mood: "detractor",
                comment: "…".to_owned(),
                ..SurveyPage::sample(language)
            }),
        ),
        ("answers", pages.render_answers(&AnswersPage::sample(language))),
        ("friends", pages.render_friends(&FriendsPage::sample(language))),
        ("invitation", pages.render_invitation(&InvitationPage::sample(language))),
        ("email", pages.render_email(&EmailPage::sample(language))),
        (
            "email-done",
            pages.render_email(&EmailPage { step: "done", ..EmailPage::sample(language) }),
        ),
        (
            "password-lost",
            pages.render_password(&PasswordPage {
                link: PasswordLink::Password,
                step: PasswordStep::Lost { realm: Realm::Member, typed: None },
                ..PasswordPage::sample(language)
            }),
        ),
        ("front", pages.render_front(&FrontPage { shell: Shell::sample(language) })),
        ("password", pages.render_password(&PasswordPage::sample(language))),
        ("error", pages.render_error(&ErrorPage::sample(language))),
    ];
    rendered
        .into_iter()
        .map(|(name, html)| {
            (format!("{name}.{}", language.tag()), html.unwrap_or_else(|e| panic!("{name}: {e:#}")))
        })
        .collect()
}

#[test]
fn every_page_renders_in_every_language() {
    for (name, html) in Language::ALL.into_iter().flat_map(gallery) {
        for leftover in ["{{", "{%", "{ $", "undefined", "none</", "null"] {
            assert!(!html.contains(leftover), "{name} shows {leftover}");
        }
        assert!(html.contains("Bókakaffi Lóa"), "{name} names the shop");
        assert!(
            !html.contains("<script>") && !html.contains(" onclick"),
            "{name} has an inline script"
        );
        // To look at them in a browser.
        if let Ok(folder) = std::env::var("VILDAR_PAGES_OUT") {
            std::fs::write(format!("{folder}/{name}.html"), html).unwrap();
        }
    }
}

#[test]
fn both_languages_have_the_same_messages() {
    assert_eq!(
        keys(include_str!("../../../templates/locales/pages.en.ftl")),
        keys(include_str!("../../../templates/locales/pages.is.ftl"))
    );
}

#[test]
fn what_people_wrote_is_escaped() {
    let evil = "<b>Ó'Brien & co</b>";
    let pages = Pages::load();
    let mut shop = ShopPage::sample_of_member(Language::En);
    shop.shell.program_name = evil.to_owned();
    shop.shell.signed_in = Some(SignedIn { given_name: evil.to_owned(), available: 1 });
    shop.rewards[0].name = evil.to_owned();
    shop.rewards[0].kind = evil.to_owned();
    let mut letter = LetterPage::sample(Language::Is);
    letter.letter.subject = evil.to_owned();
    letter.letter.to = evil.to_owned();
    letter.text = evil.to_owned();
    let problem = ErrorPage {
        code: "unheard_of".to_owned(),
        detail: evil.to_owned(),
        ..ErrorPage::sample(Language::En)
    };
    let mut visitor = ShopPage::sample(Language::Is);
    visitor.email = "\"><script>".to_owned();
    visitor.customers[0].given_name = evil.to_owned();
    for html in [
        pages.render_shop(&shop).unwrap(),
        pages.render_letter(&letter).unwrap(),
        pages.render_error(&problem).unwrap(),
        pages.render_shop(&visitor).unwrap(),
    ] {
        assert!(!html.contains("<b>") && !html.contains("\"><script>"));
        assert!(
            html.contains("&lt;b&gt;Ó&#x27;Brien &amp; co&lt;&#x2f;b&gt;"),
            "the name is shown as it was written"
        );
    }
}

#[test]
fn every_reason_and_notice_has_words() {
    let pages = Pages::load();
    let starts_at = "2026-12-01T00:00:00Z".parse().unwrap();
    for language in Language::ALL {
        let mut shop = ShopPage::sample_of_member(language);
        let offer = shop.rewards[0].offer.as_mut().unwrap();
        offer.available = false;
        offer.reasons = vec![
            Reason::InsufficientPoints { shortfall: 120, enough_by: None },
            Reason::OutOfStock,
            Reason::LimitReached,
            Reason::TierRequired,
            Reason::NotStarted { starts_at },
            Reason::Ended,
            Reason::MemberSuspended,
        ];
        for notice in [
            Notice::SignedOut,
            Notice::RedemptionCancelled,
            Notice::InsufficientPoints,
            Notice::OutOfStock,
            Notice::LimitReached,
            Notice::RewardUnavailable,
        ] {
            shop.shell.notice = Some(notice);
            let html = pages.render_shop(&shop).unwrap();
            assert!(html.contains(if language == Language::Is {
                "Þig vantar 120 punkta"
            } else {
                "120 points short"
            }));
            assert_eq!(html.contains("role=\"alert\""), notice.is_warning());
        }
        for refused in [Notice::WrongCredentials, Notice::Suspended, Notice::TooManyTries] {
            assert!(refused.is_of_sign_in());
            let shop = ShopPage { refused: Some(refused), ..ShopPage::sample(language) };
            let html = pages.render_shop(&shop).unwrap();
            let form = html.split_once("action=\"/session\"").expect("the form").0;
            assert!(form.contains("id=\"sign-in-fault\" role=\"alert\""), "it stands at the form");
            assert!(!form.contains("id=\"hero\"") && html.matches("<h1").count() == 1);
            assert_eq!(html.matches("aria-describedby=\"sign-in-fault\"").count(), 2);
            let wrong = if refused == Notice::WrongCredentials { 2 } else { 0 };
            assert_eq!(html.matches("aria-invalid").count(), wrong);
        }
    }
}

#[test]
fn every_door_has_words() {
    let pages = Pages::load();
    for language in Language::ALL {
        for link in [PasswordLink::Confirm, PasswordLink::Password, PasswordLink::Invitation] {
            let show = |step| {
                let page = PasswordPage { link, step, ..PasswordPage::sample(language) };
                pages.render_password(&page).unwrap()
            };
            let token = "vo_b3BlbiBzZXNhbWU".to_owned();
            let asked = show(PasswordStep::Ask { token: token.clone() });
            assert!(asked.contains("new-password") && !asked.contains("role=\"alert\""));
            let again = show(PasswordStep::Again { token });
            assert!(again.contains("aria-invalid") && again.contains("id=\"rule\" role=\"alert\""));
            let lost = show(PasswordStep::Lost { realm: Realm::Staff, typed: None });
            assert!(lost.contains("role=\"alert\"") && !lost.contains("new-password"));
            let offers = lost.contains("action=\"/password/again\"");
            assert_eq!(offers, link == PasswordLink::Password);
            let done = show(PasswordStep::Done);
            assert!(!done.contains("<form") && !done.contains("vo_"));
        }
    }
}

#[test]
fn an_expiry_shows_the_last_good_day() {
    let mut page = VoucherPage::sample(Language::En);
    page.voucher.as_mut().unwrap().expires_at = "2027-11-22T00:00:00Z".parse().unwrap();
    let html = Pages::load().render_voucher(&page).unwrap();
    assert!(html.contains("21 November 2027") && !html.contains("22 November 2027"));
}

#[test]
fn small_tools_do_as_they_say() {
    assert_eq!(groups("7KQ2M9XA4T"), ["7KQ2", "M9XA", "4T"]);
    assert_eq!(groups("AB-CD"), ["AB-CD"]);
    assert_eq!(segment("a/b?c=ó"), "a%2Fb%3Fc%3D%C3%B3");
    assert!(drawn("no drawing").is_err());
    assert_eq!(marked("a `b` <c>").to_string(), "a <code>b</code> &lt;c&gt;");
}
