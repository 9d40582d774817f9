//! The database and the evaluator agree on who is meant, whatever is asked.

use std::{collections::BTreeMap, sync::Arc};

use platform::kernel::{clock::Timestamp, error::Error, id::MemberId};
use program::conditions::{Facts, Field, Op, Where, service};
use serde_json::{Value, json};

use crate::{
    crowd::{COUNTRIES, Dice, LOCALES, TAGS, TIERS, gather, segment},
    support::{app::TestApp, both::both},
};

/// How many trees are asked; more by `VILDAR_TREES`, such as 100000.
fn trees() -> usize {
    std::env::var("VILDAR_TREES").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

/// How many times the program's time, zone and currency change between them.
const MOMENTS: usize = 20;
/// How many members there are.
const MEMBERS: usize = 120;

/// A tree of so many levels at most.
fn tree(dice: &mut Dice, deepest: u64, segments: &[String]) -> Value {
    let some = |dice: &mut Dice| -> Vec<Value> {
        (0..=dice.upto(2)).map(|_| tree(dice, deepest - 1, segments)).collect()
    };
    match dice.upto(if deepest > 1 { 6 } else { 2 }) {
        3 | 4 => json!({"all": some(dice)}),
        5 => json!({"any": some(dice)}),
        6 => json!({"not": tree(dice, deepest - 1, segments)}),
        _ => leaf(dice, segments),
    }
}

fn leaf(dice: &mut Dice, segments: &[String]) -> Value {
    let field = *dice.pick(Field::ALL);
    let op = *dice.pick(field.ops());
    let one = |dice: &mut Dice| match field {
        Field::Tier => json!(dice.pick(&TIERS)),
        Field::Country => json!(dice.pick(&COUNTRIES)),
        Field::Locale => json!(dice.pick(&LOCALES)),
        Field::Tag => json!(dice.pick(&TAGS)),
        Field::Segment => json!(dice.pick(segments)),
        Field::MarketingConsent => json!(dice.once_in(2)),
        Field::EnrolledDays | Field::LastOrderDays => json!(dice.upto(600)),
        Field::BirthdayInDays => json!(dice.upto(366)),
        Field::Orders => json!(dice.upto(6)),
        Field::SpendMinorUnits => json!(250 * dice.upto(120)),
        Field::PointsEarned | Field::PointsRedeemed => json!(5 * dice.upto(80)),
        Field::ReferralsRewarded => json!(dice.upto(2)),
    };
    let value = match op {
        Op::Exists => json!(dice.once_in(2)),
        Op::In | Op::NotIn => json!((0..=dice.upto(4)).map(|_| one(dice)).collect::<Vec<_>>()),
        Op::Between => {
            let mut both = [one(dice), one(dice)];
            both.sort_by_key(Value::as_i64);
            json!(both)
        }
        _ => one(dice),
    };
    let mut leaf = json!({"field": field, "op": op, "value": value});
    let is_measure = matches!(
        field,
        Field::Orders
            | Field::SpendMinorUnits
            | Field::PointsEarned
            | Field::PointsRedeemed
            | Field::ReferralsRewarded
    );
    if is_measure {
        match dice.upto(4) {
            0 => leaf["window"] = json!({"days": 1 + dice.upto(400)}),
            1 => leaf["window"] = json!({"months": 1 + dice.upto(20)}),
            2 => leaf["window"] = json!({"calendar": "month"}),
            3 => leaf["window"] = json!({"calendar": "year"}),
            _ => {}
        }
    }
    leaf
}

/// All that can be asked, so that all of everybody's facts are read.
fn everything() -> Where {
    let fields = [
        json!({"field": "tag", "op": "exists", "value": true}),
        json!({"field": "orders", "op": "eq", "value": 0}),
        json!({"field": "points_earned", "op": "eq", "value": 0}),
        json!({"field": "points_redeemed", "op": "eq", "value": 0}),
        json!({"field": "referrals_rewarded", "op": "eq", "value": 0}),
    ];
    serde_json::from_value(json!({"all": fields})).expect("conditions")
}

type Known = Arc<BTreeMap<MemberId, Facts>>;

async fn facts(app: &TestApp, ids: &[String]) -> Known {
    let ids: Vec<MemberId> = ids.iter().map(|id| id.parse().expect("an id")).collect();
    let read = app.store().read(move |tx| {
        let plan = service::plan(tx, &everything())?;
        service::facts(tx, &plan, &ids)
    });
    Arc::new(read.await.expect("facts"))
}

/// A moment at which to ask: any, or one at which something happened.
fn moment(dice: &mut Dice, known: &Known, last: Timestamp) -> Timestamp {
    let facts: Vec<&Facts> = known.values().collect();
    let one = dice.pick(&facts);
    match dice.upto(2) {
        0 if !one.orders.is_empty() => dice.pick(&one.orders).placed_at,
        1 => one.enrolled_at,
        _ => last.minus(std::time::Duration::from_secs(dice.upto(600 * 86_400))),
    }
}

both!(the_database_and_the_evaluator_agree);
async fn the_database_and_the_evaluator_agree(app: &TestApp) {
    let seed = std::env::var("VILDAR_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or(20_261_128);
    let mut dice = Dice(seed);
    let ids = gather(app, &mut dice, MEMBERS).await;
    let admin = app.admin().await;
    let mut segments = Vec::new();
    for name in ["One", "Two", "Three", "Four", "Five"] {
        let wanted = if segments.is_empty() {
            json!({"field": "tag", "op": "eq", "value": "regular"})
        } else {
            json!({"all": [
                {"field": "segment", "op": "ne", "value": dice.pick(&segments)},
                tree(&mut dice, 2, &segments),
            ]})
        };
        segments.push(segment(&admin, name, wanted).await);
    }
    let known = facts(app, &ids).await;
    assert!(known.values().any(|facts| facts.referrals.len() > 1), "nobody brought two friends");
    assert!(known.values().any(|facts| facts.redeemed.iter().any(|(_, points)| *points < 0)));
    let last = app.now();
    let (mut found, mut none) = (0, 0);
    for turn in 0..MOMENTS {
        app.settings(json!({
            "time_zone": dice.pick(&["Atlantic/Reykjavik", "Pacific/Auckland", "America/New_York"]),
            "currency": dice.pick(&["EUR", "ISK"]), "leap_day": dice.pick(&["feb28", "mar1"]),
        }))
        .await;
        let at = if turn == 0 { last } else { moment(&mut dice, &known, last) };
        app.travel_to(&at.to_string());
        let asked: Vec<Value> =
            (0..trees() / MOMENTS).map(|_| tree(&mut dice, 5, &segments)).collect();
        let known = Arc::clone(&known);
        let read = move |tx: &mut platform::db::Tx<'_>| {
            let (mut found, mut none) = (0, 0);
            for (place, tree) in asked.iter().enumerate() {
                let wanted: Where = serde_json::from_value(tree.clone())?;
                if wanted.check(program::conditions::Use::Segment, "").is_err() {
                    continue; // more than 50 leaves
                }
                let plan = service::plan(tx, &wanted)?;
                let theirs = service::page_of(tx, &plan, None, 10_000)?;
                let ours = known.iter().filter(|(_, facts)| plan.holds(facts));
                let ours: Vec<MemberId> = ours.map(|(id, _)| *id).collect();
                if theirs != ours {
                    let differ: Vec<&MemberId> = known
                        .keys()
                        .filter(|id| theirs.contains(id) != ours.contains(id))
                        .collect();
                    let facts = differ.first().map(|id| &known[*id]);
                    return Err(Error::internal(format_args!(
                        "{tree}: database {}, evaluator {}, differ in {differ:?}, such as {facts:#?}",
                        theirs.len(),
                        ours.len(),
                    )));
                }
                if place % 50 == 0 {
                    let count = service::count(tx, &wanted)?;
                    assert_eq!(usize::try_from(count).ok(), Some(ours.len()), "{tree}");
                    let told = service::judge_members(tx, &wanted, &theirs)?;
                    assert!(told.values().all(|verdict| verdict.matches), "{tree}");
                }
                found += ours.len();
                none += usize::from(ours.is_empty());
            }
            Ok((found, none))
        };
        let counted = app.store().read(read).await;
        let (some, empty) =
            counted.unwrap_or_else(|why| panic!("VILDAR_SEED={seed}, turn {turn}, at {at}: {why}"));
        found += some;
        none += empty;
    }
    // trees that tell members apart, not all or nothing
    assert!(found > 20 * trees() && none < trees() / 2, "{found} found, {none} found none");
    app.travel_to(&last.to_string());
}
