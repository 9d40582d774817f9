//! Asks that the shop itself makes, on a page or at the till, through the same gate.

use std::collections::HashMap;

use super::Governor;
use crate::{
    asks::{Ask, AskChannel, AskKind, AskState, Rank, Reason, ReasonCode, store},
    members::Member,
};
use platform::{
    db::{Tx, types::Json},
    kernel::{
        clock::Timestamp,
        error::{NotAsked, Refusal, Result},
        id::{AskId, MemberId, SurveyId},
        text::Line,
    },
};

/// An ask that the shop itself makes, on a page or at the till.
#[derive(Clone, Debug)]
pub struct OwnAsk {
    pub kind: AskKind,
    pub reference: Line<200>,
    pub channel: AskChannel,
    pub survey: Option<SurveyId>,
    pub answer_until: Option<Timestamp>,
    pub points: Option<i64>,
}

impl Governor {
    /// Why a member may not be asked by the shop now; empty: it may. One of these that are due goes
    /// first, where it may.
    #[must_use]
    pub fn judge_own(
        &self,
        member: MemberId,
        kind: AskKind,
        channel: AskChannel,
        due: &[Ask],
        now: Timestamp,
    ) -> Vec<Reason> {
        let mut reasons = self.judge(member, kind, channel, now);
        if reasons.is_empty() {
            let goes_first = |ask: &&Ask| {
                ask.rank < Rank::of(kind).get()
                    && self.judge(member, ask.kind, ask.channel, now).is_empty()
            };
            let better = due.iter().find(goes_first);
            reasons.extend(better.map(|_| Reason::for_good(ReasonCode::OtherFirst)));
        }
        reasons
    }
}

/// Has the governor decide on an ask of the shop's own, which is made at once; `due` is what else
/// would be asked now.
///
/// # Errors
/// [`Refusal::AskRefused`] with all reasons.
pub fn ask_now(tx: &mut Tx<'_>, member: &Member, own: &OwnAsk, due: &[Ask]) -> Result<Ask> {
    let members = HashMap::from([(member.id, member.clone())]);
    let governor = Governor::of(tx, &members)?;
    let rank = Rank::of(own.kind);
    let reasons = governor.judge_own(member.id, own.kind, own.channel, due, tx.now);
    if !reasons.is_empty() {
        let told = |reason: &Reason| NotAsked { code: reason.code.as_str(), until: reason.until };
        return Err(Refusal::AskRefused { reasons: reasons.iter().map(told).collect() }.into());
    }
    let id: AskId = tx.new_id();
    let ask = Ask {
        id,
        member_id: member.id,
        kind: own.kind,
        reference: own.reference.to_string(),
        survey_id: own.survey,
        occurrence: id.to_string(),
        rank: rank.get(),
        channel: own.channel,
        state: AskState::Sent,
        reasons: Json::of(&Vec::<Reason>::new())?,
        order_id: None,
        points: own.points,
        planned_at: tx.now,
        due_at: tx.now,
        send_at: None,
        sent_at: Some(tx.now),
        answered_at: None,
        answer_until: own.answer_until,
        remind_at: None,
        letter_id: None,
    };
    store::insert_all(tx, std::slice::from_ref(&ask))?;
    Ok(ask)
}
