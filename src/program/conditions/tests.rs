use serde_json::{Value, json};

use super::{
    Facts, Plan, Reason, Use, Verdict, Where,
    facts::OrderFact,
    plan::{Definitions, Frame},
    service::check_named,
};
use crate::members::MemberStatus;
use platform::{
    kernel::{clock::Timestamp, error::Refusal, id::SegmentId, json},
    settings::{LeapDay, Settings},
};

#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(rename = "where")]
    wanted: Where,
}

/// The pointer, the code and the words of the first fault of a body.
fn fault(wanted: &Value) -> (String, &'static str, String) {
    let body = json!({"where": wanted}).to_string();
    let refused = match json::parse::<Body>(body.as_bytes()) {
        Ok(body) => body.wanted.check(Use::Segment, "/where").expect_err("a fault"),
        Err(refused) => refused,
    };
    let Refusal::Invalid { mut errors } = refused else { panic!("{refused:?}") };
    let first = errors.remove(0);
    (first.pointer, first.code, first.message)
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn wanted(tree: &Value) -> Where {
    serde_json::from_value(tree.clone()).expect("conditions")
}

#[test]
fn every_fault_has_the_pointer_of_its_leaf() {
    let leaf =
        |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    let good = leaf("country", "eq", json!("IS"));
    for (tree, pointer, code) in [
        (json!({}), "/where/field", "required"),
        (json!(3), "/where", "invalid"),
        (json!([]), "/where", "invalid"),
        (json!({"field": "tier"}), "/where/op", "required"),
        (json!({"field": "tier", "op": "eq"}), "/where/value", "required"),
        (json!({"all": []}), "/where/all", "invalid"),
        (
            json!({"all": [good, leaf("colour", "eq", json!(1))]}),
            "/where/all/1/field",
            "unknown_field",
        ),
        (
            json!({"all": [good, leaf("rating", "eq", json!(1))]}),
            "/where/all/1/field",
            "unknown_field",
        ),
        (json!({"any": [good, leaf("tier", "lt", json!("x"))]}), "/where/any/1/op", "invalid"),
        (json!({"not": leaf("tier", "exists", json!(true))}), "/where/not/op", "invalid"),
        (leaf("country", "eq", json!("is")), "/where/value", "invalid"),
        (leaf("country", "eq", json!(["IS"])), "/where/value", "invalid"),
        (leaf("country", "in", json!("IS")), "/where/value", "invalid"),
        (leaf("country", "in", json!([])), "/where/value", "invalid"),
        (leaf("country", "in", json!(vec!["IS"; 1001])), "/where/value", "invalid"),
        (leaf("country", "exists", json!("IS")), "/where/value", "invalid"),
        (leaf("orders", "gte", json!(1.5)), "/where/value", "invalid"),
        (leaf("orders", "gte", json!(-1)), "/where/value", "invalid"),
        (leaf("orders", "between", json!([3, 2])), "/where/value", "invalid"),
        (leaf("orders", "between", json!([3])), "/where/value", "invalid"),
        (leaf("segment", "eq", json!("occ_x")), "/where/value", "invalid"),
        (leaf("marketing_consent", "eq", json!("yes")), "/where/value", "invalid"),
        (leaf("birthday_in_days", "lte", json!(367)), "/where/value", "invalid"),
        (json!({"all": [good], "any": [good]}), "/where", "invalid"),
        (json!({"all": [good], "field": "tier"}), "/where", "invalid"),
        (json!({"some": [good]}), "/where/some", "unknown_field"),
    ] {
        let (found, how, why) = fault(&tree);
        assert_eq!((found.as_str(), how), (pointer, code), "{tree}: {why}");
    }
    let (.., why) = fault(&leaf("colour", "eq", json!(1)));
    assert!(why.starts_with("is no field: the fields are tier, country"), "{why}");
    let (.., why) = fault(&leaf("score", "gte", json!(1)));
    assert!(why.starts_with("is reserved, and not there yet"), "{why}");
}

#[test]
fn windows_are_of_measures() {
    let orders =
        |window: Value| json!({"field": "orders", "op": "gte", "value": 1, "window": window});
    for window in [
        json!({"days": 0}),
        json!({"days": 1097}),
        json!({"months": 37}),
        json!({"months": 1.5}),
        json!({"calendar": "week"}),
        json!({"days": 1, "months": 1}),
        json!({}),
        json!("month"),
        json!(null),
    ] {
        let (found, ..) = fault(&json!({"all": [orders(window.clone())]}));
        assert_eq!(found, "/where/all/0/window", "{window}");
    }
    let mut tier = json!({"field": "tier", "op": "eq", "value": "gold"});
    tier["window"] = json!({"days": 1});
    assert_eq!(fault(&tier).0, "/where/window");
}

#[test]
fn a_tree_is_neither_deep_nor_large() {
    let leaf = json!({"field": "country", "op": "eq", "value": "IS"});
    let nested = |levels: usize| (1..levels).fold(leaf.clone(), |inner, _| json!({"not": inner}));
    assert!(wanted(&nested(5)).check(Use::Segment, "/where").is_ok());
    assert_eq!(fault(&nested(6)).0, "/where/not/not/not/not/not");
    let (pointer, ..) = fault(&nested(100));
    assert_eq!(pointer, "/where/not/not/not/not/not");
    let many = |leaves: usize| json!({"any": vec![leaf.clone(); leaves]});
    assert!(wanted(&many(50)).check(Use::Segment, "/where").is_ok());
    assert_eq!(fault(&many(51)).0, "/where");
}

#[test]
fn what_is_read_is_written_again() {
    for tree in [
        json!({"field": "tag", "op": "in", "value": ["wholesale"]}),
        json!({"field": "tag", "op": "exists", "value": false}),
        json!({"field": "orders", "op": "between", "value": [1, 2], "window": {"days": 30}}),
        json!({"field": "orders", "op": "eq", "value": 1, "window": {"calendar": "year"}}),
        json!({"not": {"all": [{"field": "marketing_consent", "op": "ne", "value": true}]}}),
    ] {
        assert_eq!(serde_json::to_value(wanted(&tree)).expect("JSON"), tree);
    }
    let told = wanted(&json!({"field": "tag", "op": "eq", "value": " Wholesale "}));
    assert_eq!(serde_json::to_value(told).expect("JSON")["value"], "wholesale");
}

fn frame(zone: &str, moment: &str) -> Frame {
    let settings = Settings { time_zone: zone.parse().expect("a zone"), ..Settings::default() };
    Frame::new(&settings, at(moment))
}

fn facts() -> Facts {
    Facts {
        status: MemberStatus::Active,
        tier: "member".to_owned(),
        country: None,
        locale: "en-GB".to_owned(),
        enrolled_at: at("2026-01-01T12:00:00Z"),
        birthday: None,
        marketing_consent: true,
        tags: std::collections::BTreeSet::default(),
        orders: Vec::new(),
        earned: Vec::new(),
        redeemed: Vec::new(),
        referrals: Vec::new(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "json! at the call reads well")]
fn judge(frame: &Frame, facts: &Facts, tree: Value) -> Verdict {
    let plan = Plan::new(&wanted(&tree), &Definitions::new(), frame.clone()).expect("a plan");
    plan.judge(facts)
}

#[expect(clippy::needless_pass_by_value, reason = "json! at the call reads well")]
fn is(frame: &Frame, facts: &Facts, field: &str, op: &str, value: Value) -> bool {
    judge(frame, facts, json!({"field": field, "op": op, "value": value})).matches
}

#[test]
fn without_a_value_only_ne_and_not_exists_hold() {
    let (frame, nobody) = (frame("UTC", "2026-06-01T12:00:00Z"), facts());
    for (field, value) in [("birthday_in_days", json!(3)), ("last_order_days", json!(3))] {
        for op in ["eq", "lt", "lte", "gt", "gte"] {
            assert!(!is(&frame, &nobody, field, op, value.clone()), "{field} {op}");
        }
        assert!(!is(&frame, &nobody, field, "between", json!([0, 366])));
        assert!(!is(&frame, &nobody, field, "not_in", json!([3])));
        assert!(is(&frame, &nobody, field, "ne", value));
        assert!(is(&frame, &nobody, field, "exists", json!(false)));
        assert!(!is(&frame, &nobody, field, "exists", json!(true)));
    }
    assert!(is(&frame, &nobody, "country", "ne", json!("IS")));
    assert!(!is(&frame, &nobody, "country", "not_in", json!(["IS"])));
    // a set is always there
    assert!(is(&frame, &nobody, "tag", "not_in", json!(["wholesale"])));
    assert!(is(&frame, &nobody, "tag", "ne", json!("wholesale")));
    assert!(!is(&frame, &nobody, "tag", "exists", json!(true)));
}

#[test]
fn a_language_is_in_whichever_country() {
    let (frame, british) = (frame("UTC", "2026-06-01T12:00:00Z"), facts());
    assert!(is(&frame, &british, "locale", "eq", json!("en")));
    assert!(is(&frame, &british, "locale", "eq", json!("en-GB")));
    assert!(!is(&frame, &british, "locale", "eq", json!("en-US")));
    assert!(!is(&frame, &british, "locale", "ne", json!("en")));
    let plain = Facts { locale: "en".to_owned(), ..british };
    assert!(!is(&frame, &plain, "locale", "eq", json!("en-GB")));
}

#[test]
fn birthdays_come_round_leap_days_too() {
    let born = |day: &str| Facts { birthday: day.parse().ok(), ..facts() };
    let days = |frame: &Frame, day: &str, days: i64| {
        is(frame, &born(day), "birthday_in_days", "eq", json!(days))
    };
    let new_year = frame("UTC", "2026-12-31T12:00:00Z");
    assert!(days(&new_year, "1990-12-31", 0));
    assert!(days(&new_year, "01-01", 1));
    assert!(days(&new_year, "12-30", 364));
    let before = frame("UTC", "2027-02-27T12:00:00Z");
    assert!(days(&before, "1988-02-29", 1), "on the 28th in other years");
    let in_march = Frame { leap_day: LeapDay::Mar1, ..before.clone() };
    assert!(days(&in_march, "02-29", 2), "or on the first of March");
    let leap = frame("UTC", "2028-02-28T12:00:00Z");
    assert!(days(&leap, "02-29", 1), "its own day where there is one");
    let after = frame("UTC", "2027-03-01T12:00:00Z");
    assert!(days(&after, "02-29", 365), "2028 has its own");
    // it is the program's day
    let late = frame("Pacific/Kiritimati", "2026-12-30T23:00:00Z");
    assert!(days(&late, "12-31", 0));
}

#[test]
fn days_begin_at_the_programs_midnight() {
    let zone = frame("Atlantic/Reykjavik", "2026-06-10T00:00:00Z");
    let berlin = frame("Europe/Berlin", "2026-06-10T00:00:00Z");
    let joined = |instant: &str| Facts { enrolled_at: at(instant), ..facts() };
    let just_before = joined("2026-06-08T23:59:59.999999Z");
    assert!(is(&zone, &just_before, "enrolled_days", "eq", json!(2)));
    assert!(is(&zone, &joined("2026-06-09T00:00:00Z"), "enrolled_days", "eq", json!(1)));
    assert!(is(&berlin, &just_before, "enrolled_days", "eq", json!(1)), "01:59 there");
}

fn ordered(orders: &[(&str, i64, &str)]) -> Facts {
    let orders = orders.iter().map(|(instant, amount, currency)| OrderFact {
        placed_at: at(instant),
        amount: *amount,
        currency: currency.parse().ok(),
    });
    Facts { orders: orders.collect(), ..facts() }
}

#[test]
fn windows_begin_at_midnight_and_end_before_now() {
    let frame = frame("Europe/Berlin", "2026-06-10T12:00:00Z");
    let count = |orders: &[(&str, i64, &str)], window: Value, wanted: i64| {
        let mut tree = json!({"field": "orders", "op": "eq", "value": wanted});
        if !window.is_null() {
            tree["window"] = window;
        }
        judge(&frame, &ordered(orders), tree).matches
    };
    let order = |instant: &'static str| [(instant, 100, "EUR")];
    let now = order("2026-06-10T12:00:00Z");
    assert!(count(&now, Value::Null, 0), "now is not in it");
    assert!(count(&order("2026-06-10T11:59:59.999999Z"), json!({"days": 1}), 1));
    assert!(count(&order("2026-06-08T22:00:00Z"), json!({"days": 1}), 1), "yesterday 00:00");
    assert!(count(&order("2026-06-08T21:59:59.999999Z"), json!({"days": 1}), 0));
    assert!(count(&order("2026-05-09T22:00:00Z"), json!({"months": 1}), 1));
    assert!(count(&order("2026-05-09T21:59:59Z"), json!({"months": 1}), 0));
    assert!(count(&order("2026-05-31T22:00:00Z"), json!({"calendar": "month"}), 1));
    assert!(count(&order("2026-05-31T21:59:59Z"), json!({"calendar": "month"}), 0));
    assert!(count(&order("2025-12-31T23:00:00Z"), json!({"calendar": "year"}), 1));
    assert!(count(&order("2025-12-31T22:59:59Z"), json!({"calendar": "year"}), 0));
    // so many days ago and a window of so many days are the same
    let old = ordered(&order("2026-06-08T22:00:00Z"));
    assert!(is(&frame, &old, "last_order_days", "lte", json!(1)));
}

#[test]
fn money_of_another_currency_does_not_count_and_is_told() {
    let frame = frame("UTC", "2026-06-10T12:00:00Z");
    let facts =
        ordered(&[("2026-06-01T12:00:00Z", 500, "EUR"), ("2026-06-02T12:00:00Z", 900, "ISK")]);
    assert!(is(&frame, &facts, "orders", "eq", json!(2)));
    assert!(is(&frame, &facts, "spend_minor_units", "eq", json!(500)));
    let verdict =
        judge(&frame, &facts, json!({"field": "spend_minor_units", "op": "gte", "value": 501}));
    let told = serde_json::to_value(&verdict).expect("JSON");
    assert_eq!(
        told,
        json!({"matches": false, "reasons": [{
            "code": "condition", "pointer": "", "segment_id": null, "field": "spend_minor_units",
            "have": 500, "need": {"not": false, "op": "gte", "value": 501, "window": null},
            "other_currency": true,
        }]})
    );
}

#[test]
fn the_reasons_are_the_leaves_at_fault() {
    let frame = frame("UTC", "2026-06-10T12:00:00Z");
    let pointers = |tree: Value| {
        let verdict = judge(&frame, &facts(), tree);
        let pointers = verdict.reasons.iter().map(|reason| match reason {
            Reason::Condition { pointer, need, .. } => format!("{pointer} {}", need.not),
            Reason::NotActive => "inactive".to_owned(),
        });
        (verdict.matches, pointers.collect::<Vec<_>>())
    };
    let yes = json!({"field": "marketing_consent", "op": "eq", "value": true});
    let no = json!({"field": "tag", "op": "eq", "value": "x"});
    assert_eq!(pointers(json!({"all": [yes, no]})), (false, vec!["/all/1 false".to_owned()]));
    assert_eq!(pointers(json!({"any": [yes, no]})), (true, vec![]));
    assert_eq!(
        pointers(json!({"any": [no, {"not": yes}]})),
        (false, vec!["/any/0 false".to_owned(), "/any/1/not true".to_owned()])
    );
    let suspended = Facts { status: MemberStatus::Suspended, ..facts() };
    assert_eq!(judge(&frame, &suspended, yes).reasons, [Reason::NotActive]);
}

#[test]
fn segments_are_asked_in_their_place_and_never_in_circles() {
    let id = |number: u128| SegmentId::from_uuid(uuid::Uuid::from_u128(number));
    let of = |number: u128| json!({"field": "segment", "op": "eq", "value": id(number)});
    let fans = wanted(&json!({"field": "tag", "op": "eq", "value": "fan"}));
    let mut all = Definitions::from([(id(1), fans), (id(2), wanted(&of(1)))]);
    let frame = frame("UTC", "2026-06-10T12:00:00Z");
    let plan = Plan::new(&wanted(&of(2)), &all, frame.clone()).expect("a plan");
    let verdict = plan.judge(&facts());
    let told = serde_json::to_value(&verdict.reasons).expect("JSON");
    assert_eq!(told[0]["segment_id"], Value::Null);
    assert_eq!(told[1]["segment_id"], id(2).to_string());
    assert_eq!((&told[2]["segment_id"], &told[2]["field"]), (&json!(id(1)), &json!("tag")));
    let fan = Facts { tags: ["fan".to_owned()].into(), ..facts() };
    assert!(plan.judge(&fan).matches);
    let none = json!({"field": "segment", "op": "not_in", "value": [id(1), id(2)]});
    let plan = Plan::new(&wanted(&none), &all, frame).expect("a plan");
    assert!(plan.judge(&facts()).matches && !plan.judge(&fan).matches);

    let named = |tree: &Value, own: u128, all: &Definitions| {
        check_named(&wanted(tree), Some(id(own)), all, "/where")
    };
    assert!(named(&of(2), 3, &all).is_ok());
    let circle = named(&json!({"all": [of(2)]}), 1, &all).expect_err("a circle");
    assert!(circle.to_string().starts_with("/where/all/0/value leads back"), "{circle}");
    assert!(named(&of(1), 1, &all).is_err(), "itself");
    assert!(matches!(named(&of(9), 1, &all), Err(Refusal::NotFound { .. })));
    for number in 3..=6 {
        all.insert(id(number), wanted(&of(number - 1)));
    }
    assert!(named(&of(5), 7, &all).is_ok());
    assert!(named(&of(6), 7, &all).is_err(), "six in each other");
    let large: Vec<Value> = (0..50).map(|_| of(1)).collect();
    for number in 10..20 {
        all.insert(id(number), wanted(&json!({"any": large})));
    }
    let too_much: Vec<Value> = (10..16).map(of).collect();
    assert!(named(&json!({"any": too_much}), 7, &all).is_err());
}
