//! Changes to a resource: what a PATCH names, while the rest stays.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    error::{Error, Result},
    json,
};

/// Changes to a `T` (RFC 7396, one level deep): what is absent stays, null empties what can be
/// empty.
#[derive(Clone, Debug)]
pub struct Changes<T> {
    fields: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned + PartialSchema> Changes<T> {
    /// What `present` becomes. The whole is read as strictly as a new one.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn apply(&self, present: &T) -> Result<T> {
        let Value::Object(mut all) = serde_json::to_value(present)? else {
            return Err(Error::internal("changes to what is no object"));
        };
        all.extend(self.fields.clone());
        Ok(json::parse(Value::Object(all).to_string().as_bytes())?)
    }

    /// The names of the fields that it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }
}

impl<T> Changes<T> {
    /// The fields that it names, with what they become.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }
}

impl<T> From<Map<String, Value>> for Changes<T> {
    fn from(fields: Map<String, Value>) -> Self {
        Self { fields, of: PhantomData }
    }
}

impl<'de, T> Deserialize<'de> for Changes<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Map::deserialize(from).map(Self::from)
    }
}

/// The fields of a new one, none of them required.
impl<T: PartialSchema> PartialSchema for Changes<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Changes<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Changes", T::name().trim_start_matches("New")).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
