//! The score: what answers come to, with how sure one can be of it, and whether it changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    db::{
        Tx,
        schema::{answers, asks, members, surveys as asked_by},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, SurveyId},
        intervals::{Change, Estimate, Recommendations, Share, Tenths},
        page::Page,
        zone::Zone,
    },
    program::{
        conditions,
        period::Period,
        segments,
        surveys::{Category, SurveyKind, service as surveys},
    },
    words,
};

use super::AnswerState;

/// How many segments are told apart at most, the newest.
const MOST_SEGMENTS: i64 = 100;

words! {
    /// By what the figures are told apart.
    pub enum By {
        Month = "month",
        Tier = "tier",
        Country = "country",
        Channel = "channel",
        /// The language that they were asked in.
        Locale = "locale",
        Segment = "segment",
    }
}

words! {
    /// What counts as one.
    pub enum Weigh {
        Answers = "answers",
        /// Of each member the last answer of the group.
        Members = "members",
    }
}

/// Which answers are counted, and how.
#[derive(Clone, Debug)]
pub struct Sought {
    pub kind: SurveyKind,
    pub survey: Option<SurveyId>,
    pub period: Period,
    pub by: Option<By>,
    pub weigh: Weigh,
}

/// The figures of one group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreRow {
    /// The month (`2026-11`), tier, country, channel, language or segment; null for all together, and
    /// for those who have none.
    #[schema(example = "2026-11")]
    pub group: Option<String>,
    pub answers: i64,
    /// 9 or 10; of CSAT the satisfied, of CES who found it easy.
    pub promoters: i64,
    pub passives: i64,
    pub detractors: i64,
    /// Of NPS 100 × (promoters − detractors) / answers; else the promoters in percent. Null where
    /// nobody answered.
    pub score: Option<Tenths>,
    /// Where it lies with 95% confidence, from here
    pub low: Option<Tenths>,
    /// to here.
    pub high: Option<Tenths>,
    /// How many were asked in the period.
    pub asked: i64,
    /// Of a hundred who were asked, how many answered; null where nobody was.
    pub response_percent: Option<Tenths>,
    /// Against the group before; null for the first, and where groups have no order.
    pub change: Option<Change>,
}

/// What answers come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreStats {
    pub data: Vec<ScoreRow>,
    /// How the intervals are made.
    #[schema(example = "adjusted Wald, 95%")]
    pub method: &'static str,
}

/// An answer, as it is counted.
#[derive(Clone, Debug, Queryable)]
struct Counted {
    member: MemberId,
    category: Category,
    tier: String,
    country: Option<String>,
    channel: String,
    locale: String,
    answered_at: Timestamp,
    of_ask: bool,
}

/// Somebody who was asked.
#[derive(Clone, Debug, Queryable)]
struct Asked {
    member: MemberId,
    channel: String,
    sent_at: Option<Timestamp>,
    tier: String,
    country: Option<String>,
    locale: String,
}

/// What an answer, or who was asked, falls under.
struct Traits<'a> {
    tier: &'a str,
    country: Option<&'a str>,
    channel: &'a str,
    locale: &'a str,
    at: Timestamp,
}

impl Traits<'_> {
    fn group(&self, by: By, zone: &Zone) -> Option<String> {
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
    fn traits(&self) -> Traits<'_> {
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
    fn traits(&self) -> Option<Traits<'_>> {
        Some(Traits {
            tier: &self.tier,
            country: self.country.as_deref(),
            channel: &self.channel,
            locale: &self.locale,
            at: self.sent_at?,
        })
    }
}

/// One group on its way.
#[derive(Default)]
struct Group<'a> {
    answers: Vec<&'a Counted>,
    asked: i64,
}

/// The kind of the survey that is asked for, or NPS.
///
/// # Errors
/// No such survey.
pub fn kind_of(tx: &mut Tx<'_>, survey: Option<SurveyId>) -> Result<SurveyKind> {
    match survey {
        None => Ok(SurveyKind::Nps),
        Some(id) => {
            let unknown = |_| Refusal::not_found_at("survey", "?survey_id");
            Ok(surveys::get(tx, id).map_err(unknown)?.fields.kind)
        }
    }
}

/// What the answers of a period come to, whole or in groups.
pub fn score(tx: &mut Tx<'_>, sought: &Sought) -> Result<ScoreStats> {
    let counted = counted(tx, sought)?;
    let asked = asked(tx, sought)?;
    let zone = &sought.period.zone;
    let mut groups: BTreeMap<Option<String>, Group<'_>> = BTreeMap::new();
    match sought.by {
        None => {
            groups.insert(None, Group { answers: counted.iter().collect(), asked: length(&asked) });
        }
        Some(By::Segment) => {
            for (name, members) in in_segments(tx, &counted, &asked)? {
                let group = groups.entry(Some(name)).or_default();
                group.answers =
                    counted.iter().filter(|one| members.contains(&one.member)).collect();
                group.asked = length(
                    &asked.iter().filter(|one| members.contains(&one.member)).collect::<Vec<_>>(),
                );
            }
        }
        Some(by) => {
            if by == By::Month {
                // a month in which nobody answered is told, too
                for month in sought.period.months()? {
                    groups.entry(Some(month.from.strftime("%Y-%m").to_string())).or_default();
                }
            }
            for one in &counted {
                groups.entry(one.traits().group(by, zone)).or_default().answers.push(one);
            }
            for traits in asked.iter().filter_map(Asked::traits) {
                groups.entry(traits.group(by, zone)).or_default().asked += 1;
            }
        }
    }
    let mut before = None;
    let mut data = Vec::with_capacity(groups.len());
    for (name, group) in groups {
        let tally = Tally::of(&group.answers, sought.weigh);
        let mut row = tally.row(sought.kind, name);
        row.asked = group.asked;
        let answered = group.answers.iter().filter(|one| one.of_ask).count();
        let of_them = i64::try_from(answered).unwrap_or_default().min(group.asked);
        let response = Share { of_them, all: group.asked }.estimate();
        row.response_percent = response.map(|estimate| estimate.value);
        if sought.by == Some(By::Month) {
            row.change = before.map(|before| tally.change_from(before, sought.kind));
            before = Some(tally);
        }
        data.push(row);
    }
    Ok(ScoreStats { data, method: method(sought.kind) })
}

const fn method(kind: SurveyKind) -> &'static str {
    match kind {
        SurveyKind::Nps => "adjusted Wald, 95%",
        SurveyKind::Csat | SurveyKind::Ces => "Wilson, 95%",
    }
}

fn length<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or_default()
}

/// How many of each category.
#[derive(Clone, Copy, Debug, Default)]
struct Tally(Recommendations);

impl Tally {
    fn of(answers: &[&Counted], weigh: Weigh) -> Self {
        let mut tally = Recommendations::default();
        let mut count = |category: Category| match category {
            Category::Promoter => tally.promoters += 1,
            Category::Passive => tally.passives += 1,
            Category::Detractor => tally.detractors += 1,
        };
        match weigh {
            Weigh::Answers => answers.iter().for_each(|one| count(one.category)),
            Weigh::Members => {
                // they come in the order in which they were given: the last stands
                let last: HashMap<MemberId, Category> =
                    answers.iter().map(|one| (one.member, one.category)).collect();
                last.into_values().for_each(count);
            }
        }
        Self(tally)
    }

    const fn answers(self) -> i64 {
        self.0.promoters + self.0.passives + self.0.detractors
    }

    const fn share(self) -> Share {
        Share { of_them: self.0.promoters, all: self.answers() }
    }

    fn row(self, kind: SurveyKind, group: Option<String>) -> ScoreRow {
        let estimate = match kind {
            SurveyKind::Nps => self.0.estimate(),
            SurveyKind::Csat | SurveyKind::Ces => self.share().estimate(),
        };
        let part = |part: fn(Estimate) -> Tenths| estimate.map(part);
        ScoreRow {
            group,
            answers: self.answers(),
            promoters: self.0.promoters,
            passives: self.0.passives,
            detractors: self.0.detractors,
            score: part(|estimate| estimate.value),
            low: part(|estimate| estimate.low),
            high: part(|estimate| estimate.high),
            asked: 0,
            response_percent: None,
            change: None,
        }
    }

    fn change_from(self, before: Self, kind: SurveyKind) -> Change {
        match kind {
            SurveyKind::Nps => self.0.change_from(before.0),
            SurveyKind::Csat | SurveyKind::Ces => self.share().change_from(before.share()),
        }
    }
}

/// The answers that count, in the order in which they were given.
fn counted(tx: &mut Tx<'_>, sought: &Sought) -> Result<Vec<Counted>> {
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
fn asked(tx: &mut Tx<'_>, sought: &Sought) -> Result<Vec<Asked>> {
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
fn in_segments(
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
