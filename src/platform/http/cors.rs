//! What pages of other sites may read in their visitors' browsers: the API alone, those of the
//! setting `cors_origins` alone, and never by a cookie (CORS, <https://fetch.spec.whatwg.org>).

use actix_web::{
    Error, HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};
use tokio::sync::Mutex;

use super::{AppState, state::KNOWN_FRESH};
use crate::{
    db::Store,
    kernel::{clock::Timestamp, web_url::Origin},
    settings,
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE");
const TAKEN: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, accept-language",
);
const SHOWN: HeaderValue = HeaderValue::from_static(
    "etag, idempotent-replayed, ratelimit, ratelimit-policy, retry-after, x-request-id",
);
/// How long a browser need not ask again, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("3600");

/// The middleware: answers what browsers ask beforehand, and tells them who may read an answer. To
/// other origins all is as if there were no such thing.
///
/// # Errors
/// What the handler answers.
pub async fn share(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !request.path().starts_with("/v1/") {
        return next.call(request).await;
    }
    let origin = admitted(&request).await;
    let asks_beforehand = origin.is_some() && request.method() == Method::OPTIONS;
    let mut response = if asks_beforehand {
        request.into_response(HttpResponse::NoContent().finish())
    } else {
        next.call(request).await?
    };
    tell(response.headers_mut(), origin, asks_beforehand);
    Ok(response)
}

fn tell(headers: &mut HeaderMap, origin: Option<HeaderValue>, asks_beforehand: bool) {
    // said always: what is kept of one answer must not be given to another origin
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = origin else { return };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if asks_beforehand {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
    }
}

/// The origin of the page that asks, where it may read the answer.
async fn admitted(request: &ServiceRequest) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let app = request.app_data::<web::Data<AppState>>()?;
    app.origins.have(&app.store, origin.to_str().ok()?).await.then(|| origin.clone())
}

/// The origins that are let in, as this server knows them: the settings are read once in a few
/// seconds, not with every request, and again when they were changed here.
#[derive(Debug, Default)]
pub struct Origins(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    origins: Vec<Origin>,
    /// When they were read, and under which [`Store::callers_epoch`].
    read: Option<(Timestamp, u64)>,
}

impl Origins {
    async fn have(&self, store: &Store, origin: &str) -> bool {
        let mut known = self.0.lock().await;
        let (wall, epoch) = (store.clock().wall(), store.callers_epoch());
        let fresh = known.read.is_some_and(|(at, under)| {
            under == epoch && at <= wall && wall.since(at) < KNOWN_FRESH
        });
        if !fresh {
            // while the database is away, those of before may read so
            match store.read(settings::service::get).await {
                Ok(settings) => known.origins = settings.cors_origins.to_vec(),
                Err(error) => tracing::warn!(%error, "which origins are let in could not be read"),
            }
            known.read = Some((wall, epoch));
        }
        known.origins.iter().any(|known| known.as_str() == origin)
    }
}
