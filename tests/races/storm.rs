//! Everything at once, for a while, with the clock running on: then the ledger adds up, and so
//! does the stock. `VILDAR_STORM_SECONDS=60 cargo test --test races storm` blows for a minute.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use vildar::chores;

use crate::{
    crowd::{Crowd, raced},
    storm_sums::{Sums, stock_is_right},
    storm_turns::{Dice, Storm},
};

const MEMBERS: usize = 20;
const CALLERS: u64 = 16;
pub const STOCK: i64 = 60;
/// It blows for so long, and until so much was done: a busy machine takes longer.
const TIME: Duration = Duration::from_secs(4);
const LEAST_TURNS: u32 = 400;
const LONGEST: Duration = Duration::from_mins(1);
/// How far the clock goes at once, and how often.
const STEP: Duration = Duration::from_mins(3);
const PAUSE: Duration = Duration::from_millis(120);

raced!(everything_at_once);

fn time() -> Duration {
    let seconds = std::env::var("VILDAR_STORM_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok());
    seconds.map_or(TIME, Duration::from_secs)
}

async fn storm(crowd: &Crowd<'_>) -> Storm {
    // orders earn at once, so that refunds meet what was spent; placed ones expire while it blows
    crowd
        .app
        .settings(json!({
            "pending_days": 0, "transfers_enabled": true, "redemption_ttl_hours": 1,
            "transfer_limit_points_per_day": 1_000_000_000,
        }))
        .await;
    let mut members = Vec::new();
    for _ in 0..MEMBERS {
        let member = crowd.app.enrol("Ari").await;
        crowd.app.give(&member, 300).await;
        members.push(member);
    }
    let mut rewards = Vec::new();
    for (kind, cost) in [("product", 20), ("voucher", 35), ("donation", 50)] {
        let reward = json!({"kind": kind, "cost_points": cost, "stock": STOCK, "name": kind});
        rewards.push(crowd.app.reward(reward).await);
    }
    Storm::new(members, rewards, crowd.app.admin().await, crowd.app.clock.clone())
}

async fn everything_at_once(crowd: &Crowd<'_>) {
    let storm = Arc::new(storm(crowd).await);
    let shop = crowd.app.storefront().await;
    let (start, time) = (Instant::now(), time());
    let blows = move |storm: &Storm| {
        let blown = start.elapsed();
        blown < time || (blown < LONGEST && storm.turns() < LEAST_TURNS)
    };
    let mut tasks = JoinSet::new();
    for caller in 0..CALLERS {
        let shop = crowd.client(&shop, usize::try_from(caller).expect("small"));
        let storm = Arc::clone(&storm);
        let mut dice = Dice::new(crowd.app.seed * 1000 + caller);
        tasks.spawn(async move {
            let mut turns = 0;
            while blows(&storm) {
                storm.turn(&shop, &mut dice, &format!("{caller}-{turns}")).await;
                turns += 1;
            }
        });
    }
    while blows(&storm) {
        tokio::time::sleep(PAUSE).await;
        crowd.app.travel(STEP);
        storm.sign_in(crowd.app.admin().await);
        chores::run_all(crowd.app.store()).await.expect("the sweep runs");
    }
    tasks.join_all().await;
    println!("{} turns: {:#?}", storm.turns(), storm.answers());
    all_of_it_happened(&storm);
    // what was to end while it blew ends, however slowly it blew
    crowd.app.travel(Duration::from_mins(41));
    chores::run_all(crowd.app.store()).await.expect("the sweep runs");

    let admin = crowd.app.admin().await;
    let sums = Sums::of(&admin, &storm.members).await;
    sums.agree(storm.taken_by_staff());
    stock_is_right(&shop, &admin, &storm).await;
    // what staff undid, what lapsed and what came back is gone for good: nothing more comes due
    let before: Value = json!(sums.total());
    chores::run_all(crowd.app.store()).await.expect("the sweep runs");
    assert_eq!(json!(Sums::of(&admin, &storm.members).await.total()), before);
}

/// A storm in which something was never done proves little.
fn all_of_it_happened(storm: &Storm) {
    assert!(storm.turns() >= LEAST_TURNS, "only {} turns", storm.turns());
    let answers = storm.answers();
    for what in [
        "redeem 201 ",
        "cancel 200 ",
        "order 201 ",
        "refund 201 ",
        "adjust 201 ",
        "hold 201 ",
        "capture 200 ",
        "release 200 ",
        "transfer 201 ",
        "reverse 201 ",
    ] {
        assert!(answers.contains_key(what), "no {what}in {answers:?}");
    }
}
