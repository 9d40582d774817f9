//! What the API takes, by its OpenAPI document: which methods a path has, and which parameters
//! stand in a query. What is not documented is not taken, so that no handler can forget to refuse.

use std::collections::{BTreeSet, HashMap};

use actix_web::{
    HttpMessage, HttpRequest,
    dev::{HttpServiceFactory, ResourceDef},
    web,
};
use serde_json::Value;
use utoipa_actix_web::{OpenApiFactory, service_config::ServiceConfig};

use super::{Problem, query::Query};
use crate::{
    auth::{Caller, access::Access},
    kernel::error::{Error, Refusal, Result},
};

/// An operation, and who may call it.
pub struct Declared {
    pub path: String,
    /// In upper case.
    pub method: String,
    pub access: Access,
}

/// Takes operations: none without saying who may call it.
pub struct Registry<'a, 'b> {
    services: &'a mut ServiceConfig<'b>,
    pub declared: Vec<Declared>,
}

impl<'a, 'b> Registry<'a, 'b> {
    #[must_use]
    pub const fn new(services: &'a mut ServiceConfig<'b>) -> Self {
        Self { services, declared: Vec::new() }
    }

    pub fn add<F>(&mut self, operation: F, access: Access) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        let paths = serde_json::to_value(operation.paths()).unwrap_or_default();
        for (path, methods) in paths.as_object().into_iter().flatten() {
            for method in methods.as_object().into_iter().flatten().map(|(method, _)| method) {
                let (path, method) = (path.clone(), method.to_uppercase());
                self.declared.push(Declared { path, method, access });
            }
        }
        self.services.service(operation);
        self
    }
}

/// The pattern of a request's path: finding it means trying one after the other.
struct Pattern(Option<String>);

/// The pattern of a request's path, found once a request.
#[must_use]
pub fn pattern(request: &HttpRequest) -> Option<String> {
    if let Some(Pattern(pattern)) = request.extensions().get::<Pattern>() {
        return pattern.clone();
    }
    let pattern = request.match_pattern();
    request.extensions_mut().insert(Pattern(pattern.clone()));
    pattern
}

/// All operations of the API, by path.
#[derive(Clone)]
pub struct Operations {
    paths: Vec<Path>,
    places: HashMap<String, usize>,
}

#[derive(Clone)]
struct Path {
    pattern: ResourceDef,
    operations: Vec<Operation>,
}

impl Path {
    fn allow(&self) -> String {
        let methods: BTreeSet<&str> = self.operations.iter().map(|one| &*one.method).collect();
        super::resource::allow(methods)
    }
}

#[derive(Clone)]
struct Operation {
    method: String,
    parameters: Vec<String>,
    access: Option<Access>,
}

impl Operations {
    /// Reads them from the OpenAPI document, and from what was declared of them.
    #[must_use]
    pub fn of(document: &Value, declared: &[Declared]) -> Self {
        let known = document["paths"].as_object().into_iter().flatten();
        let path = |(path, operations): (&String, &Value)| Path {
            pattern: ResourceDef::new(path.as_str()),
            operations: operations
                .as_object()
                .into_iter()
                .flatten()
                .map(|(method, told)| operation(&method.to_uppercase(), told, path, declared))
                .collect(),
        };
        let paths = known.clone().map(path).collect();
        let places = known.enumerate().map(|(place, (path, _))| (path.clone(), place)).collect();
        Self { paths, places }
    }

    /// Every operation: its method, its path, and who may call it.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Option<Access>)> {
        self.paths.iter().flat_map(|path| {
            let pattern = path.pattern.pattern().unwrap_or_default();
            path.operations.iter().map(move |op| (&*op.method, pattern, op.access))
        })
    }

    /// Lets nobody in but those who may call the operation (one that is not declared is nobody's),
    /// and refuses parameters of the query that it does not have.
    ///
    /// # Errors
    /// As [`Access::check`] and [`Query::parse`].
    pub fn admit(&self, request: &HttpRequest, caller: &Caller) -> Result<()> {
        let nobodys = || Error::internal("nobody may call this operation");
        let operation = self.called(request).ok_or_else(nobodys)?;
        let named = request.match_info().get("id").and_then(|id| id.parse().ok());
        operation.access.ok_or_else(nobodys)?.check(caller, named)?;
        let query = request.query_string();
        // a link to a member's own page is passed on, and others hang things on it
        if !query.is_empty() && request.path().starts_with("/v1/") {
            let known: Vec<&str> = operation.parameters.iter().map(String::as_str).collect();
            Query::parse(query, &known)?;
        }
        Ok(())
    }

    /// The operation that a request calls.
    fn called(&self, request: &HttpRequest) -> Option<&Operation> {
        let method = request.method().as_str();
        let place = pattern(request).and_then(|pattern| self.places.get(&pattern).copied());
        let called = |path: &'_ Path| path.operations.iter().position(|op| op.method == method);
        let path = place.map(|place| &self.paths[place]).filter(|path| called(path).is_some());
        // a word in the place of an id: the pattern is another path's, which lacks the method
        let path = path.or_else(|| self.at(request).find(|path| called(path).is_some()))?;
        path.operations.get(called(path)?)
    }

    /// Refuses methods that a path which is a word, such as `/v1/members/me`, does not have: they
    /// are meant for an id in its place.
    ///
    /// # Errors
    /// [`Refusal::MethodNotAllowed`].
    pub fn know_method(&self, request: &HttpRequest) -> Result<(), Refusal> {
        let Some(word) = self.word(request) else { return Ok(()) };
        let has = |operation: &Operation| operation.method == request.method().as_str();
        if word.operations.iter().any(has) {
            return Ok(());
        }
        Err(Refusal::MethodNotAllowed { allow: word.allow() })
    }

    /// The methods that a path has, as `Allow` tells them; `None` for an unknown path.
    fn allow(&self, request: &HttpRequest) -> Option<String> {
        self.word(request).or_else(|| self.at(request).next()).map(Path::allow)
    }

    /// The path that is called just so, and has no id in it.
    fn word(&self, request: &HttpRequest) -> Option<&Path> {
        self.places.get(request.match_info().as_str()).map(|place| &self.paths[*place])
    }

    /// The paths that are meant; more than one, where one of them is a word and the other an id.
    fn at<'a>(&'a self, request: &HttpRequest) -> impl Iterator<Item = &'a Path> {
        let path = request.match_info().as_str().to_owned();
        self.paths.iter().filter(move |known| known.pattern.is_match(&path))
    }
}

fn operation(method: &str, told: &Value, path: &str, declared: &[Declared]) -> Operation {
    let parameters = told["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter(|parameter| parameter["in"] == "query");
    let name = |parameter: &Value| Some(parameter["name"].as_str()?.to_owned());
    let declared = declared.iter().find(|known| known.method == method && known.path == path);
    Operation {
        method: method.to_owned(),
        parameters: parameters.filter_map(name).collect(),
        access: declared.map(|declared| declared.access),
    }
}

/// For a request that no route takes: there is no such path, or it has other methods.
///
/// # Errors
/// Always.
#[expect(clippy::unused_async, reason = "a handler")]
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
