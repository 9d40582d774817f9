//! What members are told.

use jiff::civil::Date;

use super::NewAnnouncement;
use crate::topics::TopicState;
use platform::{
    kernel::locale::Reader,
    messaging::letters::{Letter, Told},
    settings::Settings,
};

/// To whom, of what they said.
pub struct Addressee {
    pub given_name: String,
    pub reader: Reader,
    pub said_on: Date,
    pub quote: Option<String>,
}

/// What somebody reads of topics in this state.
pub fn letter(
    fields: &NewAnnouncement,
    state: TopicState,
    settings: &Settings,
    to: Addressee,
) -> Letter {
    let title = fields.title.read_by(&to.reader).map(ToString::to_string);
    let body = fields.body.read_by(&to.reader).map(ToString::to_string);
    let told = Told {
        given_name: to.given_name,
        said_on: to.said_on,
        quote: to.quote.filter(|_| fields.quote),
        title: title.unwrap_or_default(),
        body: body.unwrap_or_default(),
        planned: state == TopicState::Planned,
        page_url: settings.storefront_url.as_ref().map(|shop| format!("{shop}/")),
    };
    match state {
        TopicState::Declined => Letter::TopicDeclined(told),
        TopicState::Open | TopicState::Planned | TopicState::Changed => Letter::TopicChanged(told),
    }
}
