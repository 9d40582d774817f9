//! `POST /v1/pictures`, and `GET /pictures/{name}`, where everybody sees them.

use actix_web::{HttpResponse, http::header, post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Picture, draw, service};
use platform::{
    http::{Answer, Call, call::OpenCall},
    kernel::error::Refusal,
};

/// A picture to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPicture {
    /// The file in Base64 (RFC 4648, 4): a JPEG, PNG or WebP of at most 10,000 pixels either way.
    #[schema(
        example = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    )]
    data: String,
}

/// Upload a picture for a reward.
///
/// What is kept is drawn anew, at most 1600 pixels wide and high: where it was taken, and whatever
/// else the file carried, is gone. Name its `image_url` in a reward. The same picture again answers
/// the same address.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `body_too_large`.
#[utoipa::path(
    operation_id = "addPicture",
    tag = "Rewards",
    request_body(content = NewPicture, example = json!({"data": "iVBORw0KGgo…"})),
    responses((status = 201, body = Picture))
)]
#[post("/v1/pictures")]
pub async fn add(call: Call) -> Answer {
    let NewPicture { data } = call.body()?;
    let file = STANDARD.decode(data.trim());
    let drawn = draw(file.map_err(|_| Refusal::field("/data", "must be Base64"))?).await?;
    call.post_created(move |tx| service::add(tx, &drawn)).await
}

/// `GET /pictures/{name}`
pub async fn show(OpenCall(call): OpenCall) -> Answer {
    let name = call.path("name");
    let kind = match name.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        _ => "image/jpeg",
    };
    let found = call.store().read(move |tx| service::find(tx, &name)).await?;
    let bytes = found.ok_or_else(|| Refusal::not_found("picture"))?;
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .body(bytes))
}
