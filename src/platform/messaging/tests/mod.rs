//! The outbox and its courier on a database of their own.

mod courier;
mod dkim;
mod mail;
mod outbox;
mod server;

use std::{path::PathBuf, sync::Arc};

use tempfile::TempDir;

use super::{
    courier::{Courier, SenderSource},
    letters::{Letter, Recipient, Sender},
    outbox::push,
    store::LetterState,
    transport::{CONNECTIONS, Transport},
};
use crate::{
    db::{
        DatabaseUrl, Store, Tx,
        bulk::Bulk,
        connection::{Connector, Use},
        migrate,
        schema::letters,
        tx::Env,
        types::{Json, RawId},
    },
    kernel::{
        chance::Chance,
        clock::{Clock, Timestamp},
        error::Result,
        id::{LetterId, MemberId},
        locale::{Language, Locale},
    },
};

const KEY: [u8; 32] = [7; 32];

/// A database with one member, and a clock that stands until it is moved.
struct Bench {
    store: Store,
    clock: Clock,
    folder: TempDir,
    member: MemberId,
}

impl Bench {
    async fn new() -> Self {
        let clock = Clock::fixed("2026-11-21T18:51:00Z".parse().expect("an instant"));
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("letters.db"));
        let connector = Connector { url: url.clone(), use_for: Use::Write };
        migrate::run(&mut connector.open().expect("a database")).expect("the migrations run");
        let env = Env { clock: clock.clone(), chance: Chance::seeded(42) };
        let store = Store::open(url, env, 4).expect("a store");
        let member = store.write(new_member).await.expect("a member");
        Self { store, clock, folder, member }
    }

    fn mailbox(&self) -> PathBuf {
        self.folder.path().join("mailbox")
    }

    fn pass(&self, seconds: u64) {
        let later = self.clock.now().plus(std::time::Duration::from_secs(seconds));
        assert!(self.clock.move_to(later));
    }

    fn to(&self) -> Recipient {
        Recipient {
            member_id: Some(self.member),
            email: "thordis@bóka.example".parse().expect("an address"),
            name: Some("Þórdís Ævarsdóttir".to_owned()),
            locale: Locale::from(Language::Is),
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        body: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.store.write(body).await.expect("writes")
    }

    async fn push(&self, letter: Letter, dedupe_key: &'static str) -> Option<LetterId> {
        let to = self.to();
        self.write(move |tx| push(tx, to.clone(), &letter, dedupe_key)).await
    }

    fn courier(&self, transport: Transport) -> Courier {
        Courier::new(self.store.clone(), transport, None, source(Some(sender())), KEY)
    }

    /// How often each letter was tried.
    async fn attempts(&self) -> Vec<i64> {
        use diesel::prelude::*;
        let read = |tx: &mut Tx<'_>| Ok(letters::table.select(letters::attempts).load(tx.conn)?);
        self.store.read(read).await.expect("rows")
    }

    async fn row(&self, id: LetterId) -> Row {
        use diesel::prelude::*;
        self.store
            .read(move |tx| {
                Ok(letters::table
                    .find(id)
                    .select((
                        letters::state,
                        letters::attempts,
                        letters::next_attempt_at,
                        letters::last_error,
                        letters::context,
                    ))
                    .first(tx.conn)?)
            })
            .await
            .expect("a row")
    }
}

#[derive(Debug, diesel::Queryable)]
struct Row {
    state: LetterState,
    attempts: i64,
    next_attempt_at: Timestamp,
    last_error: Option<String>,
    context: Json,
}

fn new_member(tx: &mut Tx<'_>) -> Result<MemberId> {
    let id: MemberId = tx.new_id();
    Bulk::into("members")
        .column("id", [RawId::from(id)])
        .column("locale", ["is".to_owned()])
        .column("time_zone", ["UTC".to_owned()])
        .column("tier", ["base".to_owned()])
        .column("status", ["active".to_owned()])
        .column("referral_code", ["K7Q0112Z".to_owned()])
        .column("marketing_consent", [false])
        .column("enrolled_at", [tx.now])
        .column("version", [1])
        .execute(tx.conn)?;
    Ok(id)
}

fn sender() -> Sender {
    Sender {
        program_name: "Bókakaffi & Co".to_owned(),
        mail_from: "hallo@kaffi.example".parse().ok(),
        public_url: "https://Vildar.kaffi.example:8443/loyalty".to_owned(),
        storefront_url: None,
        unsubscribe_url: None,
        ..Sender::sample()
    }
}

fn source(sender: Option<Sender>) -> SenderSource {
    Arc::new(move |_| Ok(sender.clone()))
}

fn welcome() -> Letter {
    Letter::samples().swap_remove(0)
}

fn reset() -> Letter {
    let is_reset = |letter: &Letter| matches!(letter, Letter::PasswordReset { .. });
    Letter::samples().into_iter().find(is_reset).expect("a sample")
}
