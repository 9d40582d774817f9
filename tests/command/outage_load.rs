//! PostgreSQL is stopped, killed and cut off while many callers post: they are told 503 or the right
//! answer, nothing else, and each key has one effect afterwards.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    database::Db,
    outage::until_ready_is,
    run::{Server, client},
    support::postgres::{Cluster, another_cluster},
};

const CALLERS: usize = 10;

/// What was asked under a key, and the answer, where one came before the end.
struct Asked {
    kind: &'static str,
    path: String,
    body: Value,
    key: String,
    answer: Option<Value>,
}

/// One who posts without a pause.
struct Caller {
    http: reqwest::Client,
    url: String,
    secret: String,
    number: usize,
    member: String,
    reward: String,
    asked: Vec<Asked>,
    /// Every answer that nobody should get.
    wrong: Vec<String>,
    unknown: usize,
}

impl Caller {
    /// The answer, where it is one; `None` for "not now".
    async fn post(&mut self, path: &str, body: &Value, key: &str) -> Option<Value> {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.secret);
        let answer = request.header("idempotency-key", key).body(body.to_string()).send().await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.wrong.push(format!("{path}: {error}"));
                return None;
            }
        };
        let status = answer.status().as_u16();
        let waits = answer.headers().contains_key("retry-after");
        let body: Value = answer.json().await.unwrap_or_default();
        match (status, body["code"].as_str()) {
            (200 | 201, _) => return Some(body),
            (503, Some("overloaded")) if waits => {}
            (503, Some("outcome_unknown")) if waits => self.unknown += 1,
            _ => self.wrong.push(format!("{path}: {status} {body}")),
        }
        None
    }

    fn next(&self) -> (&'static str, String, Value) {
        let Self { number, member, reward, asked, .. } = self;
        let name = format!("{number}-{}", asked.len());
        let last = asked.iter().rev().find(|asked| asked.kind == "hold");
        let to_capture = last.and_then(|last| last.answer.as_ref()?["id"].as_str());
        match (asked.len() % 5, to_capture) {
            (0, _) => (
                "hold",
                format!("/v1/members/{member}/holds"),
                json!({"points": 3, "order_ref": name, "ttl_seconds": 86_400}),
            ),
            (1, Some(hold)) => {
                ("capture", format!("/v1/holds/{hold}/capture"), json!({"points": 2}))
            }
            (2, _) => (
                "order",
                "/v1/orders".to_owned(),
                json!({"external_id": name, "member_id": member,
                       "total": {"amount": 1100, "currency": "EUR"}}),
            ),
            (3, _) => (
                "redemption",
                "/v1/redemptions".to_owned(),
                json!({"member_id": member, "reward_id": reward}),
            ),
            _ => (
                "earn",
                format!("/v1/members/{member}/entries"),
                json!({"kind": "earn", "points": 7, "reason": "for the test"}),
            ),
        }
    }

    async fn work(mut self, over: Arc<AtomicBool>) -> Self {
        while !over.load(Ordering::Relaxed) {
            let (kind, path, body) = self.next();
            let key = format!("key-{}-{}", self.number, self.asked.len());
            let mut answer = self.post(&path, &body, &key).await;
            // every other one asks again at once, as clients do
            while answer.is_none() && self.number.is_multiple_of(2) && !over.load(Ordering::Relaxed)
            {
                tokio::time::sleep(Duration::from_millis(100)).await;
                answer = self.post(&path, &body, &key).await;
            }
            self.asked.push(Asked { kind, path, body, key, answer });
            self.look().await;
        }
        self
    }

    /// Reads are answered, or told to come again.
    async fn look(&mut self) {
        let url = format!("{}/v1/members/{}/balance", self.url, self.member);
        match self.http.get(url).bearer_auth(&self.secret).send().await {
            Ok(answer) if answer.status() == 200 => {}
            Ok(answer)
                if answer.status() == 503 && answer.headers().contains_key("retry-after") => {}
            Ok(answer) => {
                let status = answer.status();
                self.wrong.push(format!("balance: {status} {:?}", answer.text().await));
            }
            Err(error) => self.wrong.push(format!("balance: {error}")),
        }
    }

    /// Asks everything again; answers how often each kind was asked.
    async fn repeat(&mut self) {
        for asked in std::mem::take(&mut self.asked) {
            let again = self.post(&asked.path, &asked.body, &asked.key).await;
            if asked.answer.is_some() && again != asked.answer {
                self.wrong.push(format!("{}: {:?}, then {again:?}", asked.path, asked.answer));
            }
            self.asked.push(asked);
        }
    }
}

/// All that happens to a database in its worst week.
async fn harm(cluster: &'static Cluster, db: &Db, server: &Server) {
    let database = db.postgres.as_ref().expect("PostgreSQL");
    let pause = |millis| tokio::time::sleep(Duration::from_millis(millis));
    for round in 0..2 {
        for _ in 0..30 {
            let name = db.url.rsplit_once('/').expect("a name").1;
            cluster.sql(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ));
            pause(40).await;
        }
        until_ready_is(server, 200).await;
        // one process killed: PostgreSQL ends them all, and recovers
        if let Some(pid) = cluster.backends(database).first() {
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
            assert!(killed.is_ok_and(|status| status.success()) || round > 0);
            cluster.reconnect();
        }
        until_ready_is(server, 200).await;
        for mode in ["immediate", "fast", "smart"] {
            pause(500).await;
            // a smart stop lets nobody in, and waits for who is there
            if mode == "smart" {
                cluster.stop(mode, false);
                pause(700).await;
                cluster.stop("fast", true);
            } else {
                cluster.stop(mode, true);
            }
            pause(300).await;
            cluster.start_again();
            until_ready_is(server, 200).await;
        }
    }
}

async fn set_up(db: &Db, server: &Server) -> Vec<Caller> {
    let secret = db.storefront_key();
    let admin = db.vildar(&["admin", "create", "--email", "a@example.com", "--json"]).expect(0);
    let admin = admin.json();
    let http = client();
    let post = async |path: &str, token: &str, body: Value| -> Value {
        let request = http.post(format!("{}{path}", server.url));
        let request = if token.is_empty() { request } else { request.bearer_auth(token) };
        let answer = request.body(body.to_string()).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {:?}", answer.text().await);
        answer.json().await.expect("JSON")
    };
    let sign_in = json!({"email": admin["email"], "password": admin["password"], "realm": "staff"});
    let token = post("/v1/sessions", "", sign_in).await;
    let token = token["access_token"].as_str().expect("a token");
    let reward = json!({"name": "Cup", "kind": "product", "cost_points": 5, "state": "live"});
    let reward = post("/v1/rewards", token, reward).await;
    let mut callers = Vec::new();
    for number in 0..CALLERS {
        let member = json!({"email": format!("m{number}@example.com"), "given_name": "Ari"});
        let member = post("/v1/members", &secret, member).await;
        let member = member["id"].as_str().expect("an id").to_owned();
        let earn = json!({"kind": "earn", "points": 1_000_000, "reason": "to begin with"});
        post(&format!("/v1/members/{member}/entries"), &secret, earn).await;
        callers.push(Caller {
            http: http.clone(),
            url: server.url.clone(),
            secret: secret.clone(),
            number,
            member,
            reward: reward["id"].as_str().expect("an id").to_owned(),
            asked: Vec::new(),
            wrong: Vec::new(),
            unknown: 0,
        });
    }
    callers
}

#[actix_web::test]
async fn an_outage_under_load_is_503_and_each_key_has_one_effect() {
    let Some(cluster) = another_cluster() else { return };
    let db = Db::on_cluster(cluster);
    db.vildar(&["settings", "set", "pending_days", "0"]).expect(0);
    let server = Server::serve(&db, &["--connections", "8"]);
    let over = Arc::new(AtomicBool::new(false));
    let callers = set_up(&db, &server).await;
    let callers: Vec<_> = callers
        .into_iter()
        .map(|caller| actix_web::rt::spawn(caller.work(Arc::clone(&over))))
        .collect();
    harm(cluster, &db, &server).await;
    over.store(true, Ordering::Relaxed);

    let mut all = Vec::new();
    let (mut wrong, mut unknown, mut unanswered) = (Vec::new(), 0, 0);
    for caller in callers {
        let mut caller = caller.await.expect("a caller");
        unanswered += caller.asked.iter().filter(|asked| asked.answer.is_none()).count();
        caller.repeat().await;
        wrong.append(&mut caller.wrong);
        unknown += caller.unknown;
        all.extend(caller.asked);
    }
    println!("{} asked, {unanswered} not answered, {unknown} with an unknown outcome", all.len());
    let log = server.log();
    let errors: Vec<&str> = log.lines().filter(|line| line.contains("\"ERROR\"")).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong: {:#?}: {errors:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(20)]
    );
    let asked = |kind| {
        let count = all.iter().filter(|asked| asked.kind == kind).count();
        i64::try_from(count).expect("few")
    };
    for (kind, rows) in [
        ("hold", "holds"),
        ("capture", "entries WHERE kind = 'redeem' AND points = -2"),
        ("order", "orders"),
        ("redemption", "redemptions"),
        ("earn", "entries WHERE kind = 'earn' AND points = 7"),
    ] {
        assert!(asked(kind) > 0, "{kind}");
        assert_eq!(db.count(rows), asked(kind), "{kind}");
    }
    assert!(unanswered > 0, "nobody noticed anything");
    server.stop().await;
    db.vildar(&["verify"]).expect(0);
}
