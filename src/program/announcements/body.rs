//! An announcement as staff see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Announcement, AnnouncementState, Bodies, Edge, NewAnnouncement, Titles, TopicIds};
use platform::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        id::{AnnouncementId, MemberId},
        locale::{Locale, Reader},
    },
};

/// What those are told who said something.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Announcement)]
pub struct AnnouncementBody {
    pub id: AnnouncementId,
    pub topic_ids: TopicIds,
    pub from: Edge,
    /// Exclusive.
    pub to: Edge,
    /// By language, or, where one was asked for, in that alone.
    pub title: Titles,
    /// The same.
    pub body: Bodies,
    pub quote: bool,
    pub state: AnnouncementState,
    /// Who wrote it last: another person sends it.
    #[schema(example = "usr_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    pub written_by: String,
    #[schema(example = "usr_01m7zr0b7ee0tt0vrz3kxj2q8d")]
    pub approved_by: Option<String>,
    pub created_at: Timestamp,
    pub approved_at: Option<Timestamp>,
    /// When the last letter was written.
    pub sent_at: Option<Timestamp>,
}

impl AnnouncementBody {
    /// With its texts in one language: this one, or else the program's.
    #[must_use]
    pub fn in_language(self, locale: Locale, program: &Locale) -> Self {
        let reader = Reader { wanted: vec![locale], program: program.clone() };
        let (title, body) = (self.title.said_to(&reader), self.body.said_to(&reader));
        Self { title, body, ..self }
    }
}

impl From<Announcement> for AnnouncementBody {
    fn from(one: Announcement) -> Self {
        let NewAnnouncement { topic_ids, from, to, title, body, quote } = one.fields;
        let Announcement { id, state, written_by, approved_by, .. } = one;
        let Announcement { created_at, approved_at, sent_at, .. } = one;
        Self {
            id,
            topic_ids,
            from,
            to,
            title,
            body,
            quote,
            state,
            written_by,
            approved_by,
            created_at,
            approved_at,
            sent_at,
        }
    }
}

impl Reply for AnnouncementBody {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// Whom an announcement is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AudienceBody {
    /// Who gets a letter, or got one.
    #[schema(example = 31)]
    pub members: i64,
    /// Who raised one of its topics and gets none, each for the first of these reasons: erased,
    /// suspended, told before, no way to write, switched off.
    pub left_out: LeftOutBody,
}

/// Who gets no letter, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOutBody {
    /// There is no way to write to them: no address, or mail does not go there.
    pub no_consent: i64,
    /// They take no thank-you letters.
    pub switched_off: i64,
    pub erased: i64,
    pub suspended: i64,
    /// They were told of all of these topics that they raised, in this state.
    pub told_before: i64,
}
