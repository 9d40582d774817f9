//! Column types that are native on both sides: `uuid`, `timestamptz` and `jsonb` on PostgreSQL;
//! BLOB, INTEGER microseconds and JSON text on SQLite.

use std::{borrow::Cow, fmt, io::Write, ops::Deref, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Binary, HasSqlType, SqlOrd, SqlType, Text},
    sqlite::Sqlite,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, RefOr, Schema},
};
use uuid::Uuid;

use super::connection::MultiBackend;
use crate::kernel::{
    clock::Timestamp,
    id::{Id, Kind},
    money::Currency,
    text::{Line, Prose, Remark},
    whole::Whole,
    wire::PLAIN,
};

/// `uuid`, or a BLOB of 16 bytes.
#[derive(SqlType, QueryId, Clone, Copy)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct UuidSql;

/// `timestamptz`, or an INTEGER of microseconds since 1970.
#[derive(SqlType, QueryId, Clone, Copy)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct InstantSql;

/// `jsonb`, or JSON in a TEXT.
#[derive(SqlType, QueryId, Clone, Copy)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct JsonSql;

impl SqlOrd for UuidSql {}
impl SqlOrd for InstantSql {}

macro_rules! on_either_backend {
    ($($sql_type:ident),*) => {$(
        impl HasSqlType<$sql_type> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql_type>(lookup)
            }
        }
    )*};
}
on_either_backend!(UuidSql, InstantSql, JsonSql);

/// An id without its kind: what [`super::bulk`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = UuidSql)]
pub struct RawId(pub Uuid);

impl<K: Kind> From<Id<K>> for RawId {
    fn from(id: Id<K>) -> Self {
        Self(id.uuid())
    }
}

impl ToSql<UuidSql, Pg> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<UuidSql, Sqlite> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&self.0.as_bytes()[..]);
        Ok(IsNull::No)
    }
}

impl ToSql<UuidSql, MultiBackend> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((UuidSql, self));
        Ok(IsNull::No)
    }
}

impl FromSql<UuidSql, Pg> for RawId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.as_bytes())?))
    }
}

impl FromSql<UuidSql, Sqlite> for RawId {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

impl FromSql<UuidSql, MultiBackend> for RawId {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, UuidSql>()
    }
}

/// Gives the kernel's [`Id`] its expressions here, so that the kernel knows no database.
#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = UuidSql)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignId<K: Kind>(Id<K>);

impl<K: Kind> ToSql<UuidSql, Pg> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl<K: Kind> ToSql<UuidSql, Sqlite> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<K: Kind> ToSql<UuidSql, MultiBackend> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((UuidSql, self));
        Ok(IsNull::No)
    }
}

impl<K: Kind, DB: Backend> FromSql<UuidSql, DB> for Id<K>
where
    RawId: FromSql<UuidSql, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        RawId::from_sql(value).map(|raw| Self::from_uuid(raw.0))
    }
}

/// The same for [`Timestamp`].
#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = InstantSql)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignTimestamp(Timestamp);

// PostgreSQL counts from 2000-01-01, SQLite's column from 1970-01-01.
pub(super) const PG_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<InstantSql, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.as_microsecond() - PG_EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<InstantSql, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_microsecond());
        Ok(IsNull::No)
    }
}

impl ToSql<InstantSql, MultiBackend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((InstantSql, self));
        Ok(IsNull::No)
    }
}

fn instant(microseconds: Option<i64>) -> deserialize::Result<Timestamp> {
    microseconds
        .and_then(Timestamp::from_microsecond)
        .ok_or_else(|| "an instant out of range".into())
}

impl FromSql<InstantSql, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        instant(<i64 as FromSql<BigInt, Pg>>::from_sql(value)?.checked_add(PG_EPOCH))
    }
}

impl FromSql<InstantSql, Sqlite> for Timestamp {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        instant(Some(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}

impl FromSql<InstantSql, MultiBackend> for Timestamp {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, InstantSql>()
    }
}

/// A value kept as JSON.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonSql)]
pub struct Json(pub serde_json::Value);

impl Json {
    /// # Errors
    /// Where `value` has no JSON form.
    pub fn of(value: &impl Serialize) -> crate::kernel::error::Result<Self> {
        Ok(Self(serde_json::to_value(value)?))
    }

    /// # Errors
    /// Where the JSON is of another shape.
    pub fn read<T: DeserializeOwned>(self) -> crate::kernel::error::Result<T> {
        Ok(serde_json::from_value(self.0)?)
    }
}

impl ToSql<JsonSql, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?; // jsonb's version
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl ToSql<JsonSql, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl ToSql<JsonSql, MultiBackend> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((JsonSql, self));
        Ok(IsNull::No)
    }
}

impl FromSql<JsonSql, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let json = value.as_bytes().strip_prefix(&[1]).ok_or("jsonb of another version")?;
        Ok(Self(serde_json::from_slice(json)?))
    }
}

impl FromSql<JsonSql, Sqlite> for Json {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}

impl FromSql<JsonSql, MultiBackend> for Json {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, JsonSql>()
    }
}

/// Makes a type a column of texts: written by its `Display`, read by its `FromStr`.
#[macro_export]
macro_rules! text_column {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $type {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                std::io::Write::write_fmt(out, format_args!("{self}"))?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<$($generics)*> diesel::serialize::ToSql<diesel::sql_types::Text, diesel::sqlite::Sqlite> for $type {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
            ) -> diesel::serialize::Result {
                out.set_value(self.to_string());
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<$($generics)*>
            diesel::serialize::ToSql<diesel::sql_types::Text, $crate::db::connection::MultiBackend> for $type
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, $crate::db::connection::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((diesel::sql_types::Text, self));
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl<DB: diesel::backend::Backend, $($generics)*>
            diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $type
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let text = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?;
                text.parse().map_err(|why| format!("{text:?}: {why}").into())
            }
        }
    };
}

/// The kernel's texts as columns.
#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Text)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignLine<const MAX: usize>(Line<MAX>);
text_column! { [const MAX: usize] Line<MAX> }

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Text)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignProse<const MAX: usize>(Prose<MAX>);
text_column! { [const MAX: usize] Prose<MAX> }

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Text)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignRemark<const MAX: usize>(Remark<MAX>);
text_column! { [const MAX: usize] Remark<MAX> }

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Text)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignCurrency(Currency);
text_column! { [] Currency }

/// A whole number as a column. What stands there was within its bounds when it was written.
#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = BigInt)]
#[expect(dead_code, reason = "diesel's foreign_derive reads it")]
struct ForeignWhole<const MIN: i64, const MAX: i64>(Whole<MIN, MAX>);

impl<const MIN: i64, const MAX: i64> ToSql<BigInt, MultiBackend> for Whole<MIN, MAX> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((BigInt, self.as_ref()));
        Ok(IsNull::No)
    }
}

impl<const MIN: i64, const MAX: i64, DB: Backend> FromSql<BigInt, DB> for Whole<MIN, MAX>
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let number = <i64 as FromSql<BigInt, DB>>::from_sql(value)?;
        Self::new(number).ok_or_else(|| format!("{number} is not from {MIN} to {MAX}").into())
    }
}

/// A few words in one column, with spaces between them; a list on the wire, each once.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Words<T: fmt::Debug, const MOST: usize>(Vec<T>);

impl<T: fmt::Debug, const MOST: usize> From<Vec<T>> for Words<T, MOST> {
    fn from(words: Vec<T>) -> Self {
        Self(words)
    }
}

impl<T: fmt::Debug, const MOST: usize> Default for Words<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: fmt::Debug, const MOST: usize> Deref for Words<T, MOST> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: fmt::Debug + fmt::Display, const MOST: usize> fmt::Display for Words<T, MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.0.iter().enumerate() {
            write!(f, "{}{word}", if place == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl<T: fmt::Debug + FromStr, const MOST: usize> FromStr for Words<T, MOST> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

text_column! { [T: Send + Sync + 'static + fmt::Debug + fmt::Display + FromStr<Err: fmt::Display>, const MOST: usize] Words<T, MOST> }

impl<T: fmt::Debug + Serialize, const MOST: usize> Serialize for Words<T, MOST> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de, T: fmt::Debug + PartialEq + Deserialize<'de>, const MOST: usize> Deserialize<'de>
    for Words<T, MOST>
{
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut words: Vec<T> = Vec::new();
        for word in Vec::<T>::deserialize(from)? {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.len() > MOST {
            return Err(de::Error::custom(format!("must be at most {MOST}")));
        }
        Ok(Self(words))
    }
}

impl<T: fmt::Debug + PartialSchema, const MOST: usize> PartialSchema for Words<T, MOST> {
    fn schema() -> RefOr<Schema> {
        let list = ArrayBuilder::new().items(T::schema()).max_items(Some(MOST));
        list.unique_items(true).into()
    }
}

impl<T: fmt::Debug + ToSchema, const MOST: usize> ToSchema for Words<T, MOST> {
    fn name() -> Cow<'static, str> {
        format!("{PLAIN}Words{MOST}").into()
    }
}
