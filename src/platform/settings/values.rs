//! Values of settings that have rules of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::{ToSchema, openapi::OneOfBuilder};

use crate::{
    kernel::{text::Email, whole::Whole, wire},
    plain_schema, wire_text,
};

/// Where mail comes back to: an address with room for a letter's id before the @.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnPath(pub Email);

/// `+let_` and 26 characters, of the 64 that stand before an @ (RFC 5321, 4.5.3.1).
const LONGEST_LOCAL: usize = 64 - 31;

impl FromStr for ReturnPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let email: Email = text.parse().map_err(|error| format!("{error}"))?;
        match email.key().rsplit_once('@') {
            Some((local, _)) if local.len() > LONGEST_LOCAL => Err(format!(
                "must have at most {LONGEST_LOCAL} characters before the @: each letter's id is \
                 added there"
            )),
            _ => Ok(Self(email)),
        }
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

wire_text! { [] ReturnPath, "ReturnPath", wire::text().examples(["bounces@shop.example"]) }

/// Months until points expire, or `"none"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpiryMonths(pub Option<u16>);

impl Serialize for ExpiryMonths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(months) => serializer.serialize_u16(months),
            None => serializer.serialize_str("none"),
        }
    }
}

impl<'de> Deserialize<'de> for ExpiryMonths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.as_str() == Some("none") {
            return Ok(Self(None));
        }
        value
            .as_u64()
            .and_then(|months| u16::try_from(months).ok())
            .filter(|months| (1..=1200).contains(months))
            .map(|months| Self(Some(months)))
            .ok_or_else(|| de::Error::custom("must be a whole number from 1 to 1200, or \"none\""))
    }
}

plain_schema! { [] ExpiryMonths, "ExpiryMonths", OneOfBuilder::new()
.item(wire::whole(1, 1200))
.item(wire::text().enum_values(Some(["none"])))
.examples([24]) }

/// Points that the referrer gets on top when it has so many friends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub friends: i64,
    pub points: i64,
}

/// Steps, by the number of friends: `3:300 10:1000`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Steps(pub Vec<Step>);

/// The most steps, the most friends that one asks for, and the most points that it brings.
const MOST_STEPS: usize = 20;
const MOST_FRIENDS: i64 = 1_000_000;
const MOST_STEP_POINTS: i64 = 1_000_000_000;

impl FromStr for Steps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || {
            "must be steps such as `3:300 10:1000`: numbers of friends, each larger than the one \
             before, and points"
                .to_owned()
        };
        let mut steps: Vec<Step> = Vec::new();
        for word in text.split_whitespace() {
            let (friends, points) = word.split_once(':').ok_or_else(bad)?;
            let number = |text: &str, most| {
                let number = text.parse::<i64>().ok()?;
                (1..=most).contains(&number).then_some(number)
            };
            let friends = number(friends, MOST_FRIENDS).ok_or_else(bad)?;
            let points = number(points, MOST_STEP_POINTS).ok_or_else(bad)?;
            if steps.last().is_some_and(|last| last.friends >= friends) {
                return Err(bad());
            }
            steps.push(Step { friends, points });
        }
        if steps.len() > MOST_STEPS {
            return Err(format!("must be at most {MOST_STEPS} steps"));
        }
        Ok(Self(steps))
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> =
            self.0.iter().map(|step| format!("{}:{}", step.friends, step.points)).collect();
        f.write_str(&words.join(" "))
    }
}

wire_text! { [] Steps, "ReferralSteps", wire::text().examples(["3:300 10:1000"]) }

/// Hosts of mailboxes, such as `mailinator.com trash.example`, in their ASCII form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hosts(Vec<String>);

/// How many hosts a setting may name.
const MOST_HOSTS: usize = 1000;

impl Hosts {
    /// Whether this host is one of them, or lies below one.
    #[must_use]
    pub fn have(&self, host: &str) -> bool {
        self.0.iter().any(|one| is_within(host, one))
    }
}

/// Whether a host is this one, or lies below it.
#[must_use]
pub fn is_within(host: &str, above: &str) -> bool {
    host.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl FromStr for Hosts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let host = |word: &str| {
            let email: Email = format!("a@{word}")
                .parse()
                .map_err(|_| format!("must be hosts such as trash.example, and {word} is none"))?;
            Ok(email.key().trim_start_matches("a@").to_owned())
        };
        let hosts = text.split_whitespace().map(host).collect::<Result<Vec<String>, String>>()?;
        if hosts.len() > MOST_HOSTS {
            return Err(format!("must be at most {MOST_HOSTS} hosts"));
        }
        Ok(Self(hosts))
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

wire_text! { [] Hosts, "Hosts", wire::text().examples(["trash.example"]) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_in_order() {
        let steps: Steps = " 3:300  10:1000 ".parse().expect("steps");
        assert_eq!(steps.to_string(), "3:300 10:1000");
        assert_eq!("".parse::<Steps>(), Ok(Steps::default()));
        for bad in ["3", "3:", "0:5", "3:0", "3:-1", "10:1 3:1", "3:1 3:2", "a:b", "3:1,10:2"] {
            assert!(bad.parse::<Steps>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_covers_what_lies_below_it() {
        let hosts: Hosts = "Trash.example bók.is".parse().expect("hosts");
        assert!(hosts.have("trash.example") && hosts.have("a.trash.example"));
        assert!(hosts.have("xn--bk-lka.is") || hosts.to_string().contains("xn--"));
        assert!(!hosts.have("nottrash.example") && !hosts.have("example"));
        assert!("no_host".parse::<Hosts>().is_err());
    }
}

/// So many days pass between two asks of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AskQuietDays {
    pub survey: Days,
    pub review: Days,
    pub testimonial: Days,
    pub case_study: Days,
    pub photo: Days,
    pub referral: Days,
    pub gathering: Days,
    pub mailing: Days,
}

type Days = Whole<0, 3650>;

impl Default for AskQuietDays {
    fn default() -> Self {
        Self {
            survey: Days::fixed(90),
            review: Days::fixed(30),
            testimonial: Days::fixed(180),
            case_study: Days::fixed(365),
            photo: Days::fixed(180),
            referral: Days::fixed(90),
            gathering: Days::fixed(30),
            mailing: Days::fixed(7),
        }
    }
}

impl AskQuietDays {
    /// In the order of the kinds of asks.
    #[must_use]
    pub const fn in_order(&self) -> [i64; 8] {
        [
            self.survey.get(),
            self.review.get(),
            self.testimonial.get(),
            self.case_study.get(),
            self.photo.get(),
            self.referral.get(),
            self.gathering.get(),
            self.mailing.get(),
        ]
    }
}
