//! Values as rows have them, whatever they are: for who audits, and must not end where something
//! can't be read.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow, Queryable},
    pg::{Pg, PgValue},
    sql_types::{BigInt, Bool, SingleValue},
    sqlite::Sqlite,
};

use super::{
    connection::MultiBackend,
    types::{InstantSql, PG_EPOCH},
};
use crate::kernel::{clock::RawInstant, difference::Seen, error::Error};

/// Gives the kernel's [`RawInstant`] its expressions here.
#[derive(FromSqlRow)]
#[diesel(foreign_derive)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignRawInstant(RawInstant);

impl FromSql<InstantSql, Pg> for RawInstant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // PostgreSQL's infinities are the ends of 64 bits
        Ok(Self(<i64 as FromSql<BigInt, Pg>>::from_sql(value)?.saturating_add(PG_EPOCH)))
    }
}

impl FromSql<InstantSql, Sqlite> for RawInstant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}

impl FromSql<InstantSql, MultiBackend> for RawInstant {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, InstantSql>()
    }
}

/// A flag as a row has it: SQLite keeps any number in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromSqlRow)]
pub struct RawFlag(pub i64);

impl FromSql<Bool, Pg> for RawFlag {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(i64::from(<bool as FromSql<Bool, Pg>>::from_sql(value)?)))
    }
}

impl FromSql<Bool, Sqlite> for RawFlag {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}

impl FromSql<Bool, MultiBackend> for RawFlag {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Bool>()
    }
}

/// What can't be read as what it should be is told and not refused.
impl<T: FromSql<S, DB>, S, DB: Backend> FromSql<S, DB> for Seen<T> {
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(T::from_sql(value).map_or_else(|why| Self::Unknown(why.to_string()), Self::Known))
    }
}

impl<T, S: SingleValue, DB: Backend> Queryable<S, DB> for Seen<T>
where
    Self: FromSql<S, DB>,
{
    type Row = Self;

    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

/// Why a row could not be read, where that is what failed.
#[must_use]
pub fn unreadable(error: &Error) -> Option<String> {
    let Error::Internal(error) = error else { return None };
    match error.downcast_ref::<diesel::result::Error>()? {
        diesel::result::Error::DeserializationError(why) => Some(why.to_string()),
        _ => None,
    }
}
