//! A running demo, and a visitor without scripts.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use reqwest::{Response, StatusCode, header};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::watchdog::Watchdog;

/// `vildar demo` on a port of its own; it ends with the test.
pub struct Demo {
    pub url: String,
    /// The members' ids, in the order of the demo's customers.
    pub members: Vec<String>,
    pub storefront_key: String,
    watchdog: Option<Watchdog>,
    process: Child,
    _folder: TempDir,
}

impl Demo {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = Command::new(env!("CARGO_BIN_EXE_vildar"))
            .args(["demo", "--json", "--port", "0", "--data-dir"])
            .arg(folder.path())
            .env_remove("VILDAR_DATABASE_URL")
            .env_remove("VILDAR_SMTP_URL")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the demo starts");
        let watchdog =
            Watchdog::set(r#"kill -s KILL -- "-$1""#, &[process.id().to_string().as_ref()], None);
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        let said: Value = serde_json::from_str(&line).expect("the demo says where it is");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let members = said["members"].as_array().expect("members");
        let members = members.iter().map(|member| text(&member["id"])).collect();
        Self {
            url: text(&said["url"]),
            members,
            storefront_key: text(&said["storefront_key"]),
            watchdog: Some(watchdog),
            process,
            _folder: folder,
        }
    }

    pub fn visitor(&self) -> Visitor {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.build().expect("a client");
        Visitor { url: self.url.clone(), http, cookie: String::new() }
    }

    /// A visitor who is signed in as one of the demo's customers.
    pub async fn signed_in(&self, customer: usize) -> Visitor {
        let mut visitor = self.visitor();
        let answer = visitor.post(&format!("/session/as/{}", self.members[customer]), "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        visitor.keep_cookie(&answer);
        visitor
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.watchdog.take());
        drop(self.process.wait());
    }
}

/// Somebody with a browser from before scripts; redirects are followed by the test.
pub struct Visitor {
    pub http: reqwest::Client,
    pub url: String,
    pub cookie: String,
}

impl Visitor {
    pub fn keep_cookie(&mut self, answer: &Response) {
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
    }

    pub async fn get(&self, path: &str) -> Response {
        let ask = self.http.get(format!("{}{path}", self.url)).header(header::COOKIE, &self.cookie);
        ask.header(header::ACCEPT_LANGUAGE, "en").send().await.expect("an answer")
    }

    pub async fn read(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a text")
    }

    pub async fn post(&self, path: &str, form: &str) -> Response {
        self.post_from(path, form, &self.url).await
    }

    pub async fn post_from(&self, path: &str, form: &str, origin: &str) -> Response {
        let ask = self.http.post(format!("{}{path}", self.url)).body(form.to_owned());
        ask.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &self.cookie)
            .header(header::ORIGIN, origin)
            .send()
            .await
            .expect("an answer")
    }
}

/// Where an answer leads to.
pub fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[header::LOCATION].to_str().expect("a path").to_owned()
}
