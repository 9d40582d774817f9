//! The answers that the figures are made of, and who was asked.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{By, Sought};
use crate::{
    conditions, segments,
    surveys::{Category, answers::AnswerState},
};
use platform::{
    db::{
        Tx,
        schema::{answers, asks, members, surveys as asked_by},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, SurveyId},
        page::Page,
        zone::Zone,
    },
};

/// How many segments are told apart at most, the newest.
const MOST_SEGMENTS: i64 = 100;

/// An answer, as it is counted.
#[derive(Clone, Debug, Queryable)]
pub struct Counted {
    pub member: MemberId,
    pub category: Category,
    pub tier: String,
    pub country: Option<String>,
    pub channel: String,
    pub locale: String,
    pub answered_at: Timestamp,
    pub of_ask: bool,
}

/// Somebody who was asked.
#[derive(Clone, Debug, Queryable)]
pub struct Asked {
    pub member: MemberId,
    pub channel: String,
    pub sent_at: Option<Timestamp>,
    pub tier: String,
    pub country: Option<String>,
    pub locale: String,
}

/// What an answer, or who was asked, falls under.
pub struct Traits<'a> {
    tier: &'a str,
    country: Option<&'a str>,
    channel: &'a str,
    locale: &'a str,
    at: Timestamp,
}

impl Traits<'_> {
    pub fn group(&self, by: By, zone: &Zone) -> Option<String> {
        match by {
            By::Month => Some(zone.date(self.at).strftime("%Y-%m").to_string()),
            By::Tier => Some(self.tier.to_owned()),
            By::Country => self.country.map(ToOwned::to_owned),
            By::Channel => Some(self.channel.to_owned()),
            By::Locale => Some(self.locale.to_owned()),
            By::Segment => None,
        }
    }
}

impl Counted {
    pub fn traits(&self) -> Traits<'_> {
        Traits {
            tier: &self.tier,
            country: self.country.as_deref(),
            channel: &self.channel,
            locale: &self.locale,
            at: self.answered_at,
        }
    }
}

impl Asked {
    pub fn traits(&self) -> Option<Traits<'_>> {
        Some(Traits {
            tier: &self.tier,
            country: self.country.as_deref(),
            channel: &self.channel,
            locale: &self.locale,
            at: self.sent_at?,
        })
    }
}

/// The answers that count, in the order in which they were given.
pub fn counted(tx: &mut Tx<'_>, sought: &Sought) -> Result<Vec<Counted>> {
    let (from, to) = sought.period.instants();
    let mut query = answers::table
        .filter(answers::state.eq(AnswerState::Active))
        .filter(answers::kind.eq(sought.kind))
        .filter(answers::answered_at.ge(from))
        .filter(answers::answered_at.lt(to))
        .into_boxed();
    if let Some(survey) = sought.survey {
        query = query.filter(answers::survey_id.eq(survey));
    }
    Ok(query
        .order((answers::answered_at, answers::id))
        .select((
            answers::member_id,
            answers::category,
            answers::tier,
            answers::country,
            answers::channel,
            answers::locale,
            answers::answered_at,
            answers::ask_id.is_not_null(),
        ))
        .load(tx.conn)?)
}

/// Who was asked, as they are now: nothing is kept of them from then.
pub fn asked(tx: &mut Tx<'_>, sought: &Sought) -> Result<Vec<Asked>> {
    let (from, to) = sought.period.instants();
    let of_kind = asked_by::table.filter(asked_by::kind.eq(sought.kind)).select(asked_by::id);
    let of_kind: Vec<SurveyId> = match sought.survey {
        Some(survey) => vec![survey],
        None => of_kind.load(tx.conn)?,
    };
    Ok(asks::table
        .inner_join(members::table.on(members::id.eq(asks::member_id)))
        .filter(asks::survey_id.eq_any(of_kind.into_iter().map(Some)))
        .filter(asks::sent_at.ge(from))
        .filter(asks::sent_at.lt(to))
        .select((
            asks::member_id,
            asks::channel,
            asks::sent_at,
            members::tier,
            members::country,
            members::locale,
        ))
        .load(tx.conn)?)
}

/// Each segment's members among these, judged now.
pub fn in_segments(
    tx: &mut Tx<'_>,
    counted: &[Counted],
    asked: &[Asked],
) -> Result<Vec<(String, BTreeSet<MemberId>)>> {
    let ids: BTreeSet<MemberId> =
        counted.iter().map(|one| one.member).chain(asked.iter().map(|one| one.member)).collect();
    let ids: Vec<MemberId> = ids.into_iter().collect();
    let mut all: Vec<(String, BTreeSet<MemberId>)> = Vec::new();
    for segment in segments::service::list(tx, &Page::first(MOST_SEGMENTS))?.data {
        let verdicts = conditions::service::judge_members(tx, &segment.fields.wanted, &ids)?;
        let within = verdicts.into_iter().filter(|(_, verdict)| verdict.matches);
        all.push((segment.id.to_string(), within.map(|(id, _)| id).collect()));
    }
    Ok(all)
}
