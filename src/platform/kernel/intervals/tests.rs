use crate::kernel::chance::Chance;

use super::*;

/// What the test's own arithmetic keeps: 12 decimals of a share.
const UNIT: i128 = 1_000_000_000_000;

fn nps(promoters: i64, passives: i64, detractors: i64) -> Recommendations {
    Recommendations { promoters, passives, detractors }
}

fn share(of_them: i64, all: i64) -> Share {
    Share { of_them, all }
}

fn told(estimate: Option<Estimate>) -> String {
    match estimate {
        Some(Estimate { value, low, high }) => format!("{value} {low} {high}"),
        None => "none".to_owned(),
    }
}

#[test]
fn scores_are_those_of_the_contract() {
    assert_eq!(told(nps(50, 30, 20).estimate()), "30.0 14.1 44.2");
    assert_eq!(told(nps(1, 0, 0).estimate()), "100.0 -48.5 98.5");
    assert_eq!(told(nps(400, 350, 250).estimate()), "15.0 10.1 19.9");
    assert_eq!(told(nps(0, 0, 0).estimate()), "none");
    assert_eq!(told(share(8, 10).estimate()), "80.0 49.0 94.3");
    assert_eq!(told(share(0, 0).estimate()), "none");
}

#[test]
fn halves_go_away_from_zero_and_zero_has_no_sign() {
    // 100 × 1/2000 is 0.05
    assert_eq!(nps(1, 1999, 0).estimate().map(|e| e.value), Some(Tenths(1)));
    assert_eq!(nps(0, 1999, 1).estimate().map(|e| e.value), Some(Tenths(-1)));
    assert_eq!(nps(0, 2000, 1).estimate().map(|e| e.value), Some(Tenths(0)));
    let json = |tenths| serde_json::to_string(&Tenths(tenths)).expect("JSON");
    assert_eq!([json(0), json(-5), json(-485), json(1000)], ["0.0", "-0.5", "-48.5", "100.0"]);
    assert_eq!(Tenths(-5).to_string(), "-0.5");
}

/// √ of a fraction in units, rounded down, digit by digit.
fn root(numerator: i128, denominator: i128) -> i128 {
    let square = numerator * UNIT / denominator * UNIT;
    let (mut low, mut high) = (0, 2 * UNIT);
    while high - low > 1 {
        let middle = i128::midpoint(low, high);
        if middle * middle <= square { low = middle } else { high = middle }
    }
    low
}

/// Units of a share, as tenths of a point.
fn tenths(units: i128) -> i64 {
    let step = UNIT / 1000;
    let nearest = (units.abs() + step / 2) / step * units.signum();
    i64::try_from(nearest).expect("small")
}

fn units(numerator: i128, denominator: i128) -> i128 {
    numerator * UNIT / denominator
}

/// By the formula as it is written, in fixed point.
fn by_hand_nps(table: Recommendations) -> (i64, i64, i64) {
    let [p, b, d] = [table.promoters, table.passives, table.detractors].map(i128::from);
    let n = p + b + d;
    let (p_share, d_share) = (units(4 * p + 3, 4 * n + 12), units(4 * d + 3, 4 * n + 12));
    let gap = p_share - d_share;
    let variance = p_share + d_share - gap * gap / UNIT;
    let half = root(variance, UNIT * (n + 3)) * 195_996 / 100_000;
    let within = |bound: i128| tenths(bound.clamp(-UNIT, UNIT));
    (tenths(units(p - d, n)), within(gap - half), within(gap + half))
}

fn by_hand_share(table: Share) -> (i64, i64, i64) {
    let (k, n) = (i128::from(table.of_them), i128::from(table.all));
    let square = UNIT * 195_996 / 100_000 * 195_996 / 100_000;
    let p = units(k, n);
    let centre = p + square / (2 * n);
    let inner = (p * (UNIT - p) / UNIT + square / (4 * n)) / n;
    let half = root(inner, UNIT) * 195_996 / 100_000;
    let scale = UNIT + square / n;
    (tenths(p), tenths((centre - half) * UNIT / scale), tenths((centre + half) * UNIT / scale))
}

#[test]
fn a_thousand_tables_come_out_as_by_hand() {
    let seed = 20_261_128;
    println!("seed {seed}");
    let chance = Chance::seeded(seed);
    let upto = |most: u64| {
        let number = u64::from_be_bytes(chance.bytes());
        i64::try_from(number % (most + 1)).expect("small")
    };
    for nth in 0..1000 {
        let most = [3, 20, 300, 5000][nth % 4];
        let table = nps(upto(most), upto(most), upto(most) + 1);
        let told = table.estimate().expect("somebody answered");
        let found = (told.value.0, told.low.0, told.high.0);
        assert_eq!(found, by_hand_nps(table), "{table:?}");
        let all = upto(most) + 1;
        let table = share(upto(u64::try_from(all).expect("positive")), all);
        let told = table.estimate().expect("somebody answered");
        let found = (told.value.0, told.low.0, told.high.0);
        assert_eq!(found, by_hand_share(table), "{table:?}");
    }
}

#[test]
fn a_change_is_clear_where_the_difference_is() {
    assert_eq!(nps(60, 30, 10).change_from(nps(30, 30, 40)), Change::Up);
    assert_eq!(nps(30, 30, 40).change_from(nps(60, 30, 10)), Change::Down);
    assert_eq!(nps(52, 30, 18).change_from(nps(50, 30, 20)), Change::Unclear);
    assert_eq!(nps(900, 50, 50).change_from(nps(0, 0, 0)), Change::Unclear);
    assert_eq!(nps(1, 0, 0).change_from(nps(0, 0, 1)), Change::Unclear, "too few");
    assert_eq!(share(90, 100).change_from(share(60, 100)), Change::Up);
    assert_eq!(share(60, 100).change_from(share(90, 100)), Change::Down);
    assert_eq!(share(62, 100).change_from(share(60, 100)), Change::Unclear);
    assert_eq!(share(1, 1).change_from(share(0, 0)), Change::Unclear);
}

#[test]
fn newcombes_interval_is_his_own() {
    // Newcombe 1998, table II: 56/70 − 48/80, method 10: 0.0524 to 0.3339
    assert_eq!(share(56, 70).change_from(share(48, 80)), Change::Up);
    // and 9/10 − 3/10: 0.1705 to 0.8090; 6/7 − 2/7: 0.0582 to 0.8062; 5/56 − 0/29: −0.0381 to 0.1926
    assert_eq!(share(9, 10).change_from(share(3, 10)), Change::Up);
    assert_eq!(share(6, 7).change_from(share(2, 7)), Change::Up);
    assert_eq!(share(5, 56).change_from(share(0, 29)), Change::Unclear);
}

#[test]
fn what_cannot_be_does_not_break_it() {
    assert!(nps(i64::MAX, i64::MAX, i64::MAX).estimate().is_some());
    assert_eq!(told(nps(-5, 0, 0).estimate()), "none");
    assert_eq!(told(share(11, 10).estimate()), told(share(10, 10).estimate()));
    assert!(share(i64::MAX / 2, i64::MAX).estimate().is_some());
    assert_eq!(told(share(600_000_000, 1_000_000_000).estimate()), "60.0 60.0 60.0");
}
