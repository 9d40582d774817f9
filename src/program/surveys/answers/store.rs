//! Answers' rows, and each version of them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Answer, service::Sought};
use platform::{
    db::{
        Tx,
        prepared::one_of,
        schema::{answer_versions, answers, topic_links},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AnswerId, AskId, MemberId},
        page::{Listing, Page},
    },
    rows,
};

rows! { answers, Answer, AnswerId, "answer" }

/// What was said, and when.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = answer_versions, treat_none_as_default_value = false)]
pub struct Spoken {
    pub answer_id: AnswerId,
    pub version: i64,
    pub score: i64,
    pub comment: Option<String>,
    pub said_at: Timestamp,
}

pub fn insert(tx: &mut Tx<'_>, answer: &Answer) -> Result<()> {
    diesel::insert_into(answers::table).values(answer).execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, answer: &Answer) -> Result<()> {
    diesel::update(answers::table.find(answer.id)).set(answer).execute(tx.conn)?;
    Ok(())
}

pub fn insert_version(tx: &mut Tx<'_>, version: &Spoken) -> Result<()> {
    diesel::insert_into(answer_versions::table).values(version).execute(tx.conn)?;
    Ok(())
}

/// The answer to an ask.
pub fn of_ask(tx: &mut Tx<'_>, ask: AskId) -> Result<Option<Answer>> {
    let found = answers::table.filter(answers::ask_id.eq(ask)).select(Answer::as_select());
    Ok(found.first(tx.conn).optional()?)
}

/// The answer that another system calls so.
pub fn by_external_id(tx: &mut Tx<'_>, external_id: &str) -> Result<Option<Answer>> {
    let found = answers::table
        .filter(answers::external_id.eq(external_id.to_owned()))
        .select(Answer::as_select());
    Ok(found.first(tx.conn).optional()?)
}

/// Each version of these answers, in order.
pub fn versions(tx: &mut Tx<'_>, answers: &[AnswerId]) -> Result<HashMap<AnswerId, Vec<Spoken>>> {
    let mut all: HashMap<AnswerId, Vec<Spoken>> = HashMap::new();
    if answers.is_empty() {
        return Ok(all);
    }
    let rows: Vec<Spoken> = answer_versions::table
        .filter(one_of(answer_versions::answer_id, answers))
        .order((answer_versions::answer_id, answer_versions::version))
        .select(Spoken::as_select())
        .load(tx.conn)?;
    for row in rows {
        all.entry(row.answer_id).or_default().push(row);
    }
    Ok(all)
}

/// The words of a member are forgotten.
pub fn forget_words(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let own = answers::table.filter(answers::member_id.eq(member)).select(answers::id);
    let own: Vec<AnswerId> = own.load(tx.conn)?;
    diesel::update(answer_versions::table.filter(one_of(answer_versions::answer_id, &own)))
        .set(answer_versions::comment.eq(None::<String>))
        .execute(tx.conn)?;
    diesel::update(answers::table.filter(answers::member_id.eq(member)))
        .set(answers::external_id.eq(None::<String>))
        .execute(tx.conn)?;
    Ok(())
}

/// A page of answers, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn sought(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Answer>> {
    let sought = *sought;
    list(tx, page, move |mut query| {
        if let Some(survey) = sought.survey {
            query = query.filter(answers::survey_id.eq(survey));
        }
        if let Some(category) = sought.category {
            query = query.filter(answers::category.eq(category));
        }
        if let Some(member) = sought.member {
            query = query.filter(answers::member_id.eq(member));
        }
        if let Some(state) = sought.state {
            query = query.filter(answers::state.eq(state));
        }
        if let Some(topic) = sought.topic {
            let raised = topic_links::table
                .filter(topic_links::topic_id.eq(topic))
                .filter(topic_links::suggested.eq(false))
                .select(topic_links::subject_id);
            query = query.filter(answers::id.eq_any(raised));
        }
        if sought.suggested {
            let open = topic_links::table
                .filter(topic_links::suggested.eq(true))
                .select(topic_links::subject_id);
            query = query.filter(answers::id.eq_any(open));
        }
        if let Some(from) = sought.from {
            query = query.filter(answers::answered_at.ge(from));
        }
        if let Some(to) = sought.to {
            query = query.filter(answers::answered_at.lt(to));
        }
        query
    })
}
