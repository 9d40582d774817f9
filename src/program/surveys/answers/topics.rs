//! What answers are about: topics, as their words suggest and staff confirm. Topics know nothing of
//! answers; this is what of an answer they are handed, and what those above them ask of it.

use std::collections::HashMap;

use diesel::{dsl::count_star, prelude::*};
use uuid::Uuid;

use super::{Answer, AnswerState, service, store};
use crate::{
    members,
    surveys::{Category, SurveyKind},
    topics::{Subject, SubjectKind, service as topics},
};
use platform::{
    auth::Caller,
    db::{
        Tx,
        prepared::{condition, one_of},
        schema::{answers, topic_links},
    },
    kernel::{
        error::{Error, Result},
        id::{AnswerId, MemberId, TopicId},
        intervals::Recommendations,
    },
};

/// An answer, as topics know it.
fn subject(answer: &Answer) -> Result<Subject> {
    Ok(Subject {
        kind: SubjectKind::Answer,
        id: answer.id.uuid(),
        member: answer.member_id,
        raised_at: answer.answered_at,
        locale: answer.locale.parse().map_err(Error::internal)?,
    })
}

/// Suggests topics by what an answer says now.
pub(super) fn suggest(tx: &mut Tx<'_>, answer: &Answer, words: Option<&str>) -> Result<()> {
    topics::suggest(tx, &subject(answer)?, words.unwrap_or_default())
}

/// Says which topics an answer is about, all of them; an empty list says that it is about none.
///
/// # Errors
/// No such answer, or one that is void; an unknown topic, or one that was merged.
pub fn confirm(
    tx: &mut Tx<'_>,
    id: AnswerId,
    topic_ids: &[TopicId],
    by: &Caller,
) -> Result<Answer> {
    let member = store::get(tx, id)?.member_id;
    members::service::lock(tx, member)?;
    let answer = store::lock(tx, id)?;
    if answer.state == AnswerState::Void {
        return Err(service::cannot_become(answer.state, AnswerState::Active).into());
    }
    topics::confirm(tx, &subject(&answer)?, topic_ids, by)?;
    Ok(answer)
}

/// The latest words of these answers, each of the member that it is asked for; who said none, or
/// whose answer does not count, is left out.
pub fn said(tx: &mut Tx<'_>, of: &[(MemberId, Uuid)]) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<AnswerId> = of.iter().map(|(_, id)| AnswerId::from_uuid(*id)).collect();
    let own: Vec<(AnswerId, MemberId)> = answers::table
        .filter(one_of(answers::id, &ids))
        .filter(answers::state.ne(AnswerState::Void))
        .select((answers::id, answers::member_id))
        .load(tx.conn)?;
    let own: HashMap<AnswerId, MemberId> = own.into_iter().collect();
    let mut words = service::words(tx, &ids)?;
    let told = |(member, id): &(MemberId, Uuid)| {
        let answer = AnswerId::from_uuid(*id);
        let words = words.remove(&answer).filter(|_| own.get(&answer) == Some(member))?;
        Some((*id, words)).filter(|(_, words)| !words.trim().is_empty())
    };
    Ok(of.iter().filter_map(told).collect())
}

/// What those score who raised one of these topics, each by what they said last.
pub fn recommendations(tx: &mut Tx<'_>, topic_ids: &[TopicId]) -> Result<Recommendations> {
    const IS_LAST: &str = "NOT EXISTS (SELECT 1 FROM answers later \
        WHERE later.member_id = answers.member_id AND later.kind = 'nps' \
        AND later.state = 'active' \
        AND (later.answered_at, later.id) > (answers.answered_at, answers.id))";
    let raised = topic_links::table
        .filter(topic_links::topic_id.eq_any(topic_ids))
        .filter(topic_links::suggested.eq(false))
        .select(topic_links::member_id);
    let rows: Vec<(Category, i64)> = answers::table
        .filter(answers::kind.eq(SurveyKind::Nps))
        .filter(answers::state.eq(AnswerState::Active))
        .filter(answers::member_id.eq_any(raised))
        .filter(condition(IS_LAST))
        .group_by(answers::category)
        .select((answers::category, count_star()))
        .load(tx.conn)?;
    let mut all = Recommendations::default();
    for (category, count) in rows {
        match category {
            Category::Promoter => all.promoters = count,
            Category::Passive => all.passives = count,
            Category::Detractor => all.detractors = count,
        }
    }
    Ok(all)
}
