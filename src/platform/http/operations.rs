//! What the API takes, as its OpenAPI document tells it: which methods a path has, and which parameters
//! stand in a query. What is not documented is not taken, so that no handler can forget to refuse.

use std::collections::{BTreeSet, HashMap};

use actix_web::{
    HttpMessage, HttpRequest,
    dev::{HttpServiceFactory, ResourceDef},
    web,
};
use utoipa::openapi::{
    RefOr,
    path::{Parameter, ParameterIn, Paths},
};
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
    pub method: &'static str,
    /// The parameters that its query takes.
    parameters: Vec<String>,
    pub access: Access,
}

/// Takes operations: none without saying who may call it.
pub enum Registry<'a, 'b> {
    /// To answer them: in each worker, which pays for no documents.
    Answering(&'a mut web::ServiceConfig),
    /// To know what they are.
    Listing(&'a mut Vec<Declared>),
    /// To tell of them.
    Documenting(&'a mut ServiceConfig<'b>),
}

impl Registry<'_, '_> {
    pub fn add<F>(&mut self, operation: F, access: Access) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match self {
            Self::Answering(services) => {
                services.service(operation);
            }
            Self::Listing(declared) => declare(declared, operation.paths(), access),
            Self::Documenting(services) => {
                services.service(operation);
            }
        }
        self
    }
}

fn declare(declared: &mut Vec<Declared>, paths: Paths, access: Access) {
    for (path, item) in paths.paths {
        let methods = [
            ("GET", item.get),
            ("PUT", item.put),
            ("POST", item.post),
            ("PATCH", item.patch),
            ("DELETE", item.delete),
            ("HEAD", item.head),
            ("OPTIONS", item.options),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            // none of ours stands elsewhere, to be referred to
            let named = |known| match known {
                RefOr::T(known @ Parameter { parameter_in: ParameterIn::Query, .. }) => {
                    Some(known.name)
                }
                _ => None,
            };
            let parameters = operation.parameters.unwrap_or_default();
            let parameters = parameters.into_iter().filter_map(named).collect();
            declared.push(Declared { path: path.clone(), method, parameters, access });
        }
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
        let methods: BTreeSet<&str> = self.operations.iter().map(|one| one.method).collect();
        super::resource::allow(methods)
    }
}

#[derive(Clone)]
struct Operation {
    method: &'static str,
    parameters: Vec<String>,
    access: Access,
}

impl Operations {
    /// Puts together what was declared of each path.
    #[must_use]
    pub fn of(mut declared: Vec<Declared>) -> Self {
        // a word before the id that could stand in its place
        declared.sort_by(|one, other| one.path.cmp(&other.path));
        let (mut paths, mut places) = (Vec::<Path>::new(), HashMap::new());
        for Declared { path, method, parameters, access } in declared {
            let place = *places.entry(path).or_insert_with_key(|path| {
                let pattern = ResourceDef::new(path.as_str());
                paths.push(Path { pattern, operations: Vec::new() });
                paths.len() - 1
            });
            paths[place].operations.push(Operation { method, parameters, access });
        }
        Self { paths, places }
    }

    /// Every operation: its method, its path, and who may call it.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Access)> {
        self.paths.iter().flat_map(|path| {
            let pattern = path.pattern.pattern().unwrap_or_default();
            path.operations.iter().map(move |op| (op.method, pattern, op.access))
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
        operation.access.check(caller, named)?;
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
