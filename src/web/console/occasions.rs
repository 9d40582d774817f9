//! The calendar: which days are to come, whom they concern, and what is written on them.

use std::collections::BTreeMap;

use jiff::Span as Days;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
};
use crate::web::{mailbox::framed, visit::see_other};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        holidays,
        id::{MemberId, OccasionId},
        json,
        locale::{Language, Locale, Reader},
        page::Page,
        points::Amount,
        text::Country,
        version::Versions,
    },
    settings,
};
use program::occasions::{
    NewOccasion, Occasion, OccasionChanges, OccasionKind, holiday_name, name,
    service::{self, CalendarDay, MemberDay, Span},
};

/// How far ahead the calendar looks, in days.
const AHEAD: i64 = 90;
/// How many occasions there are on the page.
const SHOWN: i64 = 100;

type Typed = BTreeMap<String, String>;

/// An occasion, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    version: i64,
    kind: OccasionKind,
    name: String,
    active: bool,
    send_at_local: String,
    points: Option<i64>,
    has_reward: bool,
    is_for_all: bool,
    /// By the tag of its language.
    messages: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct OccasionsPage {
    #[serde(flatten)]
    frame: Frame,
    days: Vec<CalendarDay>,
    occasions: Vec<Line>,
    /// Key and name of each holiday that may be added.
    holidays: Vec<(&'static str, String)>,
    country: String,
    languages: Vec<&'static str>,
    /// The one whose letter stands beside, and in which language.
    letter: Option<(String, String)>,
    typed: Typed,
}

/// A member's days of the next year, in the language of who reads of them.
pub fn to_come(tx: &mut Tx<'_>, id: MemberId, language: Language) -> Result<Vec<MemberDay>> {
    let today = settings::service::get(tx)?.time_zone.date(tx.now);
    let span = Span::new(today, today.saturating_add(Days::new().days(365)))?;
    let mut days = service::calendar_of(tx, id, span, Some(language.into()))?;
    days.truncate(20);
    Ok(days)
}

/// `GET /console/occasions?letter=&in=&country=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None, Typed::new()).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>, typed: Typed) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["letter", "in", "country", "done"])?,
        Some(_) => Query::default(),
    };
    let language = desk.visit.language;
    let letter: Option<OccasionId> = query.get("letter")?;
    let in_language = query.text("in").unwrap_or(language.tag()).to_owned();
    let country: Option<Country> = match query.text("country") {
        None | Some("") => home(&desk.visit.settings.locale),
        Some(_) => query.get("country")?,
    };
    let reader = desk.visit.reader();
    let read = move |tx: &mut Tx<'_>| {
        let today = settings::service::get(tx)?.time_zone.date(tx.now);
        let span = Span::new(today, today.saturating_add(Days::new().days(AHEAD)))?;
        let days = service::calendar(tx, span, Some(language.into()))?;
        Ok((days, service::list(tx, &Page::first(SHOWN))?.data))
    };
    let (days, occasions) = desk.store().read(read).await?;
    let code = country.as_ref().map(Country::as_str);
    let holiday = |one: &holidays::Holiday| (one.key, holiday_name(one.key, language));
    let page = OccasionsPage {
        frame: desk.frame("occasions", fault),
        days,
        occasions: occasions.iter().map(|occasion| line(occasion, &reader)).collect(),
        holidays: holidays::of(code).map(holiday).collect(),
        country: country.map(|country| country.to_string()).unwrap_or_default(),
        languages: Language::ALL.iter().map(|language| language.tag()).collect(),
        letter: letter.map(|id| (id.to_string(), in_language)),
        typed: filled(typed),
    };
    desk.page("occasions", fault, &page)
}

/// The country whose calendar the program's language suggests.
fn home(locale: &Locale) -> Option<Country> {
    let region = locale.to_string();
    let region = region.split_once('-').map_or(region.as_str(), |(_, region)| region);
    region.to_uppercase().parse().ok()
}

fn filled(mut typed: Typed) -> Typed {
    for name in ["kind", "holiday", "date", "name:en", "name:is", "points", "send_at_local"] {
        typed.entry(name.to_owned()).or_default();
    }
    typed
}

fn line(occasion: &Occasion, reader: &Reader) -> Line {
    let fields = &occasion.fields;
    let messages = fields.message.as_ref().map(serde_json::to_value);
    let messages = messages.and_then(|value| serde_json::from_value(value.ok()?).ok());
    let mut messages: BTreeMap<String, String> = messages.unwrap_or_default();
    for language in Language::ALL {
        messages.entry(language.tag().to_owned()).or_default();
    }
    Line {
        id: occasion.id.to_string(),
        version: occasion.version,
        kind: fields.kind,
        name: name(occasion, reader),
        active: fields.active,
        send_at_local: fields.send_at_local.to_string(),
        points: fields.gift.as_ref().and_then(|gift| gift.points).map(Amount::get),
        has_reward: fields.gift.as_ref().is_some_and(|gift| gift.reward_id.is_some()),
        is_for_all: fields.audience.is_everybody(),
        messages,
    }
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map(|text| text.trim()).unwrap_or_default()
}

/// The texts of a field in every language, `name:en` and so on; null where there is none.
fn by_language(typed: &Typed, name: &str) -> Value {
    let texts = typed.iter().filter_map(|(field, text)| {
        let (field, tag) = field.split_once(':')?;
        Some((tag.to_owned(), json!(text.trim()))).filter(|(_, text)| field == name && text != "")
    });
    let texts: Map<String, Value> = texts.collect();
    if texts.is_empty() { Value::Null } else { Value::Object(texts) }
}

fn gift(typed: &Typed) -> Value {
    match text(typed, "points") {
        "" => Value::Null,
        points => {
            json!({"points": points.parse::<i64>().map_or_else(|_| json!(points), |n| json!(n))})
        }
    }
}

/// `POST /console/occasions`: as `POST /v1/occasions`; it is switched on by another press.
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let kind = text(&typed, "kind");
    let country = Some(text(&typed, "country")).filter(|country| !country.is_empty());
    let rule = match kind {
        "holiday" => {
            // one that is the same everywhere has no country of its own
            let key = text(&typed, "holiday");
            let own = holidays::find(key, country).is_some_and(|one| !one.countries.is_empty());
            let mut rule = json!({"holiday": key});
            if let Some(country) = country.filter(|_| own) {
                rule["country"] = json!(country);
            }
            rule
        }
        "date" => json!({"date": text(&typed, "date")}),
        _ => json!({}),
    };
    let mut body = json!({
        "kind": kind, "rule": rule, "name": by_language(&typed, "name"), "gift": gift(&typed),
    });
    if !text(&typed, "send_at_local").is_empty() {
        body["send_at_local"] = json!(text(&typed, "send_at_local"));
    }
    let added = async {
        let fields: NewOccasion = json::parse(body.to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone())).await
    };
    match refused(added.await)? {
        Ok(_) => Ok(see_other("/console/occasions?done=saved")),
        Err(refusal) => page(&desk, Some(&refusal), typed).await,
    }
}

fn id(desk: &Desk) -> Result<OccasionId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("occasion"))
}

/// `POST /console/occasions/{id}`: as `PATCH /v1/occasions/{id}`.
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    let mut changes = Map::new();
    changes.insert("active".to_owned(), json!(text(&typed, "active") == "true"));
    changes.insert("send_at_local".to_owned(), json!(text(&typed, "send_at_local")));
    changes.insert("message".to_owned(), by_language(&typed, "message"));
    if typed.contains_key("points") {
        changes.insert("gift".to_owned(), gift(&typed));
    }
    let seen = Versions::These(vec![text(&typed, "version").parse().unwrap_or_default()]);
    let changes = OccasionChanges::from(changes);
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other("/console/occasions?done=saved")),
        Err(refusal) => page(&desk, Some(&refusal), Typed::new()).await,
    }
}

/// `GET /console/occasions/{id}/letter?in=`: what stands in the frame.
pub async fn letter(desk: Desk) -> Answer {
    let id = id(&desk)?;
    let locale: Option<Locale> = Query::parse(desk.visit.query(), &["in"])?.get("in")?;
    let letter = desk.store().read(move |tx| service::preview(tx, id, locale)).await?;
    Ok(framed(&letter.html))
}
