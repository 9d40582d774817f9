//! What is to come: which occasions fall on which days, how many are greeted, and in which words.

use std::collections::BTreeMap;

use jiff::{Span as Days, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

use super::greeting::Day;
use crate::{
    members::{self, MemberStatus, celebrating},
    occasions::{
        Occasion, OccasionKind, days,
        letters::{self, Addressee, GiftTold},
        store, values,
    },
    rewards,
};
use platform::{
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, OccasionId},
        locale::{Locale, Reader},
        points::Amount,
        zone::Zone,
    },
    messaging::{
        letters::{Rendered, render},
        outbox, preferences,
    },
    settings::{self, Settings},
};

/// How many days a calendar shows at most.
const MOST_DAYS: i32 = 366;

/// Dates, both of them included.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    first: Date,
    last: Date,
}

impl Span {
    /// # Errors
    /// [`Refusal::Invalid`] where they are in the wrong order, or too far apart.
    pub fn new(first: Date, last: Date) -> Result<Self, Refusal> {
        let days = first.until(last).map_or(i32::MAX, |span| span.get_days());
        match days {
            ..0 => Err(Refusal::field("?to", "must not be before from")),
            0..MOST_DAYS => Ok(Self { first, last }),
            _ => Err(Refusal::field("?to", format!("must be within {MOST_DAYS} days of from"))),
        }
    }

    fn days(self) -> impl Iterator<Item = Date> {
        self.first.series(Days::new().days(1)).take_while(move |day| *day <= self.last)
    }
}

/// An occasion on one day, for all whom it concerns.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The members' own local date.
    #[schema(value_type = values::Day)]
    pub date: Date,
    pub occasion_id: OccasionId,
    pub kind: OccasionKind,
    /// In the reader's language; none for birthdays and anniversaries.
    #[schema(example = "Christmas Eve")]
    pub name: Option<String>,
    /// Members who may be greeted: with their consent, but those among them who switched greetings
    /// off are counted too.
    #[schema(example = 12)]
    pub members: i64,
    /// When the first of them is greeted, wherever that is,
    pub first_at: Option<Timestamp>,
    /// and when the last.
    pub last_at: Option<Timestamp>,
    pub gift: Option<values::Gift>,
}

impl Reply for CalendarDay {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// An occasion on one of a member's days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberDay {
    #[schema(value_type = values::Day)]
    pub date: Date,
    pub occasion_id: OccasionId,
    pub kind: OccasionKind,
    /// In the member's language; none for birthdays and anniversaries.
    #[schema(example = "aðfangadagur jóla")]
    pub name: Option<String>,
    /// When it is time to greet, by the member's own clock.
    pub at: Timestamp,
    /// Whether a greeting for it was queued already.
    pub greeted: bool,
    /// Why there will be none, as things are now.
    #[schema(example = "switched off by the member")]
    pub not_because: Option<&'static str>,
    pub gift: Option<values::Gift>,
}

/// What the active occasions bring on each day of a span, in order.
///
/// # Errors
/// The database's own.
pub fn calendar(tx: &mut Tx<'_>, span: Span, language: Option<Locale>) -> Result<Vec<CalendarDay>> {
    let settings = settings::service::get(tx)?;
    let wanted = language.unwrap_or_else(|| settings.locale.clone());
    let reader = Reader { wanted: vec![wanted], program: settings.locale.clone() };
    let mut all = Vec::new();
    for occasion in store::active(tx)? {
        let counts = counts(tx, &occasion, &settings, span)?;
        let zones = zones(tx, &occasion)?;
        for (date, members) in counts {
            let moments =
                zones.iter().map(|zone| zone.at_time(date, occasion.fields.send_at_local.time()));
            let name = letters::name(&occasion, &reader);
            all.push(CalendarDay {
                date,
                occasion_id: occasion.id,
                kind: occasion.fields.kind,
                name: Some(name).filter(|name| !name.is_empty()),
                members,
                first_at: moments.clone().min(),
                last_at: moments.max(),
                gift: occasion.fields.gift.clone(),
            });
        }
    }
    all.sort_by_key(|day| (day.date, day.occasion_id));
    Ok(all)
}

fn zones(tx: &mut Tx<'_>, occasion: &Occasion) -> Result<Vec<Zone>> {
    let zones = celebrating::zones(tx, &occasion.fields.audience)?;
    Ok(zones.keys().filter_map(|name| name.parse().ok()).collect())
}

/// How many members have their day on each day of a span; of days that are somebody's own, those
/// that are.
fn counts(
    tx: &mut Tx<'_>,
    occasion: &Occasion,
    settings: &Settings,
    span: Span,
) -> Result<BTreeMap<Date, i64>> {
    let fields = &occasion.fields;
    let of_day = |by_day: &BTreeMap<(i8, i8), i64>, date: Date| {
        let days = days::celebrated_on(date, settings.leap_day).into_iter();
        days.filter_map(|day| by_day.get(&day)).sum::<i64>()
    };
    Ok(match fields.kind {
        OccasionKind::Birthday => {
            let by_day = celebrating::birthdays(tx, &fields.audience)?;
            let by_day = by_day.into_iter().filter_map(|(day, count)| {
                let day = days::birthday_of(Some(&day))?;
                Some(((day.month, day.day), count))
            });
            let by_day = by_day.collect();
            let counted = span.days().map(|date| (date, of_day(&by_day, date)));
            counted.filter(|(_, count)| *count > 0).collect()
        }
        OccasionKind::Anniversary => anniversaries(tx, occasion, settings, span)?,
        OccasionKind::Holiday | OccasionKind::Date => {
            let all = celebrating::zones(tx, &fields.audience)?.values().sum();
            days::between(fields, span.first, span.last).into_iter().map(|day| (day, all)).collect()
        }
    })
}

fn anniversaries(
    tx: &mut Tx<'_>,
    occasion: &Occasion,
    settings: &Settings,
    span: Span,
) -> Result<BTreeMap<Date, i64>> {
    let utc = Zone::utc();
    let to = utc.midnight(span.last);
    let joined = celebrating::joined(tx, &occasion.fields.audience, Timestamp::UNIX_EPOCH, to)?;
    let mut by_day: BTreeMap<(i8, i8), Vec<i16>> = BTreeMap::new();
    let mut known: BTreeMap<String, Zone> = BTreeMap::new();
    for (at, zone) in joined {
        let Ok(fresh) = zone.parse() else { continue };
        let zone = known.entry(zone).or_insert(fresh);
        let date = zone.date(at);
        by_day.entry((date.month(), date.day())).or_default().push(date.year());
    }
    let count = |date: Date| {
        let days = days::celebrated_on(date, settings.leap_day);
        let years = days.iter().filter_map(|day| by_day.get(day)).flatten();
        years.filter(|year| **year < date.year()).count()
    };
    let counted = span.days().map(|date| (date, i64::try_from(count(date)).unwrap_or_default()));
    Ok(counted.filter(|(_, count)| *count > 0).collect())
}

/// A member's days in a span, in order; their names in `language`, or else in the member's own.
///
/// # Errors
/// No such member.
pub fn calendar_of(
    tx: &mut Tx<'_>,
    id: MemberId,
    span: Span,
    language: Option<Locale>,
) -> Result<Vec<MemberDay>> {
    let settings = settings::service::get(tx)?;
    let member = members::service::get(tx, id)?;
    let reader = match language {
        Some(language) => Reader { wanted: vec![language], program: settings.locale.clone() },
        None => member.reader(&settings.locale),
    };
    let switches = preferences::of(tx.conn, id)?;
    let tags = members::tags::of(tx, &[id])?.remove(&id).unwrap_or_default();
    let mut all = Vec::new();
    for occasion in store::active(tx)? {
        let fields = &occasion.fields;
        let dates: Vec<Date> = if fields.kind.is_personal() {
            span.days().collect()
        } else {
            days::between(fields, span.first, span.last)
        };
        for date in dates {
            let day = Day { occasion: &occasion, date, settings: &settings };
            if !fields.audience.has(&member, &tags) || !day.is_of(&member) {
                continue;
            }
            let holiday = fields.rule.holiday.as_deref();
            let refused = switches.as_ref().and_then(|s| s.refuse(letters::PREFERENCE, holiday));
            let erased = (member.status == MemberStatus::Erased).then_some("the member was erased");
            let name = letters::name(&occasion, &reader);
            all.push(MemberDay {
                date,
                occasion_id: occasion.id,
                kind: fields.kind,
                name: Some(name).filter(|name| !name.is_empty()),
                at: member.time_zone.at_time(date, fields.send_at_local.time()),
                greeted: !outbox::known(tx, &[day.key(id)])?.is_empty(),
                not_because: erased.or(refused),
                gift: fields.gift.clone(),
            });
        }
    }
    all.sort_by_key(|day| (day.at, day.occasion_id));
    Ok(all)
}

/// What an occasion's members read, as a made-up one of them would.
///
/// # Errors
/// No such occasion; a template of ours that is at fault.
pub fn preview(tx: &mut Tx<'_>, id: OccasionId, locale: Option<Locale>) -> Result<Rendered> {
    let settings = settings::service::get(tx)?;
    let occasion = store::get(tx, id)?;
    let locale = locale.unwrap_or_else(|| settings.locale.clone());
    let to = Addressee { given_name: "Anna", locale: &locale, years: 1 };
    let gift = match &occasion.fields.gift {
        None => GiftTold::default(),
        Some(gift) => GiftTold {
            points: gift.points.map(Amount::get),
            expires_at: gift.points.and_then(|_| settings.expires_at(tx.now)),
            reward: match gift.reward_id {
                Some(reward) => {
                    Some(rewards::service::get(tx, reward)?.name(&to.reader(&settings)))
                }
                None => None,
            },
            ..GiftTold::default()
        },
    };
    let letter = letters::letter(&occasion, &settings, to, gift, false);
    render(&letter, locale.language(), &settings.sender())
        .map_err(|why| platform::kernel::error::Error::internal(why.to_string()))
}
