//! Answers of an earlier time, from another system: they count in their own months.

use super::{
    Saying,
    recording::{self, New},
};
use crate::surveys::{SurveyState, answers::AnswerChannel, service as surveys};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, SurveyId},
    },
};

/// What somebody said then.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub survey: SurveyId,
    pub member: MemberId,
    pub saying: Saying,
    pub channel: AnswerChannel,
    pub external_id: String,
    pub answered_at: Timestamp,
}

/// Records it, unless it was before; answers whether it is new. Nobody gets points for it or is
/// thanked now for what they said then. Tier, country and language are those that the member has now.
///
/// # Errors
/// No such survey or member; a draft, whose scale is not settled; a score that is none of it; a time
/// to come; [`Refusal::ExternalIdConflict`].
pub fn bring_earlier(tx: &mut Tx<'_>, earlier: &Earlier) -> Result<bool> {
    let member = recording::lock(tx, earlier.member)?;
    let member = member.ok_or_else(|| Refusal::not_found_at("member", "/member_id"))?;
    let survey = surveys::get(tx, earlier.survey).map_err(|error| error.at("/survey_id"))?;
    recording::check_score(&survey, earlier.saying.score)?;
    if survey.state == SurveyState::Draft {
        let why = "must not be of a draft: publish it first";
        return Err(Refusal::field("/survey_id", why).into());
    }
    if earlier.answered_at > tx.now {
        return Err(Refusal::field("/answered_at", "must not be in the future").into());
    }
    if recording::known(tx, &earlier.external_id, &member, &survey, &earlier.saying)?.is_some() {
        return Ok(false);
    }
    let new = New {
        channel: earlier.channel,
        ask: None,
        order: None,
        external_id: Some(earlier.external_id.clone()),
        points: None,
        by: Caller::System.label(),
        at: earlier.answered_at,
    };
    recording::insert(tx, &member, &survey, &earlier.saying, new)?;
    Ok(true)
}
