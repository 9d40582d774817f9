//! The program's settings: what they are, what they may be, and their defaults.

pub mod api;
pub mod personal;
pub mod service;
mod store;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{ToSchema, openapi::OneOfBuilder};

use crate::{
    kernel::{
        clock::Timestamp,
        local_time::QuietHours,
        locale::{Language, Locale},
        money::Currency,
        text::{Email, Name},
        web_url::WebUrl,
        whole::Whole,
        wire,
        zone::Zone,
    },
    messaging::letters::Sender,
    plain_schema, words,
};

words! {
    /// What becomes of a clawback that finds no points.
    pub enum NegativePolicy {
        /// It becomes debt, which later credits pay.
        Debt = "debt",
        /// It is forgiven.
        Clamp = "clamp",
    }
}

words! {
    /// When those born on 29 February are greeted in other years.
    pub enum LeapDay { Feb28 = "feb28", Mar1 = "mar1" }
}

macro_rules! settings {
    ($($(#[doc = $about:literal])* $name:ident: $type:ty = $default:expr;)*) => {
        /// All settings of the program.
        #[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $about])* pub $name: $type,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }
    };
}

settings! {
    program_name: Name = "Vildar".parse().unwrap_or_else(|_| unreachable!("a fixed name"));
    /// Where this server is reached; links, QR codes and tokens come from it. https, except loopback.
    public_url: Option<WebUrl> = None;
    /// Where the shop is reached; shared referral links lead there.
    storefront_url: Option<WebUrl> = None;
    /// Whom letters come from; without it, none is sent.
    mail_from: Option<Email> = None;
    currency: Currency = Currency::EUR;
    time_zone: Zone = Zone::utc();
    locale: Locale = Language::En.into();
    /// So many points for each `earn_per_minor_units` of an order, rounded down per order.
    earn_points: Whole<0, 1_000_000> = Whole::fixed(1);
    earn_per_minor_units: Whole<1, 1_000_000_000> = Whole::fixed(100);
    /// Days until points earned become available; 0: at once.
    pending_days: Whole<0, 3650> = Whole::fixed(14);
    expiry_months: ExpiryMonths = ExpiryMonths(Some(24));
    negative_policy: NegativePolicy = NegativePolicy::Debt;
    transfers_enabled: bool = false;
    /// How many points a member sends others in a day at most.
    transfer_limit_points_per_day: Whole<0, 1_000_000_000> = Whole::fixed(5000);
    /// What is placed and not handed over expires after so many hours.
    redemption_ttl_hours: Whole<1, 87_600> = Whole::fixed(72);
    /// A voucher is good for so many months, to the end of the day.
    voucher_months: Whole<1, 1200> = Whole::fixed(12);
    /// A member is reminded of an unused voucher when it has so many days left; 0: never.
    voucher_reminder_days: Whole<0, 3650> = Whole::fixed(14);
    /// The most that staff give at a time; an admin is not bound by it.
    staff_perk_limit_points: Whole<0, 1_000_000_000> = Whole::fixed(500);
    /// The most that one member of staff gives in a calendar month.
    staff_perk_budget_points_per_month: Whole<0, 1_000_000_000> = Whole::fixed(10_000);
    /// What who recommends will get. No referral pays yet: this and the five after it wait for that.
    referral_referrer_points: Whole<0, 1_000_000_000> = Whole::fixed(500);
    referral_referee_points: Whole<0, 1_000_000_000> = Whole::fixed(200);
    referral_min_order_minor_units: Whole<0, 1_000_000_000_000> = Whole::fixed(2000);
    referral_hold_days: Whole<0, 3650> = Whole::fixed(14);
    referral_window_days: Whole<0, 3650> = Whole::fixed(90);
    referral_limit_per_month: Whole<0, 1_000_000> = Whole::fixed(20);
    /// When who was born, or joined, on 29 February is greeted in other years.
    leap_day: LeapDay = LeapDay::Feb28;
    /// When no greeting goes out, in the member's own time: from, to.
    quiet_hours: QuietHours = QuietHours::at_night();
    /// So many days after its day a greeting still goes out, where the server was down.
    greeting_late_days: Whole<0, 30> = Whole::fixed(3);
    /// How many greetings go out in a minute at most, for the mail server's sake.
    greetings_per_minute: Whole<1, 1_000_000> = Whole::fixed(600);
}

impl Settings {
    /// When points earned at `occurred_at` become available.
    #[must_use]
    pub fn available_at(&self, occurred_at: Timestamp) -> Timestamp {
        match self.pending_days.get() {
            0 => occurred_at,
            days => self.time_zone.days_after(occurred_at, u16::try_from(days).unwrap_or(u16::MAX)),
        }
    }

    /// When points that came at `occurred_at` expire (exclusive); `None`: never.
    #[must_use]
    pub fn expires_at(&self, occurred_at: Timestamp) -> Option<Timestamp> {
        let months = self.expiry_months.0?;
        Some(self.time_zone.end_of_day_after_months(occurred_at, months))
    }

    /// What the program calls itself as the issuer of tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.public_url.as_ref().map_or("vildar", WebUrl::as_str)
    }

    /// What the program says of itself in letters; without `public_url`, its links are paths.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender {
            program_name: self.program_name.as_str().to_owned(),
            mail_from: self.mail_from.clone(),
            public_url: self.link(""),
            storefront_url: self.storefront_url.as_ref().map(|url| url.as_str().to_owned()),
            zone: self.time_zone.clone(),
            unsubscribe_url: None,
        }
    }

    /// An address on this server; without `public_url`, a path.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_ref().map_or("", WebUrl::as_str))
    }
}

/// Months until points expire, or `"none"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpiryMonths(pub Option<u16>);

impl Serialize for ExpiryMonths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(months) => serializer.serialize_u16(months),
            None => serializer.serialize_str("none"),
        }
    }
}

impl<'de> Deserialize<'de> for ExpiryMonths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.as_str() == Some("none") {
            return Ok(Self(None));
        }
        value
            .as_u64()
            .and_then(|months| u16::try_from(months).ok())
            .filter(|months| (1..=1200).contains(months))
            .map(|months| Self(Some(months)))
            .ok_or_else(|| de::Error::custom("must be a whole number from 1 to 1200, or \"none\""))
    }
}

plain_schema! { [] ExpiryMonths, "ExpiryMonths", OneOfBuilder::new()
.item(wire::whole(1, 1200))
.item(wire::text().enum_values(Some(["none"])))
.examples([24]) }
