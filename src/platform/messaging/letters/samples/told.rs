//! Samples of letters that say what became of what was said.

use jiff::civil::date;

use super::{LONG, ODD};
use crate::messaging::letters::{Letter, Told};

pub fn all() -> Vec<Letter> {
    let told = |name: &str, quote: Option<&str>, title: &str, body: &str| Told {
        given_name: name.to_owned(),
        said_on: date(2026, 5, 3),
        quote: quote.map(str::to_owned),
        title: title.to_owned(),
        body: body.to_owned(),
        planned: false,
        page_url: Some("https://kaffi.example/".to_owned()),
    };
    let tills = "Nú eru tveir kassar opnir í hádeginu.\n\nVið vonum að þú finnir muninn.";
    vec![
        Letter::TopicChanged(told(
            "Þórdís",
            Some("Biðröðin er alltof löng."),
            "Tveir kassar",
            tills,
        )),
        Letter::TopicChanged(Told {
            planned: true,
            page_url: None,
            ..told("Anna", None, "Oat milk", "From June on we have oat milk.")
        }),
        Letter::TopicChanged(told(ODD, Some(ODD), ODD, ODD)),
        Letter::TopicDeclined(told(
            "Anna",
            Some("Please open on Sundays.\nI'd come!"),
            "Open on Sundays",
            "On Sundays we are with our families, and that is how it stays.",
        )),
        Letter::TopicDeclined(told(LONG, None, "Opið á sunnudögum", "Þá erum við heima.")),
        Letter::TopicDeclined(Told { page_url: None, ..told(ODD, Some(ODD), ODD, ODD) }),
    ]
}
