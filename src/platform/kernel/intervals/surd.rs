//! Rounding numbers with a square root in them, exactly.

use super::float;

/// `(whole ± times √(radicand)) / over`; `over`, `times` and both parts of the radicand are not
/// negative, and nothing is divided by 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surd {
    pub whole: i128,
    pub times: i128,
    /// Plus, or minus.
    pub upper: bool,
    /// Numerator and denominator.
    pub radicand: (i128, i128),
    pub over: i128,
}

impl Surd {
    /// The nearest whole number, the one farther from zero where two are as near.
    pub(super) fn rounded(self) -> i64 {
        if !self.is_at_least(0) {
            let Self { whole, upper, .. } = self;
            return -Self { whole: -whole, upper: !upper, ..self }.rounded_up();
        }
        self.rounded_up()
    }

    /// The same of what is not negative.
    fn rounded_up(self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a guess, mended below")]
        let mut nearest = (self.about() + 0.5).floor() as i64;
        while !self.is_at_least(2 * nearest - 1) {
            nearest -= 1;
        }
        while self.is_at_least(2 * nearest + 1) {
            nearest += 1;
        }
        nearest
    }

    fn about(self) -> f64 {
        let root = (float(self.radicand.0) / float(self.radicand.1)).sqrt() * float(self.times);
        let root = if self.upper { root } else { -root };
        (float(self.whole) + root) / float(self.over)
    }

    /// Whether it is `halves / 2` or more.
    fn is_at_least(self, halves: i64) -> bool {
        // ± 2 times √r ≥ halves × over − 2 whole
        let least = i128::from(halves) * self.over - 2 * self.whole;
        let root_is_larger = self.compare_root(least.unsigned_abs());
        match (self.upper, least > 0, root_is_larger) {
            (_, _, None) => self.about() >= float(i128::from(halves)) / 2.0,
            (true, true, Some(order)) => order.is_ge(),
            (true, false, _) => true,
            (false, true, _) => false,
            (false, false, Some(order)) => order.is_le(),
        }
    }

    /// `2 times √radicand` against `other`; none where the squares are too large to be told, from
    /// some ten million answers on.
    fn compare_root(self, other: u128) -> Option<std::cmp::Ordering> {
        let doubled = (2 * self.times).unsigned_abs();
        let (numerator, denominator) = self.radicand;
        let left = wide(doubled.checked_mul(doubled)?, numerator.unsigned_abs());
        let right = wide(other.checked_mul(other)?, denominator.unsigned_abs());
        Some(left.cmp(&right))
    }
}

/// A product of 256 bits: its high half, and its low one.
fn wide(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a_low * b_low;
    let middle = a_high * b_low + (low >> 64);
    let crossed = a_low * b_high + (middle & LOW);
    let high = a_high * b_high + (middle >> 64) + (crossed >> 64);
    (high, (crossed << 64) | (low & LOW))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surd(whole: i128, upper: bool, radicand: i128, over: i128) -> Surd {
        Surd { whole, times: 1, upper, radicand: (radicand, 1), over }
    }

    #[test]
    fn halves_go_away_from_zero() {
        // 3 + √4 over 2 is 2.5, 1 − √4 over 2 is −0.5
        assert_eq!(surd(3, true, 4, 2).rounded(), 3);
        assert_eq!(surd(1, false, 4, 2).rounded(), -1);
        assert_eq!(surd(-3, false, 4, 2).rounded(), -3);
        assert_eq!(surd(2, false, 4, 2).rounded(), 0);
        // √2 is just above 1.4142, and below 1.4143
        assert_eq!(surd(-9142, true, 200_000_000, 10_000).rounded(), 1);
        assert_eq!(surd(-9143, true, 200_000_000, 10_000).rounded(), 0);
    }

    #[test]
    fn products_are_wide() {
        assert_eq!(wide(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(wide(1 << 100, 1 << 100), (1 << 72, 0));
        assert_eq!(wide(7, 6), (0, 42));
    }
}
