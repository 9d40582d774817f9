//! The letter that asks.

use super::{Survey, links::Links};
use crate::{asks::Ask, members::Member};
use platform::{
    kernel::clock::Timestamp,
    messaging::{
        letters::{Letter, SurveyLetter},
        outbox::Queued,
    },
    settings::Settings,
};

/// The letter by which a member is asked, for the first time or once more; none to who has no
/// address.
pub fn ask(
    now: Timestamp,
    (settings, links): (&Settings, Links),
    survey: &Survey,
    ask: &Ask,
    member: &Member,
    answer_until: Timestamp,
    is_reminder: bool,
) -> Option<Queued> {
    let (to, given_name) = member.addressee()?;
    let (lowest, highest) = survey.fields.kind.scale();
    let letter = Letter::Survey(SurveyLetter {
        given_name,
        question: survey.asked(&member.reader(&settings.locale)),
        kind: survey.fields.kind.to_string(),
        lowest,
        highest,
        url: settings.link(&links.path(ask.id)),
        points: ask.points,
        answer_until,
        is_reminder,
    });
    let part = if is_reminder { "reminder" } else { "ask" };
    let not_before = Some(settings.quiet_hours.after(&member.time_zone, now));
    Some(Queued { to, letter, dedupe_key: format!("{part}:{}", ask.id), not_before })
}
