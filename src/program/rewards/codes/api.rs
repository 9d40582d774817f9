//! `POST|GET /v1/rewards/{id}/codes`.

use actix_web::{get, post};

use super::{Counts, List, UploadedCodes, reading, service};
use platform::{
    http::{Answer, Call},
    kernel::id::RewardId,
};

/// Upload codes for a voucher: each is handed out once, as the code of a redemption.
///
/// As JSON, or as `text/csv`: a code a line, in UTF-8, under the header `code` or none. A body has at
/// most 1 MiB; longer lists come in parts, which add up. Each code has 4 to 64 letters A-Z and
/// digits, parted by hyphens, dots, underscores or spaces as you like; two that differ only in those,
/// in case, or in O and 0, I, L and 1, count as one. What was not taken is told by line, and keeps
/// nothing else from it; the same list again adds nothing. From the first code on the reward's
/// `stock` is how many are left, and a redemption of it has `quantity` 1. A code that was handed out
/// never comes back, even where its redemption is cancelled. No answer shows a code.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `body_too_large`.
#[utoipa::path(
    operation_id = "uploadRewardCodes",
    tag = "Rewards",
    params(("id" = RewardId, Path)),
    request_body(content(
        (List = "application/json", example = json!({"codes": ["GIFT-7KQ2-M4XK", "GIFT-9RTB-0112"]})),
        (String = "text/csv", example = "code\nGIFT-7KQ2-M4XK\nGIFT-9RTB-0112\n")
    )),
    responses((status = 200, body = UploadedCodes))
)]
#[post("/v1/rewards/{id}/codes")]
pub async fn upload(call: Call) -> Answer {
    let id: RewardId = call.id("reward")?;
    let lines = match call.csv() {
        Some(bytes) => reading::read(bytes)?,
        None => reading::some(call.body::<List>()?.lines())?,
    };
    let by = call.caller.clone();
    call.post_ok(move |tx| service::upload(tx, id, &lines, &by)).await
}

/// Count the codes of a reward.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "countRewardCodes",
    tag = "Rewards",
    params(("id" = RewardId, Path)),
    responses((status = 200, body = Counts))
)]
#[get("/v1/rewards/{id}/codes")]
pub async fn count(call: Call) -> Answer {
    let id: RewardId = call.id("reward")?;
    call.get(move |tx| service::counts(tx, id)).await
}
