//! The journal is only ever added to: each database refuses anything else.

use diesel::connection::SimpleConnection;

use crate::world::{World, earn, on_both, redeem};

on_both!(changes_are_refused);
async fn changes_are_refused(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 40, now)]).await;
    let before = world.entries(member).await;
    for sql in [
        "UPDATE entries SET points = points + 1",
        "UPDATE entries SET actor = 'nobody'",
        "DELETE FROM entries",
        "UPDATE allocations SET points = points + 1",
        "DELETE FROM allocations",
    ] {
        let refused = world.store.write(move |tx| Ok(tx.conn.batch_execute(sql)?)).await;
        let why = refused.expect_err(sql).to_string();
        assert!(why.contains("only ever added to"), "{sql}: {why}");
    }
    assert_eq!(world.entries(member).await, before);
    world.assert_adds_up().await;
}

on_both!(replacing_and_emptying_are_refused);
async fn replacing_and_emptying_are_refused(world: &World) {
    let member = world.members(1).await[0];
    let now = world.clock.now();
    world.post_all(vec![earn(member, 100, now, None), redeem(member, 40, now)]).await;
    let before = world.entries(member).await;
    let sql = if world.is_sqlite() {
        "INSERT OR REPLACE INTO entries SELECT * FROM entries"
    } else {
        "TRUNCATE entries CASCADE"
    };
    let refused = world.store.write(move |tx| Ok(tx.conn.batch_execute(sql)?)).await;
    let why = refused.expect_err(sql).to_string();
    assert!(why.contains("only ever added to"), "{sql}: {why}");
    assert_eq!(world.entries(member).await, before);
}
