//! What the API takes, by its OpenAPI document: which methods a path has, and which parameters
//! stand in a query. What is not documented is not taken, so that no handler can forget to refuse.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, dev::ResourceDef, web};
use serde_json::Value;

use super::{Problem, query::Query};
use crate::kernel::error::Refusal;

/// All operations of the API, by path.
#[derive(Clone)]
pub struct Operations(Vec<Path>);

#[derive(Clone)]
struct Path {
    pattern: ResourceDef,
    operations: Vec<Operation>,
}

#[derive(Clone)]
struct Operation {
    method: String,
    parameters: Vec<String>,
}

impl Operations {
    /// Reads them from the OpenAPI document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let path = |(pattern, operations): (&String, &Value)| Path {
            pattern: ResourceDef::new(pattern.as_str()),
            operations: operations.as_object().into_iter().flatten().map(operation).collect(),
        };
        Self(paths.map(path).collect())
    }

    /// Refuses parameters of the query that the operation does not have.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub fn check_query(&self, request: &HttpRequest) -> Result<(), Refusal> {
        let query = request.query_string();
        // a link to a member's own page is passed on, and others hang things on it
        if query.is_empty() || !request.path().starts_with("/v1/") {
            return Ok(());
        }
        let operation = self.at(request).flat_map(|path| &path.operations);
        let mut operation =
            operation.filter(|operation| operation.method == request.method().as_str());
        let known: Vec<&str> = operation
            .next()
            .map(|operation| operation.parameters.iter().map(String::as_str).collect())
            .unwrap_or_default();
        Query::parse(query, &known).map(drop)
    }

    /// The methods that a path has, as `Allow` tells them; `None` for an unknown path.
    fn allow(&self, request: &HttpRequest) -> Option<String> {
        let operations = self.at(request).flat_map(|path| &path.operations);
        let methods: BTreeSet<&str> = operations.map(|operation| &*operation.method).collect();
        (!methods.is_empty()).then(|| super::resource::allow(methods))
    }

    /// The paths that are meant; more than one, where one of them is a word and the other an id.
    fn at<'a>(&'a self, request: &'a HttpRequest) -> impl Iterator<Item = &'a Path> {
        let path = request.match_info().as_str();
        self.0.iter().filter(move |known| known.pattern.is_match(path))
    }
}

fn operation((method, operation): (&String, &Value)) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter(|parameter| parameter["in"] == "query");
    let name = |parameter: &Value| Some(parameter["name"].as_str()?.to_owned());
    Operation { method: method.to_uppercase(), parameters: parameters.filter_map(name).collect() }
}

/// For a request that no route takes: there is no such path, or it has other methods.
///
/// # Errors
/// Always.
pub async fn no_route(
    request: HttpRequest,
    operations: web::Data<Operations>,
) -> Result<actix_web::HttpResponse, Problem> {
    Err(match operations.allow(&request) {
        Some(allow) => Refusal::MethodNotAllowed { allow },
        None => Refusal::not_found("path"),
    }
    .into())
}
