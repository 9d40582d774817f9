//! What a change of points looks up it finds by all the columns of an index: with thousands of lots
//! too, and, on PostgreSQL, where what was last counted is an empty shop.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::{Connection, InstrumentationEvent, SimpleConnection},
    sql_types::{BigInt, Text},
};
use platform::{
    db::Tx,
    kernel::{error::Result, id::MemberId},
};
use program::ledger::{self, Posting, Settled, Source};

use super::{DAY, claw_back, give_back};
use crate::world::{World, earn, on_both, redeem};

on_both!(what_is_looked_up_is_found_by_index);

/// Lots of the account: many times what any change needs.
const LOTS: u32 = 4000;
/// Rows that a change reads at most.
const FEW: i64 = 600;

async fn what_is_looked_up_is_found_by_index(world: &World) {
    let member = world.members(1).await[0];
    let seen = if world.is_sqlite() { Some(listen(world).await) } else { None };
    if seen.is_none() {
        count_and_never_again(world).await;
    }
    let now = world.clock.now();
    let credits = (0..LOTS).map(|n| earn(member, 1, now, Some(now.plus(DAY * (LOTS + 10 - n)))));
    world.post_all(credits.collect()).await;
    // one that took from many, and some that took from few
    world.post(redeem(member, 1500, now)).await.unwrap();
    let few: Vec<Posting> = (0..400).map(|_| redeem(member, 3, now)).collect();
    world.post_all(few).await;
    let last = i64::from(LOTS) + 401;
    let sourced = |id: &str| {
        let source = Some(Source::new("visit", id));
        Posting { source, ..earn(member, 1, now, None) }
    };
    world.post(sourced("1")).await.unwrap();
    let changes: [(&str, Vec<Posting>); 5] = [
        ("redeem", vec![redeem(member, 3, now)]),
        ("give back", vec![give_back(member, last, now)]),
        ("claw back", vec![claw_back(member, 900, 1, 0, now)]),
        ("a new source", vec![sourced("2")]),
        ("a source that is there", vec![sourced("1")]),
    ];
    for (what, postings) in changes {
        let rows = rows_read(world, move |tx| {
            let answers = ledger::post(tx, &postings)?;
            assert!(answers.iter().all(std::result::Result::is_ok), "{what}: {answers:?}");
            Ok(())
        });
        assert_few(what, &rows.await);
    }
    assert_few("a page of entries", &rows_read(world, move |tx| page(tx, member)).await);
    world.move_to(now.plus(DAY * 11));
    let settle = move |tx: &mut Tx<'_>| ledger::settle(tx, &[member]);
    assert_few("an end", &rows_read(world, settle).await);
    world.assert_adds_up().await;
    if let Some(seen) = seen {
        let seen = seen.lock().unwrap().clone();
        check_plans(world, seen).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "what was done is looked at, not what is due")]
fn page(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let entries = ledger::entries(tx, Settled::as_kept(member), None, 20)?;
    assert_eq!(entries.len(), 20);
    Ok(())
}

/// How many rows of which of PostgreSQL's tables were read for this; none on SQLite, which does not
/// tell.
async fn rows_read(
    world: &World,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
) -> BTreeMap<String, i64> {
    let is_sqlite = world.is_sqlite();
    let write = world.store.write(move |tx| {
        if is_sqlite {
            work(tx)?;
            return Ok(BTreeMap::new());
        }
        // what its connection read before may not have been reported yet
        let before = read_so_far(tx)?;
        work(tx)?;
        let mut read = read_so_far(tx)?;
        for (table, rows) in before {
            *read.entry(table).or_default() -= rows;
        }
        read.retain(|_, rows| *rows != 0);
        Ok(read)
    });
    write.await.unwrap()
}

fn read_so_far(tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>> {
    #[derive(QueryableByName)]
    struct Read {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let sql = "SELECT relname::text AS name, \
         coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS rows \
         FROM pg_stat_xact_user_tables";
    let tables: Vec<Read> = diesel::sql_query(sql).load(tx.conn)?;
    Ok(tables.into_iter().map(|table| (table.name, table.rows)).collect())
}

fn assert_few(what: &str, read: &BTreeMap<String, i64>) {
    assert!(read.values().sum::<i64>() < FEW, "{what} read {read:?}");
}

/// Has PostgreSQL count its tables now, and no more.
async fn count_and_never_again(world: &World) {
    let count = |tx: &mut Tx<'_>| {
        for table in ["entries", "lots", "allocations", "expiries", "accounts"] {
            let alone = format!("ALTER TABLE {table} SET (autovacuum_enabled = off)");
            tx.conn.batch_execute(&alone)?;
        }
        Ok(tx.conn.batch_execute("ANALYZE")?)
    };
    world.store.write(count).await.unwrap();
}

/// Keeps what SQLite's writer is asked.
async fn listen(world: &World) -> Arc<Mutex<BTreeSet<String>>> {
    let seen: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let watch = Arc::clone(&seen);
    let listen = move |tx: &mut Tx<'_>| {
        let seen = Arc::clone(&watch);
        tx.conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let sql = text.split(" -- binds").next().unwrap_or_default();
                seen.lock().unwrap().insert(sql.trim().to_owned());
            }
        });
        Ok(())
    };
    world.store.write(listen).await.unwrap();
    seen
}

/// Every look into the ledger's tables goes by more than the member, unless that finds one row.
async fn check_plans(world: &World, asked: BTreeSet<String>) {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    const TABLES: [&str; 4] = ["lots", "allocations", "expiries", "entries"];
    let asks =
        |sql: &String| ["SELECT", "DELETE", "UPDATE"].iter().any(|word| sql.starts_with(word));
    let asked: Vec<String> = asked.into_iter().filter(asks).collect();
    let explain = move |tx: &mut Tx<'_>| {
        let mut looks = BTreeSet::new();
        for sql in &asked {
            let steps: Vec<Step> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(tx.conn)?;
            for Step { detail } in steps {
                let table = detail.split(' ').nth(1).unwrap_or_default();
                if TABLES.contains(&table) {
                    looks.insert((detail, sql.clone()));
                }
            }
        }
        Ok(looks)
    };
    let looks = world.store.read(explain).await.unwrap();
    let tables: BTreeSet<&str> =
        looks.iter().filter_map(|(detail, _)| detail.split(' ').nth(1)).collect();
    assert_eq!(tables.len(), TABLES.len(), "{looks:#?}");
    for (detail, sql) in &looks {
        let by_member_alone = detail.ends_with("(member_id=?)")
            && !sql.contains("MIN(")
            // which has the few that wait
            && !detail.contains("INDEX lots_pending");
        let all_late = detail.contains(" lots ") && detail.ends_with("(member_id=? AND seq>?)");
        let reads_all = detail.starts_with("SCAN") || by_member_alone || all_late;
        assert!(!reads_all, "{detail}, of\n{sql}");
    }
}
