//! The audit finds what was tampered with.

mod tampered;

use std::time::Duration;

use diesel::connection::SimpleConnection;
use platform::{
    db::Tx,
    kernel::{difference::Difference, error::Error, id::HoldId},
};
use program::ledger::{self, Act};

use self::tampered::{ENTRIES_TAMPERED, HOLDS_TAMPERED, ON_SQLITE, TAMPERED};
use crate::world::{World, earn, on_both, posting, redeem};

on_both!(
    finds_what_was_tampered_with,
    finds_what_was_done_to_holds,
    finds_what_was_done_to_entries,
    goes_on_with_all_else,
    audits_page_by_page,
);

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
    let give_back = Act::GiveBack { entry_seq: 3, points: None };
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

async fn finds_what_was_done_to_entries(world: &World) {
    let [ending, late, owing, holding] = world.members(4).await[..] else { unreachable!() };
    let now = world.clock.now();
    let (end, later) = (now.plus(Duration::from_hours(1)), now.plus(Duration::from_hours(2)));
    let hold = |points| {
        let id = HoldId::new(now, world.store.chance());
        let (order_ref, expires_at) = (id.to_string(), now.plus(Duration::from_hours(48)));
        (id, posting(holding, Act::Hold { id, order_ref, points, expires_at }, now))
    };
    let ((released, releasing), (captured, capturing)) = (hold(20), hold(30));
    let clawback = Act::Clawback { lot_seq: 1, due: 50, excused: 0, forgive: false };
    let first = vec![
        earn(ending, 100, now, Some(end)),
        redeem(ending, 40, now),
        earn(owing, 50, now, None),
        redeem(owing, 50, now),
        posting(owing, clawback, now),
        earn(holding, 50, now, Some(end)),
        releasing,
        capturing,
    ];
    assert!(world.post_all(first).await.iter().all(Result::is_ok));
    world.move_to(later);
    let second = vec![
        earn(late, 10, now.minus(Duration::from_hours(9)), Some(now)),
        // what comes back after its end expires now
        posting(holding, Act::Release { hold: released }, later),
        posting(holding, Act::Capture { hold: captured, points: None }, later),
    ];
    assert!(world.post_all(second).await.iter().all(Result::is_ok));
    assert_eq!(world.balance(ending).await.lifetime_expired, 60);
    finds(world, ENTRIES_TAMPERED).await;
    if world.is_sqlite() {
        finds(world, ON_SQLITE).await;
    }
}

/// What can't be read is told, and so is what differs of others, and of the same member.
async fn goes_on_with_all_else(world: &World) {
    let now = world.clock.now();
    let members = world.members(3).await;
    world.post_all(members.iter().map(|member| earn(*member, 5, now, None)).collect()).await;
    let spoil = if world.is_sqlite() {
        "UPDATE entries SET rule = 'no JSON', kind = 'nonsense'; \
         UPDATE lots SET remaining = 4; UPDATE accounts SET lifetime_expired = 1"
    } else {
        "UPDATE entries SET rule = '7', kind = 'nonsense'; \
         UPDATE lots SET remaining = 4; UPDATE accounts SET lifetime_expired = 1"
    };
    let found = found(world, spoil).await;
    for member in &members {
        let theirs = found.iter().filter(|d| d.whose == member.to_string());
        let theirs: Vec<&str> = theirs.map(|d| d.what.as_str()).collect();
        for told in ["kind of entry 1", "rule of entry 1", "remaining of lot 1", "lifetime_expired"]
        {
            assert!(theirs.contains(&told), "{told}: {theirs:?}");
        }
    }
    if world.is_sqlite() {
        // an id that is none: of that member nothing can be said, of the others all
        let spoil = "UPDATE entries SET id = x'00' WHERE member_id = (SELECT min(member_id) FROM \
                     entries); UPDATE lots SET remaining = 4";
        let found = self::found(world, spoil).await;
        let told: Vec<(&str, &str)> =
            found.iter().map(|d| (d.whose.as_str(), d.what.as_str())).collect();
        let ids: Vec<String> = members.iter().map(ToString::to_string).collect();
        assert!(told.contains(&(&ids[0], "the rows")), "{told:?}");
        for id in &ids[1..] {
            assert!(told.contains(&(id, "remaining of lot 1")), "{told:?}");
        }
    }
}

/// Does each to a good ledger, and looks for what the audit must say among other things.
async fn finds(world: &World, tampered: &'static [(&'static str, &'static str)]) {
    world.assert_adds_up().await;
    for (sql, told) in tampered {
        let found = found(world, sql).await;
        assert!(found.iter().any(|d| d.what.starts_with(told)), "{sql}: {found:#?}");
    }
    world.assert_adds_up().await;
}

/// What differs once this is done, which is then undone.
async fn found(world: &World, sql: &str) -> Vec<Difference> {
    let [guards, later, earlier, second, before, never] = if world.is_sqlite() {
        [
            "PRAGMA defer_foreign_keys = ON; DROP TRIGGER entries_stand_updates; ",
            " + 1",
            " - 1",
            " + 1000000",
            " - 1000000",
            "9223372036854775807",
        ]
    } else {
        [
            "SET LOCAL session_replication_role = replica; ",
            " + interval '1 microsecond'",
            " - interval '1 microsecond'",
            " + interval '1 second'",
            " - interval '1 second'",
            "'infinity'",
        ]
    };
    let sql = sql.replace("{later}", later).replace("{earlier}", earlier);
    let sql = sql.replace("{a second later}", second).replace("{a second earlier}", before);
    let tampered = format!("{guards}{}", sql.replace("{never}", never));
    let tamper = move |tx: &mut Tx<'_>| {
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
    };
    world.store.write(tamper).await.unwrap()
}

async fn audits_page_by_page(world: &World) {
    let members = world.members(1203).await;
    let now = world.clock.now();
    world.post_all(members.iter().map(|member| earn(*member, 5, now, None)).collect()).await;
    let audited = world.store.snapshot(|tx| ledger::audit(tx, &mut |_| ())).await.unwrap();
    assert_eq!((audited.members, audited.entries, audited.lots), (1203, 1203, 1203));
}
