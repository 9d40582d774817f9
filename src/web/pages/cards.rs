//! The parts that pages are made of. Points are whole numbers, money is in minor units, instants
//! are instants: the templates write them in the page's language and the program's time zone.

use serde::Serialize;

use platform::kernel::{clock::Timestamp, locale::Language, money::Currency};

/// What the program offers, from the settings.
#[derive(Debug, Clone, Serialize)]
pub struct Program {
    /// The setting `earn_points`.
    pub earn_points: i64,
    /// The setting `earn_per_minor_units`.
    pub earn_per_minor_units: i64,
    /// The setting `currency`.
    pub currency: Currency,
    /// The setting `referral_referrer_points`.
    pub referrer_points: i64,
    /// The setting `referral_referee_points`.
    pub referee_points: i64,
}

/// A customer of the demo.
#[derive(Debug, Clone, Serialize)]
pub struct Customer {
    /// `mem_…`
    pub member_id: String,
    /// Shown on the button.
    pub given_name: String,
    /// Shown below it.
    pub full_name: String,
    /// Points to spend now.
    pub available: i64,
    /// The customer's own language.
    pub speaks: Language,
}

/// A reward on the shelf.
#[derive(Debug, Clone, Serialize)]
pub struct RewardCard {
    /// `rwd_…`
    pub id: String,
    /// As the admin wrote it.
    pub name: String,
    /// As the admin wrote it; may be empty.
    pub description: String,
    /// `voucher`, `product`, `experience`, `upgrade`, `early_access` or `donation`.
    pub kind: String,
    /// Where its picture is, if it has one.
    pub image_url: Option<String>,
    /// Points that one costs.
    pub cost_points: i64,
    /// What is left, `None` for no limit.
    pub stock: Option<i64>,
    /// What it means for the signed-in member; `None` while nobody is.
    pub offer: Option<Offer>,
}

/// A reward for this member, now.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// Whether it can be redeemed now; then `reasons` is empty.
    pub available: bool,
    /// All reasons why not.
    pub reasons: Vec<Reason>,
    /// The idempotency token for this card's form: new for every card of every page.
    pub attempt: String,
}

/// Why a reward cannot be redeemed; the codes of the HTTP contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the contract's own codes")]
pub enum Reason {
    InsufficientPoints { shortfall: i64, enough_by: Option<Timestamp> },
    OutOfStock,
    LimitReached,
    TierRequired,
    NotStarted { starts_at: Timestamp },
    Ended,
    MemberSuspended,
}

/// The balance.
#[derive(Debug, Clone, Serialize)]
pub struct BalanceCard {
    /// Points to spend now.
    pub available: i64,
    /// Points earned that become available later.
    pub pending: i64,
    /// Points set aside for an open order.
    pub held: i64,
    /// Points owed; the next ones earned pay them.
    pub debt: i64,
    /// The next points to expire.
    pub next_expiring: Option<ExpiringLine>,
}

/// Points that expire together.
#[derive(Debug, Clone, Serialize)]
pub struct ExpiringLine {
    /// How many.
    pub points: i64,
    /// The first moment at which they are gone.
    pub expires_at: Timestamp,
}

/// A line of the ledger.
#[derive(Debug, Clone, Serialize)]
pub struct EntryLine {
    /// The entry's kind: `earn`, `redeem`, …
    pub kind: String,
    /// Signed.
    pub points: i64,
    /// The member's running sum after it.
    pub balance_after: i64,
    /// What it is, in few words of the page's language.
    pub why: String,
    /// The whole explanation.
    pub more: String,
    /// What the one who did it said, if anything.
    pub reason: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
}

/// A redemption in the member's list.
#[derive(Debug, Clone, Serialize)]
pub struct RedemptionCard {
    /// `red_…`
    pub id: String,
    /// The reward's name.
    pub reward_name: String,
    /// The reward's kind.
    pub kind: String,
    /// `placed`, `fulfilled`, `used`, `cancelled` or `expired`.
    pub state: String,
    /// What it cost in all.
    pub points: i64,
    /// When it was redeemed.
    pub placed_at: Timestamp,
}

/// The member's referral code.
#[derive(Debug, Clone, Serialize)]
pub struct ReferralCard {
    /// The code that everybody has.
    pub code: String,
    /// The one of the member's own choosing.
    pub vanity_code: Option<String>,
    /// The address to share.
    pub share_url: String,
    /// The same as a QR code.
    pub qr_svg: String,
    /// Words to send to friends.
    pub invitation: String,
    pub on_leaderboard: bool,
}

/// A voucher.
#[derive(Debug, Clone, Serialize)]
pub struct VoucherCard {
    /// The code, as stored.
    pub code: String,
    /// The QR code as SVG markup of our own making: it goes into the page unescaped.
    pub qr_svg: String,
    /// The first moment at which it is no longer good.
    pub expires_at: Timestamp,
}

/// A letter in the list.
#[derive(Debug, Clone, Serialize)]
pub struct LetterLine {
    /// What stands in its address.
    pub id: String,
    /// Decoded.
    pub subject: String,
    /// Decoded, with the name.
    pub from: String,
    /// Decoded, with the name.
    pub to: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// A header of a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Header {
    /// As in the letter.
    pub name: String,
    /// Decoded.
    pub value: String,
}
