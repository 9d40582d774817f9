//! One member whom 64 clients want at once, against a thousand members.

use super::{
    Measure, Site, http,
    load::Load,
    members::{HOT_EARN, HOT_REDEEM},
    table::{Goal, Row},
};

pub fn rows() -> Vec<Row> {
    let goal = [Goal::AtLeast(0.9); 2];
    vec![
        Row::Group("One hot member at 64 connections, operations a second"),
        Row::Figure("earn, one member", Goal::None),
        Row::Ratio("of earn spread over 1,000", "earn, one member", "earn", goal),
        Row::Figure("redeem, one member", Goal::None),
        Row::Ratio("of redeem spread over 1,000", "redeem, one member", "redeem", goal),
    ]
}

pub fn measures(site: &Site) -> Vec<Measure<'_>> {
    let place = &site.served;
    vec![
        site.throughput("earn, one member", Load::new(http::earn(place, HOT_EARN))),
        site.throughput("redeem, one member", Load::new(http::redeem(place, HOT_REDEEM))),
    ]
}
