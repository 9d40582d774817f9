//! A few words in one column.

use std::{borrow::Cow, fmt, ops::Deref, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, RefOr, Schema},
};

use super::columns::parsed;
use crate::{kernel::wire::PLAIN, text_column};

/// A few words in one column, with spaces between them; a list on the wire, each once.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Words<T: fmt::Debug, const MOST: usize>(Vec<T>);

impl<T: fmt::Debug + PartialEq, const MOST: usize> From<Vec<T>> for Words<T, MOST> {
    fn from(words: Vec<T>) -> Self {
        let mut once: Vec<T> = Vec::with_capacity(words.len());
        for word in words {
            if !once.contains(&word) {
                once.push(word);
            }
        }
        Self(once)
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

text_column! { [T: Send + Sync + 'static + fmt::Debug + fmt::Display + FromStr<Err: fmt::Display>, const MOST: usize] Words<T, MOST>, |text: String| parsed(&text) }

impl<T: fmt::Debug + Serialize, const MOST: usize> Serialize for Words<T, MOST> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de, T: fmt::Debug + PartialEq + Deserialize<'de>, const MOST: usize> Deserialize<'de>
    for Words<T, MOST>
{
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let words = Self::from(Vec::<T>::deserialize(from)?);
        if words.len() > MOST {
            return Err(de::Error::custom(format!("must be at most {MOST}")));
        }
        Ok(words)
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

#[cfg(test)]
mod tests {
    use super::*;

    type Few = Words<String, 2>;

    #[test]
    fn a_word_stands_once_however_the_list_came() {
        let twice = || ["a", "b", "a"].map(str::to_owned).to_vec();
        assert_eq!(Few::from(twice()).to_string(), "a b");
        let read: Few = serde_json::from_value(twice().into()).expect("two of them");
        assert_eq!(read, Few::from(twice()));
        assert_eq!("a b".parse(), Ok(read));
        assert!(serde_json::from_str::<Few>(r#"["a", "b", "c"]"#).is_err(), "three of them");
    }
}
