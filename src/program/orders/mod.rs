//! Orders: what members bought in the shop, what it earned them, and refunds that take it back.

pub mod api;
pub mod audit;
pub mod body;
mod letters;
pub mod personal;
pub mod service;
mod store;

use sha2::{Digest, Sha256};

use platform::{
    kernel::{
        clock::Timestamp,
        id::{MemberId, OrderId, RefundId},
        money::{Currency, Money},
    },
    words,
};

words! {
    /// Where an order stands: open until its points are available.
    pub enum OrderState {
        Open = "open",
        Settled = "settled",
        PartiallyRefunded = "partially_refunded",
        Refunded = "refunded",
        Cancelled = "cancelled",
    }
}

impl OrderState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["settled", "partially_refunded", "refunded", "cancelled"],
            Self::Settled => &["partially_refunded", "refunded"],
            Self::PartiallyRefunded => &["refunded"],
            Self::Refunded | Self::Cancelled => &[],
        }
    }
}

/// An order, as kept.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub external_id: String,
    pub member_id: MemberId,
    pub total: Money,
    pub channel: Option<String>,
    /// Of what the order was made with: the same again answers this one.
    pub content_hash: Vec<u8>,
    pub cancelled_at: Option<Timestamp>,
    /// When it arrived, or was handed over, where the shop said so.
    pub fulfilled_at: Option<Timestamp>,
    /// The ledger's entry that it earned; `None` where it earned nothing.
    pub entry_seq: Option<i64>,
    pub earned_points: i64,
    pub available_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Minor units.
    pub refunded_amount: i64,
    /// Points that refunds have taken back, or that count as such.
    pub clawed_points: i64,
    /// Of those, points that had expired before.
    pub excused_points: i64,
    pub placed_at: Timestamp,
    pub recorded_at: Timestamp,
}

impl Order {
    /// The state as of `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> OrderState {
        if self.cancelled_at.is_some() {
            OrderState::Cancelled
        } else if self.refunded_amount > 0 && self.refunded_amount == self.total.amount {
            OrderState::Refunded
        } else if self.refunded_amount > 0 {
            OrderState::PartiallyRefunded
        } else if self.available_at.is_none_or(|available_at| available_at <= now) {
            OrderState::Settled
        } else {
            OrderState::Open
        }
    }

    /// Points to have been taken back in all once `refunded` minor units are:
    /// `floor(earned × refunded / total)`.
    #[must_use]
    pub fn clawback(&self, refunded: i64) -> i64 {
        share(self.earned_points, refunded, self.total.amount)
    }
}

/// A refund, as kept.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: RefundId,
    pub external_id: String,
    /// Minor units.
    pub amount: i64,
    /// Points that it took back, or that count as such.
    pub clawed_points: i64,
}

/// `earn` points for each full `per` of `amount`; `None` beyond 64 bits.
#[must_use]
pub fn earned(amount: i64, earn: i64, per: i64) -> Option<i64> {
    let points = i128::from(amount / per.max(1)) * i128::from(earn);
    i64::try_from(points).ok()
}

/// `floor(points × part / whole)`, 0 of nothing.
fn share(points: i64, part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let share = i128::from(points) * i128::from(part) / i128::from(whole);
    i64::try_from(share).unwrap_or(points)
}

/// What makes an order the same one when it is sent again. The instant counts as given: a repeat
/// that leaves it out, as the first did, is the same.
#[derive(serde::Serialize)]
struct Content<'a> {
    member: MemberId,
    amount: i64,
    currency: Currency,
    placed_at: Option<Timestamp>,
    channel: Option<&'a str>,
    lines: Option<&'a serde_json::Value>,
}

impl Content<'_> {
    fn hash(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut canonical = serde_json::to_value(self)?;
        canonical.sort_all_objects(); // the order of keys does not count
        Ok(Sha256::digest(canonical.to_string().as_bytes()).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn order() -> Order {
        Order {
            id: OrderId::from_uuid(uuid::Uuid::nil()),
            external_id: "A-1".to_owned(),
            member_id: MemberId::from_uuid(uuid::Uuid::nil()),
            total: Money { amount: 1000, currency: Currency::EUR },
            channel: None,
            content_hash: Vec::new(),
            cancelled_at: None,
            fulfilled_at: None,
            entry_seq: Some(1),
            earned_points: 10,
            available_at: Some(at("2026-12-05T12:00:00Z")),
            expires_at: None,
            refunded_amount: 0,
            clawed_points: 0,
            excused_points: 0,
            placed_at: at("2026-11-21T12:00:00Z"),
            recorded_at: at("2026-11-21T12:00:00Z"),
        }
    }

    #[test]
    fn points_are_earned_for_full_steps_only() {
        assert_eq!(earned(1999, 1, 100), Some(19));
        assert_eq!(earned(99, 5, 100), Some(0));
        assert_eq!(earned(0, 1, 100), Some(0));
        assert_eq!(earned(platform::kernel::money::MOST, 1_000_000, 1), None);
    }

    #[test]
    fn refunds_in_parts_take_back_what_one_refund_would() {
        let order = order();
        let mut taken = 0;
        for refunded in (1..=1000).step_by(37).chain([1000]) {
            let due = order.clawback(refunded) - taken;
            assert!(due >= 0);
            taken += due;
        }
        assert_eq!(taken, 10);
        assert_eq!(order.clawback(999), 9, "rounded down");
        assert_eq!(
            share(1_000_000_000, 1_000_000_000_000_000, 1_000_000_000_000_000),
            1_000_000_000
        );
        assert_eq!(share(5, 0, 0), 0);
    }

    #[test]
    fn the_state_follows_from_time_and_refunds() {
        let early = at("2026-12-05T11:59:59Z");
        let late = at("2026-12-05T12:00:00Z");
        assert_eq!(order().state(early), OrderState::Open);
        assert_eq!(order().state(late), OrderState::Settled);
        let nothing = Order { available_at: None, earned_points: 0, entry_seq: None, ..order() };
        assert_eq!(nothing.state(early), OrderState::Settled);
        let part = Order { refunded_amount: 1, ..order() };
        assert_eq!(part.state(late), OrderState::PartiallyRefunded);
        let whole = Order { refunded_amount: 1000, ..order() };
        assert_eq!(whole.state(early), OrderState::Refunded);
        let cancelled = Order { cancelled_at: Some(early), ..order() };
        assert_eq!(cancelled.state(late), OrderState::Cancelled);
    }

    #[test]
    fn the_same_content_has_the_same_hash() {
        let hash = |lines: &str, channel| {
            let lines: serde_json::Value = serde_json::from_str(lines).expect("JSON");
            let content = Content {
                member: MemberId::from_uuid(uuid::Uuid::nil()),
                amount: 1000,
                currency: Currency::EUR,
                placed_at: None,
                channel,
                lines: Some(&lines),
            };
            content.hash().expect("hashes")
        };
        let first = hash(r#"[{"name":"tea","quantity":1}]"#, None);
        assert_eq!(first, hash(r#"[{"quantity":1,"name":"tea"}]"#, None));
        assert_ne!(first, hash(r#"[{"quantity":2,"name":"tea"}]"#, None));
        assert_ne!(first, hash(r#"[{"quantity":1,"name":"tea"}]"#, Some("web")));
    }
}
