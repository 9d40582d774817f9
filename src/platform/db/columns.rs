//! The kernel's texts and numbers as columns.

use std::{fmt, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Text},
};

use super::connection::MultiBackend;
use crate::kernel::{
    money::Currency,
    text::{Line, Prose, Remark},
    texts::Texts,
    whole::Whole,
};

/// Makes a type a column of texts: written by its `Display`, read back by `$read`, which need not
/// judge again what was judged before it was written.
#[macro_export]
macro_rules! text_column {
    ([$($generics:tt)*] $type:ty, $read:expr) => {
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
                $read(text)
            }
        }
    };
}

/// Gives the kernel's types their expressions here, so that the kernel knows no database.
macro_rules! foreign {
    ($name:ident [$($generics:tt)*] $type:ty, $sql_type:ty) => {
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive)]
        #[diesel(sql_type = $sql_type)]
        #[expect(dead_code, reason = "diesel's foreign_derive reads it")]
        struct $name<$($generics)*>($type);
    };
}

foreign! { ForeignLine [const MAX: usize] Line<MAX>, Text }
text_column! { [const MAX: usize] Line<MAX>, |text| Ok(Line::stored(text)) }

foreign! { ForeignProse [const MAX: usize] Prose<MAX>, Text }
text_column! { [const MAX: usize] Prose<MAX>, |text| Ok(Prose::stored(text)) }

foreign! { ForeignRemark [const MAX: usize] Remark<MAX>, Text }
text_column! { [const MAX: usize] Remark<MAX>, |text| Ok(Remark::stored(text)) }

foreign! { ForeignTexts [T] Texts<T>, Text }
text_column! { [T: std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static] Texts<T>, |text: String| Texts::stored(&text).map_err(|why| format!("{text:?}: {why}").into()) }

foreign! { ForeignCurrency [] Currency, Text }
text_column! { [] Currency, |text: String| parsed(&text) }

/// Reads a text that has to be taken apart again.
pub fn parsed<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, BadColumn> {
    text.parse().map_err(|why| format!("{text:?}: {why}").into())
}

/// Why a column can't be read.
pub type BadColumn = Box<dyn std::error::Error + Send + Sync>;

foreign! { ForeignWhole [const MIN: i64, const MAX: i64] Whole<MIN, MAX>, BigInt }

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
