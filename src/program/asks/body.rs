//! Asks as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Ask, AskChannel, AskKind, AskState, Reason};
use platform::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AskId, LetterId, MemberId},
    },
};

/// What an answer brings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AskOffer {
    #[schema(example = 50)]
    pub points: i64,
}

/// Something that a member is, was, or will not be asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Ask)]
pub struct AskBody {
    id: AskId,
    member_id: MemberId,
    kind: AskKind,
    /// What it is about: a survey's id, or what the shop calls it.
    #[serde(rename = "ref")]
    #[schema(example = "srv_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    reference: String,
    channel: AskChannel,
    state: AskState,
    /// Why it waits, or never went; all at once.
    reasons: Vec<Reason>,
    planned_at: Timestamp,
    /// When it is tried; null once it is sent or dropped.
    send_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    letter_id: Option<LetterId>,
    offer: Option<AskOffer>,
    /// Where the member answers; shown once, to whoever made the ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    page_url: Option<String>,
}

impl AskBody {
    /// # Errors
    /// A row that was not written by us.
    pub fn of(ask: Ask) -> Result<Self> {
        Ok(Self {
            reasons: ask.reasons()?,
            id: ask.id,
            member_id: ask.member_id,
            kind: ask.kind,
            reference: ask.reference,
            channel: ask.channel,
            state: ask.state,
            planned_at: ask.planned_at,
            send_at: ask.send_at,
            sent_at: ask.sent_at,
            answered_at: ask.answered_at,
            letter_id: ask.letter_id,
            offer: ask.points.map(|points| AskOffer { points }),
            page_url: None,
        })
    }

    /// The same with the page on which it is answered.
    #[must_use]
    pub fn at_page(self, page_url: Option<String>) -> Self {
        Self { page_url, ..self }
    }
}

impl Reply for AskBody {
    const MADE: &'static [&'static str] = &["/id", "/page_url"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.member_id]
    }
}

/// Whether a member may be asked for something of this kind now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NextAsk {
    pub kind: AskKind,
    pub allowed: bool,
    /// From when on, as things are; null where that does not come by itself.
    pub from: Option<Timestamp>,
    pub reasons: Vec<Reason>,
}
