//! What a server writes into its log.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    run::{Server, client, read},
};

fn lines(server: &Server) -> Vec<Value> {
    let log = server.log();
    log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn message(line: &Value) -> &str {
    line["fields"]["message"].as_str().expect("a message")
}

on_both!(it_can_be_counted_on_and_is_ours_alone);
async fn it_can_be_counted_on_and_is_ours_alone(db: Db) {
    let server = Server::serve(&db, &[]);
    assert_eq!(server.get("/livez").await.0, 200);
    server.says("answered").await;
    server.says("VILDAR_SMTP_URL").await;
    let before = lines(&server);
    server.terminate();
    server.says("\"stopped\"").await;
    let lines = lines(&server);
    assert!(lines.len() > before.len());
    for line in &lines {
        let target = line["target"].as_str().expect("a target");
        assert!(target.starts_with("vildar"), "{line}");
    }
    let answered = lines.iter().filter(|line| message(line) == "answered");
    let took: Vec<&Value> = answered.map(|line| &line["fields"]["micros"]).collect();
    assert!(!took.is_empty() && took.iter().all(|micros| micros.is_u64()), "{took:?}");
    let warnings: Vec<&str> =
        lines.iter().filter(|line| line["level"] == "WARN").map(message).collect();
    // one of the mail server, one of the settings
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    for word in ["VILDAR_SMTP_URL", "public_url"] {
        assert_eq!(warnings.iter().filter(|one| one.contains(word)).count(), 1, "{warnings:?}");
    }
}

on_both!(letters_that_wait_are_told_of_but_seldom);
async fn letters_that_wait_are_told_of_but_seldom(db: Db) {
    for (key, value) in
        [("public_url", "https://points.example"), ("mail_from", "hello@points.example")]
    {
        db.vildar(&["settings", "set", key, value]).expect(0);
    }
    let key = db.storefront_key();
    let server = Server::serve(&db, &[]);
    server.says("no mail server is known").await;
    let warnings = |server: &Server| -> Vec<Value> {
        lines(server).into_iter().filter(|line| line["level"] == "WARN").collect()
    };
    assert_eq!(warnings(&server).len(), 1, "{}", server.log());
    for number in 0..5 {
        let member = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let enrol = client().post(format!("{}/v1/members", server.url)).bearer_auth(&key);
        let (status, answer) = read(enrol.body(member.to_string())).await;
        assert_eq!(status, 201, "{answer}");
    }
    server.says("\"letters\":").await;
    assert_eq!(db.count("letters WHERE state = 'queued'"), 5);
    // what is said is said by now: it has stopped
    server.terminate();
    server.says("\"stopped\"").await;
    let said = warnings(&server);
    assert_eq!(said.len(), 2, "{said:?}");
    let waiting: BTreeSet<i64> =
        said.iter().filter_map(|line| line["fields"]["letters"].as_i64()).collect();
    assert!(waiting.len() == 1 && waiting.iter().all(|count| (1..=5).contains(count)), "{said:?}");
    assert!(message(&said[1]).contains("VILDAR_SMTP_URL"), "{said:?}");
}
