//! The audit finds what was tampered with.

use diesel::connection::SimpleConnection;
use vildar::{
    kernel::error::Error,
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
    (
        "INSERT INTO orders (id, external_id, member_id, amount, currency, content_hash, \
         entry_seq, earned_points, refunded_amount, clawed_points, excused_points, placed_at, \
         recorded_at) SELECT id, 'x', member_id, 100, 'EUR', '', 9, 100, 0, 0, 0, occurred_at, \
         recorded_at FROM entries WHERE seq = 4",
        "the earn of ord_",
    ),
];

on_both!(finds_what_was_tampered_with, audits_page_by_page);
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
    world.assert_adds_up().await;
    for (sql, told) in TAMPERED {
        // an empty string is no BLOB to a STRICT table
        let blob = if world.is_sqlite() { "'EUR', x''" } else { "'EUR', ''" };
        let sql = sql.replace("'EUR', ''", blob);
        let tampered = sql.clone();
        let found = world
            .store
            .write(move |tx| {
                let mut found = Vec::new();
                let undone = tx.savepoint(|tx| -> Result<(), Error> {
                    if let Err(error) = tx.conn.batch_execute(&tampered) {
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
