//! Looking is no answer, whoever looks; and a page shows nothing of whom its letter was for.

use std::collections::BTreeMap;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use platform::db::DbConnection;
use reqwest::Method;
use serde_json::json;

use crate::{
    support::{app::TestApp, both::both},
    world::{DAY, answers, asks, link, look, mail_after, order, reader, say, survey},
};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// Every row of every table, as text.
async fn everything(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    app.store()
        .snapshot(|tx| {
            let lite = matches!(tx.conn, DbConnection::Sqlite(_));
            let tables = if lite {
                "SELECT name AS row FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            } else {
                "SELECT tablename::text AS row FROM pg_tables WHERE schemaname = 'public'"
            };
            let names: Vec<Row> = sql_query(tables).load(tx.conn)?;
            let mut all = BTreeMap::new();
            for Row { row: name } in names {
                let rows = if lite {
                    let columns: Vec<Row> =
                        sql_query(format!("SELECT name AS row FROM pragma_table_info('{name}')"))
                            .load(tx.conn)?;
                    let quoted: Vec<String> =
                        columns.iter().map(|column| format!("quote(\"{}\")", column.row)).collect();
                    format!("SELECT {} AS row FROM \"{name}\"", quoted.join(" || ',' || "))
                } else {
                    format!("SELECT t::text AS row FROM \"{name}\" t")
                };
                let rows: Vec<Row> = sql_query(rows).load(tx.conn)?;
                let mut rows: Vec<String> = rows.into_iter().map(|row| row.row).collect();
                rows.sort_unstable();
                all.insert(name, rows);
            }
            Ok(all)
        })
        .await
        .expect("all tables")
}

both!(scanners_leave_no_trace_in_any_table);
async fn scanners_leave_no_trace_in_any_table(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed"}})).await;
    app.travel(DAY * 7);
    order(app, &member).await;
    let path = link(&mail_after(app, DAY).await[0]);
    let before = everything(app).await;
    assert!(before.len() > 50 && before["asks"].len() == 1, "{}", before.len());
    let agents = [
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) SafeLinks",
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
        "curl/8.5.0",
        "",
    ];
    let mut looked = 0;
    for round in 0..14 {
        for score in 0..=10 {
            let method = if round % 3 == 0 { Method::HEAD } else { Method::GET };
            let headers = [
                ("user-agent", agents[looked % agents.len()]),
                ("accept", "text/html"),
                ("sec-purpose", "prefetch"),
            ];
            let asked = format!("{path}?v={score}");
            let seen = app.anyone().send(method, &asked, &headers, None).await;
            assert_eq!(seen.status, 200);
            looked += 1;
        }
        for odd in ["", "?v=", "?v=11", "?v=9&v=2", "?v=%00", "?score=9&comment=x", "?utm_source=x"]
        {
            let seen = look(app, &format!("{path}{odd}")).await;
            assert_eq!(seen.status, 200, "{odd}");
            looked += 1;
        }
    }
    assert!(looked >= 250, "{looked}");
    for method in [Method::OPTIONS, Method::PUT, Method::DELETE] {
        for _ in 0..17 {
            let seen = app.anyone().send(method.clone(), &path, &[], None).await;
            assert!(seen.status == 405 || seen.status == 404, "{method}: {}", seen.status);
        }
    }
    assert_eq!(everything(app).await, before);
    // and who means it is heard
    assert_eq!(say(app, &path, 9, "").await.status, 200);
    assert_ne!(everything(app).await, before);
}

both!(a_letter_that_was_passed_on_shows_nothing_of_its_reader);
async fn a_letter_that_was_passed_on_shows_nothing_of_its_reader(app: &TestApp) {
    let who = json!({
        "given_name": "Hrafnhildur", "family_name": "Aðalsteinsdóttir", "external_id": "cust-77",
        "birthday": "1987-05-04",
    });
    let member = reader(app, who).await;
    survey(app, json!({"trigger": {"on": "order_placed"}, "points": 5})).await;
    app.travel(DAY * 7);
    let order = order(app, &member).await;
    let path = link(&mail_after(app, DAY).await[0]);
    let first = look(app, &format!("{path}?v=2")).await;
    let done = say(app, &path, 2, "The secret of the cellar").await;
    let later = look(app, &path).await;
    let again = look(app, &format!("{path}?v=2")).await;
    app.travel(DAY * 8);
    let over = look(app, &path).await;
    assert_eq!(over.status, 410);
    let ask = asks(app, &format!("member_id={member}")).await[0].clone();
    for page in [&first, &done, &later, &again, &over] {
        for personal in [
            "Hrafnhildur",
            "Aðalsteins",
            "cust-77",
            "1987",
            "@example.com",
            "secret of the cellar",
            &member,
            &order,
            ask["id"].as_str().expect("an id"),
            "PC-",
            "IS",
        ] {
            assert!(!page.text.contains(personal), "{personal}: {}", page.text);
        }
    }
    assert!(!later.text.contains(" checked"), "what was said before is not shown");
}

both!(erasing_empties_words_and_keeps_numbers);
async fn erasing_empties_words_and_keeps_numbers(app: &TestApp) {
    let [one, two] = [reader(app, json!({})).await, reader(app, json!({})).await];
    survey(app, json!({"trigger": {"on": "order_placed"}})).await;
    app.travel(DAY * 7);
    order(app, &one).await;
    order(app, &two).await;
    let letters = mail_after(app, DAY).await;
    let paths: Vec<String> = letters.iter().map(link).collect();
    say(app, &paths[0], 2, "Cold coffee").await;
    say(app, &paths[1], 10, "Warm cake").await;
    let score = || async {
        let stats = app.staff().await.get("/v1/stats/nps?by=month").await.expect(200);
        stats["data"].as_array().expect("months").last().expect("one").clone()
    };
    let before = score().await;
    assert_eq!((&before["answers"], &before["score"]), (&json!(2), &json!(0.0)));
    for member in [&one, &two] {
        let export =
            app.staff().await.get(&format!("/v1/members/{member}/export")).await.expect(200);
        let said = &export["answers"][0]["said"][0];
        assert!(said["comment"].is_string(), "{}", export["answers"]);
        assert_eq!(export["asks"].as_array().map(Vec::len), Some(1));
        app.staff().await.delete(&format!("/v1/members/{member}")).await.expect(204);
    }
    for answer in answers(app, "").await {
        assert_eq!(answer["comment"], json!(null));
        assert!(answer["score"].is_number() && answer["country"] == "IS");
    }
    assert_eq!(score().await, before, "the score of before does not move");
    let rows = everything(app).await;
    for (table, rows) in rows {
        for word in ["Cold coffee", "Warm cake"] {
            assert!(!rows.iter().any(|row| row.contains(word)), "{word} in {table}");
        }
    }
}
