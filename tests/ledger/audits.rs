//! The audit finds what was tampered with.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use vildar::{
    kernel::{error::Error, id::HoldId},
    program::ledger::{self, Act},
};

use crate::world::{World, earn, on_both, posting, redeem};

/// What is done to a good ledger, and what the audit must say among other things.
const TAMPERED: &[(&str, &str)] = &[
    ("UPDATE accounts SET available = available + 1", "available"),
    ("UPDATE accounts SET pending = pending + 1", "pending"),
    ("UPDATE accounts SET debt = debt + 1", "debt"),
    ("UPDATE accounts SET held = held + 1", "available + pending + held - debt"),
    ("UPDATE accounts SET seq = seq + 1", "seq of the account"),
    ("UPDATE accounts SET lifetime_earned = lifetime_earned + 1", "lifetime_earned"),
    ("UPDATE accounts SET lifetime_redeemed = lifetime_redeemed + 1", "lifetime_redeemed"),
    ("UPDATE accounts SET lifetime_expired = lifetime_expired + 1", "lifetime_expired"),
    ("UPDATE accounts SET next_change_at = NULL", "next_change_at"),
    ("UPDATE lots SET remaining = remaining - 1 WHERE remaining > 0", "remaining of lot 1"),
    ("UPDATE lots SET points = points + 1", "points of lot 1"),
    ("UPDATE lots SET expires_at = available_at WHERE seq = 1", "expires_at of lot 1"),
    ("UPDATE debts SET remaining = remaining - 1", "remaining of debt 2"),
    ("UPDATE debts SET points = points + 1", "taken by entry 2"),
    ("DELETE FROM debts", "taken by entry 2"),
    ("INSERT INTO allocations SELECT member_id, 2, 1, 3, 5 FROM debts", "remaining of debt 2"),
    (
        "INSERT INTO allocations SELECT member_id, 3, 1, 2, -80 FROM debts",
        "given back to lot 1 beyond what 3 took",
    ),
    (
        "INSERT INTO allocations SELECT member_id, 3, 1, 77, 1 FROM debts",
        "allocation 3, 1, 77 has its rows",
    ),
    (
        "INSERT INTO entries (member_id, seq, id, kind, points, balance_after, part, actor, rule, \
         occurred_at, recorded_at) SELECT member_id, 99, member_id, 'earn', 1, 1, '', '', rule, \
         occurred_at, recorded_at FROM entries WHERE seq = 2",
        "the entry after 3",
    ),
    (
        "INSERT INTO members (id, locale, time_zone, tier, status, referral_code, \
         marketing_consent, enrolled_at, version) SELECT id, 'en', 'UTC', 'member', 'active', \
         'x', FALSE, recorded_at, 1 FROM entries WHERE seq = 4",
        "the account of members",
    ),
];

/// The same for holds, what expires when, and debts that are owed no more.
const HOLDS_TAMPERED: &[(&str, &str)] = &[
    ("UPDATE accounts SET held = held + 1, available = available - 1 WHERE held > 0", "held"),
    ("UPDATE accounts SET hold_seq = hold_seq + 1", "hold_seq of the account"),
    ("UPDATE holds SET points = points + 1 WHERE state = 'live'", "held"),
    ("UPDATE holds SET points = points + 1 WHERE state = 'released'", "points of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'live'", "held"),
    ("UPDATE holds SET state = 'live' WHERE state = 'released'", "held"),
    ("UPDATE holds SET state = 'live' WHERE state = 'captured'", "the state of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'captured'", "the state of hld_"),
    ("UPDATE holds SET state = 'captured' WHERE state = 'released'", "the state of hld_"),
    ("UPDATE holds SET state = 'expired' WHERE state = 'released'", "the end of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'expired'", "the end of hld_"),
    ("UPDATE holds SET ended_at = NULL WHERE state = 'captured'", "the end of hld_"),
    ("UPDATE holds SET ended_at = placed_at WHERE state = 'live'", "the end of hld_"),
    (
        "UPDATE holds SET captured_points = captured_points + 1 WHERE state = 'captured'",
        "captured of hld_",
    ),
    (
        "UPDATE holds SET captured_points = captured_points - 1 WHERE state = 'captured'",
        "captured of hld_",
    ),
    ("UPDATE holds SET entry_seq = NULL WHERE state = 'captured'", "captured of hld_"),
    ("UPDATE holds SET entry_seq = 1 WHERE state = 'released'", "the state of hld_"),
    ("UPDATE holds SET expires_at = placed_at WHERE state = 'live'", "next_change_at"),
    ("UPDATE holds SET seq = seq + 9 WHERE seq = 4", "hold_seq of the account"),
    ("UPDATE holds SET seq = -seq WHERE state = 'captured'", "the hold after 0"),
    ("UPDATE hold_parts SET points = points + 1", "points of hld_"),
    ("DELETE FROM hold_parts", "points of hld_"),
    ("DELETE FROM hold_parts; DELETE FROM holds", "hold_seq of the account"),
    ("UPDATE expiries SET points = points + 1", "what expires at"),
    ("DELETE FROM expiries", "what expires at"),
    (
        "INSERT INTO expiries SELECT member_id, occurred_at, 7 FROM entries WHERE seq = 1",
        "what expires at",
    ),
    (
        "INSERT INTO expiries SELECT member_id, occurred_at, 0 FROM entries WHERE seq = 1",
        "rows of what expires at",
    ),
    ("UPDATE debts SET cancelled = cancelled - 1 WHERE cancelled > 0", "remaining of debt 3"),
    ("UPDATE debts SET cancelled = cancelled + 1", "remaining of debt"),
    (
        "UPDATE debts SET cancelled = cancelled - 1, remaining = 1 WHERE cancelled > 0",
        "debts that were undone",
    ),
    (
        "UPDATE debts SET cancelled = cancelled + 1, points = points + 1 WHERE cancelled > 0",
        "taken by entry 3",
    ),
    // a payment by a hold that there is not
    (
        "INSERT INTO allocations SELECT member_id, 2, 1, -9, 1 FROM debts WHERE cancelled = 0",
        "allocation 2, 1, -9 has its rows",
    ),
];

on_both!(finds_what_was_tampered_with, finds_what_was_done_to_holds, audits_page_by_page);

async fn finds_what_was_tampered_with(world: &World) {
    let (rich, owing) = (world.members(1).await[0], world.members(1).await[0]);
    let now = world.clock.now();
    let end = Some(now.plus(std::time::Duration::from_hours(24)));
    let clawback = Act::Clawback { lot_seq: 1, due: 20, excused: 0, forgive: false };
    let answers = world
        .post_all(vec![
            earn(rich, 100, now, end),
            redeem(rich, 40, now),
            earn(rich, 10, now, None),
            earn(owing, 100, now, end),
            posting(owing, Act::Clawback { lot_seq: 7, due: 130, excused: 0, forgive: false }, now),
            earn(owing, 10, now, end),
            posting(rich, clawback, now),
        ])
        .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    finds(world, TAMPERED).await;
}

async fn finds_what_was_done_to_holds(world: &World) {
    let [holding, paying, undone] = world.members(3).await[..] else { unreachable!() };
    let now = world.clock.now();
    let hold = |member, points, hours: u64| {
        let id = HoldId::new(now, world.store.chance());
        let (order_ref, expires_at) = (id.to_string(), now.plus(Duration::from_hours(hours)));
        (id, posting(member, Act::Hold { id, order_ref, points, expires_at }, now))
    };
    let (_, lapsing) = hold(holding, 5, 1);
    let (captured, capturing) = hold(holding, 20, 48);
    let (released, releasing) = hold(holding, 10, 48);
    let (_, live) = hold(holding, 30, 72);
    let (paid, holding_what_pays) = hold(paying, 40, 48);
    let capture = Act::Capture { hold: captured, points: Some(15) };
    let clawback = Act::Clawback { lot_seq: 1, due: 50, excused: 0, forgive: false };
    let give_back = Act::GiveBack { entry_seq: 3 };
    let answers = world
        .post_all(vec![
            earn(holding, 100, now, Some(now.plus(Duration::from_hours(99)))),
            lapsing,
            capturing,
            posting(holding, capture, now),
            releasing,
            posting(holding, Act::Release { hold: released }, now),
            live,
            earn(paying, 50, now, None),
            holding_what_pays,
            posting(paying, clawback.clone(), now),
            posting(paying, Act::Release { hold: paid }, now),
            earn(undone, 50, now, None),
            redeem(undone, 50, now),
            posting(undone, clawback, now),
            posting(undone, give_back, now),
        ])
        .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    world.move_to(now.plus(Duration::from_hours(1)));
    assert_eq!(world.balance(holding).await.held, 30);
    finds(world, HOLDS_TAMPERED).await;
}

/// Does each to a good ledger, and looks for what the audit must say among other things.
async fn finds(world: &World, tampered: &'static [(&'static str, &'static str)]) {
    world.assert_adds_up().await;
    for (sql, told) in tampered {
        let tampered = *sql;
        let found = world
            .store
            .write(move |tx| {
                let mut found = Vec::new();
                let undone = tx.savepoint(|tx| -> Result<(), Error> {
                    if let Err(error) = tx.conn.batch_execute(tampered) {
                        panic!("{tampered}: {error}");
                    }
                    ledger::audit(tx, &mut |difference| found.push(difference))?;
                    Err(Error::internal("undo"))
                });
                assert_eq!(undone.unwrap_err().to_string(), "undo", "{tampered}");
                Ok(found)
            })
            .await
            .unwrap();
        assert!(found.iter().any(|d| d.what.starts_with(told)), "{sql}: {found:#?}");
    }
    world.assert_adds_up().await;
}

async fn audits_page_by_page(world: &World) {
    let members = world.members(1203).await;
    let now = world.clock.now();
    world.post_all(members.iter().map(|member| earn(*member, 5, now, None)).collect()).await;
    let audited = world.store.snapshot(|tx| ledger::audit(tx, &mut |_| ())).await.unwrap();
    assert_eq!((audited.members, audited.entries, audited.lots), (1203, 1203, 1203));
}
