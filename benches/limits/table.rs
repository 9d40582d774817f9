//! Figures, and the table that they make.

use std::collections::BTreeMap;

use super::support::both::Which;

/// What was measured, by database and name: a figure a round.
#[derive(Default)]
pub struct Figures(BTreeMap<(&'static str, &'static str), Vec<f64>>);

const fn label(which: Which) -> &'static str {
    match which {
        Which::Sqlite => "SQLite",
        Which::Postgres => "PostgreSQL",
    }
}

impl Figures {
    pub fn note(&mut self, which: Which, name: &'static str, figure: f64) {
        eprintln!("  {:<11}{name:<48}{:>14}", label(which), number(figure));
        self.0.entry((label(which), name)).or_default().push(figure);
    }

    fn of(&self, which: Which, name: &'static str) -> &[f64] {
        self.0.get(&(label(which), name)).map_or(&[], Vec::as_slice)
    }
}

/// What a ratio is to be.
#[derive(Clone, Copy)]
pub enum Goal {
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// A line of the table.
pub enum Row {
    /// A heading.
    Group(&'static str),
    /// A figure: its name, and its goal.
    Figure(&'static str, Goal),
    /// What it says, one figure over another, round by round; and its goal, on SQLite and on
    /// PostgreSQL.
    Ratio(&'static str, &'static str, &'static str, [Goal; 2]),
    /// What it says, and the figure whose best round is divided by its worst.
    Spread(&'static str, &'static str, Goal),
}

/// Median, lowest and highest.
struct Spread(f64, f64, f64);

fn spread(mut rounds: Vec<f64>) -> Option<Spread> {
    rounds.sort_by(f64::total_cmp);
    let (lowest, highest) = (*rounds.first()?, *rounds.last()?);
    let middle = rounds.len() / 2;
    let median = if rounds.len().is_multiple_of(2) {
        f64::midpoint(rounds[middle - 1], rounds[middle])
    } else {
        rounds[middle]
    };
    Some(Spread(median, lowest, highest))
}

/// As many digits as mean something.
fn number(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

impl Row {
    fn cell(&self, which: Which, figures: &Figures) -> String {
        let (rounds, goal) = match self {
            Self::Group(_) => return String::new(),
            Self::Figure(name, goal) | Self::Spread(_, name, goal) => {
                (figures.of(which, name).to_vec(), *goal)
            }
            Self::Ratio(_, one, other, goals) => {
                let pairs = figures.of(which, one).iter().zip(figures.of(which, other));
                let goal = goals[usize::from(which == Which::Postgres)];
                (pairs.map(|(one, other)| one / other).collect(), goal)
            }
        };
        let too_few = matches!(self, Self::Spread(..)) && rounds.len() < 2;
        let rounds = if too_few { Vec::new() } else { rounds };
        let Some(Spread(mut median, lowest, highest)) = spread(rounds) else {
            return "–".to_owned();
        };
        if matches!(self, Self::Spread(..)) {
            median = highest / lowest;
        }
        let (wanted, met) = match goal {
            Goal::None => (String::new(), true),
            Goal::AtLeast(least) => (format!("; goal ≥ {least}"), median >= least),
            Goal::AtMost(most) => (format!("; goal ≤ {most}"), median <= most),
        };
        let verdict = match (wanted.is_empty(), met) {
            (true, _) => "",
            (false, true) => ": met",
            (false, false) => ": **missed**",
        };
        let (median, lowest, highest) = (number(median), number(lowest), number(highest));
        format!("{median} ({lowest} – {highest}){wanted}{verdict}")
    }

    fn name(&self) -> String {
        match self {
            Self::Group(name) => format!("**{name}**"),
            Self::Figure(name, _) => (*name).to_owned(),
            Self::Ratio(name, ..) | Self::Spread(name, ..) => format!("→ {name}"),
        }
    }
}

/// The table, in Markdown: medians of the rounds, lowest – highest beside.
pub fn print(rows: &[Row], figures: &Figures, on: &[Which]) {
    let mut lines = vec![
        [vec![String::new()], on.iter().map(|which| label(*which).to_owned()).collect()].concat(),
    ];
    lines.extend(rows.iter().map(|row| {
        let cells = on.iter().map(|which| row.cell(*which, figures));
        std::iter::once(row.name()).chain(cells).collect::<Vec<_>>()
    }));
    let width =
        |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=on.len()).map(width).collect();
    for (position, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} |"));
        println!("|{}", cells.collect::<String>());
        if position == 0 {
            let rules = widths.iter().map(|width| format!("{}|", "-".repeat(width + 2)));
            println!("|{}", rules.collect::<String>());
        }
    }
}
