//! What was written to people, as staff look it up.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    letters::{Letter, RenderError, Rendered, Sender, render, subject},
    store::LetterState,
    suppressions::{self, SuppressionReason},
};
use crate::{
    db::{Tx, lock::for_update, schema::letters, types::Json},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{LetterId, MemberId},
        locale::{Language, Locale},
        page::{Listing, Page},
        text::Email,
    },
};

/// A letter, and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Letter)]
pub struct Written {
    pub id: LetterId,
    /// Null for staff, and for those who were no members yet.
    pub member_id: Option<MemberId>,
    /// Empty once its member is erased.
    #[schema(example = "anna@example.com")]
    pub to: String,
    /// A word of ours.
    #[schema(example = "reward_redeemed")]
    pub template: String,
    #[schema(example = "is")]
    pub locale: String,
    pub state: LetterState,
    /// How often it was tried.
    #[schema(example = 1)]
    pub attempts: i64,
    /// Says the occasion: a second letter for one is not written.
    #[schema(example = "birthday:mem_01m7zr4g2tfw1b4ww8pvq0tkz1:2026")]
    pub dedupe_key: String,
    /// As it would be now: it is kept nowhere. Null where the letter was emptied.
    #[schema(example = "Happy birthday, Anna!")]
    pub subject: Option<String>,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// Why it was not sent, or not yet.
    pub last_error: Option<String>,
}

/// What is read of a letter.
#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
pub(super) struct Row {
    id: LetterId,
    member_id: Option<MemberId>,
    to_address: String,
    template: String,
    locale: String,
    context: Json,
    state: LetterState,
    attempts: i64,
    dedupe_key: String,
    queued_at: Timestamp,
    sent_at: Option<Timestamp>,
    last_error: Option<String>,
}

impl Row {
    /// For people; `sender` is who wrote it.
    pub(super) fn written(self, sender: &Sender) -> Written {
        let language = language(&self.locale);
        let letter: Option<Letter> = self.context.read().ok();
        let subject = letter.and_then(|letter| subject(&letter.masked(), language, sender).ok());
        Written {
            id: self.id,
            member_id: self.member_id,
            to: self.to_address,
            template: self.template,
            locale: self.locale,
            state: self.state,
            attempts: self.attempts,
            dedupe_key: self.dedupe_key,
            subject,
            queued_at: self.queued_at,
            sent_at: self.sent_at,
            last_error: self.last_error,
        }
    }
}

fn language(locale: &str) -> Language {
    locale.parse::<Locale>().map_or(Language::En, |locale| locale.language())
}

/// Which letters are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub member: Option<MemberId>,
    pub state: Option<LetterState>,
}

/// A page of letters, newest first; `sender` is who wrote them.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    sought: Sought,
    page: &Page,
    sender: &Sender,
) -> Result<Listing<Written>> {
    let mut query = letters::table.into_boxed();
    if let Some(member) = sought.member {
        query = query.filter(letters::member_id.eq(member));
    }
    if let Some(state) = sought.state {
        query = query.filter(letters::state.eq(state));
    }
    if let Some(before) = page.after::<LetterId>()? {
        query = query.filter(letters::id.lt(before));
    }
    let rows = query.order(letters::id.desc()).limit(page.rows()).select(Row::as_select());
    let rows: Vec<Row> = rows.load(tx.conn)?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row.written(sender)))
}

/// A letter as its reader sees it, its codes and links with tokens blotted out.
///
/// # Errors
/// No such letter; one that was emptied; a template of ours that is at fault.
pub fn preview(tx: &mut Tx<'_>, id: LetterId, sender: &Sender) -> Result<Rendered> {
    let row: Option<Row> =
        letters::table.find(id).select(Row::as_select()).first(tx.conn).optional()?;
    let row = row.ok_or_else(|| Refusal::not_found("letter"))?;
    let language = language(&row.locale);
    let emptied = |_| Error::from(Refusal::not_found("letter: it was emptied"));
    let letter: Letter = row.context.read().map_err(emptied)?;
    render(&letter.masked(), language, sender)
        .map_err(|why: RenderError| Error::internal(why.to_string()))
}

/// Tries a letter again that failed, and with it its address, if that was refused; one that waits, or is on its way, stays as it is.
///
/// # Errors
/// No such letter; one that was sent, or that nobody wants; one whose link is kept nowhere any more.
pub fn retry(tx: &mut Tx<'_>, id: LetterId, sender: &Sender) -> Result<Written> {
    let row = letters::table.filter(letters::id.eq(id)).select(Row::as_select());
    let rows: Vec<Row> = for_update(row).load(tx.conn)?;
    let mut row = rows.into_iter().next().ok_or_else(|| Refusal::not_found("letter"))?;
    let refuse = |what: &'static str, from: LetterState| Refusal::InvalidTransition {
        what,
        from: from.as_str(),
        to: LetterState::Queued.as_str(),
        allowed: &[],
    };
    match row.state {
        LetterState::Queued | LetterState::Sending => return Ok(row.written(sender)),
        LetterState::Sent | LetterState::Suppressed => {
            return Err(refuse("the letter", row.state).into());
        }
        LetterState::Failed => {}
    }
    let letter: Option<Letter> = row.context.clone().read().ok();
    if letter.is_none_or(|letter| letter.can_be_asked_for_anew()) {
        let what = "the letter, whose link can be asked for anew and is kept nowhere,";
        return Err(refuse(what, row.state).into());
    }
    // who tries again says that mail may go there
    if let Ok(email) = row.to_address.parse::<Email>()
        && let Some(known) = suppressions::of(tx, &email)?
        && known.reason != SuppressionReason::Complained
    {
        suppressions::lift(tx, known.id)?;
    }
    diesel::update(letters::table.find(id))
        .set((
            letters::state.eq(LetterState::Queued),
            letters::attempts.eq(0_i64),
            letters::next_attempt_at.eq(tx.now),
            letters::last_error.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    tx.ring();
    (row.state, row.attempts, row.last_error) = (LetterState::Queued, 0, None);
    Ok(row.written(sender))
}
