//! Answers as people read them: with what was asked, what was said and how it was thanked.

use uuid::Uuid;

use super::words;
use crate::{
    surveys::{Survey, answers::Answer, service as surveys},
    thanks::{DeedType, Thanks, service as thanks},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::{AnswerId, SurveyId},
    },
};

/// An answer, and what belongs to it.
#[derive(Clone, Debug)]
pub struct Told {
    pub answer: Answer,
    pub survey: Survey,
    /// The last that was said; `None` where it had no words, or they were forgotten.
    pub comment: Option<String>,
    pub thanks: Option<Thanks>,
}

/// The same answers, with what belongs to them.
///
/// # Errors
/// The database's own.
pub fn told(tx: &mut Tx<'_>, all: Vec<Answer>) -> Result<Vec<Told>> {
    let ids: Vec<AnswerId> = all.iter().map(|answer| answer.id).collect();
    let deeds: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let asked_by: Vec<SurveyId> = all.iter().map(|answer| answer.survey_id).collect();
    let mut words = words(tx, &ids)?;
    let mut thanks = thanks::of_deeds(tx, DeedType::Answer, &deeds)?;
    let surveys = surveys::find_all(tx, &asked_by)?;
    let tell = |answer: Answer| {
        let survey = surveys.get(&answer.survey_id).cloned();
        Ok(Told {
            survey: survey.ok_or_else(|| Error::internal("an answer to no survey"))?,
            comment: words.remove(&answer.id),
            thanks: thanks.remove(&answer.id.uuid()),
            answer,
        })
    };
    all.into_iter().map(tell).collect()
}
