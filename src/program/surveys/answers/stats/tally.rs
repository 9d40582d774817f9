//! The figures of one group, of how many of each category it has.

use std::collections::HashMap;

use super::{ScoreRow, Weigh, rows::Counted};
use crate::surveys::{Category, SurveyKind};
use platform::kernel::{
    id::MemberId,
    intervals::{Change, Estimate, Recommendations, Share, Tenths},
};

/// How many of each category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally(Recommendations);

impl Tally {
    pub fn of(answers: &[&Counted], weigh: Weigh) -> Self {
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

    pub fn row(self, kind: SurveyKind, group: Option<String>) -> ScoreRow {
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

    pub fn change_from(self, before: Self, kind: SurveyKind) -> Change {
        match kind {
            SurveyKind::Nps => self.0.change_from(before.0),
            SurveyKind::Csat | SurveyKind::Ces => self.share().change_from(before.share()),
        }
    }
}
