//! A source stands for one entry.

use std::time::Duration;

use platform::kernel::error::Refusal;
use program::ledger::{Act, EntryKind, GivenDates, Posting, Rule};

use super::{DAY, seq, sums};
use crate::world::{World, earn, on_both, posting, redeem, sourced};

on_both!(a_source_stands_for_one_entry, every_value_counts, only_given_dates_count);

async fn a_source_stands_for_one_entry(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let first = sourced(earn(member, 100, now, None), "till", "r-1");
    let other_part = {
        let mut posting = first.clone();
        posting.source = posting.source.map(|source| source.part("2"));
        posting
    };
    let other_points = sourced(earn(member, 101, now, None), "till", "r-1");
    let other_kind = sourced(redeem(member, 1, now), "till", "r-1");
    let answers =
        world.post_all(vec![first.clone(), first, other_part, other_points, other_kind]).await;
    assert_eq!(seq(&answers[1]), 1);
    assert!(answers[1].as_ref().unwrap().repeated);
    assert_eq!(seq(&answers[2]), 2);
    assert!(matches!(answers[3], Err(Refusal::SourceConflict(_))));
    assert_eq!(seq(&answers[4]), 3);
    assert_eq!(sums(world, member).await, (199, 0, 0));
}

/// Of a source, with a channel and a reason.
fn given(mut first: Posting, given: GivenDates) -> Posting {
    first.rule = match first.act {
        Act::Credit { kind: EntryKind::Earn, .. } => Rule::Earn { given },
        _ => Rule::Adjust { given },
    };
    first.channel = Some("till".to_owned());
    first.reason = Some("a long wait".to_owned());
    sourced(first, "till", "r-1")
}

const ALL: GivenDates = GivenDates { available_at: true, expires_at: true, occurred_at: true };

async fn every_value_counts(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post(earn(member, 500, now, None)).await.unwrap();
    let debit = Act::Debit { kind: EntryKind::Adjust, points: 30, order_ref: None };
    let firsts = [
        given(earn(member, 100, now, Some(now.plus(DAY * 9))), ALL),
        given(
            posting(member, debit, now),
            GivenDates { occurred_at: true, ..GivenDates::default() },
        ),
    ];
    for first in firsts {
        let answer = world.post(first.clone()).await;
        let first_seq = seq(&answer);
        let mut others: Vec<(&str, Posting)> = Vec::new();
        let mut other = |what, change: &dyn Fn(&mut Posting)| {
            let mut posting = first.clone();
            change(&mut posting);
            others.push((what, posting));
        };
        other("points", &|posting| match &mut posting.act {
            Act::Credit { points, .. } | Act::Debit { points, .. } => *points -= 1,
            _ => unreachable!(),
        });
        other("channel", &|posting| posting.channel = None);
        other("another channel", &|posting| posting.channel = Some("Till".to_owned()));
        other("reason", &|posting| posting.reason = Some("a long  wait".to_owned()));
        other("occurred_at", &|posting| {
            posting.occurred_at = posting.occurred_at.minus(Duration::from_micros(1));
        });
        if matches!(first.act, Act::Credit { .. }) {
            other("available_at", &|posting| {
                let Act::Credit { available_at, .. } = &mut posting.act else { unreachable!() };
                *available_at = available_at.plus(Duration::from_micros(1));
            });
            other("expires_at", &|posting| {
                let Act::Credit { expires_at, .. } = &mut posting.act else { unreachable!() };
                *expires_at = Some(now.plus(DAY * 8));
            });
            other("no end", &|posting| {
                let Act::Credit { expires_at, .. } = &mut posting.act else { unreachable!() };
                *expires_at = None;
            });
        }
        for (what, posting) in others {
            let answer = world.post(posting).await;
            assert!(matches!(answer, Err(Refusal::SourceConflict(_))), "{what}: {answer:?}");
        }
        world.move_to(now.plus(DAY));
        let again = world.post(first.clone()).await;
        assert!(again.as_ref().unwrap().repeated);
        assert_eq!(seq(&again), first_seq);
        world.move_to(now);
    }
    assert_eq!(world.entries(member).await.len(), 3);
    world.assert_adds_up().await;
}

async fn only_given_dates_count(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    let none = GivenDates::default();
    let first = given(earn(member, 100, now, Some(now.plus(DAY * 9))), none);
    world.post(first.clone()).await.unwrap();
    // a day later the dates that follow from the settings are others
    let later = now.plus(DAY);
    world.move_to(later);
    let again = given(earn(member, 100, later, Some(later.plus(DAY * 9))), none);
    let answer = world.post(again).await.unwrap();
    assert!(answer.repeated);
    assert_eq!(answer.entry.unwrap().occurred_at, now);
    // who gives one now asks for something else
    let mut other = first;
    other.rule = Rule::Earn { given: GivenDates { expires_at: true, ..none } };
    let answer = world.post(other).await;
    assert!(matches!(answer, Err(Refusal::SourceConflict(_))), "{answer:?}");
    assert_eq!(sums(world, member).await, (100, 0, 0));
}
