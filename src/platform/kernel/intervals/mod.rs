//! How sure a figure of a survey is: scores and shares with their 95% intervals, and whether one
//! differs from the one before.
//!
//! The score of promoters and detractors goes by the adjusted Wald interval of the trinomial
//! difference (three answers added, ¾ to either side), shares by Wilson's. Whether a share changed
//! goes by Newcombe's hybrid of the two Wilson intervals (his method 10).

mod surd;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use self::surd::Surd;
use crate::{kernel::wire, plain_schema};

/// The normal quantile of 95%, 1.95996, as a fraction in its lowest terms.
const Z: i128 = 48_999;
const Z_OF: i128 = 25_000;

/// No count is taken for more than that: the arithmetic stays within its bounds.
const MOST: i64 = 1 << 40;

/// A number with one decimal, in tenths: 14.1 is 141. What is rounded to it was rounded half away
/// from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tenths(i64);

impl Tenths {
    /// So many tenths.
    #[must_use]
    pub const fn new(tenths: i64) -> Self {
        Self(tenths)
    }

    #[must_use]
    pub const fn tenths(self) -> i64 {
        self.0
    }

    /// `numerator / denominator`, rounded.
    fn of(numerator: i128, denominator: i128) -> Self {
        let tenths = (20 * numerator.abs() + denominator) / (2 * denominator);
        Self(i64::try_from(tenths * numerator.signum()).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let tenths = self.0.unsigned_abs();
        write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

impl Serialize for Tenths {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[expect(clippy::cast_precision_loss, reason = "it stays far below what an f64 holds")]
        to.serialize_f64(self.0 as f64 / 10.0)
    }
}

plain_schema! { [] Tenths, "Tenths", wire::decimal().examples([14.1]) }

/// A figure, and where with 95% confidence it lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Estimate {
    pub value: Tenths,
    pub low: Tenths,
    pub high: Tenths,
}

/// How a figure stands to the one before, at 95%.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Up,
    Down,
    /// The difference may be chance.
    Unclear,
}

impl Change {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Unclear => "unclear",
        }
    }
}

/// Answers by whether they recommend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recommendations {
    pub promoters: i64,
    pub passives: i64,
    pub detractors: i64,
}

impl Recommendations {
    fn counts(self) -> [i128; 3] {
        [self.promoters, self.passives, self.detractors].map(counted)
    }

    fn answers(self) -> i128 {
        self.counts().iter().sum()
    }

    /// The net promoter score from −100 to 100; none where nobody answered.
    #[must_use]
    pub fn estimate(self) -> Option<Estimate> {
        let [promoters, _, detractors] = self.counts();
        let answers = self.answers();
        let value = (answers > 0).then(|| Tenths::of(100 * (promoters - detractors), answers))?;
        let Adjusted { difference, spread, of } = self.adjusted();
        // in tenths: 1000 (A ± 2z √(M/N)) / N
        let bound = |upper| Surd {
            whole: 1000 * Z_OF * difference,
            times: 2000 * Z,
            upper,
            radicand: (spread, of),
            over: Z_OF * of,
        };
        let [low, high] = [false, true].map(|upper| bound(upper).rounded().clamp(-1000, 1000));
        Some(Estimate { value, low: Tenths(low), high: Tenths(high) })
    }

    /// The shares with ¾ added to either side and 3 to all, in quarters of an answer: the
    /// difference is A / N, its variance (for all answers) M / N², and N is 4 (n + 3).
    fn adjusted(self) -> Adjusted {
        let [promoters, _, detractors] = self.counts();
        let (for_it, against) = (4 * promoters + 3, 4 * detractors + 3);
        let of = 4 * (self.answers() + 3);
        let difference = for_it - against;
        let spread = (for_it + against) * of - difference * difference;
        Adjusted { difference, spread, of }
    }

    /// How it stands to the group before: clear where the 95% interval of the difference of both
    /// adjusted scores leaves 0 out. Unclear where nobody answered in either.
    #[must_use]
    pub fn change_from(self, before: Self) -> Change {
        if self.answers() == 0 || before.answers() == 0 {
            return Change::Unclear;
        }
        let [(now, now_variance), (then, then_variance)] = [self, before].map(|group| {
            let Adjusted { difference, spread, of } = group.adjusted();
            let of = float(of);
            // the variance of the mean: M / N² over n + 3, which is N / 4
            (float(difference) / of, 4.0 * float(spread) / (of * of * of))
        });
        let half = z() * (now_variance + then_variance).sqrt();
        judged(now - then - half, now - then + half)
    }
}

struct Adjusted {
    difference: i128,
    spread: i128,
    of: i128,
}

/// How many of all: who is satisfied, or found it easy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub of_them: i64,
    pub all: i64,
}

impl Share {
    /// `of_them` within `all`.
    fn counts(self) -> (i128, i128) {
        let all = counted(self.all);
        (counted(self.of_them).min(all), all)
    }

    /// The share in percent; none where there is nobody.
    #[must_use]
    pub fn estimate(self) -> Option<Estimate> {
        let (share, all) = self.counts();
        let value = (all > 0).then(|| Tenths::of(100 * share, all))?;
        // in tenths of a percent: 500 (2k + z² ± z √(4k(n − k)/n + z²)) / (n + z²)
        let bound = |upper| Surd {
            whole: 500 * (2 * Z_OF * Z_OF * share + Z * Z),
            times: 500 * Z,
            upper,
            radicand: (4 * Z_OF * Z_OF * share * (all - share) + Z * Z * all, all),
            over: Z_OF * Z_OF * all + Z * Z,
        };
        let [low, high] = [false, true].map(|upper| bound(upper).rounded().clamp(0, 1000));
        Some(Estimate { value, low: Tenths(low), high: Tenths(high) })
    }

    /// How it stands to the group before: clear where Newcombe's interval of the difference leaves
    /// 0 out. Unclear where there is nobody in either.
    #[must_use]
    pub fn change_from(self, before: Self) -> Change {
        let (Some(now), Some(then)) = (self.wilson(), before.wilson()) else {
            return Change::Unclear;
        };
        let difference = now.share - then.share;
        let below = (now.share - now.low).hypot(then.high - then.share);
        let above = (now.high - now.share).hypot(then.share - then.low);
        judged(difference - below, difference + above)
    }

    fn wilson(self) -> Option<Wilson> {
        let (share, all) = self.counts();
        if all == 0 {
            return None;
        }
        let (k, n, z) = (float(share), float(all), z());
        let middle = (k + z * z / 2.0) / (n + z * z);
        let half = z * (k * (n - k) / n + z * z / 4.0).sqrt() / (n + z * z);
        Some(Wilson { share: k / n, low: middle - half, high: middle + half })
    }
}

struct Wilson {
    share: f64,
    low: f64,
    high: f64,
}

fn counted(count: i64) -> i128 {
    i128::from(count.clamp(0, MOST))
}

fn judged(low: f64, high: f64) -> Change {
    if low > 0.0 {
        Change::Up
    } else if high < 0.0 {
        Change::Down
    } else {
        Change::Unclear
    }
}

#[expect(clippy::cast_precision_loss, reason = "whether it is clear hangs on no last digit")]
fn float(number: i128) -> f64 {
    number as f64
}

fn z() -> f64 {
    float(Z) / float(Z_OF)
}
