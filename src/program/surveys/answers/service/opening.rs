//! What the link of an ask opens: looking changes nothing.

use crate::{
    asks::{Ask, AskState, service as asks},
    surveys::{
        Survey, SurveyState,
        answers::{Answer, store},
        service as surveys,
    },
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::AskId,
    },
};

/// An ask, by a link that its member has, and all that its page shows.
#[derive(Clone, Debug)]
pub struct Opened {
    pub ask: Ask,
    pub survey: Survey,
    pub answer: Option<Answer>,
}

impl Opened {
    /// Whether it can be answered, or its answer changed.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        match &self.answer {
            Some(answer) => answer.can_change(&self.survey, now),
            None => {
                self.ask.state == AskState::Sent
                    && self.ask.answer_until.is_some_and(|until| now < until)
                    && self.survey.state != SurveyState::Draft
            }
        }
    }
}

/// What a link opens; changes nothing.
///
/// # Errors
/// No such ask, or none of a survey.
pub fn open(tx: &mut Tx<'_>, id: AskId) -> Result<Opened> {
    let ask = asks::get(tx, id)?;
    let survey = ask.survey_id.ok_or_else(|| Refusal::not_found("survey"))?;
    let survey = surveys::get(tx, survey)?;
    let answer = store::of_ask(tx, id)?;
    Ok(Opened { ask, survey, answer })
}
