//! What PostgreSQL last counted may be long untrue: an hour ago the shop had not opened. Then too a
//! command reads its own rows, and not the table's.

use diesel::{QueryableByName, RunQueryDsl, sql_types::BigInt};
use platform::{
    db::Tx,
    kernel::{error::Result, id::MemberId},
};
use program::ledger::{Act, Book, EntryKind, GivenDates, Posting, Rule, Source};
use serde_json::{Value, json};

use crate::support::{app::TestApp, both::Which};

#[derive(QueryableByName)]
struct Read {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

fn read_so_far(tx: &mut Tx<'_>) -> Result<i64> {
    let sql = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS rows \
         FROM pg_stat_xact_user_tables";
    Ok(diesel::sql_query(sql).get_result::<Read>(tx.conn)?.rows)
}

#[actix_web::test]
async fn a_source_is_looked_up_and_not_looked_for() {
    let Some(app) = TestApp::on(Which::Postgres).await else { return };
    let member = app.enrol("Ari").await;
    let shop = app.storefront().await;
    let earned = |source: Value| {
        let earn = json!({"member_id": member, "kind": "earn", "points": 1, "reason": "a visit"});
        let mut earn = earn.as_object().expect("an object").clone();
        if !source.is_null() {
            earn.insert("source".to_owned(), source);
        }
        Value::Object(earn)
    };
    let visit = |number: i32| json!({"type": "visit", "id": number.to_string()});
    let post = async |rows: Vec<Value>| {
        let told = shop.post("/v1/entries:batch", json!({"entries": rows})).await.expect(200);
        let results = told["results"].as_array().expect("results").clone();
        assert!(results.iter().all(|result| result.get("error").is_none()), "{results:#?}");
    };
    post((0..600).map(|_| earned(Value::Null)).collect()).await;
    app.store()
        .write(|tx| {
            // nobody else is to count meanwhile
            let alone = "ALTER TABLE entries SET (autovacuum_enabled = off)";
            diesel::sql_query(alone).execute(tx.conn)?;
            Ok(diesel::sql_query("ANALYZE").execute(tx.conn).map(drop)?)
        })
        .await
        .expect("it is counted");
    post((0..600).map(|number| earned(visit(number))).collect()).await;

    let id: MemberId = member.parse().expect("an id");
    let rows = app
        .store()
        .write(move |tx| {
            let posting = Posting {
                member: id,
                act: Act::Credit {
                    kind: EntryKind::Earn,
                    points: 1,
                    available_at: tx.now,
                    expires_at: None,
                },
                source: Some(Source::new("visit", "7")),
                rule: Rule::Earn { given: GivenDates::default() },
                actor: "system".to_owned(),
                channel: None,
                reason: None,
                occurred_at: tx.now,
            };
            // what its connection read before may not have been reported yet
            let before = read_so_far(tx)?;
            drop(Book::open(tx, &[posting])?);
            Ok(read_so_far(tx)? - before)
        })
        .await
        .expect("it is read");
    assert!((1..40).contains(&rows), "{rows} rows were read to find one");
    app.finish().await;
}
