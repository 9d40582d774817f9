//! Reading answers, and taking those out that should never have counted; what links open and what is
//! recorded have rooms of their own.

mod history;
mod opening;
mod recording;
mod telling;

use std::collections::HashMap;

use super::{
    Answer, AnswerState, VoidReason,
    store::{self, Spoken},
};
use crate::{
    members,
    surveys::Category,
    thanks::{Deed, DeedType, service as thanks},
    topics::service as about,
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{AnswerId, MemberId, SurveyId, TopicId},
        page::{Listing, Page},
    },
};

pub use history::{Earlier, bring_earlier};
pub use opening::{Opened, open};
pub use recording::{Brought, Recorded, Saying, answer_ask, bring};
pub use store::{get, versions};
pub use telling::{Told, told};

/// Which answers are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub survey: Option<SurveyId>,
    pub category: Option<Category>,
    pub topic: Option<TopicId>,
    /// Those whose words suggest a topic that nobody confirmed yet.
    pub suggested: bool,
    pub member: Option<MemberId>,
    pub state: Option<AnswerState>,
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
}

/// A page of answers, newest first, each with the last words.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Answer>> {
    store::sought(tx, sought, page)
}

/// What was said last in each of these answers; nothing where it had no words.
pub fn words(tx: &mut Tx<'_>, answers: &[AnswerId]) -> Result<HashMap<AnswerId, String>> {
    let all = store::versions(tx, answers)?;
    let last = |(id, versions): (AnswerId, Vec<Spoken>)| {
        Some((id, versions.into_iter().next_back()?.comment?))
    };
    Ok(all.into_iter().filter_map(last).collect())
}

/// The answer, and before it its member: who changes an answer has the member locked.
fn lock(tx: &mut Tx<'_>, id: AnswerId) -> Result<Answer> {
    let member = store::get(tx, id)?.member_id;
    members::service::lock(tx, member)?;
    store::lock(tx, id)
}

/// An answer never counted: by whom, and why, which is never what it says. Points stay, and thanks that
/// were given.
///
/// # Errors
/// No such answer.
pub fn void(tx: &mut Tx<'_>, id: AnswerId, reason: VoidReason, by: &Caller) -> Result<Answer> {
    let mut answer = lock(tx, id)?;
    if answer.state != AnswerState::Void {
        answer.state = AnswerState::Void;
        answer.void_reason = Some(reason);
        answer.voided_by = Some(by.label());
        store::update(tx, &answer)?;
        // what it was about does not count either
        about::forget(tx, id.uuid())?;
        thanks::never_counted(tx, Deed::new(DeedType::Answer, id), by)?;
    }
    Ok(answer)
}

/// A person looked at an answer that was suspect: it counts.
///
/// # Errors
/// No such answer; [`Refusal::InvalidTransition`] of one that is void.
pub fn confirm(tx: &mut Tx<'_>, id: AnswerId) -> Result<Answer> {
    let mut answer = lock(tx, id)?;
    match answer.state {
        AnswerState::Active => {}
        AnswerState::Suspect => {
            answer.state = AnswerState::Active;
            store::update(tx, &answer)?;
        }
        AnswerState::Void => {
            return Err(cannot_become(answer.state, AnswerState::Active).into());
        }
    }
    Ok(answer)
}

/// The refusal of a step from a state that is the last.
pub(super) const fn cannot_become(from: AnswerState, to: AnswerState) -> Refusal {
    let (from, to) = (from.as_str(), to.as_str());
    Refusal::InvalidTransition { what: "the answer", from, to, allowed: &[] }
}
