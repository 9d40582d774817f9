//! Why an entry is what it is, as data and as a sentence in the reader's language.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Entry, LotUse, Rule};
use platform::kernel::{
    clock::Timestamp,
    format,
    locale::Language,
    money::{Currency, Money},
    phrases::Phrases,
    zone::Zone,
};

/// How many lots a sentence names.
const LOTS_NAMED: usize = 3;

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        include_str!("../../../templates/locales/ledger.en.ftl"),
        include_str!("../../../templates/locales/ledger.is.ftl"),
    )
});

/// Why an entry is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explanation {
    /// The rule that was applied, with its numbers; which one, its field `rule` says.
    #[schema(value_type = Rule, example = json!({"rule": "order", "order": "20418", "amount": 1999, "currency": "EUR", "earn_points": 1, "per_minor_units": 100}))]
    pub rule: serde_json::Value,
    /// Which lots it opened, used or gave back to, each by the entry that opened it.
    pub lots: Vec<LotUse>,
    /// The same as a sentence, in the member's language.
    #[schema(
        example = "1 point for each full €1.00 of order total €19.99: 19 points, available from 5 December 2026, expire after 21 November 2028."
    )]
    pub text: String,
}

/// Explains an entry in `language`, its dates as they are in `zone`.
#[must_use]
pub fn explain(entry: &Entry, language: Language, zone: &Zone) -> Explanation {
    let teller = Teller { entry, language, zone };
    let mut parts = vec![teller.sentence()];
    parts.extend(teller.lots());
    parts.extend(teller.debt_paid());
    parts.extend(teller.available());
    parts.extend(teller.expires());
    Explanation {
        rule: serde_json::to_value(&entry.rule).unwrap_or_default(),
        lots: entry.lots.clone(),
        text: format!("{}.", parts.join(", ")),
    }
}

/// The same in few words, for a line in a list beside the points.
#[must_use]
pub fn in_short(entry: &Entry, language: Language, zone: &Zone) -> String {
    Teller { entry, language, zone }.short()
}

/// A rule as a message: its key (for the short form, with `short-` before it) and its arguments.
struct Told<'a> {
    key: &'static str,
    args: Vec<(&'static str, FluentValue<'a>)>,
    /// What became of the points of a clawback: excused, owed, forgiven.
    parts: Option<[i64; 3]>,
}

impl<'a> Told<'a> {
    const fn new(key: &'static str, args: Vec<(&'static str, FluentValue<'a>)>) -> Self {
        Self { key, args, parts: None }
    }

    fn with(self, parts: [i64; 3]) -> Self {
        Self { parts: Some(parts), ..self }
    }
}

struct Teller<'a> {
    entry: &'a Entry,
    language: Language,
    zone: &'a Zone,
}

type Args<'a> = &'a [(&'a str, FluentValue<'a>)];

impl Teller<'_> {
    /// The whole first part of the sentence.
    fn sentence(&self) -> String {
        let Told { key, args, parts } = self.told();
        let sentence = self.say(key, &args);
        match parts {
            Some(parts) => self.with_parts(sentence, parts),
            None => sentence,
        }
    }

    /// The same in few words.
    fn short(&self) -> String {
        let Told { key, args, .. } = self.told();
        self.say(&format!("short-{key}"), &args)
    }

    /// What is said of the rule.
    fn told(&self) -> Told<'_> {
        let up = self.entry.points > 0;
        let told = Told::new;
        let entry = |seq: &i64| ("entry", seq.to_string().into());
        match &self.entry.rule {
            Rule::Order { order, amount, currency, earn_points, per_minor_units } => {
                let per = self.money(*per_minor_units, currency);
                let total = self.money(*amount, currency);
                let earn = (*earn_points).into();
                let args = vec![
                    ("order", order.clone().into()),
                    ("earn", earn),
                    ("per", per.into()),
                    ("total", total.into()),
                ];
                told("order", args)
            }
            Rule::Earn { .. } => told("earn", vec![]),
            Rule::Adjust { .. } => told(if up { "adjust-up" } else { "adjust-down" }, vec![]),
            Rule::Redemption { reward, quantity } => {
                told("redemption", vec![("what", self.pieces(reward, *quantity).into())])
            }
            Rule::RedemptionUndone { reward, quantity, expired } => {
                let key = if *expired { "undone-expired" } else { "undone-cancelled" };
                told(key, vec![("what", self.pieces(reward, *quantity).into())])
            }
            Rule::Refund { order, due, excused, forgiven, debt } => {
                told("refund", vec![("n", (*due).into()), ("order", order.clone().into())])
                    .with([*excused, *debt, *forgiven])
            }
            Rule::OrderCancelled { order, due, excused, forgiven, debt } => {
                let args = vec![("n", (*due).into()), ("order", order.clone().into())];
                told("order-cancelled", args).with([*excused, *debt, *forgiven])
            }
            Rule::SpentReversal { entry_seq, due, excused, forgiven, debt } => {
                // what has expired of it was not used, and is not taken back
                let args = vec![("n", (*due - *excused).into()), entry(entry_seq)];
                told("reversal-spent", args).with([0, *debt, *forgiven])
            }
            Rule::Capture { order, held } => {
                told("capture", vec![("order", order.clone().into()), ("held", (*held).into())])
            }
            Rule::Perk => match &self.entry.reason {
                Some(title) => told("perk", vec![("title", title.clone().into())]),
                // erasure took it away
                None => told("perk-untitled", vec![]),
            },
            Rule::PerkRevoked { entry_seq } => told("perk-revoked", vec![entry(entry_seq)]),
            Rule::Answer => told("answer", vec![]),
            Rule::FriendReferred => told("friend-referred", vec![]),
            Rule::WasReferred => told("was-referred", vec![]),
            Rule::FriendsReferred { friends } => {
                told("friends-referred", vec![("friends", (*friends).into())])
            }
            Rule::ReferralReversed { entry_seq, due, excused, forgiven, debt } => {
                told("referral-reversed", vec![("n", (*due).into()), entry(entry_seq)])
                    .with([*excused, *debt, *forgiven])
            }
            Rule::TransferOut { .. } => told("transfer-out", vec![]),
            Rule::TransferIn { .. } => told("transfer-in", vec![]),
            Rule::Expiry { lot_seq } => {
                let (key, date) = self.end("expiry", "expiry-at", self.entry.occurred_at);
                told(key, vec![entry(lot_seq), ("date", date.into())])
            }
            Rule::Forgiven { entry_seq } => told("forgiven", vec![entry(entry_seq)]),
            Rule::Reversal { entry_seq } => {
                told(if up { "reversal-back" } else { "reversal-gone" }, vec![entry(entry_seq)])
            }
        }
    }

    /// A clawback, with what became of its points.
    fn with_parts(&self, clawback: String, parts: [i64; 3]) -> String {
        let parts = ["refund-excused", "refund-debt", "refund-forgiven"].into_iter().zip(parts);
        let parts = parts.filter(|(_, points)| *points > 0);
        let parts: Vec<String> =
            parts.map(|(key, points)| self.say(key, &[("n", points.into())])).collect();
        if parts.is_empty() {
            return clawback;
        }
        let parts = parts.join(", ");
        self.say("refund-all", &[("refund", clawback.into()), ("parts", parts.into())])
    }

    /// The lots that points were taken from, or went back to: the first few by name.
    fn lots(&self) -> Option<String> {
        // a lot of its own is told by its dates; what ended or was undone, by its rule
        let own = match self.entry.rule {
            Rule::Expiry { .. } | Rule::PerkRevoked { .. } => true,
            Rule::Reversal { .. } => self.entry.points <= 0,
            // its sentence ends with what was not found in lots
            Rule::Refund { excused, forgiven, debt, .. }
            | Rule::OrderCancelled { excused, forgiven, debt, .. }
            | Rule::SpentReversal { excused, forgiven, debt, .. }
            | Rule::ReferralReversed { excused, forgiven, debt, .. } => {
                excused + forgiven + debt > 0
            }
            _ => self.entry.opens_lot(),
        };
        if own {
            return None;
        }
        let lots: Vec<&LotUse> = self.entry.lots.iter().filter(|lot| lot.points != 0).collect();
        let name = |lot: &&LotUse| {
            let entry = ("entry", lot.entry_seq.to_string().into());
            if lots.len() == 1 {
                return self.say("lot", &[entry]);
            }
            self.say("lot-part", &[entry, ("n", lot.points.abs().into())])
        };
        let mut names: Vec<String> = lots.iter().take(LOTS_NAMED).map(name).collect();
        let more = lots.len() - names.len();
        if more > 0 {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            names.push(self.say("lots-more", &[("n", more.into())]));
        }
        let last = names.pop()?;
        let all = if names.is_empty() {
            last
        } else {
            let args = [("first", names.join(", ").into()), ("last", last.into())];
            self.say("lots-and", &args)
        };
        let key = if self.entry.points > 0 { "lots-back" } else { "lots-taken" };
        Some(self.say(key, &[("lots", all.into())]))
    }

    /// How much of points that came paid what was owed.
    fn debt_paid(&self) -> Option<String> {
        let own = self.entry.lots.iter().find(|lot| lot.entry_seq == self.entry.seq)?;
        let paid = self.entry.points - own.points;
        let is_some = self.entry.opens_lot() && paid > 0;
        is_some.then(|| self.say("debt-paid", &[("n", paid.into())]))
    }

    /// From when its points can be used, where that is not at once.
    fn available(&self) -> Option<String> {
        let at = self.entry.available_at.filter(|at| *at > self.entry.occurred_at)?;
        let date = format::day(self.language, self.zone, at);
        Some(self.say("available", &[("date", date.into())]))
    }

    fn expires(&self) -> Option<String> {
        let (key, date) = self.end("expires", "expires-at", self.entry.expires_at?);
        Some(self.say(key, &[("date", date.into())]))
    }

    /// An end by its last whole day, or where it is not midnight, by the moment itself.
    fn end<'k>(&self, by_day: &'k str, by_moment: &'k str, end: Timestamp) -> (&'k str, String) {
        let (language, zone) = (self.language, self.zone);
        if zone.midnight(zone.date(end)) == end {
            (by_day, format::last_day(language, zone, end))
        } else {
            (by_moment, format::moment(language, zone, end))
        }
    }

    fn pieces(&self, reward: &str, quantity: i64) -> String {
        let key = if quantity == 1 { "piece" } else { "pieces" };
        self.say(key, &[("quantity", quantity.into()), ("reward", reward.to_owned().into())])
    }

    fn money(&self, amount: i64, currency: &str) -> String {
        let currency: Currency = currency.parse().unwrap_or(Currency::EUR);
        format::money(self.language, Money { amount, currency })
    }

    /// A message, which always may name the entry's points: `$n`, and counted, `$points`.
    fn say(&self, key: &str, more: Args<'_>) -> String {
        let say = |key: &str, args: &FluentArgs<'_>| {
            // there is no such case: the tests below tell every rule in every language
            PHRASES.say(self.language, key, args).unwrap_or_else(|no| no.to_string())
        };
        let mut args = FluentArgs::new();
        args.set("n", self.entry.points.abs());
        let points = say("points", &args);
        args.set("points", points);
        for (name, value) in more {
            args.set(*name, value.clone());
        }
        say(key, &args)
    }
}

#[cfg(test)]
mod tests;
