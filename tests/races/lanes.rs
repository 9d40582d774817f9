//! Many commands in one lane: each is answered on its own, whatever becomes of its neighbours.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::{
    crowd::{Crowd, raced},
    support::both::Which,
};

raced!(one_refused_and_one_failing, orders_that_collide, an_answer_given_before);

/// A fault of the database that nothing foresees: it refuses to keep one reason.
async fn refuse_poison(crowd: &Crowd<'_>) {
    let sql = match crowd.app.which {
        Which::Sqlite => {
            "CREATE TRIGGER poison BEFORE INSERT ON entry_notes WHEN NEW.reason = 'poison' \
             BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        }
        Which::Postgres => {
            "CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$; \
             CREATE TRIGGER poison BEFORE INSERT ON entry_notes FOR EACH ROW \
             WHEN (NEW.reason = 'poison') EXECUTE FUNCTION poisoned()"
        }
    };
    crowd.app.store().write(move |tx| Ok(tx.conn.batch_execute(sql)?)).await.expect("a trigger");
}

async fn one_refused_and_one_failing(crowd: &Crowd<'_>) {
    refuse_poison(crowd).await;
    let shop = crowd.app.storefront().await;
    let mut members = Vec::new();
    for name in ["Ari", "Bára", "Dóra", "Einar"] {
        members.push(crowd.app.enrol(name).await);
    }
    let asks = |round: usize| {
        let ask = |turn: usize| {
            let unknown = "mem_01m7zr0b7ee0tt0vrz3kxj2q8d";
            let member = if turn == 30 { unknown } else { members[turn % 4].as_str() };
            let reason = if turn == 60 { "poison" } else { "a visit" };
            let earn = json!({"kind": "earn", "points": 1, "reason": reason});
            // some with a key, some without
            let key = turn.is_multiple_of(3).then(|| format!("k-{round}-{turn}"));
            (format!("/v1/members/{member}/entries"), key, earn)
        };
        (0..100).map(ask).collect::<Vec<(String, Option<String>, Value)>>()
    };
    for round in 1..=3 {
        let replies = crowd.post_all_keyed(&shop, asks(round)).await;
        for (turn, reply) in replies.iter().enumerate() {
            let (status, code) = match turn {
                30 => (404, json!("not_found")),
                60 => (500, json!("internal")),
                _ => (201, Value::Null),
            };
            assert_eq!((reply.status, &reply.json["code"]), (status, &code), "{turn}");
        }
        // what failed was not kept and may be tried again; all else has its answer
        let again = crowd.post_all_keyed(&shop, asks(round)).await;
        for (turn, reply) in again.iter().enumerate() {
            let replayed = reply.header("idempotent-replayed").is_some();
            assert_eq!(replayed, turn % 3 == 0 && turn != 60, "{turn}: {}", reply.text);
            if replayed {
                assert_eq!(reply.text, replies[turn].text, "{turn}");
            }
        }
    }
    let mut pending = 0;
    for member in &members {
        pending += crowd.app.balance(member).await["pending"].as_i64().expect("points");
    }
    // a hundred but two have their effect; of those with a key, only once
    assert_eq!(pending, 3 * (98 + 66 - 1 + 1));
}

async fn orders_that_collide(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let shop = crowd.app.storefront().await;
    let asks = (0..100)
        .map(|turn| {
            // twenty orders, five times each; every fifth asks for something else
            let amount = if turn % 5 == 4 { 2000 } else { 1000 };
            let total = json!({"amount": amount, "currency": "EUR"});
            let ask = json!({"external_id": format!("A-{}", turn / 5), "member_id": member, "total": total});
            ("/v1/orders".to_owned(), ask)
        })
        .collect();
    let replies = crowd.post_all(&shop, asks).await;
    for five in replies.chunks(5) {
        let made = five.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1, "{five:#?}");
        for reply in five.iter().filter(|reply| reply.status >= 300) {
            assert_eq!(reply.json["code"], "external_id_conflict", "{}", reply.text);
        }
    }
    let earned: i64 = replies
        .iter()
        .filter(|reply| reply.status == 201)
        .map(|reply| reply.json["earned"]["points"].as_i64().expect("points"))
        .sum();
    assert_eq!(crowd.app.balance(&member).await["pending"], earned);
}

async fn an_answer_given_before(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let shop = crowd.app.storefront().await;
    let entries = format!("/v1/members/{member}/entries");
    let earn = json!({"kind": "earn", "points": 5, "reason": "a visit"});
    let total = json!({"amount": 1000, "currency": "EUR"});
    let order = json!({"external_id": "A-1", "member_id": member, "total": total});
    for (path, ask) in [(entries.as_str(), earn), ("/v1/orders", order)] {
        let first = crowd.client(&shop, 0).post_keyed(path, "k-1", ask.clone()).await;
        assert_eq!(first.status, 201, "{}", first.text);
        // at a server that was not there then, as after a restart
        let again = crowd.client(&shop, 1).post_keyed(path, "k-1", ask).await;
        assert_eq!((again.status, &again.text), (201, &first.text));
        assert!(again.header("idempotent-replayed").is_some(), "{path}");
    }
    assert_eq!(crowd.app.balance(&member).await["pending"], 15);
}
