//! A path that is not the API's, and its methods; any other is refused, and told which there are.

use actix_web::{FromRequest, Handler, Resource, Responder, Route, http::Method, web};

use super::{Answer, Problem};
use crate::kernel::error::Refusal;

/// What a path answers to one method.
pub struct Way {
    method: Method,
    route: Route,
}

/// GET by this handler.
pub fn get<F, Args>(handler: F) -> Way
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Way { method: Method::GET, route: web::get().to(handler) }
}

/// POST by this handler.
pub fn post<F, Args>(handler: F) -> Way
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Way { method: Method::POST, route: web::post().to(handler) }
}

/// PUT by this handler.
pub fn put<F, Args>(handler: F) -> Way
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Way { method: Method::PUT, route: web::put().to(handler) }
}

/// The path with these ways, and no others.
#[must_use]
pub fn resource<const N: usize>(path: &str, ways: [Way; N]) -> Resource {
    let allow = allow(ways.iter().map(|way| way.method.as_str()));
    let refuse = move || {
        let refusal = Refusal::MethodNotAllowed { allow: allow.clone() };
        async move { Answer::Err(Problem::from(refusal)) }
    };
    ways.into_iter()
        .fold(web::resource(path), |resource, way| resource.route(way.route))
        .default_service(web::to(refuse))
}

/// The methods of a path, for `Allow`: who has GET has HEAD.
pub fn allow<'a>(methods: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = methods.into_iter().collect();
    if let Some(get) = all.iter().position(|method| *method == "GET") {
        all.insert(get + 1, "HEAD");
    }
    all.join(", ")
}
