//! The letter that asks.

use super::{Survey, links};
use crate::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result, locale::Locale},
    messaging::{
        letters::{Letter, SurveyLetter},
        outbox::Queued,
    },
    program::{asks::Ask, members::Member, settings::Settings},
};

/// The letter by which a member is asked, for the first time or once more; none to who has no
/// address.
pub fn ask(
    tx: &mut Tx<'_>,
    settings: &Settings,
    survey: &Survey,
    ask: &Ask,
    member: &Member,
    answer_until: Timestamp,
    is_reminder: bool,
) -> Result<Option<Queued>> {
    let Some((to, given_name)) = member.addressee() else { return Ok(None) };
    let (lowest, highest) = survey.fields.kind.scale();
    let letter = Letter::Survey(SurveyLetter {
        given_name,
        question: question(survey, &member.locale, settings),
        kind: survey.fields.kind.to_string(),
        lowest,
        highest,
        url: links::url(tx, settings, ask.id)?,
        points: ask.points,
        answer_until,
        is_reminder,
    });
    let part = if is_reminder { "reminder" } else { "ask" };
    let not_before = Some(settings.quiet_hours.after(&member.time_zone, tx.now));
    Ok(Some(Queued { to, letter, dedupe_key: format!("{part}:{}", ask.id), not_before }))
}

/// The question, as this reader reads it.
pub fn question(survey: &Survey, locale: &Locale, settings: &Settings) -> String {
    let wanted = vec![locale.clone()];
    let reader = crate::kernel::locale::Reader { wanted, program: settings.locale.clone() };
    survey.fields.question.read_by(&reader).map(ToString::to_string).unwrap_or_default()
}
