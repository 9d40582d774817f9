use super::*;
use crate::ledger::{EntryKind, GivenDates};
use platform::kernel::{
    clock::Timestamp,
    id::{EntryId, MemberId},
    phrases::keys,
};

fn entry(rule: Rule, points: i64) -> Entry {
    let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
    let lot = matches!(rule, Rule::Order { .. } | Rule::Earn { .. }) || points == 50;
    Entry {
        id: EntryId::from_uuid(uuid::Uuid::nil()),
        member: MemberId::from_uuid(uuid::Uuid::nil()),
        seq: 9,
        kind: EntryKind::Earn,
        points,
        balance_after: 0,
        available_at: lot.then(|| at("2026-12-05T18:51:00Z")),
        expires_at: lot.then(|| at("2028-11-22T00:00:00Z")),
        source: None,
        rule,
        actor: "system".to_owned(),
        channel: None,
        reason: None,
        occurred_at: at("2026-11-22T00:00:00Z"),
        recorded_at: at("2026-11-22T00:00:00Z"),
        lots: Vec::new(),
    }
}

fn told(rule: Rule, points: i64) -> [String; 2] {
    let entry = entry(rule, points);
    Language::ALL.map(|language| {
        let (text, short) = (
            explain(&entry, language, &Zone::utc()).text,
            in_short(&entry, language, &Zone::utc()),
        );
        let is_short = !short.contains("short-") && short.len() < text.len();
        assert!(is_short && !short.contains(" 21 "), "{short}; {text}");
        text
    })
}

fn coffee() -> String {
    "Coffee".to_owned()
}

fn order(amount: i64, currency: &str, earn_points: i64, per_minor_units: i64) -> Rule {
    let (order, currency) = ("20418".to_owned(), currency.to_owned());
    Rule::Order { order, amount, currency, earn_points, per_minor_units }
}

fn refund(excused: i64, forgiven: i64, debt: i64) -> Rule {
    Rule::Refund { order: "20418".to_owned(), due: 21, excused, forgiven, debt }
}

#[test]
fn both_languages_have_the_same_messages() {
    assert_eq!(
        keys(include_str!("../../../../templates/locales/ledger.en.ftl")),
        keys(include_str!("../../../../templates/locales/ledger.is.ftl"))
    );
}

#[test]
fn orders_say_how_they_earned() {
    assert_eq!(
        told(order(1999, "EUR", 1, 100), 19),
        [
            "1 point for each full €1.00 of order total €19.99: 19 points, available from 5 December 2026, expire after 21 November 2028.",
            "Pöntun upp á 19,99\u{a0}€, 1 punktur fyrir 1,00\u{a0}€: 19 punktar, til ráðstöfunar frá 5. desember 2026, gilda til og með 21. nóvember 2028.",
        ]
    );
    assert_eq!(
        told(order(1050, "ISK", 2, 100), 21),
        [
            "2 points for each full ISK\u{a0}100 of order total ISK\u{a0}1,050: 21 points, available from 5 December 2026, expire after 21 November 2028.",
            "Pöntun upp á 1.050\u{a0}kr., 2 punktar fyrir 100\u{a0}kr.: 21 punktur, til ráðstöfunar frá 5. desember 2026, gildir til og með 21. nóvember 2028.",
        ]
    );
}

#[test]
fn points_that_are_there_at_once_and_for_ever_say_no_dates() {
    let mut entry = entry(Rule::Earn { given: GivenDates::default() }, 1);
    (entry.available_at, entry.expires_at) = (Some(entry.occurred_at), None);
    let told = Language::ALL.map(|language| explain(&entry, language, &Zone::utc()).text);
    assert_eq!(told, ["1 point from the shop.", "1 punktur frá búðinni."]);
}

#[test]
fn staff_adjust_and_undo() {
    assert_eq!(
        told(Rule::Adjust { given: GivenDates::default() }, 50),
        [
            "Adjusted by our staff: 50 points more, available from 5 December 2026, expire after 21 November 2028.",
            "Leiðrétting starfsfólks: 50 punktar í viðbót, til ráðstöfunar frá 5. desember 2026, gilda til og með 21. nóvember 2028.",
        ]
    );
    assert_eq!(
        told(Rule::Adjust { given: GivenDates::default() }, -21),
        [
            "Adjusted by our staff: 21 points fewer.",
            "Leiðrétting starfsfólks: 21 punktur dreginn frá."
        ]
    );
    assert_eq!(
        told(Rule::Reversal { entry_seq: 1234 }, 11),
        [
            "Entry 1234 was undone: 11 points are back.",
            "Færsla 1234 var bakfærð: 11 punktar komnir til baka."
        ]
    );
    assert_eq!(
        told(Rule::Reversal { entry_seq: 5 }, -1),
        [
            "Entry 5 was undone: 1 point was taken back.",
            "Færsla 5 var bakfærð: 1 punktur tekinn til baka."
        ]
    );
}

#[test]
fn gifts_say_what_they_are_for() {
    let mut gift = entry(Rule::Perk, 50);
    gift.reason = Some("Thanks & takk".to_owned());
    let told = Language::ALL.map(|language| explain(&gift, language, &Zone::utc()).text);
    assert_eq!(
        told,
        [
            "“Thanks & takk”, a gift from us: 50 points, available from 5 December 2026, expire after 21 November 2028.",
            "„Thanks & takk“, gjöf frá okkur: 50 punktar, til ráðstöfunar frá 5. desember 2026, gilda til og með 21. nóvember 2028.",
        ]
    );
    assert_eq!(
        self::told(Rule::Perk, 21),
        ["A gift from us: 21 points.", "Gjöf frá okkur: 21 punktur."]
    );
    assert_eq!(
        self::told(Rule::PerkRevoked { entry_seq: 7 }, -21),
        [
            "Our gift in entry 7 was withdrawn: 21 points were taken back.",
            "Gjöfin í færslu 7 var dregin til baka: 21 punktur tekinn til baka."
        ]
    );
}

#[test]
fn redemptions_name_the_reward() {
    assert_eq!(
        told(Rule::Redemption { reward: coffee(), quantity: 2 }, -300),
        ["Redeemed 2 × “Coffee” for 300 points.", "Innleyst fyrir 300 punkta: 2 × „Coffee“."]
    );
    assert_eq!(
        told(Rule::Redemption { reward: coffee(), quantity: 1 }, -21),
        ["Redeemed “Coffee” for 21 points.", "Innleyst fyrir 21 punkt: „Coffee“."]
    );
    let undone = |expired| Rule::RedemptionUndone { reward: coffee(), quantity: 2, expired };
    assert_eq!(
        told(undone(false), 11),
        [
            "2 × “Coffee” was cancelled: 11 points are back.",
            "Hætt við 2 × „Coffee“: 11 punktar komnir til baka."
        ]
    );
    assert_eq!(
        told(undone(true), 1),
        [
            "2 × “Coffee” was not handed over in time: 1 point is back.",
            "Ekki náðist að afgreiða 2 × „Coffee“ í tæka tíð: 1 punktur kominn til baka.",
        ]
    );
}

#[test]
fn refunds_say_what_became_of_every_point() {
    assert_eq!(
        told(refund(0, 0, 0), -21),
        [
            "Refund: 21 points that the order had earned were taken back.",
            "Endurgreiðsla: 21 punktur sem pöntunin hafði gefið var tekinn til baka.",
        ]
    );
    assert_eq!(
        told(refund(11, 1, 2), -9),
        [
            "Refund: 21 points that the order had earned were taken back; of them 11 had expired already, 2 are owed and will be paid by what is earned next, 1 was waived.",
            "Endurgreiðsla: 21 punktur sem pöntunin hafði gefið var tekinn til baka, þar af 11 sem voru þegar útrunnir, 2 í skuld sem næstu punktar greiða, 1 sem var felldur niður.",
        ]
    );
}

#[test]
fn an_expiry_names_the_last_good_day() {
    assert_eq!(
        told(Rule::Expiry { lot_seq: 3 }, -1),
        [
            "1 point from entry 3 came to its end after 21 November 2026.",
            "1 punktur úr færslu 3 rann út í lok dags 21. nóvember 2026.",
        ]
    );
    assert_eq!(
        told(Rule::Expiry { lot_seq: 3 }, -2)[1],
        "2 punktar úr færslu 3 runnu út í lok dags 21. nóvember 2026."
    );
}

#[test]
fn the_rule_is_told_as_data_too() {
    let rule = explain(&entry(refund(1, 0, 2), -20), Language::En, &Zone::utc()).rule;
    assert_eq!((&rule["rule"], &rule["debt"]), (&"refund".into(), &2.into()));
}

#[test]
fn a_cancelled_order_is_no_refund() {
    let cancelled = Rule::OrderCancelled {
        order: "20418".to_owned(),
        due: 21,
        excused: 0,
        forgiven: 0,
        debt: 0,
    };
    assert_eq!(
        told(cancelled, -21),
        [
            "Order cancelled: 21 points that it had earned were taken back.",
            "Hætt við pöntun: 21 punktur sem hún hafði gefið var tekinn til baka.",
        ]
    );
}

#[test]
fn holds_transfers_and_reversals_say_what_they_did() {
    let captured = Rule::Capture { order: "cart-7".to_owned(), held: 300 };
    assert_eq!(
        told(captured, -200),
        [
            "Order cart-7 took 200 points of 300 that were held for it.",
            "Pöntun cart-7 nýtti 200 punkta af 300 sem teknir voru frá.",
        ]
    );
    let nobody = MemberId::from_uuid(uuid::Uuid::nil());
    assert_eq!(
        told(Rule::TransferOut { to: nobody }, -21),
        ["Sent to another member: 21 points.", "Sent öðrum félaga: 21 punktur."]
    );
    let spent = |excused, forgiven, debt| Rule::SpentReversal {
        entry_seq: 3,
        due: 61,
        excused,
        forgiven,
        debt,
    };
    assert_eq!(
        told(spent(0, 0, 1), -61),
        [
            "Entry 3 was undone: 61 points of it that had been used were taken back; of them 1 is owed and will be paid by what is earned next.",
            "Færsla 3 var bakfærð: 61 punktur sem búið var að nota tekinn til baka, þar af 1 í skuld sem næstu punktar greiða.",
        ]
    );
}

#[test]
fn the_lots_that_were_used_are_named() {
    let redeemed = |lots: &[(i64, i64)]| {
        let mut entry = entry(Rule::Redemption { reward: coffee(), quantity: 1 }, -300);
        let lots = lots.iter().map(|(entry_seq, points)| (*entry_seq, *points));
        entry.lots = lots.map(|(entry_seq, points)| LotUse { entry_seq, points }).collect();
        Language::ALL.map(|language| explain(&entry, language, &Zone::utc()).text)
    };
    assert_eq!(
        redeemed(&[(3, -300)]),
        [
            "Redeemed “Coffee” for 300 points, from entry 3.",
            "Innleyst fyrir 300 punkta: „Coffee“, úr færslu 3.",
        ]
    );
    assert_eq!(
        redeemed(&[(3, -100), (5, -90), (6, -80), (7, -20), (9, -10)]),
        [
            "Redeemed “Coffee” for 300 points, from entry 3 (100), entry 5 (90), entry 6 (80) and 2 more.",
            "Innleyst fyrir 300 punkta: „Coffee“, úr færslu 3 (100), færslu 5 (90), færslu 6 (80) og 2 til viðbótar.",
        ]
    );
}

#[test]
fn points_that_paid_a_debt_say_so() {
    let mut entry = entry(Rule::Earn { given: GivenDates::default() }, 50);
    entry.lots = vec![LotUse { entry_seq: 9, points: 20 }];
    (entry.available_at, entry.expires_at) = (Some(entry.occurred_at), None);
    let told = Language::ALL.map(|language| explain(&entry, language, &Zone::utc()).text);
    assert_eq!(
        told,
        [
            "50 points from the shop, 30 of them paid what was owed.",
            "50 punktar frá búðinni, þar af 30 upp í skuld.",
        ]
    );
}

#[test]
fn an_end_within_a_day_names_its_time() {
    let mut entry = entry(Rule::Earn { given: GivenDates::default() }, 5);
    entry.available_at = Some(entry.occurred_at);
    entry.expires_at = Some("2028-12-05T12:00:00Z".parse().expect("an instant"));
    let zone: Zone = "America/New_York".parse().expect("a zone");
    let told = Language::ALL.map(|language| explain(&entry, language, &zone).text);
    assert_eq!(
        told,
        [
            "5 points from the shop, expire on 5 December 2028 at 07:00 local time.",
            "5 punktar frá búðinni, renna út 5. desember 2028 kl. 07:00 að staðartíma.",
        ]
    );
}
