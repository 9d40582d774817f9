//! `/v1/perks`: what staff give, over HTTP.

use actix_web::{get, post};

use super::{
    GrantPerk, Perk, PerkState,
    body::{BudgetBody, EndPerk},
    service::{self, Sought},
};
use platform::{
    auth::Caller,
    db::Tx,
    http::{Answer, Call, query::Paging},
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, PerkId, UserId},
        page::Listing,
        text::Reason,
    },
};

/// Give a member a perk.
///
/// Points come as an entry of kind `perk`, available at once; a reward comes as a redemption that
/// costs nothing: its stock, state and dates bind it, points, tiers and the limit per member don't.
/// Above a staff user's limit the perk is `proposed`, and another person approves or declines it; a
/// reward counts for what it costs. Beyond the month's budget, which adjustments share, it is
/// `limit_reached`. Neither binds an admin. A suspended member's perk can't be granted:
/// `invalid_transition`. A member who wants no thank-you letters gets none.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `limit_reached`,
/// `invalid_transition`, `reward_unavailable`, `out_of_stock`.
#[utoipa::path(
    operation_id = "grantPerk",
    tag = "Perks",
    params(("dry_run" = Option<bool>, Query, description = "Only say what would happen")),
    request_body(content = GrantPerk, example = json!({
        "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "kind": "points",
        "points": 200,
        "title": "Thank you for your patience",
        "reason": "the parcel came a week late",
        "message": "The wool took longer to dye than we thought. It is worth it.",
        "send_letter": true
    })),
    responses((status = 201, body = Perk), (status = 200, body = Perk, description = "A dry run"))
)]
#[post("/v1/perks")]
pub async fn create(call: Call) -> Answer {
    let ask: GrantPerk = call.body()?;
    let caller = call.caller.clone();
    let call = call.about([ask.member_id]);
    call.post_created(move |tx| service::give(tx, &ask, &caller)).await
}

/// List perks, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listPerks",
    tag = "Perks",
    params(
        ("member_id" = Option<MemberId>, Query, description = "Only this member's"),
        ("state" = Option<PerkState>, Query, description = "Only those in this state"),
        ("staff" = Option<UserId>, Query, description = "Only those that this user proposed or granted"),
        Paging
    ),
    responses((status = 200, body = Listing<Perk>))
)]
#[get("/v1/perks")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let sought = Sought {
        member: query.get("member_id")?,
        state: query.get("state")?,
        staff: query.get("staff")?,
    };
    let page = query.page()?;
    call.get(move |tx| service::list(tx, sought, &page)).await
}

/// Read what you may still give this month.
///
/// Perks and upward adjustments together, by calendar month in the program's time zone; what was
/// taken back may be given again. What waits for approval counts on nobody's budget; once approved
/// it counts on that of who approved it.
/// Refusals: `unauthenticated`, `forbidden`.
#[utoipa::path(operation_id = "getPerkBudget", tag = "Perks", responses((status = 200, body = BudgetBody)))]
#[get("/v1/perks/budget")]
pub async fn budget(call: Call) -> Answer {
    let caller = call.caller.clone();
    call.get(move |tx| service::budget(tx, &caller).map(BudgetBody::from)).await
}

/// Read a perk.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getPerk",
    tag = "Perks",
    params(("id" = PerkId, Path)),
    responses((status = 200, body = Perk))
)]
#[get("/v1/perks/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("perk")?;
    call.get(move |tx| service::get(tx, id)).await
}

/// Approve a proposed perk: it is granted now.
///
/// Any staff user but the one who proposed it may, above their own limit too; it counts on the
/// budget of who approves, an admin's approval on none. One that was granted before answers as it
/// is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `limit_reached`,
/// `invalid_transition`, `reward_unavailable`, `out_of_stock`.
#[utoipa::path(
    operation_id = "approvePerk",
    tag = "Perks",
    params(("id" = PerkId, Path)),
    responses((status = 200, body = Perk))
)]
#[post("/v1/perks/{id}/approve")]
pub async fn approve(call: Call) -> Answer {
    let id: PerkId = call.id("perk")?;
    call.no_body()?;
    decide(call, id, move |tx, by| service::approve(tx, id, by)).await
}

/// Decline a proposed perk.
///
/// Any staff user but the one who proposed it may. One that was declined before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "declinePerk",
    tag = "Perks",
    params(("id" = PerkId, Path)),
    request_body(content = EndPerk, example = json!({"reason": "the parcel had come by then"})),
    responses((status = 200, body = Perk))
)]
#[post("/v1/perks/{id}/decline")]
pub async fn decline(call: Call) -> Answer {
    let (id, reason) = ending(&call)?;
    decide(call, id, move |tx, by| service::decline(tx, id, &reason, by)).await
}

/// Revoke a granted perk: what is still there is taken back.
///
/// Points that were neither spent, held nor expired leave, and a redemption that was not used or
/// handed over is cancelled; `taken_back_points` says what that was, and `kept_points` what stays
/// the member's: it never makes a debt, and takes no other points. What is taken back may be given
/// again this month. One that was revoked before answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `invalid_transition`.
#[utoipa::path(
    operation_id = "revokePerk",
    tag = "Perks",
    params(("id" = PerkId, Path)),
    request_body(content = EndPerk, example = json!({"reason": "meant for somebody else"})),
    responses((status = 200, body = Perk))
)]
#[post("/v1/perks/{id}/revoke")]
pub async fn revoke(call: Call) -> Answer {
    let (id, reason) = ending(&call)?;
    decide(call, id, move |tx, by| service::revoke(tx, id, &reason, by)).await
}

fn ending(call: &Call) -> Result<(PerkId, Reason), Refusal> {
    let id = call.id("perk")?;
    Ok((id, call.body::<EndPerk>()?.reason))
}

/// What becomes of a perk tells of its member, whom the path does not name.
async fn decide<F>(call: Call, id: PerkId, step: F) -> Answer
where
    F: Fn(&mut Tx<'_>, &Caller) -> Result<Perk> + Clone + Send + 'static,
{
    let owner = call.store().read(move |tx| service::owner(tx, id)).await?;
    let caller = call.caller.clone();
    let call = call.about(owner);
    call.post_ok(move |tx| step(tx, &caller)).await
}
