//! A year of answers: how it was at the till, what was done about it, who is owed thanks, and an
//! announcement that waits for a second person.

use std::time::Duration;

use serde_json::{Value, json};

use super::text;
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{AnswerId, MemberId, SurveyId, TopicId},
        version::Versions,
    },
    messaging::{letters::Preference, preferences},
    settings,
};
use program::{
    announcements::service as announcements,
    asks::{
        AskChannel, AskKind,
        service::{self as asks, OwnAsk},
    },
    enrolment::{self, Enrolment, Letters},
    members::{self, likeness::Hints},
    surveys::{
        SurveyState,
        answers::{
            service::{self as answers, Saying},
            topics as about,
        },
        service::{self as surveys, AskOfShop},
    },
    thanks::{Deed, DeedType, ThanksState, service as thanks},
    topics::service as topics,
};

const GIVEN: [&str; 12] = [
    "Anna", "Birna", "Einar", "Fríða", "Gunnar", "Helga", "Ívar", "Katrín", "Leó", "María",
    "Nanna", "Óskar",
];
const FAMILY: [&str; 4] = ["Arnarsdóttir", "Björnsson", "Dagsdóttir", "Egilsson"];
/// Where they live: most where the shop is.
const COUNTRIES: [(&str, &str, &str); 5] = [
    ("IS", "is", "Atlantic/Reykjavik"),
    ("IS", "is", "Atlantic/Reykjavik"),
    ("IS", "en", "Atlantic/Reykjavik"),
    ("GB", "en-GB", "Europe/London"),
    ("NO", "en", "Europe/Oslo"),
];

/// How often each is asked in the year, so many days apart.
const ROUNDS: u64 = 4;
const APART: u64 = 91;
/// So many days ago there were two tills from then on.
const CHANGED: u64 = 130;

/// What those say who had to wait, before the shop did something about it.
const WAITED: [&str; 4] = [
    "Biðröðin við kassann var allt of löng",
    "The queue at the till was too long on Saturday",
    "Ég gafst upp á að bíða í röðinni",
    "Lovely books, but only one till and a long queue",
];
const LOUD: [&str; 2] =
    ["The music in the café is too loud to read", "Tónlistin var of há til að lesa"];
const GLAD: [&str; 4] = [
    "Besta kaffið í bænum og góð ráð um bækur",
    "You found me the very book I wanted",
    "Alltaf gott að koma til ykkar",
    "The children love the reading corner",
];

/// Does something as it was done then.
fn at<T>(
    tx: &mut Tx<'_>,
    then: Timestamp,
    body: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let now = std::mem::replace(&mut tx.now, then);
    let done = body(tx);
    tx.now = now;
    done
}

fn days_ago(tx: &Tx<'_>, days: u64) -> Timestamp {
    tx.now.minus(Duration::from_hours(24 * days))
}

/// Somebody who comes often, and says how it was.
struct Regular {
    id: MemberId,
    number: u64,
}

/// Everything, as it came about; Þórdís said something in spring, and is asked again today.
pub fn add(tx: &mut Tx<'_>, thordis: MemberId, admin: &Caller, staff: &Caller) -> Result<()> {
    let start = days_ago(tx, ROUNDS * APART + 40);
    let survey = at(tx, start, make_survey)?;
    let (queue, _music) = at(tx, start, make_topics)?;
    let regulars = (0..48).map(|number| enrol(tx, number)).collect::<Result<Vec<_>>>()?;
    let mut told = Vec::new();
    for round in (0..ROUNDS).rev() {
        for regular in &regulars {
            let days = round * APART + (regular.number * 37) % APART;
            // on a working day's morning or afternoon
            let then = days_ago(tx, days).minus(Duration::from_mins((regular.number * 47) % 300));
            told.extend(at(tx, then, |tx| ask(tx, survey, regular, round, days))?);
        }
    }
    for Told { days, answer, then, words } in &told {
        if words.is_some_and(|words| WAITED.contains(&words)) && *days > CHANGED {
            let seen = then.plus(Duration::from_hours(20));
            at(tx, seen, |tx| about::confirm(tx, *answer, &[queue], staff).map(drop))?;
        }
    }
    thank(tx, &told, staff)?;
    at(tx, days_ago(tx, CHANGED), |tx| {
        let changes = json!({"state": "changed"});
        topics::change(tx, queue, &serde_json::from_value(changes)?, &Versions::Any).map(drop)
    })?;
    for regular in &regulars {
        preferences::set(tx, regular.id, Preference::ThankYou, true)?;
    }
    ask_thordis(tx, survey, thordis)?;
    announce(tx, queue, admin)
}

fn ask_thordis(tx: &mut Tx<'_>, survey: SurveyId, thordis: MemberId) -> Result<()> {
    preferences::set(tx, thordis, Preference::ThankYou, false)?;
    let regular = Regular { id: thordis, number: 0 };
    at(tx, days_ago(tx, 120), |tx| ask(tx, survey, &regular, 0, 120).map(drop))?;
    preferences::set(tx, thordis, Preference::ThankYou, true)?;
    let (kind, channel) = (AskKind::Survey, AskChannel::Page);
    let reference = text(&survey.to_string())?;
    let again = AskOfShop { member: thordis, kind, reference, channel };
    surveys::ask(tx, again).map(drop)
}

fn make_survey(tx: &mut Tx<'_>) -> Result<SurveyId> {
    let survey = json!({
        "kind": "nps",
        "name": "Hvernig gengur? / How are we doing?",
        "question": {
            "en": "How likely are you to recommend us to a friend?",
            "is": "Hversu líklegt er að þú mælir með okkur við vin?",
        },
        "follow_ups": {
            "promoter": {"en": "What do you like best?", "is": "Hvað líkar þér best?"},
            "passive": {"en": "What would make it a ten?", "is": "Hvað vantar upp á tíuna?"},
            "detractor": {"en": "What went wrong?", "is": "Hvað fór úrskeiðis?"},
        },
        "trigger": {"on": "relational", "every_months": 6},
        "max_per_day": 50, "remind_after_days": 5, "points": 10,
    });
    let survey = surveys::add(tx, serde_json::from_value(survey)?)?.id;
    surveys::turn(tx, survey, SurveyState::Live)?;
    let draft = json!({
        "kind": "csat",
        "name": "After a parcel",
        "question": {
            "en": "How satisfied are you with how your order reached you?",
            "is": "Hversu ánægð(ur) ertu með hvernig pöntunin barst þér?",
        },
        "trigger": {"on": "order_fulfilled", "after_days": 2},
    });
    surveys::add(tx, serde_json::from_value(draft)?)?;
    Ok(survey)
}

fn make_topics(tx: &mut Tx<'_>) -> Result<(TopicId, TopicId)> {
    let queue = json!({
        "name": "Biðröð við kassann", "state": "open",
        "words": {"is": ["biðröð*", "röð*"], "en": ["queue*", "waiting"]},
    });
    let music = json!({
        "name": "Tónlistin í kaffinu", "state": "open",
        "words": {"is": ["tónlist*"], "en": ["music", "loud"]},
    });
    let queue = topics::add(tx, serde_json::from_value(queue)?)?.id;
    Ok((queue, topics::add(tx, serde_json::from_value(music)?)?.id))
}

fn enrol(tx: &mut Tx<'_>, number: u64) -> Result<Regular> {
    let pick = |all: usize| usize::try_from(number).unwrap_or_default() % all;
    let (country, locale, time_zone) = COUNTRIES[pick(COUNTRIES.len())];
    let given_name = GIVEN[pick(GIVEN.len())];
    let family_name = FAMILY[usize::try_from(number / 12).unwrap_or_default() % FAMILY.len()];
    let member = enrolment::service::enrol(
        tx,
        &Enrolment {
            email: text(&format!("regular-{}@example.com", number + 1))?,
            given_name: text(given_name)?,
            family_name: Some(text(family_name)?),
            locale: Some(text(locale)?),
            time_zone: Some(text(time_zone)?),
            country: Some(text(country)?),
            birthday: None,
            external_id: None,
            referral_code: None,
            hints: Hints::default(),
            // asked on the shop's page: no letters of a year ago lie in the mailbox of today
            marketing_consent: false,
            enrolled_at: Some(days_ago(tx, 430 + number)),
            password_hash: None,
        },
        &Caller::System,
        Letters::None,
    )?;
    // letters of a year ago would lie in the mailbox of today
    preferences::set(tx, member.id, Preference::ThankYou, false)?;
    Ok(Regular { id: member.id, number })
}

/// An answer of then.
struct Told {
    days: u64,
    answer: AnswerId,
    then: Timestamp,
    words: Option<&'static str>,
}

/// Asks on the shop's page; three of four answer.
fn ask(
    tx: &mut Tx<'_>,
    survey: SurveyId,
    regular: &Regular,
    round: u64,
    days: u64,
) -> Result<Option<Told>> {
    let Some(member) = members::service::lock(tx, regular.id)? else { return Ok(None) };
    let own = OwnAsk {
        kind: AskKind::Survey,
        reference: text(&survey.to_string())?,
        channel: AskChannel::Page,
        survey: Some(survey),
        answer_until: Some(tx.now.plus(Duration::from_hours(24 * 30))),
        // a year of small lots would end on a hundred days of the demo's clock
        points: None,
    };
    let ask = match asks::ask_now(tx, &member, &own, &[]) {
        Ok(ask) => ask,
        Err(Error::Refused(Refusal::AskRefused { .. })) => return Ok(None),
        Err(error) => return Err(error),
    };
    let dice = regular.number * 31 + round * 17;
    if dice % 4 == 3 {
        return Ok(None);
    }
    let (score, words) = said(dice, days);
    let saying = Saying { score, comment: words.map(ToOwned::to_owned) };
    let answer = answers::answer_ask(tx, ask.id, &saying)?.answer.id;
    Ok(Some(Told { days, answer, then: tx.now, words }))
}

/// Before there were two tills one in three had waited; now few have something to say against it.
fn said(dice: u64, days: u64) -> (i64, Option<&'static str>) {
    let pick = |all: &'static [&'static str]| {
        let words = all[usize::try_from(dice / 3).unwrap_or_default() % all.len()];
        Some(words).filter(|_| dice % 5 != 4)
    };
    if days > CHANGED && dice.is_multiple_of(3) {
        return ([3, 5, 6][usize::try_from(dice % 9 / 3).unwrap_or_default()], pick(&WAITED));
    }
    match dice % 12 {
        1 => (6, pick(&LOUD)),
        2 | 5 | 8 => (8, None),
        10 => (4, pick(&LOUD)),
        other => (if other % 2 == 0 { 10 } else { 9 }, pick(&GLAD)),
    }
}

/// Who was not glad was called back by Baldur the next day; those of the last days were not yet.
fn thank(tx: &mut Tx<'_>, told: &[Told], by: &Caller) -> Result<()> {
    for Told { days, answer, then, .. } in told {
        let owed = thanks::of_deed(tx, Deed::new(DeedType::Answer, *answer))?;
        let Some(owed) = owed.filter(|thanks| thanks.state == ThanksState::Owed) else { continue };
        if *days < 12 {
            continue;
        }
        let late = if days % 5 == 0 { 60 } else { 3 };
        at(tx, then.plus(Duration::from_hours(late)), |tx| {
            let give: Value = json!({
                "message": "Rang, thanked for the frank words, and asked what would help.",
                "send_letter": false,
            });
            thanks::give(tx, owed.id, &serde_json::from_value(give)?, by).map(drop)
        })?;
    }
    Ok(())
}

fn announce(tx: &mut Tx<'_>, queue: TopicId, by: &Caller) -> Result<()> {
    let zone = settings::service::get(tx)?.time_zone;
    let from = zone.date(days_ago(tx, ROUNDS * APART + 40));
    let to = zone.date(days_ago(tx, CHANGED - 1));
    let announcement = json!({
        "topic_ids": [queue], "from": from, "to": to, "quote": true,
        "title": {"en": "There are two tills now", "is": "Nú eru kassarnir tveir"},
        "body": {
            "en": "You told us that the queue was too long. On Saturdays a second till is open now, \
                   and nobody has waited for more than three minutes since.",
            "is": "Þið sögðuð okkur að biðröðin væri of löng. Nú er annar kassi opinn á laugardögum \
                   og enginn hefur beðið lengur en þrjár mínútur síðan.",
        },
    });
    announcements::add(tx, serde_json::from_value(announcement)?, by).map(drop)
}
