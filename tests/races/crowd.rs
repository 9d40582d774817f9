//! Callers that all ask at the same moment.

use std::sync::Arc;

use serde_json::Value;
use tokio::{sync::Barrier, task::JoinSet};

use crate::support::{
    app::{Client, Reply, TestApp},
    second::SecondServer,
};

/// The servers that a crowd calls: the test's own, and perhaps another on the same database.
pub struct Crowd<'a> {
    pub app: &'a TestApp,
    urls: Vec<String>,
    other: Option<SecondServer>,
}

impl<'a> Crowd<'a> {
    pub fn at_one_server(app: &'a TestApp) -> Self {
        Self { app, urls: vec![app.url.clone()], other: None }
    }

    pub fn at_two_servers(app: &'a TestApp) -> Self {
        let second = SecondServer::beside(app);
        let urls = vec![app.url.clone(), second.url.clone()];
        Self { app, urls, other: Some(second) }
    }

    /// The same caller at one of the servers, by turns.
    pub fn client(&self, caller: &Client, turn: usize) -> Client {
        caller.at(&self.urls[turn % self.urls.len()])
    }

    /// Sends all of these POSTs at once; answers in the order of asking.
    pub async fn post_all(&self, caller: &Client, asks: Vec<(String, Value)>) -> Vec<Reply> {
        let keyless = asks.into_iter().map(|(path, body)| (path, None, body)).collect();
        self.post_all_keyed(caller, keyless).await
    }

    /// The same with idempotency keys.
    pub async fn post_all_keyed(
        &self,
        caller: &Client,
        asks: Vec<(String, Option<String>, Value)>,
    ) -> Vec<Reply> {
        let asks = asks.into_iter().map(|(path, key, body)| (caller.clone(), path, key, body));
        self.post_all_as(asks.collect()).await
    }

    /// The same, each by its own caller.
    pub async fn post_all_as(
        &self,
        asks: Vec<(Client, String, Option<String>, Value)>,
    ) -> Vec<Reply> {
        let barrier = Arc::new(Barrier::new(asks.len()));
        let mut tasks = JoinSet::new();
        for (turn, (caller, path, key, body)) in asks.into_iter().enumerate() {
            let (client, barrier) = (self.client(&caller, turn), Arc::clone(&barrier));
            tasks.spawn(async move {
                barrier.wait().await;
                let reply = match key {
                    None => client.post(&path, body).await,
                    Some(key) => client.post_keyed(&path, &key, body).await,
                };
                (turn, reply)
            });
        }
        let mut replies = tasks.join_all().await;
        replies.sort_by_key(|(turn, _)| *turn);
        replies.into_iter().map(|(_, reply)| reply).collect()
    }

    pub async fn leave(self) {
        if let Some(other) = self.other {
            other.stop().await;
        }
    }
}

/// Splits replies into those with `status`, and the rest, which must be the problem `code`.
#[track_caller]
pub fn won_and_lost(replies: Vec<Reply>, status: u16, codes: &[&str]) -> (Vec<Reply>, usize) {
    let (won, lost): (Vec<Reply>, Vec<Reply>) =
        replies.into_iter().partition(|reply| reply.status == status);
    for reply in &lost {
        let code = reply.json["code"].as_str().unwrap_or_default();
        assert!(codes.contains(&code), "{}: {}", reply.status, reply.text);
    }
    (won, lost.len())
}

/// `raced!(name)` runs `async fn name(crowd: &Crowd<'_>)` on both databases, at one server and at
/// two.
macro_rules! raced {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use $crate::{crowd::Crowd, support::{app::TestApp, both::both}};

            both!(at_one_server);
            async fn at_one_server(app: &TestApp) {
                let crowd = Crowd::at_one_server(app);
                super::$name(&crowd).await;
                crowd.leave().await;
            }

            both!(at_two_servers);
            async fn at_two_servers(app: &TestApp) {
                let crowd = Crowd::at_two_servers(app);
                super::$name(&crowd).await;
                crowd.leave().await;
            }
        }
    )+};
}
pub(crate) use raced;
