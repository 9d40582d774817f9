//! What comes in over the wire.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Message;
use platform::kernel::{id::UserId, points::Amount, text::Reason};

/// How a person thanks.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveThanks {
    /// What was said: the words of the letter, or what one has to know of a call.
    pub message: Message,
    /// Whether the words go out as a letter.
    pub send_letter: bool,
    /// What comes with it.
    #[serde(default)]
    pub perk: Option<ThanksPerk>,
}

/// Points that come with thanks.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThanksPerk {
    pub points: Amount,
}

/// Who is to thank.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignThanks {
    pub owner_id: UserId,
}

/// Why nobody thanks.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiveThanks {
    pub reason: Reason,
}
