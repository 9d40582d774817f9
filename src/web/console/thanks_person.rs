//! Who is to be thanked, in short, and what they said.

use serde::Serialize;

use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::AnswerId,
        locale::Reader,
        page::Page,
    },
};
use program::{
    members::Member,
    orders,
    surveys::answers::{
        Answer,
        service::{self as answers, Told},
    },
    thanks::{DeedType, Thanks},
};

/// How many orders and earlier answers are looked at.
const LOOKED_AT: i64 = 10;
const SHOWN: usize = 5;

/// What somebody said, where it was an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub score: i64,
    /// The highest that the scale has.
    pub of: i64,
    pub category: String,
    pub comment: Option<String>,
    pub survey: String,
    /// What was asked.
    pub question: String,
    pub at: Timestamp,
}

/// A member, with what helps to find the right words.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub status: String,
    pub tier: String,
    pub locale: String,
    pub enrolled_at: Timestamp,
    /// To spend now.
    pub points: i64,
    /// So many at least where there are 10.
    pub orders: usize,
    pub last_order_at: Option<Timestamp>,
    /// Earlier answers, newest first.
    pub answers: Vec<Earlier>,
}

/// An earlier answer.
#[derive(Clone, Debug, Serialize)]
pub struct Earlier {
    pub score: i64,
    pub of: i64,
    pub category: String,
    pub comment: Option<String>,
    pub at: Timestamp,
}

impl Person {
    /// # Errors
    /// The database's own.
    pub fn of(tx: &mut Tx<'_>, member: &Member, thanks: &Thanks, points: i64) -> Result<Self> {
        let orders = orders::service::list(tx, Some(member.id), None, &Page::first(LOOKED_AT))?;
        let sought = answers::Sought { member: Some(member.id), ..answers::Sought::default() };
        let page = Page::first(LOOKED_AT);
        let mut found = answers::list(tx, &sought, &page)?.data;
        found.retain(|answer| {
            answer.id.uuid() != thanks.for_id.0 && answer.answered_at <= thanks.owed_at
        });
        found.truncate(SHOWN);
        let ids: Vec<AnswerId> = found.iter().map(|answer| answer.id).collect();
        let mut words = answers::words(tx, &ids)?;
        let earlier = |answer: Answer| Earlier {
            score: answer.score,
            of: answer.kind.scale().1,
            category: answer.category.to_string(),
            comment: words.remove(&answer.id),
            at: answer.answered_at,
        };
        Ok(Self {
            id: member.id.to_string(),
            name: member.full_name().unwrap_or_else(|| member.id.to_string()),
            email: member.email.clone(),
            status: member.status.to_string(),
            tier: member.tier.clone(),
            locale: member.locale.to_string(),
            enrolled_at: member.enrolled_at,
            points,
            orders: orders.len().min(usize::try_from(LOOKED_AT).unwrap_or(10)),
            last_order_at: orders.first().map(|order| order.placed_at),
            answers: found.into_iter().map(earlier).collect(),
        })
    }
}

/// What somebody said; none where it was no answer, or it is not there any more.
///
/// # Errors
/// The database's own.
pub fn said(tx: &mut Tx<'_>, thanks: &Thanks, reader: &Reader) -> Result<Option<Said>> {
    if thanks.for_type != DeedType::Answer {
        return Ok(None);
    }
    let id = AnswerId::from_uuid(thanks.for_id.0);
    let answer = match answers::get(tx, id) {
        Ok(answer) => answer,
        Err(Error::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let told = answers::told(tx, vec![answer])?.pop();
    Ok(told.map(|Told { answer, survey, comment, .. }| Said {
        score: answer.score,
        of: answer.kind.scale().1,
        category: answer.category.to_string(),
        comment,
        question: survey.asked(reader),
        survey: survey.fields.name.to_string(),
        at: answer.edited_at.unwrap_or(answer.answered_at),
    }))
}
