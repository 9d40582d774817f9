//! What redemptions look like on the wire.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Redemption, RedemptionState, Voucher,
    service::{Ask, Offer},
};
use crate::rewards::{RewardBody, Showing};
use platform::{
    auth::{Caller, Scope},
    db::Tx,
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Result, Unavailable},
        id::{MemberId, RedemptionId, RewardId},
        points::Amount,
        text::{ExternalId, Line, Reason},
        whole::Whole,
    },
    settings::{self, Settings},
};

/// A redemption as callers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Redemption)]
pub struct RedemptionBody {
    id: RedemptionId,
    member_id: MemberId,
    reward_id: RewardId,
    quantity: i64,
    /// Units of it that were cancelled; the rest is as `state` says.
    #[schema(example = 0)]
    cancelled_quantity: i64,
    /// What all of it cost when it was placed.
    #[schema(example = 250)]
    points: i64,
    state: RedemptionState,
    /// Null where there is none, and for a key without `redemptions:write`: a code is money.
    voucher: Option<VoucherBody>,
    #[schema(example = "cart-1001")]
    order_ref: Option<String>,
    placed_at: Timestamp,
    fulfilled_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
}

impl Reply for RedemptionBody {
    const MADE: &'static [&'static str] = &["/id", "/voucher/code", "/voucher/qr_svg_url"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

/// A redemption's code.
#[derive(Serialize, ToSchema)]
#[schema(as = RedemptionVoucher)]
struct VoucherBody {
    #[schema(example = "K7Q0-1122-ZZ9A-M4XK1")]
    code: String,
    #[schema(example = "https://points.example.com/v1/vouchers/K7Q0-1122-ZZ9A-M4XK1/qr.svg")]
    qr_svg_url: String,
    /// Exclusive.
    expires_at: Timestamp,
}

impl RedemptionBody {
    pub(super) fn of(redemption: Redemption, settings: &Settings, now: Timestamp) -> Self {
        let voucher = |voucher: Voucher| VoucherBody {
            qr_svg_url: settings.link(&format!("/v1/vouchers/{}/qr.svg", voucher.shown())),
            code: voucher.shown(),
            expires_at: voucher.expires_at,
        };
        Self {
            id: redemption.id,
            member_id: redemption.member_id,
            reward_id: redemption.reward_id,
            quantity: redemption.quantity,
            cancelled_quantity: redemption.cancelled_quantity,
            points: redemption.points,
            state: redemption.state_at(now),
            voucher: redemption.voucher.map(voucher),
            order_ref: redemption.order_ref,
            placed_at: redemption.placed_at,
            fulfilled_at: redemption.fulfilled_at,
            cancelled_at: redemption.cancelled_at,
            used_at: redemption.used_at,
        }
    }
}

impl RedemptionBody {
    /// As a caller may see it: a code is money, so a key that only looks at members gets none.
    pub(super) fn seen_by(self, caller: &Caller) -> Self {
        let voucher = match caller {
            Caller::Storefront { scopes, .. } if !scopes.contains(&Scope::RedemptionsWrite) => None,
            _ => self.voucher,
        };
        Self { voucher, ..self }
    }
}

pub(super) fn show(tx: &mut Tx<'_>, redemption: Redemption) -> Result<RedemptionBody> {
    Ok(RedemptionBody::of(redemption, &settings::service::get(tx)?, tx.now))
}

/// What is to be redeemed.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewRedemption)]
#[serde(deny_unknown_fields)]
pub struct RedeemReward {
    member_id: MemberId,
    reward_id: RewardId,
    /// 1 unless given.
    quantity: Option<Whole<1, 100>>,
    /// The cart or order it belongs to: a repeat answers the first.
    order_ref: Option<ExternalId>,
    channel: Option<Line<50>>,
    /// What all units may cost at most, such as the price that the customer saw. Where it is more now,
    /// nothing is redeemed: `price_changed`. Where it is less, the member pays less.
    max_points: Option<Amount>,
}

impl RedeemReward {
    pub(super) fn parsed(self) -> Ask {
        Ask {
            member_id: self.member_id,
            reward_id: self.reward_id,
            quantity: self.quantity.map_or(1, Whole::get),
            order_ref: self.order_ref.map(ExternalId::into_string),
            channel: self.channel.map(Line::into_string),
            max_points: self.max_points.map(Amount::get),
        }
    }
}

/// What of a redemption is cancelled, and why.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRedemption {
    /// So many units of those that are left; all of them unless given.
    pub(super) quantity: Option<Whole<1, 100>>,
    /// Required of staff.
    pub(super) reason: Option<Reason>,
}

/// A live reward, and whether a member can have it.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberReward)]
pub struct OfferBody {
    #[serde(flatten)]
    reward: RewardBody,
    available: bool,
    /// Why not, all at once: each a `code`; `shortfall` with `insufficient_points`; `limit` (`month`
    /// or `year`) with a `limit_reached` that is not for ever.
    #[schema(example = json!([{"code": "insufficient_points", "shortfall": 120}]))]
    reasons: Vec<Unavailable>,
    /// About when the member will have the points that they lack, if they go on earning as in the last
    /// year; null where none are lacking, or nobody can tell.
    #[schema(value_type = Option<String>, format = Date, example = "2027-03-08")]
    enough_by: Option<Date>,
}

impl OfferBody {
    pub(super) fn of(offer: Offer, showing: &Showing) -> Self {
        let Offer { reward, reasons, enough_by } = offer;
        let reward = showing.in_one_language(reward);
        Self { reward, available: reasons.is_empty(), reasons, enough_by }
    }
}
