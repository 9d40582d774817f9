//! What members are told on their days.

use std::sync::LazyLock;

use fluent_bundle::FluentArgs;

use super::{GreetingTemplate, Occasion, OccasionKind, service::Day};
use crate::{members::Member, perks::service::Brought};
use platform::{
    kernel::{
        clock::Timestamp,
        id::RedemptionId,
        locale::{Language, Locale, Reader},
        phrases::Phrases,
    },
    messaging::{
        letters::{Greeting, Letter, Preference, Voucher},
        outbox::Queued,
    },
    settings::Settings,
};

/// The switch by which members say no to greetings.
pub const PREFERENCE: Preference = Preference::Occasions;

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        concat!(
            include_str!("../../../templates/locales/occasions.en.ftl"),
            include_str!("../../../templates/locales/holidays.en.ftl")
        ),
        concat!(
            include_str!("../../../templates/locales/occasions.is.ftl"),
            include_str!("../../../templates/locales/holidays.is.ftl")
        ),
    )
});

/// What a holiday is called; its key, where there is no such holiday.
pub fn holiday_name(key: &str, language: Language) -> String {
    let named = PHRASES.say(language, &format!("holiday-{key}"), &FluentArgs::new());
    named.unwrap_or_else(|_| key.to_owned())
}

/// Who reads a greeting.
#[derive(Clone, Copy)]
pub struct Addressee<'a> {
    pub given_name: &'a str,
    pub locale: &'a Locale,
    /// Of an anniversary.
    pub years: i64,
}

impl<'a> Addressee<'a> {
    fn of(day: Day<'_>, member: &'a Member) -> Self {
        let given_name = member.given_name.as_deref().unwrap_or_default();
        Self { given_name, locale: &member.locale, years: day.years(member) }
    }

    pub fn reader(&self, settings: &Settings) -> Reader {
        Reader { wanted: vec![self.locale.clone()], program: settings.locale.clone() }
    }
}

/// What a greeting tells of its gift.
#[derive(Clone, Debug, Default)]
pub struct GiftTold {
    pub points: Option<i64>,
    pub expires_at: Option<Timestamp>,
    pub reward: Option<String>,
    pub voucher: Option<Voucher>,
    pub redemption: Option<RedemptionId>,
}

/// What the day is called to whoever reads of it; nothing where it is their own and needs no name.
pub fn name(occasion: &Occasion, reader: &Reader) -> String {
    let fields = &occasion.fields;
    let own = fields.name.as_ref().and_then(|name| name.read_by(reader)).map(ToString::to_string);
    let language = reader.wanted.first().map(Locale::language).unwrap_or_default();
    let of_calendar = || fields.rule.holiday.as_ref().map(|key| holiday_name(key, language));
    own.or_else(of_calendar).unwrap_or_default()
}

/// What a gift on the day is called to a member.
pub fn title(day: Day<'_>, member: &Member) -> String {
    let name = name(day.occasion, &member.reader(&day.settings.locale));
    if !name.is_empty() {
        return name;
    }
    let key = match day.occasion.fields.kind {
        OccasionKind::Anniversary => "gift-anniversary",
        _ => "gift-birthday",
    };
    let mut args = FluentArgs::new();
    args.set("years", day.years(member));
    PHRASES.say(member.locale.language(), key, &args).unwrap_or_else(|no| no.to_string())
}

/// What is read on the day; `late`: after it.
pub fn letter(
    occasion: &Occasion,
    settings: &Settings,
    to: Addressee<'_>,
    gift: GiftTold,
    late: bool,
) -> Letter {
    let fields = &occasion.fields;
    let reader = to.reader(settings);
    let message = fields.message.as_ref().and_then(|message| message.read_by(&reader));
    let shop = settings.storefront_url.as_ref();
    let greeting = Greeting {
        given_name: to.given_name.to_owned(),
        day: name(occasion, &reader),
        years: to.years,
        holiday: fields.rule.holiday.clone(),
        late,
        message: message.map(ToString::to_string),
        points: gift.points,
        expires_at: gift.expires_at,
        reward: gift.reward,
        voucher: gift.voucher,
        page_url: shop.map(|shop| match gift.redemption {
            Some(redemption) => format!("{shop}/?redemption={redemption}"),
            None => format!("{shop}/"),
        }),
        ..Greeting::default()
    };
    match fields.letter() {
        GreetingTemplate::Birthday => Letter::Birthday(greeting),
        GreetingTemplate::Anniversary => Letter::Anniversary(greeting),
        GreetingTemplate::Holiday => Letter::Holiday(greeting),
        GreetingTemplate::Date => Letter::Date(greeting),
    }
}

/// The same, to be queued; an erased member has no address.
pub fn greeting(
    day: Day<'_>,
    member: &Member,
    brought: &Brought,
    not_before: Timestamp,
    dedupe_key: String,
) -> Option<Queued> {
    let (to, _) = member.addressee()?;
    let gift = GiftTold {
        points: brought.entry.as_ref().map(|entry| entry.points),
        expires_at: brought.expires_at(),
        reward: brought.reward(&member.reader(&day.settings.locale)),
        voucher: brought.voucher(),
        redemption: brought.gift.as_ref().map(|(redemption, _)| redemption.id),
    };
    let late = member.time_zone.date(not_before) > day.date;
    let letter = letter(day.occasion, day.settings, Addressee::of(day, member), gift, late);
    let letter = letter.good_for(day.date, day.last_date());
    Some(Queued { to, letter, dedupe_key, not_before: Some(not_before) })
}
