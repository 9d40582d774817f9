//! `/v1/vouchers/{code}`: what a code is worth, its use, and its pictures.

use actix_web::{HttpResponse, body::MessageBody, get, http::StatusCode, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{Redemption, Voucher, VoucherState, body::RedemptionBody, service};
use platform::{
    db::Tx,
    http::{Answer, AppState, Call, Reply, limits::UNKNOWN_CODES},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        qr,
        text::Line,
    },
    settings,
};

/// What a code is worth.
#[derive(Serialize, ToSchema)]
#[schema(as = Voucher)]
pub struct CodeBody {
    #[schema(example = "K7Q0-1122-ZZ9A-M4XK1")]
    code: String,
    state: VoucherState,
    redemption: RedemptionBody,
    /// Exclusive.
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    #[schema(example = "till")]
    channel: Option<String>,
    #[schema(example = "Laugavegur 1")]
    location: Option<String>,
}

impl Reply for CodeBody {
    fn members(&self) -> Vec<MemberId> {
        self.redemption.members()
    }
}

fn show(tx: &mut Tx<'_>, (redemption, voucher): (Redemption, Voucher)) -> Result<CodeBody> {
    Ok(CodeBody {
        code: voucher.shown(),
        state: voucher.state(tx.now),
        redemption: RedemptionBody::of(redemption, &settings::service::get(tx)?, tx.now),
        expires_at: voucher.expires_at,
        used_at: voucher.used_at,
        channel: voucher.channel,
        location: voucher.location,
    })
}

/// Does something with a code, however it was typed. Guessing does not pay: who asked for too many
/// unknown ones gets no answer at all for a while. One with a mistyped letter is unknown too, and the
/// database need not be asked for that.
///
/// # Errors
/// [`Refusal::TooManyRequests`]; `deed`'s own.
pub async fn by_typed_code<T>(
    app: &AppState,
    who: &str,
    typed: &str,
    deed: impl AsyncFnOnce(String) -> Result<T>,
) -> Result<T> {
    let wall = app.store.clock().wall();
    app.throttle.check(UNKNOWN_CODES, who, wall)?;
    let done = match service::read_code(typed) {
        Ok(code) => deed(code).await,
        Err(refusal) => Err(refusal.into()),
    };
    if matches!(done, Err(Error::Refused(Refusal::NotFound { .. }))) {
        app.throttle.count(UNKNOWN_CODES, who, wall)?;
    }
    done
}

/// Look a voucher up.
///
/// The code is read as people type it: in any case, with or without hyphens and spaces, O as 0, I
/// and L as 1. The last symbol checks the others: where one is wrong or two changed places, the
/// refusal has an error `mistyped`. It counts as an unknown code like any other.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `too_many_requests`.
#[utoipa::path(
    operation_id = "getVoucher",
    tag = "Redemptions",
    params(("code" = String, Path, example = "K7Q0-1122-ZZ9A-M4XK1")),
    responses((status = 200, body = CodeBody))
)]
#[get("/v1/vouchers/{code}")]
pub async fn read(call: Call) -> Answer {
    let store = call.store();
    let look = async |code: String| {
        store.read(move |tx| service::by_code(tx, &code).and_then(|found| show(tx, found))).await
    };
    let found = by_typed_code(&call.app, &call.caller.label(), &call.path("code"), look).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Where a voucher is used.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseVoucher {
    channel: Option<Line<50>>,
    location: Option<Line<200>>,
}

/// Use a voucher, once.
///
/// A second time is refused with when and where it was used; one that was cancelled is `void`, one
/// whose time is over `expired`; a mistyped letter is told as when it is looked up.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`, `voucher_used`,
/// `invalid_transition`, `too_many_requests`.
#[utoipa::path(
    operation_id = "useVoucher",
    tag = "Redemptions",
    params(("code" = String, Path, example = "K7Q0-1122-ZZ9A-M4XK1")),
    request_body(content = UseVoucher, example = json!({"channel": "till", "location": "Laugavegur 1"})),
    responses((status = 200, body = CodeBody))
)]
#[post("/v1/vouchers/{code}/use")]
pub async fn use_once(call: Call) -> Answer {
    let ask: UseVoucher = call.body_or_default()?;
    let channel = ask.channel.map(Line::into_string);
    let location = ask.location.map(Line::into_string);
    let (who, wall) = (call.caller.label(), call.store().clock().wall());
    // the answer may be one that is stored: a refusal among them is told by its status
    let use_it = async |code: String| {
        let used = call.post_ok(move |tx| {
            let used = service::use_once(tx, &code, channel.as_deref(), location.as_deref())?;
            show(tx, used)
        });
        Ok(used.await)
    };
    let answer = by_typed_code(&call.app, &who, &call.path("code"), use_it).await??;
    if answer.status() == StatusCode::NOT_FOUND {
        call.app.throttle.count(UNKNOWN_CODES, &who, wall)?;
    }
    Ok(answer)
}

/// A voucher's QR code as SVG, to be shown at the till.
///
/// The code is the secret, so no credentials are asked for.
/// Refusals: `not_found`, `too_many_requests`.
#[utoipa::path(
    operation_id = "getVoucherSvg",
    tag = "Redemptions",
    params(("code" = String, Path, example = "K7Q0-1122-ZZ9A-M4XK1")),
    responses((status = 200, content_type = "image/svg+xml", body = String)),
    security(())
)]
#[get("/v1/vouchers/{code}/qr.svg")]
pub async fn picture(call: Call) -> Answer {
    pictured("image/svg+xml", qr::svg(&known(&call).await?))
}

/// A voucher's QR code as PNG, for what shows no SVG.
///
/// The code is the secret, so no credentials are asked for.
/// Refusals: `not_found`, `too_many_requests`.
#[utoipa::path(
    operation_id = "getVoucherPng",
    tag = "Redemptions",
    params(("code" = String, Path, example = "K7Q0-1122-ZZ9A-M4XK1")),
    responses((status = 200, content_type = "image/png", body = Vec<u8>)),
    security(())
)]
#[get("/v1/vouchers/{code}/qr.png")]
pub async fn bitmap(call: Call) -> Answer {
    pictured("image/png", qr::png(&known(&call).await?))
}

/// The code in the path as people read it, where there is a voucher of it.
async fn known(call: &Call) -> Result<String> {
    let look = async |code: String| call.store().read(move |tx| service::by_code(tx, &code)).await;
    let found = by_typed_code(&call.app, &call.address(), &call.path("code"), look).await?;
    Ok(found.1.shown())
}

fn pictured(content_type: &str, drawn: Option<impl MessageBody + 'static>) -> Answer {
    let drawn = drawn.ok_or_else(|| Error::internal("a code without a QR"))?;
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("cache-control", "private, max-age=3600"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(drawn))
}
