//! Query strings: `?limit=`, `?cursor=` and other parameters, read strictly.

use std::{collections::BTreeMap, str::FromStr};

use utoipa::IntoParams;

use crate::kernel::{error::Refusal, page::Page};

/// The parameters of a query string; ones that the call doesn't know are refused.
#[derive(Debug, Default)]
pub struct Query(BTreeMap<String, String>);

/// The parameters of every list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "OpenAPI reads it")]
pub struct Paging {
    /// 1 to 100, 20 unless given
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The last page's `next_cursor`
    #[param(min_length = 1)]
    cursor: Option<String>,
}

impl Query {
    /// # Errors
    /// A parameter that is not in `known`; as [`Query::read`].
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, Refusal> {
        let query = Self::read(text)?;
        let Some(name) = query.0.keys().find(|name| !known.contains(&name.as_str())) else {
            return Ok(query);
        };
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = format!("is not a parameter here (expected: {known})");
        Err(Refusal::field(format!("?{name}"), message))
    }

    /// # Errors
    /// A parameter that is given twice, or is no UTF-8.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|_| Refusal::field("?", "is not a query string in UTF-8"))?;
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs.into_inner() {
            if parameters.insert(name.clone(), value).is_some() {
                return Err(Refusal::field(format!("?{name}"), "is given twice"));
            }
        }
        Ok(Self(parameters))
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// # Errors
    /// A value that can't be read as `T`.
    pub fn get<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, Refusal> {
        self.text(name)
            .map(|value| {
                value.parse().map_err(|why| Refusal::field(format!("?{name}"), format!("{why}")))
            })
            .transpose()
    }

    /// # Errors
    /// Anything but `true` and `false`.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal::field(format!("?{name}"), "must be true or false")),
        }
    }

    /// # Errors
    /// A limit outside 1 … 100, or a cursor that we did not give.
    pub fn page(&self) -> Result<Page, Refusal> {
        let limit = match self.text("limit") {
            None => 20,
            Some(text) => {
                text.parse().ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| {
                    Refusal::field("?limit", "must be a whole number from 1 to 100")
                })?
            }
        };
        Page::new(limit, self.text("cursor"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_strictly() {
        let page = |text: &str| Query::parse(text, &["limit", "cursor"]).and_then(|q| q.page());
        assert_eq!(page("").map(|page| page.limit), Ok(20));
        for bad in [
            "limit=0",
            "limit=101",
            "limit=x",
            "limit=",
            "cursor=%FF",
            "cursor=!",
            "colour=1",
            "limit=1&limit=2",
        ] {
            assert!(page(bad).is_err(), "{bad}");
        }
    }
}
