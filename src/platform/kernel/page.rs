//! Pages of lists, newest first, and the cursors between them.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::Refusal;

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    pub limit: i64,
    after: Option<String>,
}

fn bad_cursor() -> Refusal {
    Refusal::field("?cursor", "must be a next_cursor that this list gave")
}

impl Page {
    /// `limit` items after those that ended with `cursor`.
    ///
    /// # Errors
    /// A cursor that we did not give.
    pub fn new(limit: i64, cursor: Option<&str>) -> Result<Self, Refusal> {
        let after = cursor
            .map(|text| {
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad_cursor())?;
                String::from_utf8(bytes).map_err(|_| bad_cursor())
            })
            .transpose()?;
        Ok(Self { limit, after })
    }

    /// The first items of a list.
    #[must_use]
    pub const fn first(limit: i64) -> Self {
        Self { limit, after: None }
    }

    /// The key that the last page ended with.
    ///
    /// # Errors
    /// A cursor of another list.
    pub fn after<T: FromStr>(&self) -> Result<Option<T>, Refusal> {
        self.after.as_deref().map(|key| key.parse().map_err(|_| bad_cursor())).transpose()
    }

    /// One more row than asked for tells whether there is a next page.
    #[must_use]
    pub const fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Cuts the rows that [`Page::rows`] fetched into a page.
    pub fn cut<R, T>(
        &self,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> String,
        show: impl FnMut(R) -> T,
    ) -> Listing<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| URL_SAFE_NO_PAD.encode(key(row)));
        Listing { data: rows.into_iter().map(show).collect(), next_cursor }
    }
}

/// A page of a list, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    pub data: Vec<T>,
    /// Send it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> Listing<T> {
    /// The same page of what `show` makes of each.
    #[must_use]
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Listing<U> {
        let Self { data, next_cursor } = self;
        Listing { data: data.into_iter().map(show).collect(), next_cursor }
    }
}
