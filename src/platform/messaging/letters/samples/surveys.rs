//! Samples of the letters that ask.

use super::{LONG, ODD, at};
use crate::messaging::letters::{Letter, SurveyLetter};

pub fn all() -> Vec<Letter> {
    let ask = |name: &str, kind: &str, (lowest, highest), question: &str, points| {
        Letter::Survey(SurveyLetter {
            given_name: name.to_owned(),
            question: question.to_owned(),
            kind: kind.to_owned(),
            lowest,
            highest,
            url: "https://vildar.example/s/dG9rZW4".to_owned(),
            points,
            answer_until: at(30 * 24),
            is_reminder: kind == "ces",
        })
    };
    let recommend = "Hversu líklegt er að þú mælir með okkur við vin?";
    vec![
        ask("Þórdís", "nps", (0, 10), recommend, None),
        ask("Anna", "csat", (1, 5), "How did you like your last order?", Some(50)),
        ask(ODD, "ces", (1, 7), ODD, Some(1)),
        ask(LONG, "nps", (0, 10), LONG, Some(21)),
    ]
}
