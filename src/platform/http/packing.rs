//! Packed answers: gzip or deflate, where the caller takes them and it is worth it.

use std::{io::Write as _, sync::OnceLock};

use actix_http::encoding::Encoder;
use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody, to_bytes},
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header as _, HeaderValue},
    middleware::Next,
    web::Bytes,
};
use flate2::{Compression, write::GzEncoder};

/// What is smaller is sent as it is, in bytes.
const WORTH_IT: u64 = 1024;

/// The middleware. What is there as a whole is packed as a whole before it is sent: a slow reader
/// keeps no packer waiting, which is far larger than what it makes.
///
/// # Errors
/// What the handler answers.
pub async fn pack(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let encoding = accepted(request.request());
    let response = next.call(request).await?.map_into_boxed_body();
    if encoding == ContentEncoding::Identity || !worth_it(&response) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let whole = matches!(body.size(), BodySize::Sized(_));
    let packed = Encoder::response(encoding, response.head_mut(), body);
    let body = if whole {
        to_bytes(packed).await.map_err(|error| ErrorInternalServerError(error.to_string()))?.boxed()
    } else {
        packed.boxed()
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

fn worth_it(response: &ServiceResponse<BoxBody>) -> bool {
    let large = match response.response().body().size() {
        BodySize::None => false,
        BodySize::Sized(bytes) => bytes >= WORTH_IT,
        BodySize::Stream => true,
    };
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let picture =
        kind.is_some_and(|kind| kind.starts_with(b"image/") && !kind.starts_with(b"image/svg"));
    large && !picture && !response.headers().contains_key(header::CONTENT_ENCODING)
}

/// How the caller likes an answer packed.
fn accepted(request: &HttpRequest) -> ContentEncoding {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return ContentEncoding::Identity;
    }
    let ours = [Encoding::identity(), Encoding::gzip(), Encoding::deflate()];
    let wishes = AcceptEncoding::parse(request).ok();
    match wishes.and_then(|wishes| wishes.negotiate(ours.iter())) {
        Some(Encoding::Known(encoding)) => encoding,
        // one who takes nothing that we have gets it plain
        Some(Encoding::Unknown(_)) | None => ContentEncoding::Identity,
    }
}

/// A document that never changes: all answers share its bytes, packed or plain.
#[derive(Debug)]
pub struct Fixed {
    plain: Bytes,
    /// Made when first asked for; `None` where it would be larger.
    packed: OnceLock<Option<Bytes>>,
    content_type: String,
}

impl Fixed {
    #[must_use]
    pub fn new(plain: impl Into<Bytes>, content_type: impl Into<String>) -> Self {
        let (plain, content_type) = (plain.into(), content_type.into());
        Self { plain, packed: OnceLock::new(), content_type }
    }

    /// Its bytes as they are.
    #[must_use]
    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    fn packed(&self) -> Option<&Bytes> {
        let make = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&self.plain).ok()?;
            let packed = encoder.finish().ok()?;
            (packed.len() < self.plain.len()).then(|| packed.into())
        };
        self.packed.get_or_init(make).as_ref()
    }

    /// The answer with this document.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer
            .content_type(self.content_type.as_str())
            .insert_header((header::VARY, "accept-encoding"));
        // said always, so that nobody packs it for this one answer
        if accepted(request) == ContentEncoding::Gzip
            && let Some(packed) = self.packed()
        {
            return answer.insert_header(ContentEncoding::Gzip).body(packed.clone());
        }
        answer.insert_header(ContentEncoding::Identity).body(self.plain.clone())
    }
}
