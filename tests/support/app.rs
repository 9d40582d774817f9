//! The application as tests meet it: the real server on a port of its own, over either database,
//! with a clock that stands still, seeded chance, and a real mail server to send to.

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use actix_web::dev::ServerHandle;
use platform::{
    auth::{
        Role, Scope,
        keys::{self, NewKey},
        sessions,
        tokens::Subject,
        users,
    },
    db::{
        DatabaseUrl, Store,
        connection::{Connector, Use},
        migrate,
        tx::Env,
    },
    http::signed::SharedSecret,
    kernel::{
        chance::Chance,
        clock::{Clock, Timestamp},
        id::{MemberId, SessionId},
        page::Page,
    },
    messaging::transport::{CONNECTIONS, Transport},
    settings,
};
use program::audit;
use reqwest::{Method, Response, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use vildar::app::{App, Config};

use super::{both::Which, mail::Mail, postgres, scratch, smtp::SmtpSink};

/// When the tests' clock starts, unless they say otherwise.
pub const START: &str = "2026-11-21T12:00:00Z";

/// The application, serving.
pub struct TestApp {
    pub app: App,
    pub which: Which,
    pub clock: Clock,
    pub mail: SmtpSink,
    pub seed: u64,
    pub url: String,
    http: reqwest::Client,
    server: ServerHandle,
    /// Who is signed in, for as long as the session stands.
    signed_in: Mutex<HashMap<Uuid, SessionId>>,
    /// Letters that a test knows will stay unsent.
    pub expects_unsent: bool,
    database: Held,
}

/// Keeps a database until the test is over.
#[expect(dead_code, reason = "held for what happens when it is dropped")]
enum Held {
    Folder(TempDir),
    Postgres(postgres::Database),
}

fn migrated(url: &str) {
    let connector = Connector { url: url.parse().expect("a database URL"), use_for: Use::Write };
    let mut conn = connector.open().expect("the database opens");
    migrate::run(&mut conn).expect("the migrations run");
}

/// An SQLite file that has run its migrations, to be copied.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("template.db");
        migrated(&format!("sqlite:{}", file.display()));
        std::fs::read(file).expect("the template")
    })
}

impl TestApp {
    /// On one of the databases; `None` where that is PostgreSQL and it is not installed.
    pub async fn on(which: Which) -> Option<Self> {
        Self::starting_at(which, START).await
    }

    /// The same at another time.
    pub async fn starting_at(which: Which, start: &str) -> Option<Self> {
        let (url, database) = match which {
            Which::Sqlite => {
                let folder = scratch::folder();
                let file = folder.path().join("test.db");
                std::fs::write(&file, sqlite_template()).expect("the template is copied");
                (format!("sqlite:{}", file.display()), Held::Folder(folder))
            }
            Which::Postgres => {
                let database = postgres::cluster()?.database_from_template(migrated);
                (database.url().to_owned(), Held::Postgres(database))
            }
        };
        let seed =
            std::env::var("VILDAR_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
        let clock = Clock::fixed(start.parse().expect("an instant"));
        let mail = SmtpSink::start();
        let database_url: DatabaseUrl = url.parse().expect("a database URL");
        let app = App::build(Config {
            database: database_url,
            env: Env { clock: clock.clone(), chance: Chance::seeded(seed) },
            connections: 8,
            workers: 2,
            transport: Transport::smtp(&mail.url(), CONNECTIONS).expect("an SMTP URL"),
            signer: None,
            report_secret: SharedSecret::new(REPORT_SECRET).ok(),
            demo_mailbox: None,
            behind_proxy: false,
        })
        .expect("the application builds");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = app.listen(listener).expect("the application listens");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        let this = Self {
            app,
            which,
            clock,
            mail,
            seed,
            url,
            http: reqwest::Client::builder()
                // the server closes what is idle for 5 s: a request must not run into that
                .pool_idle_timeout(Duration::from_secs(2))
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            server: handle,
            signed_in: Mutex::default(),
            expects_unsent: false,
            database,
        };
        this.settings(json!({
            "public_url": this.url, "storefront_url": "https://shop.example",
            "mail_from": "shop@example.com", "program_name": "Kaffi Lóa",
        }))
        .await;
        Some(this)
    }

    pub fn store(&self) -> &Store {
        self.app.store()
    }

    /// Changes settings behind the scenes.
    pub async fn settings(&self, changes: Value) {
        let changes = changes.as_object().expect("settings").clone();
        self.store()
            .write(move |tx| settings::service::change(tx, changes.clone(), None))
            .await
            .expect("the settings change");
    }

    /// Moves the clock to an instant.
    pub fn travel_to(&self, instant: &str) {
        assert!(self.clock.move_to(instant.parse().expect("an instant")));
    }

    /// Moves the clock ahead.
    pub fn travel(&self, by: Duration) {
        assert!(self.clock.move_to(self.clock.now().plus(by)));
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Delivers all letters that are due, by the real courier; answers what the mail server has
    /// got since it was last asked.
    pub async fn deliver_mail(&self) -> Vec<Mail> {
        self.app.deliver_due().await.expect("the courier works");
        let letters = self.mail.messages().iter().map(|got| Mail::parse(&got.raw)).collect();
        self.mail.clear();
        letters
    }

    /// Somebody without credentials.
    pub fn anyone(&self) -> Client {
        self.client(None)
    }

    pub fn with_token(&self, token: &str) -> Client {
        self.client(Some(token.to_owned()))
    }

    /// A storefront whose key has every scope.
    pub async fn storefront(&self) -> Client {
        self.storefront_with(Scope::ALL).await
    }

    pub async fn storefront_with(&self, scopes: &[Scope]) -> Client {
        let till = NewKey::lasting("Till".parse().expect("a name"), scopes);
        let made = self.store().write(move |tx| keys::create(tx, till.clone())).await;
        let (_, secret) = made.expect("a key");
        self.client(Some(secret))
    }

    pub async fn admin(&self) -> Client {
        self.user(Role::Admin, "admin@example.com").await
    }

    pub async fn staff(&self) -> Client {
        self.user(Role::Staff, "staff@example.com").await
    }

    /// A signed-in user; made when first asked for.
    pub async fn user(&self, role: Role, email: &'static str) -> Client {
        let user = self
            .store()
            .write(move |tx| {
                let email = email.parse().expect("an address");
                let name = "Sigga".parse().expect("a name");
                let known = users::list(tx, &Page::first(100), |all| all)?.data;
                match known.into_iter().find(|user| user.email == email_text(&email)) {
                    Some(user) => Ok(user),
                    None => users::create(tx, &email, &name, role, "no password"),
                }
            })
            .await
            .expect("a user");
        self.sign_in(Subject::User(user.id, role)).await
    }

    /// A member, signed in.
    pub async fn member(&self, id: &str) -> Client {
        let id: MemberId = id.parse().expect("a member's id");
        self.sign_in(Subject::Member(id)).await
    }

    /// A fresh token, of the session that there is.
    async fn sign_in(&self, subject: Subject) -> Client {
        let known = self.signed_in.lock().expect("the sessions").get(&subject.uuid()).copied();
        let session = self
            .store()
            .write(move |tx| match known {
                Some(known) if sessions::standing(tx, known)? == Some(subject) => Ok(known),
                _ => sessions::begin(tx, subject, Duration::from_hours(24 * 3650)),
            })
            .await
            .expect("a session");
        self.signed_in.lock().expect("the sessions").insert(subject.uuid(), session);
        let signing = self.app.state.signing().await.expect("signing keys");
        let token = signing.issue(subject, session, &self.url, self.clock.wall()).expect("a token");
        self.client(Some(token))
    }

    fn client(&self, token: Option<String>) -> Client {
        Client { http: self.http.clone(), url: self.url.clone(), token, shared_secret: None }
    }

    /// Enrols somebody through the storefront; answers the member's id.
    pub async fn enrol(&self, given_name: &str) -> String {
        let email = format!("{}@example.com", self.store().chance().uuid_v7(self.now()).simple());
        let shop = self.storefront().await;
        let member = shop
            .post("/v1/members", json!({"email": email, "given_name": given_name}))
            .await
            .expect(201);
        member["id"].as_str().expect("an id").to_owned()
    }

    /// Gives points that are available at once.
    pub async fn give(&self, member: &str, points: i64) {
        let admin = self.admin().await;
        admin
            .post(
                &format!("/v1/members/{member}/entries"),
                json!({"kind": "adjust", "points": points, "reason": "a test's gift"}),
            )
            .await
            .expect(201);
    }

    pub async fn balance(&self, member: &str) -> Value {
        self.admin().await.get(&format!("/v1/members/{member}/balance")).await.expect(200)
    }

    /// A live reward; `more` adds to it or overrides.
    pub async fn reward(&self, more: Value) -> String {
        let mut reward = json!({
            "name": "Coffee", "kind": "voucher", "cost_points": 100, "state": "live",
            "description": "Any coffee of your choice",
        });
        for (field, value) in more.as_object().expect("fields") {
            reward[field] = value.clone();
        }
        let made = self.admin().await.post("/v1/rewards", reward).await.expect(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    /// What must hold after every test: the ledger agrees with itself, and no letter is stuck
    /// that the test did not expect to be.
    pub async fn finish(self) {
        let differences = self
            .store()
            .snapshot(|tx| {
                let mut found = Vec::new();
                audit::audit(tx, &mut |difference| found.push(difference.to_string()))?;
                Ok(found)
            })
            .await
            .expect("the audit runs");
        assert!(differences.is_empty(), "seed {}: {differences:#?}", self.seed);
        if !self.expects_unsent {
            let delivered = self.app.deliver_due().await.expect("the courier works");
            assert_eq!(
                (delivered.failed, delivered.retried),
                (0, 0),
                "seed {}: letters are stuck",
                self.seed
            );
        }
        self.server.stop(false).await;
    }
}

fn email_text(email: &platform::kernel::text::Email) -> String {
    email.as_str().to_owned()
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    pub token: Option<String>,
    /// Sent as the password of Basic.
    pub shared_secret: Option<&'static str>,
}

/// What who reports mail shares with the application.
pub const REPORT_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

impl Client {
    /// One that reports mail: it has the shared secret.
    pub fn reporting(self) -> Self {
        Self { shared_secret: Some(REPORT_SECRET), ..self }
    }

    /// The same caller at another server.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, &[], Some(body.to_string().into_bytes())).await
    }

    pub async fn post_keyed(&self, path: &str, key: &str, body: Value) -> Reply {
        let headers = [("idempotency-key", key)];
        self.send(Method::POST, path, &headers, Some(body.to_string().into_bytes())).await
    }

    /// Changes what `GET` shows, with the `ETag` that it gave.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        let etag = self.get(path).await.header("etag").expect("an ETag");
        let headers = [("if-match", etag.as_str())];
        self.send(Method::PATCH, path, &headers, Some(body.to_string().into_bytes())).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// Anything at all.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Reply {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(secret) = self.shared_secret {
            request = request.basic_auth("reporter", Some(secret));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|why| panic!("{method} {path}: {why}"));
        let reply = Reply::read(format!("{method} {path}"), response).await;
        // what is timed is left alone
        #[cfg(test)]
        super::conforms::check(method.as_str(), path, &reply);
        reply
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Reply {
    async fn read(what: String, response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap_or_default();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { what, status, headers, text, json }
    }

    pub fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }

    /// The body, where the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self.json
    }

    /// The problem, where status and code are as expected.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let Self { what, text, .. } = &self;
        assert_eq!(
            (self.status, self.json["code"].as_str()),
            (status, Some(code)),
            "{what}: {text}"
        );
        assert_eq!(
            self.header("content-type").as_deref(),
            Some("application/problem+json"),
            "{what}"
        );
        let request_id = self.header("x-request-id").unwrap_or_default();
        assert!(request_id.starts_with("req_"), "{what}: {:?}", self.headers);
        if self.header("idempotent-replayed").is_none() {
            assert_eq!(self.json["request_id"], request_id.as_str(), "{what}");
        }
        self.json
    }

    /// The pointer of the first field at fault.
    pub fn pointer(&self) -> &str {
        self.json["errors"][0]["pointer"].as_str().unwrap_or_default()
    }
}
