//! The audit: reads every row of the ledger and says where it does not add up. It shares no
//! arithmetic with the code that writes: what it checks, it works out anew from the rows.
//!
//! It goes member by member. The domains above come along, each with a [`Room`] of its own: what
//! they keep of those members must agree with the entries, and every entry must have come from
//! something that one of them has. `program::audit` names them all.

mod checks;
mod entries;
mod load;
mod rows;
mod strays;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

pub(crate) use self::strays::without_account;
pub use self::{
    load::entries_of_sources,
    rows::{Entry, Hold, Ledger, Lot},
    strays::STRAYS_TOLD,
};
use platform::{
    db::{Tx, seen::unreadable},
    kernel::{
        difference::{Difference, Findings},
        error::Result,
        id::MemberId,
    },
};

/// How many accounts are read at once.
const ACCOUNTS_A_PAGE: i64 = 500;
/// How many entries are read at once, unless one member has more.
const ENTRIES_A_PART: i64 = 20_000;

/// The ledgers of some members.
pub type Ledgers = BTreeMap<MemberId, Ledger>;

/// Entries by their member and the id of their source.
pub type BySource<'l> = HashMap<(MemberId, &'l str), Vec<&'l Entry>>;

/// The entries whose sources are of this type.
#[must_use]
pub fn by_source<'l>(ledgers: &'l Ledgers, of_type: &str) -> BySource<'l> {
    let mut all = BySource::new();
    for entry in ledgers.values().flat_map(|ledger| ledger.entries.values()) {
        if let Some(id) = entry.source_id(of_type) {
            all.entry((entry.member_id, id)).or_default().push(entry);
        }
    }
    all
}

/// A domain's part of the audit.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Checks what the domain keeps of these members, and claims the entries that came from it.
    pub check: fn(&mut Tx<'_>, &Ledgers, &mut Page) -> Result<()>,
    /// Checks the rows that no member's page comes by.
    pub strays: fn(&mut Tx<'_>, &mut Findings) -> Result<()>,
}

impl Room {
    /// One that has nothing to check: for the parts that a domain does without.
    pub const EMPTY: Self = Self { check: |_, _, _| Ok(()), strays: |_, _| Ok(()) };
}

/// What was found of some members.
#[derive(Debug, Default)]
pub struct Page {
    pub findings: Findings,
    claimed: BTreeSet<(MemberId, i64)>,
}

impl Page {
    /// What this entry says it came from is there.
    pub fn claim(&mut self, entry: &Entry) {
        self.claimed.insert((entry.member_id, entry.seq));
    }
}

/// How much of the ledger was audited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audited {
    pub members: u64,
    pub entries: u64,
    pub lots: u64,
}

impl Audited {
    fn of(findings: &Findings) -> Self {
        Self {
            members: findings.counted("members"),
            entries: findings.counted("entries"),
            lots: findings.counted("lots"),
        }
    }
}

/// Audits the whole ledger and nothing beside it, and hands each difference to `report`. Run it on
/// one snapshot ([`platform::db::Store::snapshot`]).
///
/// # Errors
/// The database's own; a difference is no error.
pub fn audit(tx: &mut Tx<'_>, report: &mut dyn FnMut(Difference)) -> Result<Audited> {
    Ok(Audited::of(&audit_with(tx, &[], report, &mut |_| ())?))
}

/// How many accounts there are to audit.
pub fn accounts(tx: &mut Tx<'_>) -> Result<u64> {
    load::count(tx)
}

/// Audits the accounts of some members, and nothing beside them.
///
/// # Errors
/// The database's own; a difference is no error.
pub fn audit_of(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    report: &mut dyn FnMut(Difference),
) -> Result<Audited> {
    let mut all = Findings::default();
    all.take(readable(tx, members, &[])?, report);
    Ok(Audited::of(&all))
}

/// Audits the whole ledger, a page of members in memory at a time, and with it the `rooms` above.
/// Answers what was looked at; tells `progress` how many accounts more were audited.
///
/// # Errors
/// The database's own; a difference is no error, nor is what can't be read.
pub fn audit_with(
    tx: &mut Tx<'_>,
    rooms: &[Room],
    report: &mut dyn FnMut(Difference),
    progress: &mut dyn FnMut(usize),
) -> Result<Findings> {
    let mut all = Findings::default();
    let mut after = None;
    loop {
        let page = match load::page(tx, after, ACCOUNTS_A_PAGE) {
            Ok(page) => page,
            Err(error) => {
                all.take(told(&"accounts", unreadable(&error).ok_or(error)?), report);
                break;
            }
        };
        let Some(last) = page.last() else { break };
        after = Some(last.0);
        for part in parts(&page) {
            all.take(readable(tx, &part, rooms)?, report);
            progress(part.len());
        }
    }
    let own = Room { strays: strays::find, ..Room::EMPTY };
    for Room { strays, .. } in [own].iter().chain(rooms) {
        let mut findings = Findings::default();
        if let Err(error) = strays(tx, &mut findings) {
            all.take(told(&"rows without a member", unreadable(&error).ok_or(error)?), report);
        }
        all.take(findings, report);
    }
    Ok(all)
}

/// Audits some members; where one's rows can't be read at all, that is told, and the others are
/// audited without it.
fn readable(tx: &mut Tx<'_>, members: &[MemberId], rooms: &[Room]) -> Result<Findings> {
    let error = match audit_members(tx, members, rooms) {
        Ok(findings) => return Ok(findings),
        Err(error) => error,
    };
    let why = unreadable(&error).ok_or(error)?;
    let mut differences = Vec::new();
    let mut all = Findings::default();
    match members {
        [member] => return Ok(told(member, why)),
        members => {
            for member in members {
                let found = readable(tx, std::slice::from_ref(member), rooms)?;
                all.take(found, &mut |difference| differences.push(difference));
            }
        }
    }
    all.add(differences);
    Ok(all)
}

fn told(whose: &dyn std::fmt::Display, why: String) -> Findings {
    let mut findings = Findings::default();
    findings.of(whose).differs(format_args!("the rows"), "what can be read", why);
    findings
}

fn audit_members(tx: &mut Tx<'_>, members: &[MemberId], rooms: &[Room]) -> Result<Findings> {
    let mut page = Page::default();
    let ledgers = load::load(tx, members, &mut page.findings)?;
    page.findings.count("members", ledgers.len());
    for (member, ledger) in &ledgers {
        page.findings.count("entries", ledger.entries.len());
        page.findings.count("lots", ledger.lots.len());
        page.findings.count("holds", ledger.holds.len());
        checks::check(ledger, &mut page.findings.of(member));
        entries::check(ledger, &mut page);
    }
    for room in rooms {
        (room.check)(tx, &ledgers, &mut page)?;
    }
    if !rooms.is_empty() {
        unclaimed(&ledgers, &mut page);
    }
    Ok(page.findings)
}

/// Every entry came from something.
fn unclaimed(ledgers: &Ledgers, page: &mut Page) {
    let Page { findings, claimed } = page;
    for (member, ledger) in ledgers {
        for entry in ledger.entries.values().filter(|one| !claimed.contains(&(*member, one.seq))) {
            let what = format_args!("the source of entry {}", entry.seq);
            let found = match &entry.source {
                Some((kind, id)) => format!("{kind} {id}, which is not"),
                None => "none".to_owned(),
            };
            findings.of(member).differs(what, "one that is there", found);
        }
    }
}

/// Splits a page so that no part has many entries.
fn parts(page: &[(MemberId, i64)]) -> Vec<Vec<MemberId>> {
    let mut parts = vec![Vec::new()];
    let mut entries = 0;
    for (member, seq) in page {
        if entries > 0 && entries + seq > ENTRIES_A_PART {
            parts.push(Vec::new());
            entries = 0;
        }
        entries += seq;
        if let Some(part) = parts.last_mut() {
            part.push(*member);
        }
    }
    parts
}
