//! Through HTTP at 64 connections: earn, redeem, order, balance; and what the server and the load
//! generator can do at all, by a request that does nothing.

use serde_json::json;

use super::{
    Measure, Site,
    load::{Load, Request, UNIQUE},
    members::{self, BALANCE, EARN, ENDS, HOT_EARN, HOT_REDEEM, ORDER, REDEEM, RICH, Range},
    place::Place,
    table::{Goal, Row},
};

/// What a storefront asks at every page view.
const SHELF: &str = "a member's rewards, 20 of 1,000";

/// Clients at once.
pub const CONNECTIONS: u32 = 64;

pub fn rows() -> Vec<Row> {
    use Goal::{AtLeast, None};
    vec![
        Row::Group("Over HTTP at 64 connections, operations a second"),
        Row::Figure("GET /livez: nothing but HTTP", None),
        Row::Figure("earn", None),
        Row::Ratio("of the limit", "earn", "limit: earn", [AtLeast(2.5), AtLeast(2.0)]),
        Row::Figure("redeem", None),
        Row::Ratio("of the limit", "redeem", "limit: redeem", [None, AtLeast(1.0)]),
        Row::Figure("order", None),
        Row::Ratio("of the limit", "order", "limit: order", [None, None]),
        Row::Figure("balance", None),
        Row::Ratio("of the limit", "balance", "limit: balance", [None, AtLeast(0.5)]),
        Row::Figure(SHELF, None),
    ]
}

pub fn measures(site: &Site) -> Vec<Measure<'_>> {
    let names = ["earn", "redeem", "order", "balance"];
    let mut all: Vec<(&'static str, Load)> = names.into_iter().zip(loads(&site.served)).collect();
    all.push(("GET /livez: nothing but HTTP", Load::new([Request::get("/livez", "none")])));
    all.push((SHELF, Load::new(shelf(&site.served, BALANCE))));
    all.into_iter().map(|(name, load)| site.throughput(name, load)).collect()
}

/// The members of all that is measured.
pub fn enrol(place: &Place) {
    for members in [EARN, ORDER, HOT_EARN] {
        members::enrol(place, &members, 0, 0, ENDS);
    }
    members::enrol(place, &REDEEM, 1, RICH, ENDS);
    members::enrol(place, &HOT_REDEEM, 1, RICH, ENDS);
    members::enrol(place, &BALANCE, 3, 100, ENDS);
    place.settle_down();
}

/// In the order of [`super::statements::Command::ALL`].
pub fn loads(place: &Place) -> [Load; 4] {
    [
        Load::new(earn(place, EARN)),
        Load::new(redeem(place, REDEEM)),
        Load::new(order(place, ORDER)),
        Load::new(balance(place, BALANCE)),
    ]
}

pub fn earn(
    place: &Place,
    members: impl IntoIterator<Item = u32>,
) -> impl Iterator<Item = Request> {
    earn_by(place, members, Request::post)
}

/// Earns by requests that are made so: with a key each, or without.
pub fn earn_by(
    place: &Place,
    members: impl IntoIterator<Item = u32>,
    post: fn(&str, &str, &serde_json::Value) -> Request,
) -> impl Iterator<Item = Request> {
    let body = json!({"kind": "earn", "points": 10, "reason": "a purchase"});
    members.into_iter().map(move |number| {
        let path = format!("/v1/members/{}/entries", members::id(number));
        post(&path, &place.key, &body)
    })
}

pub fn redeem(
    place: &Place,
    members: impl IntoIterator<Item = u32>,
) -> impl Iterator<Item = Request> {
    members.into_iter().map(move |number| {
        let member = members::id(number).to_string();
        let body = json!({"member_id": member, "reward_id": place.reward});
        Request::post("/v1/redemptions", &place.key, &body)
    })
}

pub fn order(place: &Place, members: Range) -> impl Iterator<Item = Request> {
    members.map(move |number| {
        let body = json!({
            "external_id": UNIQUE, "member_id": members::id(number).to_string(),
            "total": {"amount": 1999, "currency": "EUR"},
        });
        Request::post("/v1/orders", &place.key, &body)
    })
}

pub fn balance(
    place: &Place,
    members: impl IntoIterator<Item = u32>,
) -> impl Iterator<Item = Request> {
    members.into_iter().map(move |number| {
        Request::get(&format!("/v1/members/{}/balance", members::id(number)), &place.key)
    })
}

fn shelf(place: &Place, members: Range) -> impl Iterator<Item = Request> {
    members.map(move |number| {
        Request::get(&format!("/v1/members/{}/rewards", members::id(number)), &place.key)
    })
}
