//! `/v1/occasions`, `/v1/members/{id}/occasions`, `/v1/holidays`.

use actix_web::{get, patch, post};
use jiff::{Span as Days, civil::Date};

use super::{
    Day, NewOccasion, OccasionBody, OccasionChanges,
    body::HolidayBody,
    letters,
    service::{self, CalendarDay, MemberDay, Span},
};
use platform::{
    db::Tx,
    http::{
        Answer, Call,
        query::{Paging, Query},
    },
    kernel::{
        error::{Refusal, Result},
        holidays,
        id::{MemberId, OccasionId},
        locale::{Language, Locale},
        page::Listing,
        text::Country,
    },
    letters::api::LetterPreview,
    settings,
};

/// Add an occasion.
///
/// It greets nobody before it is `active`; then everybody of its audience who gave their consent to
/// marketing and did not switch greetings off, from the members whose day is today on. `rule` says on
/// which days: nothing for `birthday` and `anniversary`; `{"holiday", "country"?}` for `holiday`;
/// `{"date"}` or `{"rrule", "from"}` (RFC 5545) for `date`. Birthdays and anniversaries come once a
/// local year, the others once a local date, wherever a member lives by then. A birthday's gift needs
/// it to have been set 30 days before.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    operation_id = "createOccasion",
    tag = "Occasions",
    request_body(content = NewOccasion, example = json!({
        "kind": "birthday",
        "gift": {"points": 100},
        "send_at_local": "09:00",
        "active": true
    })),
    responses((status = 201, body = OccasionBody))
)]
#[post("/v1/occasions")]
pub async fn add(call: Call) -> Answer {
    let new: NewOccasion = call.body()?;
    call.post_created(move |tx| service::add(tx, new.clone()).map(OccasionBody::from)).await
}

/// List occasions, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listOccasions",
    tag = "Occasions",
    params(Paging),
    responses((status = 200, body = Listing<OccasionBody>))
)]
#[get("/v1/occasions")]
pub async fn list(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| Ok(service::list(tx, &page)?.map(OccasionBody::from))).await
}

/// Look ahead: which occasions fall on which days, and how many members they concern.
///
/// Those that are active, day by day, within 366 days. Names come in the language that is asked for
/// by `Accept-Language`. For one member: `GET /v1/members/{id}/occasions`; in which words:
/// `GET /v1/occasions/{id}/preview`.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "getOccasionCalendar",
    tag = "Occasions",
    params(
        ("from" = Option<Day>, Query, description = "The first date; today unless it is given"),
        ("to" = Option<Day>, Query, description = "The last date; 30 days on unless it is given")
    ),
    responses((status = 200, body = Listing<CalendarDay>))
)]
#[get("/v1/occasions/calendar")]
pub async fn calendar(call: Call) -> Answer {
    let query = call.query()?;
    let (from, to) = dates(&query)?;
    let language = call.accepts().into_iter().next();
    call.get(move |tx| {
        let span = span(tx, from, to, 30)?;
        Ok(Listing { data: service::calendar(tx, span, language)?, next_cursor: None })
    })
    .await
}

fn dates(query: &Query) -> Result<(Option<Date>, Option<Date>)> {
    let day = |name| query.get::<Day>(name).map(|day| day.map(|day| day.0));
    Ok((day("from")?, day("to")?))
}

/// `from` is today unless it is given, `to` so many days later.
fn span(tx: &mut Tx<'_>, from: Option<Date>, to: Option<Date>, days: i64) -> Result<Span> {
    let today = settings::service::get(tx)?.time_zone.date(tx.now);
    let from = from.unwrap_or(today);
    let to = to.unwrap_or_else(|| from.saturating_add(Days::new().days(days)));
    Ok(Span::new(from, to)?)
}

/// Read an occasion.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getOccasion",
    tag = "Occasions",
    params(("id" = OccasionId, Path)),
    responses((status = 200, body = OccasionBody))
)]
#[get("/v1/occasions/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("occasion")?;
    call.get_versioned(move |tx| {
        let occasion = service::get(tx, id)?;
        let version = occasion.version;
        Ok((OccasionBody::from(occasion), version))
    })
    .await
}

/// Change an occasion: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. As it is now it counts from today on; who was
/// greeted for a day is not greeted for it again.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateOccasion",
    tag = "Occasions",
    params(("id" = OccasionId, Path)),
    request_body(content = OccasionChanges, example = json!({"active": false})),
    responses((status = 200, body = OccasionBody))
)]
#[patch("/v1/occasions/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("occasion")?;
    let seen = call.if_match()?;
    let changes: OccasionChanges = call.body()?;
    call.patch_versioned(move |tx| {
        let occasion = service::change(tx, id, &changes, &seen)?;
        let version = occasion.version;
        Ok((OccasionBody::from(occasion), version))
    })
    .await
}

/// Read what an occasion's members are written, as a made-up one of them would.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "previewOccasion",
    tag = "Occasions",
    params(
        ("id" = OccasionId, Path),
        ("locale" = Option<Locale>, Query, description = "In this language; the program's unless it is given")
    ),
    responses((status = 200, body = LetterPreview))
)]
#[get("/v1/occasions/{id}/preview")]
pub async fn preview(call: Call) -> Answer {
    let id = call.id("occasion")?;
    let locale: Option<Locale> = call.query()?.get("locale")?;
    call.get(move |tx| {
        let letter = service::preview(tx, id, locale)?;
        Ok(LetterPreview { subject: letter.subject, html: letter.html, text: letter.text })
    })
    .await
}

/// Look ahead for a member: which occasions are theirs, and when.
///
/// Those that are active, within 366 days, in order. `not_because` says why no greeting would go out
/// as things are now.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listMemberOccasions",
    tag = "Occasions",
    params(
        ("id" = MemberId, Path),
        ("from" = Option<Day>, Query, description = "The first date; today unless it is given"),
        ("to" = Option<Day>, Query, description = "The last date; a year on unless it is given")
    ),
    responses((status = 200, body = Listing<MemberDay>))
)]
#[get("/v1/members/{id}/occasions")]
pub async fn calendar_of(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let (from, to) = dates(&call.query()?)?;
    call.get(move |tx| {
        let span = span(tx, from, to, 365)?;
        Ok(Listing { data: service::calendar_of(tx, id, span, None)?, next_cursor: None })
    })
    .await
}

/// List the holidays that an occasion may be for.
///
/// Those of a country, and those that are the same everywhere, with their dates in a year.
/// Refusals: `unauthenticated`, `invalid_request`.
#[utoipa::path(
    operation_id = "listHolidays",
    tag = "Occasions",
    params(
        ("country" = Option<Country>, Query, description = "ISO 3166-1; none: those of everywhere"),
        ("year" = Option<i16>, Query, minimum = 2000, maximum = 2199, description = "From 2000 to 2199; this one unless it is given")
    ),
    responses((status = 200, body = Listing<HolidayBody>))
)]
#[get("/v1/holidays")]
pub async fn holidays_of(call: Call) -> Answer {
    let query = call.query()?;
    let country: Option<Country> = query.get("country")?;
    let year: Option<i16> = query.get("year")?;
    if year.is_some_and(|year| !(2000..2200).contains(&year)) {
        return Err(Refusal::field("?year", "must be from 2000 to 2199").into());
    }
    let asked = call.accepts();
    call.get(move |tx| {
        let settings = settings::service::get(tx)?;
        let year = year.unwrap_or_else(|| settings.time_zone.date(tx.now).year());
        let language = asked.iter().find_map(Locale::spoken);
        let language: Language = language.unwrap_or_else(|| settings.locale.language());
        let told = |holiday: &holidays::Holiday| HolidayBody {
            holiday: holiday.key,
            name: letters::holiday_name(holiday.key, language),
            dates: holiday.dates(year),
        };
        let country = country.as_ref().map(Country::as_str);
        Ok(Listing { data: holidays::of(country).map(told).collect(), next_cursor: None })
    })
    .await
}
