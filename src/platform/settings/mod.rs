//! The program's settings: what they are, what they may be, and their defaults.

pub mod api;
mod hours;
pub mod personal;
pub mod service;
mod store;
mod thanks;
mod values;

use serde::{Deserialize, Serialize};
pub use thanks::{BusinessHours, ThanksBy, ThanksCategory, ThanksDueHours, ThanksPolicy};
use utoipa::ToSchema;
pub use values::{AskQuietDays, ExpiryMonths, Hosts, ReturnPath, Step, Steps, is_within};

use crate::{
    db::word_list::Words,
    kernel::{
        changes::Changes,
        clock::Timestamp,
        color::Color,
        day::Day,
        hours::{CareHours, HolidayCountry, OpenDays},
        id::{RewardId, UserId},
        local_time::QuietHours,
        locale::{Language, Locale},
        money::Currency,
        text::{Email, Line, Name, Prose},
        web_url::{Origin, WebUrl},
        whole::Whole,
        zone::Zone,
    },
    messaging::letters::Sender,
    words,
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

/// What a PATCH of the settings names.
pub type SettingsChanges = Changes<Settings>;

/// A few origins, each once.
pub type Origins = Words<Origin, 20>;

/// Dates, each once.
pub type Days = Words<Day, 1000>;

/// Some of the staff, in the order of their turns.
pub type Rota = Words<UserId, 100>;

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
    /// Origins of shops, such as `https://shop.example`, whose pages call the API from a browser with a
    /// member's token (CORS).
    cors_origins: Origins = Origins::default();
    /// Whom letters come from; without it, none is sent.
    mail_from: Option<Email> = None;
    /// Which wording of the consent to marketing is in force, such as `2026-11`: kept with each yes.
    consent_wording: Option<Line<100>> = None;
    /// Whether an order is thanked for by letter.
    order_thanks: bool = false;
    /// A member is told of points that end when they have so many days left; 0: never.
    points_reminder_days: Whole<0, 3650> = Whole::fixed(30);
    /// Who has not bought anything for so many days is told that they are missed; 0: never.
    miss_you_days: Whole<0, 3650> = Whole::fixed(0);
    /// Of buttons and links in letters.
    brand_color: Color = Color::rgb(0x2f, 0x5d, 0x50);
    /// A picture that stands at the head of letters in place of the name.
    logo_url: Option<WebUrl> = None;
    /// Stands at the foot of letters, in several lines.
    postal_address: Option<Prose<300>> = None;
    /// Where mail that comes back goes, as `name+let_…@host`; without it, to `mail_from`.
    return_path: Option<ReturnPath> = None;
    /// How many letters one host, such as gmail.com, gets in a minute from each server; 0: any.
    letters_per_host_per_minute: Whole<0, 1_000_000> = Whole::fixed(0);
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
    /// What the referrer gets for a friend who becomes a customer; promised when the friend joins.
    referral_referrer_points: Whole<0, 1_000_000_000> = Whole::fixed(500);
    /// And the friend.
    referral_referee_points: Whole<0, 1_000_000_000> = Whole::fixed(200);
    /// A reward that the referrer gets besides, or instead.
    referral_referrer_reward_id: Option<RewardId> = None;
    referral_referee_reward_id: Option<RewardId> = None;
    /// What the referrer gets on top with the third friend, the tenth, …, as `3:300 10:1000`.
    referral_steps: Option<Steps> = None;
    /// The least that the friend's order comes to.
    referral_min_order_minor_units: Whole<0, 1_000_000_000_000> = Whole::fixed(2000);
    /// So many days after the order both are paid: it may come back within.
    referral_hold_days: Whole<0, 3650> = Whole::fixed(14);
    /// So many days after joining the friend may say who told them, and has to have bought.
    referral_window_days: Whole<0, 3650> = Whole::fixed(90);
    /// How many friends are paid for in a calendar month; others wait for the next.
    referral_limit_per_month: Whole<0, 1_000_000> = Whole::fixed(20);
    /// A friend is told of an offer that ends when it has so many days left; 0: never.
    referral_reminder_days: Whole<0, 3650> = Whole::fixed(7);
    /// More friends than that within 24 hours are looked at by a person first.
    referral_joins_per_day: Whole<1, 1_000_000> = Whole::fixed(10);
    /// From which weight of its flags on a referral waits for a person.
    referral_flag_weight: Whole<1, 1000> = Whole::fixed(50);
    /// Hosts of throw-away mailboxes, besides those that come with the program.
    referral_throwaway_hosts: Option<Hosts> = None;
    /// When who was born, or joined, on 29 February is greeted in other years.
    leap_day: LeapDay = LeapDay::Feb28;
    /// When no greeting goes out, in the member's own time: from, to.
    quiet_hours: QuietHours = QuietHours::at_night();
    /// So many days after its day a greeting still goes out, where the server was down.
    greeting_late_days: Whole<0, 30> = Whole::fixed(3);
    /// So many days pass between two asks of any kind: surveys, reviews, invitations, mailings.
    ask_quiet_days: Whole<0, 3650> = Whole::fixed(14);
    /// And between two of one kind.
    ask_quiet_days_by_kind: AskQuietDays = AskQuietDays::default();
    /// How often a member is asked for anything within 365 days; 0: never.
    asks_per_year: Whole<0, 1000> = Whole::fixed(8);
    /// A new member is asked for nothing for so many days.
    ask_new_member_days: Whole<0, 3650> = Whole::fixed(7);
    /// An order that nobody called fulfilled counts as such so many days after it was placed.
    assume_fulfilled_days: Whole<0, 365> = Whole::fixed(7);
    /// How many greetings go out in a minute at most, for the mail server's sake.
    greetings_per_minute: Whole<1, 1_000_000> = Whole::fixed(600);
    /// When somebody is there, in the program's time zone: the time of promises counts then alone.
    /// A weekday that is left out is closed.
    care_hours: CareHours = CareHours::of_an_office();
    /// Closed on the public holidays of this country; null: on none.
    care_holidays: Option<HolidayCountry> = Some(HolidayCountry::iceland());
    /// Dates on which it is closed besides.
    care_closed: Days = Days::default();
    /// Dates on which it is open whatever else is said of them.
    care_open: OpenDays = OpenDays::default();
    /// Who thanks for what.
    thanks_policy: ThanksPolicy = ThanksPolicy::default();
    /// Within how many business hours one of the staff thanks.
    thanks_due_hours: ThanksDueHours = ThanksDueHours::default();
    /// Who of the staff thank, in turn, where no topic has its owner.
    thanks_rota: Rota = Rota::default();
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
            return_path: self.return_path.as_ref().map(|path| path.0.clone()),
            letters_per_host_per_minute: u32::try_from(self.letters_per_host_per_minute.get())
                .unwrap_or(u32::MAX),
            brand_color: self.brand_color,
            logo_url: self.logo_url.as_ref().map(|url| url.as_str().to_owned()),
            postal_address: self.postal_address.as_ref().map(|text| text.as_str().to_owned()),
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
