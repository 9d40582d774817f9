//! What each page needs to know. Points are whole numbers, money is in minor units, instants are
//! instants: the templates write them in the page's language and the program's time zone.

use jiff::Timestamp;
use serde::Serialize;

use crate::web::lang::Lang;

/// What every page has around its own content.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// The page's language: the member's, or the visitor's best guess.
    pub lang: Lang,
    /// The setting `program_name`: the shop's name wherever it is shown.
    pub program_name: String,
    /// The setting `time_zone`, an IANA name: dates are shown as they are there.
    pub time_zone: String,
    /// Whether this is `vildar demo`: shows the ribbon and the way to the mailbox.
    pub demo: bool,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// A line about what just happened.
    pub notice: Option<Notice>,
}

/// The member that the page is for.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// The name that the page greets by.
    pub given_name: String,
    /// Points to spend now, shown beside the name.
    pub available: i64,
}

/// What just happened, to be said once at the top of the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// E-mail or password did not fit.
    WrongCredentials,
    /// Too many tries to sign in.
    TooManyTries,
    /// Signed out.
    SignedOut,
    /// A redemption was cancelled and its points are back.
    RedemptionCancelled,
}

impl Notice {
    /// Whether it tells of a failure, which is shown and announced as such.
    #[must_use]
    pub const fn is_warning(self) -> bool {
        matches!(self, Self::WrongCredentials | Self::TooManyTries)
    }
}

/// `shop.html`: the storefront's home.
#[derive(Debug, Clone, Serialize)]
pub struct ShopPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// What the program offers.
    pub program: Program,
    /// Every live reward, in the order of the shelf.
    pub rewards: Vec<RewardCard>,
    /// The demo's customers, to sign in as with one click; empty hides the offer.
    pub customers: Vec<Customer>,
    /// The e-mail to show again after a failed sign-in, else empty.
    pub email: String,
    /// The signed-in member's own part; `None` shows the sign-in instead.
    pub home: Option<MemberHome>,
}

/// What the program offers, from the settings.
#[derive(Debug, Clone, Serialize)]
pub struct Program {
    /// The setting `earn_points`.
    pub earn_points: i64,
    /// The setting `earn_per_minor_units`.
    pub earn_per_minor_units: i64,
    /// The setting `currency`.
    pub currency: String,
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
    pub speaks: Lang,
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
    InsufficientPoints { shortfall: i64 },
    OutOfStock,
    LimitReached,
    TierRequired,
    NotStarted { starts_at: Timestamp },
    Ended,
    MemberSuspended,
}

/// The signed-in member's part of the home.
#[derive(Debug, Clone, Serialize)]
pub struct MemberHome {
    /// The numbers on top.
    pub balance: BalanceCard,
    /// The newest few entries.
    pub entries: Vec<EntryLine>,
    /// The member's redemptions, newest first.
    pub redemptions: Vec<RedemptionCard>,
    /// The member's own code.
    pub referral: ReferralCard,
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
    /// The explanation, already in the page's language.
    pub why: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When its points become available, if that is still to come.
    pub pending_until: Option<Timestamp>,
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
    /// The code.
    pub code: String,
    /// The address to share.
    pub share_url: String,
}

/// `voucher.html`: one redemption.
#[derive(Debug, Clone, Serialize)]
pub struct VoucherPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The redemption, as in the list.
    pub redemption: RedemptionCard,
    /// How many of the reward.
    pub quantity: i64,
    /// The reward's description; may be empty.
    pub description: String,
    /// Whether this is the page right after redeeming.
    pub fresh: bool,
    /// The code, for kinds that have one; keep it on voided ones too, the page shows it struck.
    pub voucher: Option<VoucherCard>,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The demo's letter about it, `None` while it is under way or outside the demo.
    pub letter_id: Option<String>,
    /// Whether the member may cancel it now.
    pub cancellable: bool,
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

/// `points.html`: the member's entries.
#[derive(Debug, Clone, Serialize)]
pub struct PointsPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The numbers on top.
    pub balance: BalanceCard,
    /// Newest first.
    pub entries: Vec<EntryLine>,
    /// Whether this is not the first page: offers the way back to the newest.
    pub later_page: bool,
    /// The cursor of the next page.
    pub next_cursor: Option<String>,
}

/// `mailbox.html`: the demo's letters.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// Newest first.
    pub letters: Vec<LetterLine>,
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

/// `letter.html`: one letter of the demo.
#[derive(Debug, Clone, Serialize)]
pub struct LetterPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The letter, as in the list.
    pub letter: LetterLine,
    /// Further headers worth a look, in order (`Message-ID`, `List-Unsubscribe`, …).
    pub headers: Vec<Header>,
    /// Whether it has an html part, shown from `/demo/mailbox/{id}/html`.
    pub has_html: bool,
    /// The plain-text part.
    pub text: String,
}

/// A header of a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Header {
    /// As in the letter.
    pub name: String,
    /// Decoded.
    pub value: String,
}

/// `unsubscribe.html`: before and after one kind of letter is switched off.
#[derive(Debug, Clone, Serialize)]
pub struct UnsubscribePage {
    /// Around the page; nobody is signed in on it.
    #[serde(flatten)]
    pub shell: Shell,
    /// The token from the address.
    pub token: String,
    /// `marketing`, `thank_you`, `occasions`, `surveys`, or a holiday's name.
    pub preference: String,
    /// Whether it has just been switched off.
    pub done: bool,
}

/// `error.html`: a problem.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// Around the page.
    #[serde(flatten)]
    pub shell: Shell,
    /// The HTTP status.
    pub status: i64,
    /// The stable code; the page has words of its own for the common ones.
    pub code: String,
    /// Shown where the page has no words for the code.
    pub title: String,
    /// Shown where the page has no words for the code.
    pub detail: String,
    /// To find it in the log.
    pub request_id: Option<String>,
    /// Where to go from here, a path of ours.
    pub back: String,
}
