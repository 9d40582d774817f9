//! What every page of ours goes out with: headers, and words for what went wrong.

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse, ResponseError,
    body::BoxBody,
    dev::{HttpServiceFactory, ServiceRequest, ServiceResponse},
    http::header::{self, HeaderName, HeaderValue},
    middleware::{Next, from_fn},
};

use super::{
    console::Away,
    pages::{ErrorPage, Pages, Shell},
    visit::{Visit, shared},
};
use platform::{
    http::{
        Problem, accept,
        resource::{Way, resource},
    },
    kernel::{locale::Language, zone::Zone},
};

/// A reward's picture may lie wherever the shop keeps it; all else that a page loads is ours.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; \
         frame-src 'self'; frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    // vouchers, balances and tokens stay out of caches
    (header::CACHE_CONTROL, "no-store"),
];

/// A page of ours at `path`.
pub fn page<const N: usize>(path: &str, ways: [Way; N]) -> impl HttpServiceFactory + 'static {
    resource(path, ways).wrap(from_fn(finish))
}

async fn finish(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = in_words(next.call(request).await?).await;
    add_headers(&mut response);
    Ok(response)
}

/// The middleware around all that is no page of ours: who looks at it in a browser gets a problem
/// as a page.
///
/// # Errors
/// What the handler answers.
pub async fn for_people(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_person = accept::prefers_html(request.headers());
    let response = next.call(request).await?;
    if !is_person || response.response().error().and_then(problem).is_none() {
        return Ok(response);
    }
    let mut response = in_words(response).await;
    add_headers(&mut response);
    Ok(response)
}

async fn in_words(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let told = match response.response().error().and_then(problem) {
        Some(problem) => tell(response.request(), problem).await,
        None => None,
    };
    match told {
        Some(told) => response.into_response(told),
        None => response,
    }
}

fn add_headers(response: &mut ServiceResponse<BoxBody>) {
    for (name, value) in HEADERS {
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The problem behind an error; none behind a way to the sign-in.
fn problem(error: &Error) -> Option<&Problem> {
    error.as_error().or_else(|| error.as_error::<Away>()?.problem())
}

/// A problem as a page in the visitor's language; `None` where there is nothing to make it of.
async fn tell(request: &HttpRequest, problem: &Problem) -> Option<HttpResponse> {
    let pages = shared::<Pages>(request).ok()?;
    let shell = match Visit::extract(request).await {
        Ok(visit) => visit.shell(),
        // the database may be what went wrong
        Err(_) => Shell {
            language: Language::default(),
            program_name: "Vildar".to_owned(),
            zone: Zone::utc(),
            demo: false,
            home: None,
            signed_in: None,
            notice: None,
        },
    };
    let request_id = problem.json()["request_id"].as_str().unwrap_or_default().to_owned();
    let page = ErrorPage {
        shell: Shell { notice: None, ..shell },
        status: i64::from(problem.status().as_u16()),
        code: problem.code().to_owned(),
        detail: problem.detail().to_owned(),
        shortfall: problem.json()["shortfall"].as_i64().unwrap_or_default(),
        request_id: Some(request_id).filter(|id| !id.is_empty()),
    };
    let html = pages.render_error(&page).ok()?;
    let mut answer = HttpResponse::build(problem.status());
    if request.path().starts_with("/s/") {
        // a survey's link that was cut short is somebody's all the same
        answer.insert_header((header::REFERRER_POLICY, "no-referrer"));
        answer.insert_header(("x-robots-tag", "noindex"));
    }
    for name in [header::RETRY_AFTER, header::ALLOW, header::WWW_AUTHENTICATE] {
        if let Some(value) = problem.error_response().headers().get(&name) {
            answer.insert_header((name, value));
        }
    }
    Some(answer.content_type("text/html; charset=utf-8").body(html))
}
