//! Samples of every letter, ordinary and odd: for tests and for `vildar letters preview`.

mod points;
mod referrals;
mod surveys;
mod thanks;
mod told;

use std::time::Duration;

use super::{Greeting, Letter, Sender, Voucher};
use crate::kernel::{clock::Timestamp, color::Color, zone::Zone};

impl Letter {
    /// At least one sample of every variant, edge cases among them.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        [
            welcomes(),
            securities(),
            redeemed(),
            endings(),
            cancelled(),
            perks(),
            greetings(),
            self::referrals::all(),
            self::surveys::all(),
            self::told::all(),
            self::points::thanks(),
            self::points::reminders(),
            self::points::statements(),
            self::thanks::all(),
        ]
        .concat()
    }
}

impl Sender {
    /// A shop that says all of itself.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            program_name: "Kaffi & Co".to_owned(),
            mail_from: "hallo@kaffi.example".parse().ok(),
            public_url: "https://vildar.example".to_owned(),
            storefront_url: Some("https://kaffi.example".to_owned()),
            return_path: None,
            letters_per_host_per_minute: 0,
            brand_color: Color::rgb(0x2f, 0x5d, 0x50),
            logo_url: None,
            postal_address: Some("Kaffi & Co\nLaugavegur 1\n101 Reykjavík".to_owned()),
            zone: "Atlantic/Reykjavik".parse().unwrap_or_else(|_| Zone::utc()),
            unsubscribe_url: Some("https://vildar.example/unsubscribe/dG9rZW4".to_owned()),
        }
    }
}

/// 2026-11-21T18:51:00Z and so many hours.
fn at(hours: u64) -> Timestamp {
    const EVENING: Duration = Duration::from_mins(29_921_451);
    Timestamp::UNIX_EPOCH.plus(EVENING).plus(Duration::from_hours(hours))
}

const ODD: &str = "Bobby <b>\"Tables\"</b> & O'Neill {{ 7 * 7 }} { $n }";
const LONG: &str =
    "Jóhanna Guðrún Sigríður Ingibjörg Aðalheiður Kristbjörg Þorgerður Hallgríms Vigdís Bergþóra";

fn welcomes() -> Vec<Letter> {
    ["Þórdís", LONG, ODD]
        .map(|name| Letter::Welcome {
            given_name: name.to_owned(),
            referral_code: "K7Q0112Z".to_owned(),
            share_url: "https://vildar.example/r/K7Q0112Z".to_owned(),
        })
        .to_vec()
}

fn securities() -> Vec<Letter> {
    let url = "https://vildar.example/confirm?token=b3BlbiBzZXNhbWU&to=%2Fpoints".to_owned();
    let sign_in = |name: &str, device: &str| Letter::NewSignIn {
        name: name.to_owned(),
        device: device.to_owned(),
        at: at(0),
    };
    let confirmation =
        |existing| Letter::SignUpConfirmation { url: url.clone(), expires_at: at(24), existing };
    vec![
        confirmation(false),
        confirmation(true),
        Letter::PasswordReset {
            given_name: "Þórdís".to_owned(),
            url: url.clone(),
            expires_at: at(1),
        },
        Letter::StaffInvitation {
            name: "Gunnar Ægisson".to_owned(),
            url: url.clone(),
            expires_at: at(72),
        },
        Letter::EmailChange { url, expires_at: at(24) },
        Letter::EmailChanged {
            given_name: "Þórdís".to_owned(),
            hint: "þ•••@example.com".to_owned(),
        },
        sign_in("Anna", "Firefox, Windows"),
        sign_in("Þórdís", ""),
        sign_in(ODD, ODD),
    ]
}

fn redeemed() -> Vec<Letter> {
    let letter = |name: &str, reward: &str, quantity, points, balance_after, code: Option<&str>| {
        Letter::RewardRedeemed {
            given_name: name.to_owned(),
            reward: reward.to_owned(),
            quantity,
            points,
            balance_after,
            placed_at: at(0),
            voucher: code.map(|code| Voucher {
                code: code.to_owned(),
                // midnight in UTC: the last day that it can be used is 21 November 2027
                expires_at: at(365 * 24).plus(Duration::from_mins(309)),
            }),
            page_url: Some("https://shop.example/?redemption=red_01m7zr".to_owned()),
        }
    };
    vec![
        letter("Þórdís", "Kaffi og kleina", 1, 300, 1234, Some("7GQ2M4XK9RTB")),
        letter("Anna", "Coffee & cake", 2, 21, 1, None),
        letter(
            LONG,
            "Gisting fyrir tvo með morgunverði",
            21,
            1_000_000,
            0,
            Some("ABCDEFGH23456789"),
        ),
        letter(ODD, ODD, 1, 1, 11, Some("0123456789AB")),
    ]
}

fn endings() -> Vec<Letter> {
    let letter =
        |name: &str, reward: &str, quantity, page_url: Option<&str>| Letter::VoucherEnding {
            given_name: name.to_owned(),
            reward: reward.to_owned(),
            quantity,
            voucher: Voucher {
                code: "K7Q0-1122-ZZ9A-M4XK1".to_owned(),
                // midnight in UTC: the last day that it can be used is 5 December 2026
                expires_at: at(14 * 24).plus(Duration::from_mins(309)),
            },
            page_url: page_url.map(str::to_owned),
        };
    let page = Some("https://shop.example/?redemption=red_01m7zr");
    vec![
        letter("Þórdís", "Kaffi og kleina", 1, page),
        letter("Anna", "Coffee & cake", 2, None),
        letter(LONG, "Gisting fyrir tvo með morgunverði", 1, page),
        letter(ODD, ODD, 21, page),
    ]
}

fn cancelled() -> Vec<Letter> {
    let letter =
        |name: &str, reward: &str, quantity, points_returned, reason: Option<&str>, left| {
            Letter::RedemptionCancelled {
                given_name: name.to_owned(),
                reward: reward.to_owned(),
                quantity,
                points_returned,
                balance_after: 12_345,
                reason: reason.map(str::to_owned),
                left,
            }
        };
    vec![
        letter("Þórdís", "Ullarpeysa", 1, 1200, Some("Peysan er uppseld."), 0),
        letter("Þórdís", "Kaffi og kleina", 1, 300, None, 2),
        letter("Anna", "Woollen jumper", 21, 1, None, 1),
        letter(ODD, ODD, 1, 111, Some(ODD), 0),
        // a gift: nothing comes back
        letter("Þórdís", "Kaffi og kleina", 1, 0, None, 0),
    ]
}

fn perks() -> Vec<Letter> {
    let plain = |name: &str, title: &str, message: Option<&str>| Letter::PerkGranted {
        given_name: name.to_owned(),
        title: title.to_owned(),
        message: message.map(str::to_owned),
        points: None,
        expires_at: None,
        reward: None,
        voucher: None,
        page_url: Some("https://shop.example/".to_owned()),
    };
    let points = |mut letter: Letter, given: i64, end: Option<Timestamp>| {
        if let Letter::PerkGranted { points, expires_at, .. } = &mut letter {
            (*points, *expires_at) = (Some(given), end);
        }
        letter
    };
    let reward = |mut letter: Letter, name: &str, code: Option<&str>| {
        if let Letter::PerkGranted { reward, voucher, .. } = &mut letter {
            *reward = Some(name.to_owned());
            *voucher = code.map(|code| Voucher {
                code: code.to_owned(),
                expires_at: at(365 * 24).plus(Duration::from_mins(309)),
            });
        }
        letter
    };
    let kind = "Takk fyrir þolinmæðina.\nÞú átt þetta svo sannarlega skilið.\n\nSigga í búðinni";
    vec![
        points(plain("Þórdís", "Takk fyrir ábendinguna", Some(kind)), 200, Some(at(365 * 48))),
        points(plain("Anna", "Thank you for waiting", None), 1, None),
        reward(plain("Þórdís", "Til hamingju með daginn", None), "Kaffi", Some("7GQ2M4XK9RTB")),
        reward(plain(LONG, "A seat in the front row", Some("See you!")), "An evening", None),
        plain("Anna", "You made our day", Some("The card is on our wall.")),
        reward(plain(ODD, ODD, Some(ODD)), ODD, Some("0123456789AB")),
    ]
}

fn greetings() -> Vec<Letter> {
    let plain = |name: &str, day: &str| Greeting {
        given_name: name.to_owned(),
        day: day.to_owned(),
        page_url: Some("https://kaffi.example/".to_owned()),
        ..Greeting::default()
    };
    let points = |points, years, greeting| Greeting {
        points: Some(points),
        years,
        expires_at: Some(at(24 * 365)),
        ..greeting
    };
    let voucher = Voucher { code: "K7Q0-112Z-ZZ9A-M4XK".to_owned(), expires_at: at(24 * 30) };
    let mut all = vec![
        Letter::Birthday(points(100, 0, plain("Þórdís", ""))),
        Letter::Birthday(Greeting { late: true, ..plain(LONG, "") }),
        Letter::Birthday(Greeting {
            reward: Some("Kaffi að eigin vali".to_owned()),
            voucher: Some(voucher),
            message: Some(format!("Njóttu dagsins!\n{ODD}")),
            ..plain(ODD, "")
        }),
        Letter::Holiday(plain("Emma", "Christmas Eve")),
        Letter::Holiday(Greeting {
            late: true,
            holiday: Some("bondadagur".to_owned()),
            ..points(1, 0, plain(ODD, "bóndadagur"))
        }),
        Letter::Date(plain("Anna", ODD)),
        Letter::Date(Greeting { late: true, reward: Some(ODD.to_owned()), ..plain("Jón", LONG) }),
    ];
    for years in [1, 2, 11, 21, 101, 111] {
        all.push(Letter::Anniversary(points(years, years, plain("Þórdís", ""))));
    }
    all.push(Letter::Anniversary(Greeting { late: true, years: 2, ..plain("Ari", "") }));
    for (late, day) in [(false, "Good Friday"), (true, "föstudagurinn langi")] {
        let holiday = Some("good_friday".to_owned());
        all.push(Letter::Holiday(Greeting { holiday, late, ..plain("Anna", day) }));
    }
    all
}
