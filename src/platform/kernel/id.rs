//! Typed ids: a prefix and a `UUIDv7`, written as a TypeID, `mem_01m7zr…`.
//! Source: <https://github.com/jetify-com/typeid/tree/main/spec>.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use uuid::Uuid;

use super::{chance::Chance, clock::Timestamp, code, wire};
use crate::wire_text;

/// What an id names; the prefix keeps ids of different kinds apart.
pub trait Kind: Copy + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static {
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($alias:ident = $kind:ident, $prefix:literal;)*) => {
        /// What ids name.
        pub mod kind {
            $(
                #[doc = concat!("Marks the ids that begin with `", $prefix, "_`.")]
                #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
                pub struct $kind;
                impl super::Kind for $kind { const PREFIX: &'static str = $prefix; }
            )*
        }
        $(
            #[doc = concat!("An id that begins with `", $prefix, "_`.")]
            pub type $alias = Id<kind::$kind>;
        )*
    };
}

kinds! {
    MemberId = Member, "mem";
    UserId = User, "usr";
    KeyId = Key, "key";
    EntryId = Entry, "ent";
    HoldId = Hold, "hld";
    TransferId = Transfer, "trf";
    OrderId = Order, "ord";
    RefundId = Refund, "rfd";
    RewardId = Reward, "rwd";
    RedemptionId = Redemption, "red";
    ReferralId = Referral, "ref";
    PayoutId = Payout, "pay";
    TouchId = Touch, "tch";
    PerkId = Perk, "prk";
    PerkListId = PerkList, "pkl";
    LetterId = Letter, "let";
    SuppressionId = Suppression, "spn";
    ConsentId = Consent, "mcn";
    OccasionId = Occasion, "occ";
    SegmentId = Segment, "seg";
    SurveyId = Survey, "srv";
    AskId = Ask, "ask";
    AnswerId = Answer, "ans";
    ThanksId = Thanks, "thx";
    TopicId = Topic, "top";
    AnnouncementId = Announcement, "ann";
    SessionId = Session, "ses";
}

/// An id of one kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K>(Uuid, PhantomData<K>);

impl<K: Kind> Id<K> {
    /// A new id: time-ordered, and in order of making within one process.
    #[must_use]
    pub fn new(now: Timestamp, chance: &Chance) -> Self {
        Self::from_uuid(chance.uuid_v7(now))
    }

    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The millisecond since 1970 in which it was made.
    #[must_use]
    pub fn millisecond(self) -> i64 {
        i64::try_from(self.0.as_u128() >> 80).unwrap_or(i64::MAX)
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, code::encode_u128(self.0.as_u128()))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no id of the kind asked for.
#[derive(Debug, thiserror::Error)]
#[error("is not an id that begins with `{0}_`")]
pub struct NotAnId(&'static str);

impl<K: Kind> FromStr for Id<K> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(code::decode_u128)
            .map(|value| Self::from_uuid(Uuid::from_u128(value)))
            .ok_or(NotAnId(K::PREFIX))
    }
}

wire_text! { [K: Kind] Id<K>, K::PREFIX, wire::pattern(
    &format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX),
    &format!("{}_01m7zr4g2tfw1b4ww8pvq0tkz1", K::PREFIX),
) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_keeps_its_kind() {
        let chance = Chance::seeded(7);
        let id = MemberId::new(Timestamp::UNIX_EPOCH, &chance);
        assert_eq!(id.to_string().parse::<MemberId>().expect("reads back"), id);
        assert!(id.to_string().parse::<OrderId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<MemberId>().is_err());
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let now: Timestamp = "2026-11-21T18:51:00.123456Z".parse().expect("an instant");
        let id = MemberId::new(now, &Chance::seeded(7));
        assert_eq!(id.millisecond(), now.as_microsecond() / 1000);
    }

    #[test]
    fn ids_of_one_instant_come_in_order() {
        let chance = Chance::seeded(7);
        let ids: Vec<MemberId> =
            (0..5000).map(|_| MemberId::new(Timestamp::UNIX_EPOCH, &chance)).collect();
        assert!(ids.is_sorted());
    }
}
