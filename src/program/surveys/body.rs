//! A survey as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ADay, AnswerDays, EditDays, FollowUps, Name, Percent, Points, Questions, RemindDays, Survey,
    SurveyKind, SurveyState, Trigger, service::SentByHand,
};
use crate::conditions::Where;
use platform::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        id::{MemberId, SurveyId},
        locale::{Locale, Reader},
    },
};

/// A survey.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Survey)]
pub struct SurveyBody {
    id: SurveyId,
    kind: SurveyKind,
    name: Name,
    question: Questions,
    follow_ups: FollowUps,
    trigger: Trigger,
    audience: Option<Where>,
    sample_percent: Percent,
    max_per_day: Option<ADay>,
    remind_after_days: Option<RemindDays>,
    answer_within_days: AnswerDays,
    edit_days: EditDays,
    points: Points,
    state: SurveyState,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl SurveyBody {
    /// Its texts in one language, as a reader of it would have them.
    #[must_use]
    pub fn in_language(self, locale: Locale, program: &Locale) -> Self {
        let reader = Reader { wanted: vec![locale], program: program.clone() };
        let question = self.question.said_to(&reader);
        let follow_ups = self.follow_ups.said_to(&reader);
        Self { question, follow_ups, ..self }
    }
}

impl From<Survey> for SurveyBody {
    fn from(survey: Survey) -> Self {
        let fields = survey.fields;
        Self {
            id: survey.id,
            kind: fields.kind,
            name: fields.name,
            question: fields.question,
            follow_ups: fields.follow_ups,
            trigger: fields.trigger,
            audience: fields.audience,
            sample_percent: fields.sample_percent,
            max_per_day: fields.max_per_day,
            remind_after_days: fields.remind_after_days,
            answer_within_days: fields.answer_within_days,
            edit_days: fields.edit_days,
            points: fields.points,
            state: survey.state,
            starts_at: fields.starts_at,
            ends_at: fields.ends_at,
        }
    }
}

impl Reply for SurveyBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// What asking by hand came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SurveySending {
    /// How many it is for.
    members: i64,
    /// How many asks are new; null where a whole audience is worked off, which takes its time.
    planned: Option<i64>,
}

impl From<SentByHand> for SurveySending {
    fn from(sent: SentByHand) -> Self {
        Self { members: sent.members, planned: sent.planned }
    }
}

impl Reply for SurveySending {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}
