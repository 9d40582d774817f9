//! `/docs/`: the API's pages, Swagger's own, with nothing from elsewhere. Embedded; all answers
//! share their bytes.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use actix_web::{HttpRequest, http::header};
use utoipa_swagger_ui::Config;

use crate::{
    http::{Answer, packing::Fixed},
    kernel::error::{Error, Refusal, Result},
};

/// Swagger styles by attributes, and draws with `data:`.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                      frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // without a validator, which would be asked over the network
    Arc::new(Config::from("/openapi.json").validator_url("none"))
});

/// The files that somebody has asked for: of those that there are, none else.
static FILES: LazyLock<Mutex<HashMap<String, Arc<Fixed>>>> = LazyLock::new(Mutex::default);

/// `GET /docs/{path}`
///
/// # Errors
/// [`Refusal::NotFound`] where Swagger has no such file.
pub async fn serve(request: HttpRequest) -> Answer {
    let file = find(request.match_info().query("path"))?;
    let mut answer = file.ok_or(Refusal::not_found("path"))?.answer(&request);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        answer.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    Ok(answer)
}

fn find(path: &str) -> Result<Option<Arc<Fixed>>> {
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = files.get(path) {
        return Ok(Some(Arc::clone(file)));
    }
    let found = utoipa_swagger_ui::serve(path, Arc::clone(&CONFIG));
    let Some(file) = found.map_err(Error::internal)? else { return Ok(None) };
    let file = Arc::new(Fixed::new(file.bytes.into_owned(), file.content_type));
    files.insert(path.to_owned(), Arc::clone(&file));
    Ok(Some(file))
}
