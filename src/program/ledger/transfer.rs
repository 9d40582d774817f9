//! Points that go from one member to another: both accounts or neither, lots keep their expiry.

use super::{Act, Book, Entry, EntryKind, Posting, Rule, Source};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        id::MemberId,
    },
};

/// Points to be transferred.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub from: MemberId,
    pub to: MemberId,
    pub points: i64,
    /// Names the transfer in both journals.
    pub id: String,
    pub actor: String,
    pub reason: Option<String>,
}

/// Transfers; answers the sender's entry. The receiver gets an entry for each date on which the
/// points expire.
///
/// # Errors
/// [`Refusal::InsufficientPoints`]; [`Refusal::LimitReached`] where the receiver's balance is full.
pub fn transfer(tx: &mut Tx<'_>, ask: &Transfer) -> Result<Entry> {
    let now = tx.now;
    let source = Source::new("transfer", &ask.id);
    let posting = |member, act, rule, source| Posting {
        member,
        act,
        source: Some(source),
        rule,
        actor: ask.actor.clone(),
        channel: None,
        reason: ask.reason.clone(),
        occurred_at: now,
    };
    let kind = EntryKind::Transfer;
    let out = posting(
        ask.from,
        Act::Debit { kind, points: ask.points, order_ref: None },
        Rule::TransferOut { to: ask.to },
        source.clone(),
    );
    let arrival = |points, expires_at, part: usize| {
        let act = Act::Credit { kind, points, available_at: now, expires_at };
        posting(ask.to, act, Rule::TransferIn { from: ask.from }, source.clone().part(part))
    };
    let needs = [out.clone(), arrival(ask.points, None, 0)];
    let mut book = Book::open(tx, &needs)?;
    let sent = book.post(tx, &out)?.entry.ok_or_else(|| Error::internal("a silent transfer"))?;
    for (part, (expires_at, points)) in book.taken(ask.from, sent.seq).into_iter().enumerate() {
        book.post(tx, &arrival(points, expires_at, part)).map_err(|refusal| match refusal {
            Refusal::NotFound { .. } => Refusal::not_found_at("member", "/to_member_id"),
            refusal => refusal,
        })?;
    }
    book.close(tx)?;
    Ok(sent)
}
