//! The vocabulary: which fields there are, what their values are, and what can be asked of them.

use super::leaf::Op;
use platform::{kernel::money, words};

words! {
    /// What a condition is about.
    pub enum Field {
        /// The key of the member's tier.
        Tier = "tier",
        Country = "country",
        /// A language such as `en` is in whichever country; `en-GB` is just that.
        Locale = "locale",
        /// Whole days since the member joined, by the program's calendar.
        EnrolledDays = "enrolled_days",
        /// Days until the next birthday; 0 is today.
        BirthdayInDays = "birthday_in_days",
        MarketingConsent = "marketing_consent",
        /// Whether the member is in a segment, by its id.
        Segment = "segment",
        /// The words by which the shop groups its members: a member has any number of them.
        Tag = "tag",
        /// Whole days since the last order that was not cancelled.
        LastOrderDays = "last_order_days",
        /// Orders that were not cancelled.
        Orders = "orders",
        /// What those orders came to less refunds, in minor units of the program's currency; orders in
        /// another currency do not count.
        SpendMinorUnits = "spend_minor_units",
        /// Points of kind `earn` and `referral`, less what refunds and reversals took of them.
        PointsEarned = "points_earned",
        /// Points spent on rewards and orders, less what was given back of them.
        PointsRedeemed = "points_redeemed",
        /// Friends brought whose referral was rewarded, and not reversed.
        ReferralsRewarded = "referrals_rewarded",
    }
}

/// Fields of the contract that there are not yet, and what they wait for.
pub const RESERVED: &[&str] = &[
    "score",
    "class",
    "stories",
    "gatherings_attended",
    "total_minor_units",
    "currency",
    "channel",
    "number",
    "weekday",
    "local_time",
    "days_since_last",
    "sku",
    "category",
    "brand",
    "amount_minor_units",
    "quantity",
    "name",
];
/// The beginnings of further ones.
pub const RESERVED_BEGINNINGS: &[&str] = &["attribute.", "property."];

/// What a field's values are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One text, or none.
    Text,
    /// Any number of texts.
    Texts,
    Flag,
    /// Segments that the member is in.
    Segments,
    /// Whole days, or none.
    Days {
        most: i64,
    },
    /// A whole number that is always there; takes a window.
    Measure,
}

/// A century, which is more than anybody is asked for.
const LONGEST_DAYS: i64 = 36_525;

impl Field {
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Tier | Self::Country | Self::Locale => Kind::Text,
            Self::Tag => Kind::Texts,
            Self::MarketingConsent => Kind::Flag,
            Self::Segment => Kind::Segments,
            Self::EnrolledDays | Self::LastOrderDays => Kind::Days { most: LONGEST_DAYS },
            Self::BirthdayInDays => Kind::Days { most: 366 },
            Self::Orders
            | Self::SpendMinorUnits
            | Self::PointsEarned
            | Self::PointsRedeemed
            | Self::ReferralsRewarded => Kind::Measure,
        }
    }

    /// What can be asked of it.
    #[must_use]
    pub const fn ops(self) -> &'static [Op] {
        use Op::{Between, Eq, Exists, Gt, Gte, In, Lt, Lte, Ne, NotIn};
        match self {
            Self::Tier | Self::Locale | Self::Segment => &[Eq, Ne, In, NotIn],
            Self::Country | Self::Tag => &[Eq, Ne, In, NotIn, Exists],
            Self::MarketingConsent => &[Eq, Ne],
            Self::BirthdayInDays | Self::LastOrderDays => {
                &[Eq, Ne, In, NotIn, Lt, Lte, Gt, Gte, Between, Exists]
            }
            Self::EnrolledDays
            | Self::Orders
            | Self::SpendMinorUnits
            | Self::PointsEarned
            | Self::PointsRedeemed
            | Self::ReferralsRewarded => &[Eq, Ne, In, NotIn, Lt, Lte, Gt, Gte, Between],
        }
    }

    /// The greatest number that is asked for.
    #[must_use]
    pub const fn most(self) -> i64 {
        match self.kind() {
            Kind::Days { most } => most,
            _ => money::MOST,
        }
    }
}
