//! What orders look like on the wire.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Order, OrderState, Refund,
    service::{self, Buyer, NewOrder, Placed},
};
use crate::{
    ledger::{Entry, Explanation, explain},
    members::{self, likeness::Hints},
};
use platform::{
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, OrderId, RefundId},
        locale::Language,
        money::{Currency, Money},
        text::{Email, ExternalId, Line},
        zone::Zone,
    },
    settings,
};

/// The most lines of an order.
const MOST_LINES: usize = 500;

/// An order as callers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderBody {
    id: OrderId,
    #[schema(example = "A-1001")]
    external_id: String,
    member_id: MemberId,
    total: Money,
    state: OrderState,
    placed_at: Timestamp,
    /// When it arrived, or was handed over, where the shop said so.
    fulfilled_at: Option<Timestamp>,
    #[schema(example = "web")]
    channel: Option<String>,
    /// What was refunded so far.
    refunded: Money,
    earned: EarnedBody,
}

impl Reply for OrderBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

/// When an order arrived.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FulfilOrder {
    pub at: Option<Timestamp>,
}

/// What an order earned, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderEarned)]
struct EarnedBody {
    #[schema(example = 49)]
    points: i64,
    /// Null where it earned nothing.
    available_at: Option<Timestamp>,
    /// Exclusive; null: never.
    expires_at: Option<Timestamp>,
    explanation: Vec<Explanation>,
}

/// How a member is told about points: in their language, by the program's calendar.
pub(super) struct Telling {
    language: Language,
    zone: Zone,
}

impl Telling {
    pub(super) fn to(tx: &mut Tx<'_>, member: MemberId) -> Result<Self> {
        let language = members::service::get(tx, member)?.locale.language();
        Ok(Self { language, zone: settings::service::get(tx)?.time_zone })
    }
}

/// One order, looked up with what it takes to tell of it.
pub(super) fn show(tx: &mut Tx<'_>, order: Order) -> Result<OrderBody> {
    let telling = Telling::to(tx, order.member_id)?;
    let entry = service::earned_by(tx, [&order])?.remove(&order.id.to_string());
    Ok(tell(order, entry.as_ref(), &telling, tx.now))
}

/// One order that was just placed, as of `now`.
pub(super) fn show_placed(placed: Placed, now: Timestamp) -> OrderBody {
    let telling = Telling { language: placed.language, zone: placed.zone };
    tell(placed.order, placed.entry.as_ref(), &telling, now)
}

/// An order and the entry that it earned, as of `now`.
pub(super) fn tell(
    order: Order,
    entry: Option<&Entry>,
    telling: &Telling,
    now: Timestamp,
) -> OrderBody {
    let explained = entry.map(|entry| explain(entry, telling.language, &telling.zone));
    OrderBody {
        id: order.id,
        member_id: order.member_id,
        total: order.total,
        state: order.state(now),
        placed_at: order.placed_at,
        fulfilled_at: order.fulfilled_at,
        refunded: Money { amount: order.refunded_amount, currency: order.total.currency },
        earned: EarnedBody {
            points: order.earned_points,
            available_at: order.available_at,
            expires_at: order.expires_at,
            explanation: explained.into_iter().collect(),
        },
        external_id: order.external_id,
        channel: order.channel,
    }
}

/// What a member bought.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewOrder)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    external_id: ExternalId,
    /// This or `email`.
    member_id: Option<MemberId>,
    email: Option<Email>,
    /// In the program's currency.
    total: Money,
    /// What was bought, as the shop tells it: at most 500 objects.
    #[schema(value_type = Option<Vec<Map<String, Value>>>, max_items = 500)]
    lines: Option<Vec<Map<String, Value>>>,
    /// Now unless given; not in the future.
    placed_at: Option<Timestamp>,
    channel: Option<Line<50>>,
    /// What may tell who is who, for referrals that are doubted.
    hints: Option<Hints>,
}

impl PlaceOrder {
    pub(super) fn parsed(self) -> Result<NewOrder, Refusal> {
        let buyer = match (self.member_id, self.email) {
            (Some(id), None) => Buyer::Id(id),
            (None, Some(email)) => Buyer::Email(email),
            (None, None) => {
                return Err(Refusal::field("/member_id", "is required, or email instead"));
            }
            (Some(_), Some(_)) => {
                return Err(Refusal::field("/email", "can't be given along with member_id"));
            }
        };
        if self.lines.as_ref().is_some_and(|lines| lines.len() > MOST_LINES) {
            return Err(Refusal::field("/lines", format!("must be at most {MOST_LINES}")));
        }
        if let Some(line) = self.lines.iter().flatten().position(|line| line.iter().any(has_nul)) {
            let pointer = format!("/lines/{line}");
            return Err(Refusal::field(pointer, "must not contain the character U+0000"));
        }
        Ok(NewOrder {
            external_id: self.external_id.into_string(),
            buyer,
            total: self.total,
            lines: self.lines.map(|lines| lines.into_iter().map(Value::Object).collect()),
            placed_at: self.placed_at,
            channel: self.channel.map(Line::into_string),
            hints: self.hints.unwrap_or_default(),
        })
    }
}

/// PostgreSQL can't keep that character.
fn has_nul((name, value): (&String, &Value)) -> bool {
    let within = |value: &Value| match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(|item| has_nul((&String::new(), item))),
        Value::Object(fields) => fields.iter().any(has_nul),
        _ => false,
    };
    name.contains('\0') || within(value)
}

/// What is refunded.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRefund)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    pub(super) external_id: ExternalId,
    /// 1 or more, in the order's currency.
    pub(super) amount: Money,
}

/// An order, and what was refunded of it now.
#[derive(Serialize, ToSchema)]
pub struct RefundedOrder {
    #[serde(flatten)]
    order: OrderBody,
    refund: RefundBody,
}

impl Reply for RefundedOrder {
    const MADE: &'static [&'static str] = &["/refund/id"];

    fn members(&self) -> Vec<MemberId> {
        self.order.members()
    }
}

/// One refund.
#[derive(Serialize, ToSchema)]
#[schema(as = Refund)]
struct RefundBody {
    id: RefundId,
    #[schema(example = "R-17")]
    external_id: String,
    amount: Money,
    /// Points that it took back; those that had expired, or are forgiven, count.
    #[schema(example = 24)]
    clawed_points: i64,
}

impl RefundedOrder {
    pub(super) fn of(order: OrderBody, refund: Refund, currency: Currency) -> Self {
        let refund = RefundBody {
            id: refund.id,
            external_id: refund.external_id,
            amount: Money { amount: refund.amount, currency },
            clawed_points: refund.clawed_points,
        };
        Self { order, refund }
    }
}
