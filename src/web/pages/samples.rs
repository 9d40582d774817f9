//! An example of every context: what the tests render, and what a preview shows.

use jiff::Timestamp;

use super::context::{
    BalanceCard, Customer, EntryLine, ErrorPage, ExpiringLine, Header, LetterLine, LetterPage,
    MailboxPage, MemberHome, Offer, PointsPage, Program, Reason, RedemptionCard, ReferralCard,
    RewardCard, Shell, ShopPage, SignedIn, UnsubscribePage, VoucherCard, VoucherPage,
};
use crate::web::lang::Lang;

/// A drawing in the manner of the QR codes: three corners, enough to lay out a page.
const QR: &str = r##"<?xml version="1.0" standalone="yes"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><rect width="29" height="29" fill="#fff"/><path d="M4 4h7v7H4zM18 4h7v7h-7zM4 18h7v7H4zM13 5h1v3h-1zM15 8h2v1h-2zM13 13h3v3h-3zM18 13h2v1h-2zM22 14h3v2h-3zM5 13h4v1H5zM9 15h3v1H9zM14 19h2v4h-2zM18 19h3v2h-3zM22 22h3v3h-3zM18 23h2v2h-2zM12 24h3v1h-3z"/><path fill="#fff" d="M5 5h5v5H5zM19 5h5v5h-5zM5 19h5v5H5z"/><path d="M6 6h3v3H6zM20 6h3v3h-3zM6 20h3v3H6z"/></svg>"##;

fn day(days: i64) -> Timestamp {
    // 21 November 2026, an evening in Reykjavík, and so many days later.
    Timestamp::from_second(1_795_287_060 + days * 86_400).unwrap_or_default()
}

/// The text of the sample in the page's language.
fn pick(lang: Lang, en: &str, is: &str) -> String {
    if lang == Lang::Is { is } else { en }.to_owned()
}

impl Shell {
    /// An example, with nobody signed in.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self {
            lang,
            program_name: "Bókakaffi Lóa".to_owned(),
            time_zone: "Atlantic/Reykjavik".to_owned(),
            demo: true,
            signed_in: None,
            notice: None,
        }
    }

    fn of_member(lang: Lang) -> Self {
        let signed_in = SignedIn {
            given_name: "Þórdís".to_owned(),
            available: 1_280,
        };
        Self {
            signed_in: Some(signed_in),
            ..Self::sample(lang)
        }
    }
}

impl ShopPage {
    /// An example as a visitor sees it.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let customer = |id: &str, given: &str, family: &str, available, speaks| Customer {
            member_id: format!("mem_01m7zr0000000000000000000{id}"),
            given_name: given.to_owned(),
            full_name: format!("{given} {family}"),
            available,
            speaks,
        };
        Self {
            shell: Shell::sample(lang),
            program: Program {
                earn_points: 1,
                earn_per_minor_units: 100,
                currency: "ISK".to_owned(),
                referrer_points: 500,
                referee_points: 200,
            },
            rewards: shelf(lang),
            customers: vec![
                customer("a", "Þórdís", "Ævarsdóttir", 1_280, Lang::Is),
                customer("b", "Emma", "Whitfield", 321, Lang::En),
                customer("c", "Guðmundur", "Örn Jónsson", 2_450, Lang::Is),
                customer("d", "Tomás", "O’Brien", 40, Lang::En),
            ],
            email: String::new(),
            home: None,
        }
    }

    /// An example as a signed-in member sees it.
    #[must_use]
    pub fn sample_of_member(lang: Lang) -> Self {
        let mut page = Self {
            shell: Shell::of_member(lang),
            ..Self::sample(lang)
        };
        let reasons = [
            vec![],
            vec![],
            vec![],
            vec![Reason::OutOfStock],
            vec![Reason::InsufficientPoints { shortfall: 120 }],
            vec![Reason::LimitReached],
            vec![
                Reason::InsufficientPoints { shortfall: 1_720 },
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
            entries: entries(lang),
            redemptions: vec![
                redemption(lang),
                RedemptionCard {
                    id: "red_01m7zr00000000000000000002".to_owned(),
                    reward_name: pick(lang, "An evening with a poet", "Kvöldstund með skáldi"),
                    kind: "experience".to_owned(),
                    state: "placed".to_owned(),
                    points: 900,
                    placed_at: day(-9),
                },
            ],
            referral: ReferralCard {
                code: "THORDIS7".to_owned(),
                share_url: "http://127.0.0.1:8080/r/THORDIS7".to_owned(),
            },
        });
        page
    }
}

fn shelf(lang: Lang) -> Vec<RewardCard> {
    let reward =
        |at: u8, kind: &str, cost_points, stock, name: String, description: String| RewardCard {
            id: format!("rwd_01m7zr0000000000000000000{at}"),
            name,
            description,
            kind: kind.to_owned(),
            cost_points,
            stock,
            offer: None,
        };
    let say = |en, is| pick(lang, en, is);
    vec![
        reward(
            1,
            "voucher",
            150,
            None,
            say("A cup of coffee", "Kaffibolli"),
            say(
                "Any coffee from the bar, with a seat by the window.",
                "Hvaða kaffi sem er, og sæti við gluggann.",
            ),
        ),
        reward(
            2,
            "voucher",
            220,
            None,
            say("Cinnamon bun, still warm", "Nýbakaður kanilsnúður"),
            say(
                "Out of the oven at eight and at two.",
                "Beint úr ofninum klukkan átta og tvö.",
            ),
        ),
        reward(
            3,
            "product",
            1_200,
            Some(3),
            say("Paperback of the month", "Kilja mánaðarins"),
            say(
                "Chosen by the staff and wrapped in paper.",
                "Starfsfólkið velur og við pökkum henni inn.",
            ),
        ),
        reward(
            4,
            "product",
            600,
            Some(0),
            say("Tote bag with the plover", "Taupoki með lóunni"),
            say(
                "Sturdy cotton, carries nine novels.",
                "Sterk bómull sem ber níu skáldsögur.",
            ),
        ),
        reward(
            5,
            "experience",
            1_400,
            Some(12),
            say("An evening with a poet", "Kvöldstund með skáldi"),
            say(
                "Two seats, two glasses and a poem of your own.",
                "Tvö sæti, tvö glös og ljóð handa þér.",
            ),
        ),
        reward(
            6,
            "upgrade",
            500,
            None,
            say("Bottomless filter coffee", "Áfylling allan daginn"),
            say(
                "A whole day of refills.",
                "Við fyllum á bollann allan daginn.",
            ),
        ),
        reward(
            7,
            "early_access",
            3_000,
            Some(20),
            say(
                "Early look at the Christmas books",
                "Forskot á jólabókaflóðið",
            ),
            say(
                "The night before everyone else.",
                "Kvöldið áður en aðrir komast að.",
            ),
        ),
        reward(
            8,
            "donation",
            100,
            None,
            say("Plant a birch", "Birkitré í jörð"),
            say(
                "We plant one for you on the slopes of Esja.",
                "Við gróðursetjum eitt fyrir þig í hlíðum Esju.",
            ),
        ),
    ]
}

fn balance() -> BalanceCard {
    let next_expiring = Some(ExpiringLine {
        points: 121,
        expires_at: day(40),
    });
    BalanceCard {
        available: 1_280,
        pending: 64,
        held: 0,
        debt: 0,
        next_expiring,
    }
}

fn entries(lang: Lang) -> Vec<EntryLine> {
    let entry = |kind: &str, points, balance_after, days, en, is| EntryLine {
        kind: kind.to_owned(),
        points,
        balance_after,
        why: pick(lang, en, is),
        occurred_at: day(days),
        pending_until: None,
    };
    let fresh = entry(
        "earn",
        64,
        1_344,
        -1,
        "Order 20418: ISK 6,400, 1 point for every ISK 100",
        "Pöntun 20418: 6.400 kr., 1 punktur fyrir hverjar 100 kr.",
    );
    vec![
        EntryLine {
            pending_until: Some(day(13)),
            ..fresh
        },
        entry(
            "redeem",
            -150,
            1_280,
            -3,
            "Redeemed: A cup of coffee",
            "Innleyst: Kaffibolli",
        ),
        entry(
            "perk",
            100,
            1_430,
            -8,
            "Thank you for telling us about the draughty door",
            "Takk fyrir ábendinguna um súginn í dyrunum",
        ),
        entry(
            "expire",
            -21,
            1_330,
            -20,
            "21 points from November 2024 expired",
            "21 punktur frá nóvember 2024 rann út",
        ),
        entry(
            "earn",
            1_351,
            1_351,
            -30,
            "Order 20117: ISK 135,100, 1 point for every ISK 100",
            "Pöntun 20117: 135.100 kr., 1 punktur fyrir hverjar 100 kr.",
        ),
    ]
}

fn redemption(lang: Lang) -> RedemptionCard {
    RedemptionCard {
        id: "red_01m7zr00000000000000000001".to_owned(),
        reward_name: pick(lang, "A cup of coffee", "Kaffibolli"),
        kind: "voucher".to_owned(),
        state: "fulfilled".to_owned(),
        points: 150,
        placed_at: day(-3),
    }
}

impl VoucherPage {
    /// An example: a voucher, just redeemed.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self {
            shell: Shell::of_member(lang),
            redemption: redemption(lang),
            quantity: 1,
            description: pick(
                lang,
                "Any coffee from the bar, with a seat by the window.",
                "Hvaða kaffi sem er, og sæti við gluggann.",
            ),
            fresh: true,
            voucher: Some(VoucherCard {
                code: "7KQ2M9XA4TDE".to_owned(),
                qr_svg: QR.to_owned(),
                expires_at: day(362),
            }),
            used_at: None,
            letter_id: Some("let_01m7zr00000000000000000001".to_owned()),
            cancellable: false,
        }
    }

    /// An example: placed, to be fulfilled by staff, and still to be cancelled.
    #[must_use]
    pub fn sample_placed(lang: Lang) -> Self {
        let placed = RedemptionCard {
            state: "placed".to_owned(),
            kind: "experience".to_owned(),
            ..redemption(lang)
        };
        Self {
            redemption: placed,
            voucher: None,
            letter_id: None,
            cancellable: true,
            fresh: false,
            ..Self::sample(lang)
        }
    }
}

impl PointsPage {
    /// An example with an older page to come.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self {
            shell: Shell::of_member(lang),
            balance: balance(),
            entries: entries(lang),
            later_page: false,
            next_cursor: Some("b2xkZXI".to_owned()),
        }
    }
}

fn letter(lang: Lang) -> LetterLine {
    LetterLine {
        id: "let_01m7zr00000000000000000001".to_owned(),
        subject: pick(
            lang,
            "Your voucher: A cup of coffee",
            "Inneignarmiðinn þinn: Kaffibolli",
        ),
        from: "Bókakaffi Lóa <hello@example.com>".to_owned(),
        to: "Þórdís Ævarsdóttir <thordis@example.com>".to_owned(),
        sent_at: day(-3),
    }
}

impl MailboxPage {
    /// An example with two letters.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let subject = pick(
            lang,
            "Welcome to Bókakaffi Lóa",
            "Vertu hjartanlega velkomin",
        );
        let welcome = LetterLine {
            id: "let_0".to_owned(),
            subject,
            sent_at: day(-30),
            ..letter(lang)
        };
        Self {
            shell: Shell::of_member(lang),
            letters: vec![letter(lang), welcome],
        }
    }
}

impl LetterPage {
    /// An example with both parts.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let header = |name: &str, value: &str| Header {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        Self {
            shell: Shell::of_member(lang),
            letter: letter(lang),
            headers: vec![header(
                "Message-ID",
                "<let_01m7zr00000000000000000001@example.com>",
            )],
            has_html: true,
            text: pick(
                lang,
                "Dear Þórdís,\n\nhere is your voucher: 7KQ2 M9XA 4TDE",
                "Kæra Þórdís,\n\nhér er inneignarmiðinn þinn: 7KQ2 M9XA 4TDE",
            ),
        }
    }
}

impl UnsubscribePage {
    /// An example that asks.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        let (token, preference) = ("bWVtYmVy.dGFn".to_owned(), "occasions".to_owned());
        Self {
            shell: Shell::sample(lang),
            token,
            preference,
            done: false,
        }
    }
}

impl ErrorPage {
    /// An example that the page has words for.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self {
            shell: Shell::sample(lang),
            status: 404,
            code: "not_found".to_owned(),
            title: "Not found".to_owned(),
            detail: "There is no such redemption.".to_owned(),
            request_id: Some("0192f3a1c5d2".to_owned()),
            back: "/".to_owned(),
        }
    }
}
