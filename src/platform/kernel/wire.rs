//! Values that are a plain string or number on the wire, and how OpenAPI tells of them.

use utoipa::openapi::{
    ObjectBuilder,
    schema::{KnownFormat, SchemaFormat, SchemaType, Type},
};

/// What the names of such schemas begin with: the document has them wherever they are used, and
/// not as components.
pub const PLAIN: &str = "plain.";

/// A string.
#[must_use]
pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String))
}

/// A string of so many characters.
#[must_use]
pub fn text_of(shortest: usize, longest: usize) -> ObjectBuilder {
    text().min_length(Some(shortest)).max_length(Some(longest))
}

/// A string of this form, for instance `example`.
#[must_use]
pub fn pattern(pattern: &str, example: &str) -> ObjectBuilder {
    text().pattern(Some(pattern)).examples([example])
}

/// A whole number from `least` to `most`.
#[must_use]
pub fn whole(least: i64, most: i64) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Integer))
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(least))
        .maximum(Some(most))
}

/// A number that may have decimals.
#[must_use]
pub fn decimal() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Number))
}

/// Tells OpenAPI of a type that is a plain value: `plain_schema! { [generics] Type, name, schema }`.
#[macro_export]
macro_rules! plain_schema {
    ([$($generics:tt)*] $type:ty, $name:expr, $schema:expr) => {
        impl<$($generics)*> utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $schema.into()
            }
        }

        impl<$($generics)*> utoipa::ToSchema for $type {
            fn name() -> std::borrow::Cow<'static, str> {
                format!("{}{}", $crate::kernel::wire::PLAIN, $name).into()
            }
        }
    };
}

/// A type that is a string on the wire: read by its `FromStr`, written by its `Display`.
#[macro_export]
macro_rules! wire_text {
    ([$($generics:tt)*] $type:ty, $name:expr, $schema:expr) => {
        impl<$($generics)*> serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de, $($generics)*> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }

        $crate::plain_schema! { [$($generics)*] $type, $name, $schema }
    };
}
