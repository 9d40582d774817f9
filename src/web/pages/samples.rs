//! An example of every page: what the tests render, and what a preview shows.

use super::cards::{
    Customer, Header, LetterLine, Offer, Program, Reason, RedemptionCard, ReferralCard,
};
use super::context::{
    Choice, ErrorPage, LetterPage, MailboxPage, MemberHome, PointsPage, Shell, ShopPage, SignedIn,
    UnsubscribePage, VoucherPage,
};
use super::links::{EmailPage, PasswordLink, PasswordPage, PasswordStep, SurveyPage, SurveyStep};
use super::sample_cards::{balance, day, entries, letter, pick, redemption, shelf, voucher};
use platform::kernel::{locale::Language, money::Currency, zone::Zone};

impl Shell {
    /// An example, with nobody signed in.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self {
            language,
            program_name: "Bókakaffi Lóa".to_owned(),
            zone: "Atlantic/Reykjavik".parse().unwrap_or_else(|_| Zone::utc()),
            demo: true,
            home: Some("/".to_owned()),
            signed_in: None,
            notice: None,
        }
    }

    fn of_member(language: Language) -> Self {
        let signed_in = SignedIn { given_name: "Þórdís".to_owned(), available: 1_280 };
        Self { signed_in: Some(signed_in), ..Self::sample(language) }
    }
}

impl ShopPage {
    /// An example as a visitor sees it.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let customer = |id: &str, given: &str, family: &str, available, speaks| Customer {
            member_id: format!("mem_01m7zr0000000000000000000{id}"),
            given_name: given.to_owned(),
            full_name: format!("{given} {family}"),
            available,
            speaks,
        };
        Self {
            shell: Shell::sample(language),
            program: Program {
                earn_points: 1,
                earn_per_minor_units: 100,
                currency: "ISK".parse().unwrap_or(Currency::EUR),
                referrer_points: 500,
                referee_points: 200,
            },
            rewards: shelf(language),
            customers: vec![
                customer("a", "Þórdís", "Ævarsdóttir", 1_280, Language::Is),
                customer("b", "Emma", "Whitfield", 321, Language::En),
                customer("c", "Guðmundur", "Örn Jónsson", 2_450, Language::Is),
                customer("d", "Tomás", "O’Brien", 40, Language::En),
            ],
            email: String::new(),
            refused: None,
            invited: true,
            home: None,
        }
    }

    /// An example as a signed-in member sees it.
    #[must_use]
    pub fn sample_of_member(language: Language) -> Self {
        let mut page = Self { shell: Shell::of_member(language), ..Self::sample(language) };
        let reasons = [
            vec![],
            vec![],
            vec![],
            vec![Reason::OutOfStock],
            vec![Reason::InsufficientPoints { shortfall: 120, enough_by: Some(day(34)) }],
            vec![Reason::LimitReached],
            vec![
                Reason::InsufficientPoints { shortfall: 1_720, enough_by: None },
                Reason::NotStarted { starts_at: day(10) },
            ],
            vec![],
        ];
        for (at, (reward, reasons)) in page.rewards.iter_mut().zip(reasons).enumerate() {
            reward.offer = Some(Offer {
                available: reasons.is_empty(),
                reasons,
                attempt: format!("attempt-{at}"),
            });
        }
        page.home = Some(MemberHome {
            balance: balance(),
            entries: entries(language),
            redemptions: vec![
                redemption(language),
                RedemptionCard {
                    id: "red_01m7zr00000000000000000002".to_owned(),
                    reward_name: pick(language, "An evening with a poet", "Kvöldstund með skáldi"),
                    kind: "experience".to_owned(),
                    state: "placed".to_owned(),
                    points: 900,
                    placed_at: day(-9),
                },
            ],
            referral: ReferralCard { code: "K7Q2M9XT".to_owned(), ..ReferralCard::sample() },
        });
        page
    }
}

impl VoucherPage {
    /// An example: a voucher, just redeemed.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self {
            shell: Shell::of_member(language),
            redemption: redemption(language),
            quantity: 1,
            description: pick(
                language,
                "Any coffee from the bar, with a seat by the window.",
                "Hvaða kaffi sem er, og sæti við gluggann.",
            ),
            fresh: true,
            voucher: Some(voucher()),
            used_at: None,
            letter_id: Some("let_01m7zr00000000000000000001".to_owned()),
            cancellable: false,
        }
    }

    /// An example: placed, to be fulfilled by staff, and still to be cancelled.
    #[must_use]
    pub fn sample_placed(language: Language) -> Self {
        let placed = RedemptionCard {
            state: "placed".to_owned(),
            kind: "experience".to_owned(),
            ..redemption(language)
        };
        Self {
            redemption: placed,
            voucher: None,
            letter_id: None,
            cancellable: true,
            fresh: false,
            ..Self::sample(language)
        }
    }
}

impl PointsPage {
    /// An example with an older page to come.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self {
            shell: Shell::of_member(language),
            balance: balance(),
            entries: entries(language),
            later_page: false,
            next_cursor: Some("b2xkZXI".to_owned()),
        }
    }
}

impl MailboxPage {
    /// An example with two letters.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let subject = pick(language, "Welcome to Bókakaffi Lóa", "Vertu hjartanlega velkomin");
        let welcome =
            LetterLine { id: "let_0".to_owned(), subject, sent_at: day(-30), ..letter(language) };
        Self { shell: Shell::of_member(language), letters: vec![letter(language), welcome] }
    }
}

impl LetterPage {
    /// An example with both parts.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let header =
            |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        Self {
            shell: Shell::of_member(language),
            letter: letter(language),
            headers: vec![header("Message-ID", "<let_01m7zr00000000000000000001@example.com>")],
            has_html: true,
            text: pick(
                language,
                "Dear Þórdís,\n\nhere is your voucher: 7KQ2 M9XA 4TDE",
                "Kæra Þórdís,\n\nhér er inneignarmiðinn þinn: 7KQ2 M9XA 4TDE",
            ),
        }
    }
}

impl UnsubscribePage {
    /// An example that asks.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let kind = |name: &str| Choice { name: name.to_owned(), holiday: None };
        let holiday = Some("jól".to_owned());
        Self {
            shell: Shell::sample(language),
            token: "bWVtYmVy.dGFn".to_owned(),
            about: kind("occasions"),
            done: false,
            already: false,
            others: vec![kind("thank_you"), Choice { holiday, ..kind("holiday:jol") }],
        }
    }
}

impl SurveyPage {
    /// An example that asks.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let question = pick(
            language,
            "How likely are you to recommend us to a friend?",
            "Hversu líklegt er að þú mælir með okkur við vin?",
        );
        Self {
            is_again: true,
            shell: Shell::sample(language),
            token: "bWVtYmVy.dGFn".to_owned(),
            question,
            kind: "nps",
            steps: (0..=10).collect(),
            chosen: Some(9),
            follow_up: String::new(),
            comment: String::new(),
            mood: "promoter",
            step: SurveyStep::Ask,
            points: Some(50),
        }
    }
}

impl EmailPage {
    /// An example that asks.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self { shell: Shell::sample(language), token: "vo_9Qx3".to_owned(), step: "ask" }
    }
}

impl PasswordPage {
    /// An example that asks.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let shell = Shell { demo: false, home: None, ..Shell::sample(language) };
        let token = "vo_b3BlbiBzZXNhbWU".to_owned();
        Self { shell, link: PasswordLink::Confirm, step: PasswordStep::Ask { token } }
    }
}

impl ErrorPage {
    /// An example that the page has words for.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        Self {
            shell: Shell::sample(language),
            status: 404,
            code: "not_found".to_owned(),
            detail: "there is no such redemption".to_owned(),
            shortfall: 0,
            request_id: Some("0192f3a1c5d2".to_owned()),
        }
    }
}
