//! A ledger on either database, with a clock that the test moves.

use diesel::prelude::*;
use platform::{
    db::{
        DatabaseUrl, Store,
        bulk::Bulk,
        connection::{Connector, Use},
        migrate,
        schema::{accounts, debts, holds, lots},
        tx::Env,
        types::RawId,
    },
    kernel::{
        chance::Chance,
        clock::{Clock, Timestamp},
        difference::Difference,
        error::Result,
        id::MemberId,
    },
};
use program::{
    due,
    ledger::{
        self, Act, Balance, Entry, EntryKind, GivenDates, HoldState, Posting, Rule, Settled, Sheet,
        Source,
    },
};

use crate::support::{
    both::Which,
    postgres::{self, Database},
    scratch,
};

/// Lots and debts that are open: seq, points.
pub type Open = (Vec<(i64, i64)>, Vec<(i64, i64)>);

/// A hold as its row tells it.
#[derive(Debug, PartialEq, Eq, Queryable)]
pub struct HoldLine {
    pub order: String,
    pub points: i64,
    pub captured: i64,
    pub state: HoldState,
    pub entry: Option<i64>,
    pub until: Timestamp,
    pub ended_at: Option<Timestamp>,
}

pub struct World {
    pub store: Store,
    pub clock: Clock,
    _home: Home,
}

enum Home {
    Folder { _folder: tempfile::TempDir },
    Database { _database: Database },
}

/// Makes a test run on both databases: `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::{support::both::Which, world::World};

            #[actix_web::test]
            async fn sqlite() {
                let Some(world) = World::on(Which::Sqlite) else { return };
                super::$name(&world).await;
            }

            #[actix_web::test]
            async fn postgres() {
                let Some(world) = World::on(Which::Postgres) else { return };
                super::$name(&world).await;
            }
        }
    )*};
}
pub(crate) use on_both;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl World {
    /// `None`, after a loud word, where PostgreSQL is not installed.
    pub fn on(which: Which) -> Option<Self> {
        let (url, home) = match which {
            Which::Sqlite => {
                let folder = scratch::folder();
                let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
                migrate(&url);
                (url, Home::Folder { _folder: folder })
            }
            Which::Postgres => {
                let database = postgres::cluster()?.database_from_template(migrate);
                (database.url().to_owned(), Home::Database { _database: database })
            }
        };
        let clock = Clock::fixed(at("2026-01-01T12:00:00Z"));
        let env = Env { clock: clock.clone(), chance: Chance::seeded(7) };
        let store = Store::open(url.parse().unwrap(), env, 16).unwrap();
        Some(Self { store, clock, _home: home })
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.store.url(), DatabaseUrl::Sqlite(_))
    }

    /// So many new members with empty accounts.
    pub async fn members(&self, count: usize) -> Vec<MemberId> {
        let enrol = move |tx: &mut platform::db::Tx<'_>| {
            let ids: Vec<MemberId> = (0..count).map(|_| tx.new_id()).collect();
            let same = |word: &str| vec![word.to_owned(); count];
            Bulk::into("members")
                .column("id", ids.iter().map(|id| RawId::from(*id)))
                .column("locale", same("en"))
                .column("time_zone", same("UTC"))
                .column("tier", same("member"))
                .column("status", same("active"))
                .column("referral_code", ids.iter().map(ToString::to_string))
                .column("marketing_consent", vec![false; count])
                .column("enrolled_at", vec![tx.now; count])
                .column("version", vec![1i64; count])
                .execute(tx.conn)?;
            ledger::open_accounts(tx, &ids)?;
            Ok(ids)
        };
        self.store.write(enrol).await.unwrap()
    }

    pub fn move_to(&self, instant: Timestamp) {
        assert!(self.clock.move_to(instant));
    }

    /// Posts one and answers what came of it.
    pub async fn post(&self, posting: Posting) -> ledger::Answer {
        self.post_all(vec![posting]).await.pop().unwrap()
    }

    pub async fn post_all(&self, postings: Vec<Posting>) -> Vec<ledger::Answer> {
        self.store.write(move |tx| ledger::post(tx, &postings)).await.unwrap()
    }

    pub async fn entries(&self, member: MemberId) -> Vec<Entry> {
        #[expect(
            clippy::disallowed_methods,
            reason = "what was done is looked at, not what is due"
        )]
        let read = move |tx: &mut platform::db::Tx<'_>| {
            ledger::entries(tx, Settled::as_kept(member), None, i64::MAX)
        };
        let mut entries = self.store.read(read).await.unwrap();
        entries.reverse();
        entries
    }

    pub async fn balance(&self, member: MemberId) -> Balance {
        due::read(&self.store, member, ledger::balance).await.unwrap()
    }

    /// What a balance shows.
    pub async fn sheet(&self, member: MemberId) -> Sheet {
        due::read(&self.store, member, ledger::sheet).await.unwrap()
    }

    /// When something is planned to happen by itself.
    pub async fn next_change(&self, member: MemberId) -> Option<Timestamp> {
        let read = move |tx: &mut platform::db::Tx<'_>| {
            let account = accounts::table.find(member).select(accounts::next_change_at);
            Ok(account.first(tx.conn)?)
        };
        self.store.read(read).await.unwrap()
    }

    /// The member's holds, oldest first.
    pub async fn holds(&self, member: MemberId) -> Vec<HoldLine> {
        let read = move |tx: &mut platform::db::Tx<'_>| -> Result<Vec<HoldLine>> {
            let holds = holds::table.filter(holds::member_id.eq(member)).order(holds::seq);
            let columns = (
                holds::order_ref,
                holds::points,
                holds::captured_points,
                holds::state,
                holds::entry_seq,
                holds::expires_at,
                holds::ended_at,
            );
            Ok(holds.select(columns).load(tx.conn)?)
        };
        self.store.read(read).await.unwrap()
    }

    /// Lots that have points left, and debts that are owed: seq, points.
    pub async fn open_lots_and_debts(&self, member: MemberId) -> Open {
        let read = move |tx: &mut platform::db::Tx<'_>| -> Result<Open> {
            let lots = lots::table
                .filter(lots::member_id.eq(member))
                .filter(lots::remaining.gt(0))
                .order(lots::seq)
                .select((lots::seq, lots::remaining))
                .load(tx.conn)?;
            let debts = debts::table
                .filter(debts::member_id.eq(member))
                .filter(debts::remaining.gt(0))
                .order(debts::seq)
                .select((debts::seq, debts::remaining))
                .load(tx.conn)?;
            Ok((lots, debts))
        };
        self.store.read(read).await.unwrap()
    }

    /// Everything that an audit of the whole ledger has to say.
    pub async fn audit(&self) -> Vec<Difference> {
        let audit = |tx: &mut platform::db::Tx<'_>| {
            let mut found = Vec::new();
            ledger::audit(tx, &mut |difference| found.push(difference))?;
            Ok(found)
        };
        self.store.snapshot(audit).await.unwrap()
    }

    pub async fn assert_adds_up(&self) {
        assert_eq!(self.audit().await, []);
    }
}

fn migrate(url: &str) {
    let url: DatabaseUrl = url.parse().unwrap();
    let mut conn = Connector { url, use_for: Use::Write }.open().unwrap();
    migrate::run(&mut conn).unwrap();
}

/// A posting by nobody in particular; without a source, but for captures.
pub fn posting(member: MemberId, act: Act, occurred_at: Timestamp) -> Posting {
    let rule = match act {
        Act::Clawback { due, .. } => {
            Rule::Refund { order: "o".to_owned(), due, excused: 0, forgiven: 0, debt: 0 }
        }
        Act::GiveBack { entry_seq, .. } | Act::Reverse { lot_seq: entry_seq, .. } => {
            Rule::Reversal { entry_seq }
        }
        Act::TakeBack { lot_seq: entry_seq } => Rule::PerkRevoked { entry_seq },
        Act::Capture { .. } => Rule::Capture { order: "o".to_owned(), held: 1 },
        Act::Credit { .. } | Act::Debit { .. } | Act::Hold { .. } | Act::Release { .. } => {
            Rule::Earn { given: GivenDates::default() }
        }
    };
    // what captured a hold is known by it
    let source = match act {
        Act::Capture { hold, .. } => Some(Source::new("hold", hold)),
        _ => None,
    };
    Posting {
        member,
        act,
        source,
        rule,
        actor: "test".to_owned(),
        channel: None,
        reason: None,
        occurred_at,
    }
}

pub fn earn(member: MemberId, points: i64, now: Timestamp, end: Option<Timestamp>) -> Posting {
    let kind = EntryKind::Earn;
    posting(member, Act::Credit { kind, points, available_at: now, expires_at: end }, now)
}

pub fn redeem(member: MemberId, points: i64, now: Timestamp) -> Posting {
    posting(member, Act::Debit { kind: EntryKind::Redeem, points, order_ref: None }, now)
}

pub fn sourced(mut posting: Posting, kind: &str, id: impl std::fmt::Display) -> Posting {
    posting.source = Some(Source::new(kind, id));
    posting
}
