//! Locks are taken in one order: nobody waits for somebody who waits for them. (PostgreSQL would
//! undo one of the two after a second, and the server try again: it costs time, and at worst an
//! answer.) SQLite has one lock for all writers.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use diesel::connection::SimpleConnection;
use platform::{
    auth::Caller,
    db::connection::{Connector, Use},
    kernel::id::MemberId,
};
use program::{members, redemptions};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    both::{Which, both},
};

both!(points_are_settled_whoever_has_the_members_row);
async fn points_are_settled_whoever_has_the_members_row(app: &TestApp) {
    if app.which == Which::Sqlite {
        return;
    }
    // an account so large that not all of it is loaded
    let member = app.enrol("Ari").await;
    let rows: Vec<Value> = (0..300)
        .map(|_| {
            json!({
                "member_id": member, "kind": "adjust", "points": 1, "reason": "a visit",
                "expires_at": "2026-11-22T00:00:00Z",
            })
        })
        .collect();
    app.admin().await.post("/v1/entries:batch", json!({"entries": rows})).await.expect(200);
    app.travel_to("2026-11-22T00:00:00Z");
    let admin = app.admin().await;

    let id: MemberId = member.parse().expect("an id");
    let (locked, is_locked) = tokio::sync::oneshot::channel();
    let (done, is_done) = mpsc::channel::<()>();
    let mut locked = Some(locked);
    let store = app.store().clone();
    let holder = tokio::spawn(async move {
        let body = store.write(move |tx| {
            members::service::lock(tx, id)?;
            let _ = locked.take().map(|locked| locked.send(()));
            let _ = is_done.recv_timeout(Duration::from_mins(1));
            Ok(())
        });
        body.await
    });
    is_locked.await.expect("the row is locked");
    let path = format!("/v1/members/{member}/balance");
    let read = tokio::time::timeout(Duration::from_secs(20), admin.get(&path)).await;
    done.send(()).expect("the holder waits");
    holder.await.expect("no panic").expect("it commits");
    let balance = read.expect("nobody waits for the member's row").expect(200);
    assert_eq!(balance["lifetime_expired"], 300);
}

both!(a_writer_waits_for_another_process);
async fn a_writer_waits_for_another_process(app: &TestApp) {
    if app.which == Which::Postgres {
        return;
    }
    let member = app.enrol("Ari").await;
    let url = app.store().url().clone();
    let (locked, is_locked) = tokio::sync::oneshot::channel();
    // an import, say, and longer than SQLite waits of its own accord
    let other = std::thread::spawn(move || {
        let mut conn = Connector { url, use_for: Use::Write }.open().expect("it opens");
        conn.batch_execute("BEGIN IMMEDIATE").expect("it begins");
        locked.send(()).expect("the test waits");
        std::thread::sleep(Duration::from_secs(7));
        conn.batch_execute("COMMIT").expect("it commits");
    });
    is_locked.await.expect("the database is locked");
    app.give(&member, 10).await;
    other.join().expect("no panic");
    assert_eq!(app.balance(&member).await["available"], 10);
}

both!(what_falls_due_is_locked_in_the_order_of_all);
async fn what_falls_due_is_locked_in_the_order_of_all(app: &TestApp) {
    if app.which == Which::Sqlite {
        return;
    }
    let shop = app.storefront().await;
    let product = json!({"kind": "product", "stock": 1000, "cost_points": 10});
    let rewards = [app.reward(product.clone()).await, app.reward(product).await];
    let members = [app.enrol("Ari").await, app.enrol("Bo").await];
    let runs = Arc::new(AtomicU32::new(0));
    for round in 1..=20 {
        // each has one that is due, and asks for one of the other reward
        for (member, reward) in members.iter().zip(&rewards) {
            app.give(member, 10).await;
            let ask = json!({"member_id": member, "reward_id": reward});
            shop.post("/v1/redemptions", ask).await.expect(201);
        }
        app.travel(Duration::from_hours(72));
        let start = Arc::new(Barrier::new(2));
        let redeem = |member: &str, reward: &str| {
            let ask = redemptions::service::Ask {
                member_id: member.parse().expect("an id"),
                reward_id: reward.parse().expect("an id"),
                quantity: 1,
                order_ref: None,
                channel: None,
                max_points: None,
            };
            let (store, runs) = (app.store().clone(), Arc::clone(&runs));
            let mut start = Some(Arc::clone(&start));
            tokio::spawn(async move {
                let body = store.write(move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    let _ = start.take().map(|start| start.wait());
                    redemptions::service::redeem(tx, &ask, &Caller::System)
                });
                body.await
            })
        };
        let both = [redeem(&members[0], &rewards[1]), redeem(&members[1], &rewards[0])];
        let admin = app.admin().await;
        for redeemed in both {
            let (redemption, _) = redeemed.await.expect("no panic").expect("redeemed");
            let path = format!("/v1/redemptions/{}/cancel", redemption.id);
            admin.post(&path, json!({"reason": "the next round"})).await.expect(200);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 2 * round, "none had to be tried again");
        for reward in &rewards {
            let shown = admin.get(&format!("/v1/rewards/{reward}")).await.expect(200);
            assert_eq!(shown["stock"], 1000, "what was due is back");
        }
    }
}
