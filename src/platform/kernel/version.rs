//! Versions of things that can be changed: what a caller saw last, and whether it still stands.

use super::error::Refusal;

/// The versions that a caller takes for the present one, as `If-Match` says (RFC 9110, 13.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// `*`: whatever it is.
    Any,
    These(Vec<i64>),
}

impl Versions {
    /// Reads the values of `If-Match`. What is no tag of ours stands for no version, and so does a
    /// weak one.
    pub fn read<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut these = Vec::new();
        for value in values {
            if value.trim() == "*" {
                return Self::Any;
            }
            let mut before = "";
            for (place, part) in value.split('"').enumerate() {
                if place % 2 == 0 {
                    before = part.trim_matches([',', ' ', '\t']);
                } else if before.is_empty() {
                    these.extend(part.parse::<i64>().ok());
                }
            }
        }
        Self::These(these)
    }

    /// Looks whether the present version is one of these.
    ///
    /// # Errors
    /// [`Refusal::PreconditionFailed`] where it is not.
    pub fn check(&self, present: i64) -> Result<(), Refusal> {
        match self {
            Self::These(these) if !these.contains(&present) => Err(Refusal::PreconditionFailed),
            Self::Any | Self::These(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_tags_match_and_others_do_not() {
        let takes = |value: &str| Versions::read([value]).check(7).is_ok();
        for value in ["\"7\"", " \"7\" ", "\"x\", \"7\"", "\"7\",\"8\"", "*", "W/\"7\", \"7\""] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "7", "\"8\"", "W/\"7\"", "\"x\", W/\"7\"", "\"x,7\"", "x\"7\"", "\"\""] {
            assert!(!takes(value), "{value}");
        }
        assert!(Versions::read(["\"1\"", "\"7\""]).check(7).is_ok(), "two headers");
    }
}
