//! Who came by whom: a referral in every state, and two that wait for a decision together.

use std::time::Duration;

use super::{Person, enrol, text};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::{MemberId, OrderId},
        money::Money,
        page::Page,
    },
    settings,
};
use program::{
    orders::service as orders,
    referrals::{
        codes::{self, SharingChanges},
        service as referrals,
    },
};

const BRINGS: &str = "thordis@example.com";

const fn person(
    given_name: &'static str,
    family_name: &'static str,
    email: &'static str,
    orders: &'static [(u64, i64)],
) -> Person {
    Person {
        given_name,
        family_name,
        email,
        locale: "is",
        time_zone: "Atlantic/Reykjavik",
        country: "IS",
        birthday: "1990-05-21",
        consent: false,
        orders,
    }
}

/// How many days ago they joined, and who they are.
const FRIENDS: [(u64, Person); 8] = [
    (130, person("Páll", "Steinsson", "pall@example.com", &[])),
    (70, person("Una", "Snorradóttir", "una@example.com", &[(60, 5_400)])),
    (50, person("Hildur", "Bragadóttir", "hildur@example.com", &[(40, 6_900)])),
    (30, person("Gísli", "Gíslason", "gisli@mailinator.com", &[(25, 2_100)])),
    (12, person("Tómas", "Eyjólfsson", "tomas@example.com", &[(5, 4_200)])),
    (6, person("Freyja", "Orradóttir", "freyja.orra@example.com", &[(4, 2_050)])),
    (6, person("Freyja", "Orra", "freyjaorra@example.com", &[(4, 2_050)])),
    (1, person("Birta", "Sólveigardóttir", "birta@example.com", &[])),
];

/// Brings them in, and has everything happen to them that may.
pub fn add(tx: &mut Tx<'_>, referrer: MemberId, by: &Caller, hash: &str) -> Result<()> {
    let changes = SharingChanges {
        vanity_code: Some(Some("THORDIS".parse().map_err(|_| bad())?)),
        on_leaderboard: Some(true),
    };
    let code = codes::change(tx, referrer, &changes)?.best_code().to_owned();
    for (days, one) in &FRIENDS {
        let joined_at = tx.now.minus(Duration::from_hours(days * 24));
        enrol(tx, one, hash, Some((&code, joined_at)))?;
    }
    let friends = referrals::list(tx, &referrals::Sought::default(), &Page::first(100))?.data;
    for full in friends.iter().rev() {
        referrals::advance(tx, full.referral.id)?;
    }
    for full in friends {
        let referral = referrals::get(tx, full.referral.id)?;
        match full.friend.as_deref() {
            Some("Una") => give_back(tx, referral.order_id.ok_or_else(bad)?, by)?,
            Some("Gísli") => {
                let reason = text("Þetta pósthólf er einnota. Segðu okkur ef það er rangt.")?;
                referrals::reject(tx, referral.id, &reason, by)?;
            }
            // the second look sees both
            Some("Freyja") => {}
            _ => continue,
        }
        referrals::advance(tx, referral.id)?;
    }
    for channel in ["mail", "qr"] {
        codes::note_share(tx, referrer, Some(&text(channel)?))?;
    }
    for _ in 0..14 {
        codes::note_visit(tx, referrer)?;
    }
    Ok(())
}

fn give_back(tx: &mut Tx<'_>, order: OrderId, by: &Caller) -> Result<()> {
    let currency = settings::service::get(tx)?.currency;
    orders::refund(tx, order, "una-1", Money { amount: 5_400, currency }, by)?;
    Ok(())
}

fn bad() -> Error {
    Error::internal(format!("the demo's friends of {BRINGS} can't be brought in"))
}
