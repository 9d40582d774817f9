//! An occasion as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Gift, GreetingTemplate, Messages, Names, Occasion, OccasionKind, OccasionRule};
use crate::members::Audience;
use platform::{
    http::Reply,
    kernel::{
        id::{MemberId, OccasionId},
        local_time::LocalTime,
    },
};

/// An occasion of the program.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Occasion)]
pub struct OccasionBody {
    id: OccasionId,
    kind: OccasionKind,
    name: Option<Names>,
    rule: OccasionRule,
    audience: Audience,
    template: GreetingTemplate,
    message: Option<Messages>,
    gift: Option<Gift>,
    send_at_local: LocalTime,
    active: bool,
}

impl From<Occasion> for OccasionBody {
    fn from(occasion: Occasion) -> Self {
        let template = occasion.fields.letter();
        let fields = occasion.fields;
        Self {
            id: occasion.id,
            kind: fields.kind,
            name: fields.name,
            rule: fields.rule,
            audience: fields.audience,
            template,
            message: fields.message,
            gift: fields.gift,
            send_at_local: fields.send_at_local,
            active: fields.active,
        }
    }
}

impl Reply for OccasionBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// A holiday that an occasion may be for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Holiday)]
pub struct HolidayBody {
    #[schema(example = "christmas_eve")]
    pub holiday: &'static str,
    /// In the reader's language.
    #[schema(example = "Christmas Eve")]
    pub name: String,
    /// The dates of the year that was asked for: none or two where a calendar drifts.
    #[schema(value_type = Vec<super::Day>)]
    pub dates: Vec<jiff::civil::Date>,
}
