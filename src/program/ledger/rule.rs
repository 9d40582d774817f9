//! Why an entry is what it is, as data.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use platform::kernel::id::MemberId;

/// Why an entry is what it is, as data: ids, codes and numbers, never a person's words. Rendered
/// as a sentence when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryRule)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// An order earned `earn_points` for each full `per_minor_units` of its total.
    Order { order: String, amount: i64, currency: String, earn_points: i64, per_minor_units: i64 },
    /// A storefront gave points.
    Earn {
        #[serde(default, skip_serializing_if = "GivenDates::is_nothing")]
        given: GivenDates,
    },
    /// Staff changed the balance.
    Adjust {
        #[serde(default, skip_serializing_if = "GivenDates::is_nothing")]
        given: GivenDates,
    },
    /// A reward was redeemed.
    Redemption { reward: String, quantity: i64 },
    /// A redemption was cancelled, or expired before it was fulfilled.
    RedemptionUndone { reward: String, quantity: i64, expired: bool },
    /// A refund took back what its share of the order had earned: in all `due` points; of them
    /// `excused` had expired already, `forgiven` were not to be found, and `debt` is owed.
    Refund { order: String, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// An order was cancelled, which took back what it had earned; the numbers as for a refund.
    OrderCancelled { order: String, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// A lot came to its end.
    Expiry { lot_seq: i64 },
    /// Staff undid an entry.
    Reversal { entry_seq: i64 },
    /// What had been spent of an entry that staff undid: in all `due` points, the numbers as for a
    /// refund.
    SpentReversal { entry_seq: i64, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// A hold was captured, so what the clawback `entry_seq` let be owed for it is forgiven.
    Forgiven { entry_seq: i64 },
    /// An order took what was held for it, or a part of it.
    Capture { order: String, held: i64 },
    /// Staff gave points.
    Perk,
    /// What was left of points that staff had given was taken back.
    PerkRevoked { entry_seq: i64 },
    /// A friend whom the member brought became a customer.
    FriendReferred,
    /// The member was brought by a friend, and became a customer.
    WasReferred,
    /// So many friends whom the member brought became customers.
    FriendsReferred { friends: i64 },
    /// The order that a friend became a customer by was given back; the numbers as for a refund.
    ReferralReversed { entry_seq: i64, due: i64, excused: i64, forgiven: i64, debt: i64 },
    /// The member answered a survey; what it said made no difference.
    Answer,
    /// Points went to another member.
    TransferOut { to: MemberId },
    /// Points came from another member, of one of the dates on which they expire.
    TransferIn { from: MemberId },
}

/// Which dates a caller gave; the others follow from the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct GivenDates {
    #[serde(skip_serializing_if = "is_false")]
    pub available_at: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub expires_at: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub occurred_at: bool,
}

impl GivenDates {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
