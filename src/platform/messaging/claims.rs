//! What a courier takes in hand: letters that are due, and still wanted as they are.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use jiff::civil::Date;

use super::{
    courier::SenderSource,
    delivery::suppressed,
    judge::Judge,
    letters::{Letter, Preference, Sender},
    store::{self, Claimed, LEASE, Lease},
};
use crate::{
    db::{
        Tx,
        prepared::one_of,
        schema::{letters, members},
        types::Json,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId, text::Email, zone::Zone},
};

/// How many letters one claim takes.
const BATCH: i64 = 64;

/// Letters of one claim, and who they are from.
pub struct Batch {
    pub lease: Lease,
    pub until: Timestamp,
    pub letters: Vec<Claimed>,
    pub sender: Sender,
    pub suppressed: u64,
}

/// Claims a batch and drops from it what is not wanted any more; `None` where the settings
/// are incomplete.
pub fn claim(tx: &mut Tx<'_>, sender: &SenderSource) -> Result<Option<Batch>> {
    let Some(sender) = sender(tx.conn)? else { return Ok(None) };
    if sender.mail_from.is_none() {
        return Ok(None);
    }
    let (lease, claimed) = store::claim(tx, BATCH)?;
    let (judge, dates) = (judge(tx, &claimed)?, dates(tx, &claimed)?);
    let mut batch = Batch {
        lease,
        until: tx.wall.plus(LEASE),
        letters: Vec::with_capacity(claimed.len()),
        sender,
        suppressed: 0,
    };
    for mut letter in claimed {
        let written: Option<Letter> = letter.context.clone().read().ok();
        let today = letter.member_id.and_then(|member| dates.get(&member)).copied();
        match unwanted(&judge, &letter, written.as_ref(), today) {
            None => {
                // what waited for too long must not say that it is today
                if let Some(late) = written.zip(today).and_then(|(l, today)| l.belated(today)) {
                    letter.context = Json::of(&late)?;
                    rewrite(tx, &letter)?;
                }
                batch.letters.push(letter);
            }
            Some(why) => {
                store::mark(tx, letter.id, lease, &suppressed(&letter, why))?;
                batch.suppressed += 1;
            }
        }
    }
    Ok(Some(batch))
}

/// What speaks against letters that were queued some time ago.
fn judge(tx: &mut Tx<'_>, claimed: &[Claimed]) -> Result<Judge> {
    let members: BTreeSet<MemberId> =
        claimed.iter().filter_map(|letter| letter.member_id).collect();
    let members: Vec<MemberId> = members.into_iter().collect();
    let keys: Vec<String> = claimed.iter().filter_map(address_key).collect();
    Judge::of(tx.conn, &members, &keys)
}

/// Which date it is for the readers of greetings, wherever they live by now.
fn dates(tx: &mut Tx<'_>, claimed: &[Claimed]) -> Result<HashMap<MemberId, Date>> {
    let is_greeting =
        |letter: &&Claimed| letter.preference.as_deref() == Some(Preference::Occasions.name());
    let greeted: Vec<MemberId> =
        claimed.iter().filter(is_greeting).filter_map(|letter| letter.member_id).collect();
    if greeted.is_empty() {
        return Ok(HashMap::new());
    }
    let zones: Vec<(MemberId, String)> = members::table
        .filter(one_of(members::id, &greeted))
        .select((members::id, members::time_zone))
        .load(tx.conn)?;
    let date = |zone: &str| zone.parse::<Zone>().ok().map(|zone| zone.date(tx.now));
    Ok(zones.into_iter().filter_map(|(id, zone)| Some((id, date(&zone)?))).collect())
}

/// Why a letter should not go out after all; `today` is its reader's date.
fn unwanted(
    judge: &Judge,
    letter: &Claimed,
    written: Option<&Letter>,
    today: Option<Date>,
) -> Option<&'static str> {
    let preference: Option<Preference> =
        letter.preference.as_deref().and_then(|name| name.parse().ok());
    let holiday = written.and_then(Letter::holiday);
    let greeting = written.and_then(Letter::greeting);
    let is_over = greeting.zip(today).is_some_and(|(greeting, today)| greeting.is_over(today));
    judge
        .refuse(letter.member_id, address_key(letter).as_deref(), preference, holiday)
        .or_else(|| is_over.then_some("its day is over for too long"))
}

/// Keeps a letter as it goes out now.
fn rewrite(tx: &mut Tx<'_>, letter: &Claimed) -> Result<()> {
    diesel::update(letters::table.find(letter.id))
        .set(letters::context.eq(letter.context.clone()))
        .execute(tx.conn)?;
    Ok(())
}

fn address_key(letter: &Claimed) -> Option<String> {
    letter.to_address.parse::<Email>().ok().map(|email| email.key().to_owned())
}
