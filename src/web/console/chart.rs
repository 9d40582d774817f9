//! A trend as a drawing: one line of scores with the band in which they lie. Drawn here, as SVG, so
//! that it needs no script; the page has the same in a table.

use serde::Serialize;

use platform::kernel::intervals::Tenths;

const WIDTH: i64 = 720;
const HEIGHT: i64 = 260;
const LEFT: i64 = 44;
const RIGHT: i64 = 12;
const TOP: i64 = 14;
const BOTTOM: i64 = 34;

/// One place on the trend; none where nobody answered.
pub struct Point {
    pub label: String,
    pub score: Option<(Tenths, Tenths, Tenths)>,
}

/// What the template draws, in the units of the view box.
#[derive(Serialize)]
pub struct Chart {
    width: i64,
    height: i64,
    /// Outlines of the band, one for each run without a gap.
    bands: Vec<String>,
    /// The line's runs.
    lines: Vec<String>,
    dots: Vec<Dot>,
    grid: Vec<Mark>,
    ticks: Vec<Mark>,
}

#[derive(Serialize)]
struct Dot {
    x: i64,
    y: i64,
    label: String,
}

/// A line of the grid, or a name on an axis.
#[derive(Serialize)]
struct Mark {
    at: i64,
    label: String,
}

impl Chart {
    /// Draws a trend from `lowest` to `highest`, whole numbers, with a grid line each `step`.
    pub fn of(points: &[Point], lowest: i64, highest: i64, step: i64) -> Self {
        let across = WIDTH - LEFT - RIGHT;
        let down = HEIGHT - TOP - BOTTOM;
        let count = i64::try_from(points.len()).unwrap_or(1).max(1);
        let x = |place: usize| {
            let place = i64::try_from(place).unwrap_or_default();
            LEFT + (2 * place + 1) * across / (2 * count)
        };
        let span = ((highest - lowest) * 10).max(1);
        let y = |tenths: i64| TOP + (highest * 10 - tenths) * down / span;
        let (mut bands, mut lines, mut dots) = (Vec::new(), Vec::new(), Vec::new());
        let mut run: Vec<(i64, i64, i64, i64)> = Vec::new();
        let mut close = |run: &mut Vec<(i64, i64, i64, i64)>| {
            if run.is_empty() {
                return;
            }
            // one month alone has a band too
            let half = across / (2 * count).max(1) / 3;
            if let [(x, y, low, high)] = run[..] {
                run.clear();
                run.extend([(x - half, y, low, high), (x + half, y, low, high)]);
            }
            let there = run.iter().map(|(x, _, _, high)| format!("{x},{high}"));
            let back = run.iter().rev().map(|(x, _, low, _)| format!("{x},{low}"));
            bands.push(there.chain(back).collect::<Vec<_>>().join(" "));
            let line: Vec<String> = run.iter().map(|(x, y, _, _)| format!("{x},{y}")).collect();
            lines.push(line.join(" "));
            run.clear();
        };
        for (place, point) in points.iter().enumerate() {
            match point.score {
                None => close(&mut run),
                Some((value, low, high)) => {
                    let at = (x(place), y(value.tenths()), y(low.tenths()), y(high.tenths()));
                    dots.push(Dot { x: at.0, y: at.1, label: format!("{}: {value}", point.label) });
                    run.push(at);
                }
            }
        }
        close(&mut run);
        let grid = (lowest..=highest).filter(|line| line % step == 0);
        let grid = grid.map(|line| Mark { at: y(line * 10), label: line.to_string() }).collect();
        // names that would touch are left out
        let every = points.len().div_ceil(12).max(1);
        let ticks = points.iter().enumerate().filter(|(place, _)| place % every == 0);
        let ticks = ticks.map(|(place, point)| Mark { at: x(place), label: point.label.clone() });
        Self { width: WIDTH, height: HEIGHT, bands, lines, dots, grid, ticks: ticks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(label: &str, score: Option<[i64; 3]>) -> Point {
        let score = score
            .map(|[value, low, high]| (Tenths::new(value), Tenths::new(low), Tenths::new(high)));
        Point { label: label.to_owned(), score }
    }

    #[test]
    fn a_gap_breaks_the_line_and_all_stays_within_the_drawing() {
        let points = [
            point("1", Some([0, -1000, 1000])),
            point("2", Some([1000, 900, 1000])),
            point("3", None),
            point("4", Some([-1000, -1000, -900])),
        ];
        let chart = Chart::of(&points, -100, 100, 50);
        assert_eq!((chart.lines.len(), chart.bands.len(), chart.dots.len()), (2, 2, 3));
        let all: Vec<i64> =
            chart.bands.join(" ").split([' ', ',']).map(|n| n.parse().unwrap()).collect();
        for pair in all.chunks(2) {
            assert!((0..=WIDTH).contains(&pair[0]) && (TOP..=HEIGHT - BOTTOM).contains(&pair[1]));
        }
        assert!(chart.dots[1].y < chart.dots[0].y, "higher is higher");
        let grid: Vec<&str> = chart.grid.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(grid, ["-100", "-50", "0", "50", "100"]);
        assert_eq!(Chart::of(&[], 0, 100, 25).lines, Vec::<String>::new());
    }
}
