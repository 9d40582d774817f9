//! The score: what answers come to, with how sure one can be of it, and whether it changed.

mod rows;
mod tally;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use self::{
    rows::{Asked, Counted},
    tally::Tally,
};
use crate::{
    period::Period,
    surveys::{SurveyKind, service as surveys},
};
use platform::{
    db::Tx,
    kernel::{
        error::Result,
        id::{MemberId, SurveyId},
        intervals::{Change, Share, Tenths},
    },
    words,
};

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

/// Which answers are counted.
#[derive(Clone, Debug)]
pub struct Sought {
    pub kind: SurveyKind,
    pub survey: Option<SurveyId>,
    pub period: Period,
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
        Some(id) => Ok(surveys::get(tx, id).map_err(|error| error.at("?survey_id"))?.fields.kind),
    }
}

/// All that was answered and asked in a period, from which any of its figures are told.
pub struct Heard {
    kind: SurveyKind,
    period: Period,
    answers: Vec<Counted>,
    asked: Vec<Asked>,
}

impl Heard {
    /// Reads it.
    pub fn of(tx: &mut Tx<'_>, sought: Sought) -> Result<Self> {
        let (answers, asked) = (rows::counted(tx, &sought)?, rows::asked(tx, &sought)?);
        Ok(Self { kind: sought.kind, period: sought.period, answers, asked })
    }

    /// What it comes to, whole or in groups.
    pub fn told(&self, tx: &mut Tx<'_>, by: Option<By>, weigh: Weigh) -> Result<ScoreStats> {
        let (mut before, mut data) = (None, Vec::new());
        for (name, group) in self.groups(tx, by)? {
            let tally = Tally::of(&group.answers, weigh);
            let mut row = tally.row(self.kind, name);
            row.asked = group.asked;
            let answered = group.answers.iter().filter(|one| one.of_ask).count();
            let of_them = i64::try_from(answered).unwrap_or_default().min(group.asked);
            let response = Share { of_them, all: group.asked }.estimate();
            row.response_percent = response.map(|estimate| estimate.value);
            if by == Some(By::Month) {
                row.change = before.map(|before| tally.change_from(before, self.kind));
                before = Some(tally);
            }
            data.push(row);
        }
        Ok(ScoreStats { data, method: method(self.kind) })
    }

    fn groups(&self, tx: &mut Tx<'_>, by: Option<By>) -> Result<Groups<'_>> {
        let zone = &self.period.zone;
        let mut groups = Groups::new();
        match by {
            None => {
                groups.insert(None, self.of_whom(|_| true));
            }
            Some(By::Segment) => {
                for (name, members) in rows::in_segments(tx, &self.answers, &self.asked)? {
                    groups.insert(Some(name), self.of_whom(|member| members.contains(member)));
                }
            }
            Some(by) => {
                if by == By::Month {
                    // a month in which nobody answered is told, too
                    for month in self.period.months()? {
                        groups.entry(Some(month.from.strftime("%Y-%m").to_string())).or_default();
                    }
                }
                for one in &self.answers {
                    groups.entry(one.traits().group(by, zone)).or_default().answers.push(one);
                }
                for traits in self.asked.iter().filter_map(Asked::traits) {
                    groups.entry(traits.group(by, zone)).or_default().asked += 1;
                }
            }
        }
        Ok(groups)
    }

    fn of_whom(&self, is_meant: impl Fn(&MemberId) -> bool) -> Group<'_> {
        let asked = self.asked.iter().filter(|one| is_meant(&one.member)).count();
        Group {
            answers: self.answers.iter().filter(|one| is_meant(&one.member)).collect(),
            asked: i64::try_from(asked).unwrap_or_default(),
        }
    }
}

type Groups<'a> = BTreeMap<Option<String>, Group<'a>>;

const fn method(kind: SurveyKind) -> &'static str {
    match kind {
        SurveyKind::Nps => "adjusted Wald, 95%",
        SurveyKind::Csat | SurveyKind::Ces => "Wilson, 95%",
    }
}
