//! Samples of letters about friends.

use super::{LONG, ODD, at};
use crate::{
    kernel::money::{Currency, Money},
    messaging::letters::{Letter, Voucher},
};

pub fn all() -> Vec<Letter> {
    let page_url = || Some("https://shop.example/".to_owned());
    let joined = |name: &str, friend: &str, points| Letter::FriendJoined {
        given_name: name.to_owned(),
        friend: friend.to_owned(),
        points,
        page_url: page_url(),
    };
    let rewarded =
        |name: &str, friend: Option<&str>, points, reward: Option<&str>| Letter::ReferralRewarded {
            given_name: name.to_owned(),
            friend: friend.map(str::to_owned),
            points,
            expires_at: (points > 0).then(|| at(730 * 24)),
            reward: reward.map(str::to_owned),
            voucher: reward.map(|_| Voucher {
                code: "K7Q0-1122-ZZ9A-M4XK1".to_owned(),
                expires_at: at(365 * 24),
            }),
            page_url: page_url(),
        };
    let lapsing = |name: &str, points, amount| Letter::ReferralLapsing {
        given_name: name.to_owned(),
        points,
        least: Money { amount, currency: Currency::EUR },
        until: at(7 * 24),
        page_url: page_url(),
    };
    vec![
        joined("Þórdís", "Jón", 500),
        joined("Anna", "Þórdís", 1),
        joined(ODD, ODD, 0),
        Letter::ReferralChecked { given_name: "Þórdís".to_owned(), page_url: page_url() },
        Letter::ReferralChecked { given_name: ODD.to_owned(), page_url: None },
        rewarded("Þórdís", Some("Jón"), 500, None),
        rewarded("Jón", None, 200, None),
        rewarded("Anna", Some(LONG), 0, Some("Kaffi og kleina")),
        rewarded(ODD, Some(ODD), 21, Some(ODD)),
        lapsing("Þórdís", 200, 2000),
        lapsing("Anna", 1, 0),
        lapsing(ODD, 0, 1_000_000),
    ]
}
