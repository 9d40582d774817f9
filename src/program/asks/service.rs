//! Planning asks, deciding which goes out, and what became of them. Whoever calls has the members'
//! rows locked: two that fall due at once are decided one after the other.

mod knowing;
mod own;

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{
    Ask, AskChannel, AskKind, AskState, Rank, Reason, ReasonCode, governor::Verdict, store,
};
use crate::members::Member;
use platform::{
    db::{Tx, types::Json},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AskId, LetterId, MemberId, OrderId, SurveyId},
    },
};

pub use knowing::Governor;
pub use own::{OwnAsk, ask_now};
pub use store::{
    counted, due_among, due_of, get, known, list, next_due, next_end, open_of, over, sent_since,
    to_remind, waiting_of_order,
};

/// Nobody remembers what an ask is about that comes so long after its cause.
pub const PATIENCE: Duration = Duration::from_hours(30 * 24);

/// Whatever the shop allows, two asks of one member are a day apart.
const ONE_A_DAY: Duration = Duration::from_hours(24);

/// Which asks are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub member: Option<MemberId>,
    pub kind: Option<AskKind>,
    pub state: Option<AskState>,
    pub survey: Option<SurveyId>,
}

/// An ask to be planned.
#[derive(Clone, Debug)]
pub struct NewAsk {
    pub member: MemberId,
    pub survey: SurveyId,
    pub occurrence: String,
    pub rank: Rank,
    pub due_at: Timestamp,
    pub order: Option<OrderId>,
    pub points: Option<i64>,
    /// Whether the draw took the member.
    pub is_sampled: bool,
}

/// Plans asks by letter, each as the governor sees its time; answers how many are new.
pub fn plan(
    tx: &mut Tx<'_>,
    governor: &Governor,
    kind: AskKind,
    new: Vec<NewAsk>,
) -> Result<usize> {
    let mut rows = Vec::with_capacity(new.len());
    for one in new {
        let due_at = one.due_at.max(tx.now);
        let reasons = if one.is_sampled {
            governor.judge(one.member, kind, AskChannel::Letter, due_at)
        } else {
            vec![Reason::for_good(ReasonCode::NotSampled)]
        };
        let mut ask = Ask {
            id: tx.new_id(),
            member_id: one.member,
            kind,
            reference: one.survey.to_string(),
            survey_id: Some(one.survey),
            occurrence: one.occurrence,
            rank: one.rank.get(),
            channel: AskChannel::Letter,
            state: AskState::Planned,
            reasons: Json::of(&Vec::<Reason>::new())?,
            order_id: one.order,
            points: one.points,
            planned_at: tx.now,
            due_at,
            send_at: Some(due_at),
            sent_at: None,
            answered_at: None,
            answer_until: None,
            remind_at: None,
            letter_id: None,
        };
        wait(&mut ask, &reasons)?;
        rows.push(ask);
    }
    store::insert_all(tx, &rows)
}

/// What these reasons make of an ask that waits: with none it is planned still.
fn wait(ask: &mut Ask, reasons: &[Reason]) -> Result<()> {
    ask.reasons = Json::of(&reasons)?;
    match Verdict::of(reasons) {
        Verdict::Allowed => ask.state = AskState::Planned,
        Verdict::Later(at) if is_too_late(ask, at) => {
            let mut all = reasons.to_vec();
            all.push(Reason::for_good(ReasonCode::TooLate));
            ask.reasons = Json::of(&all)?;
            end(ask);
        }
        Verdict::Later(at) => {
            ask.state = AskState::Postponed;
            ask.send_at = Some(at);
        }
        Verdict::Never => end(ask),
    }
    Ok(())
}

const fn end(ask: &mut Ask) {
    ask.state = AskState::Dropped;
    ask.send_at = None;
}

/// What was caused by something that happened is forgotten some day; how things are in general can
/// be asked at any time.
fn is_too_late(ask: &Ask, at: Timestamp) -> bool {
    ask.rank == Rank::SURVEY_ON_ORDER.get() && ask.due_at.plus(PATIENCE) < at
}

/// Of these asks of these members, whose time has come and which come by their rank, those that go out
/// now: one a member at most. The others wait, and say why. `objection` is what else may be said
/// against one that the governor lets through.
#[expect(clippy::implicit_hasher, reason = "as members are locked")]
pub fn choose(
    tx: &mut Tx<'_>,
    members: &HashMap<MemberId, Member>,
    due: Vec<Ask>,
    objection: &mut dyn FnMut(&Ask) -> Option<Reason>,
) -> Result<Vec<Ask>> {
    let mut governor = Governor::of(tx, members)?;
    let mut chosen: Vec<Ask> = Vec::new();
    let mut served = BTreeSet::new();
    for mut ask in due {
        let mut reasons = governor.judge(ask.member_id, ask.kind, ask.channel, tx.now);
        if is_too_late(&ask, tx.now) {
            // it was held, or nobody was there to send it
            reasons.push(Reason::for_good(ReasonCode::TooLate));
        } else if served.contains(&ask.member_id) {
            let until = reasons.iter().filter_map(|reason| reason.until).max();
            let until = until.unwrap_or_else(|| tx.now.plus(ONE_A_DAY));
            reasons.push(Reason::until(ReasonCode::OtherFirst, until));
        }
        if reasons.is_empty() {
            reasons.extend(objection(&ask));
        }
        if reasons.is_empty() {
            governor.went_out(ask.member_id, ask.kind, tx.now);
            served.insert(ask.member_id);
            chosen.push(ask);
        } else {
            wait(&mut ask, &reasons)?;
            store::update(tx, &ask)?;
        }
    }
    Ok(chosen)
}

/// An ask went out by this letter.
pub fn sent(
    tx: &mut Tx<'_>,
    mut ask: Ask,
    letter: LetterId,
    answer_until: Timestamp,
    remind_at: Option<Timestamp>,
) -> Result<()> {
    ask.state = AskState::Sent;
    ask.reasons = Json::of(&Vec::<Reason>::new())?;
    ask.send_at = None;
    ask.sent_at = Some(tx.now);
    ask.letter_id = Some(letter);
    ask.answer_until = Some(answer_until);
    ask.remind_at = remind_at.filter(|at| *at < answer_until);
    store::update(tx, &ask)
}

/// It was repeated, or need not be.
pub fn reminded(tx: &mut Tx<'_>, mut ask: Ask) -> Result<()> {
    ask.remind_at = None;
    store::update(tx, &ask)
}

/// Somebody answered.
pub fn answered(tx: &mut Tx<'_>, id: AskId) -> Result<Ask> {
    let mut ask = store::get(tx, id)?;
    if ask.answered_at.is_none() {
        ask.state = AskState::Answered;
        ask.answered_at = Some(tx.now);
        (ask.send_at, ask.remind_at) = (None, None);
        store::update(tx, &ask)?;
    }
    Ok(ask)
}

/// The survey is over for those who were not asked yet.
pub fn survey_ended(tx: &mut Tx<'_>, survey: SurveyId) -> Result<usize> {
    let reasons = Json::of(&[Reason::for_good(ReasonCode::SurveyClosed)])?;
    store::drop_waiting(tx, survey, &reasons)
}

/// An ask that waits is due then, where that is sooner.
pub fn hasten(tx: &mut Tx<'_>, mut ask: Ask, due_at: Timestamp) -> Result<()> {
    let due_at = due_at.max(tx.now);
    if due_at < ask.due_at {
        ask.due_at = due_at;
        ask.send_at = Some(due_at);
        ask.state = AskState::Planned;
        ask.reasons = Json::of(&Vec::<Reason>::new())?;
        store::update(tx, &ask)?;
    }
    Ok(())
}

/// A member is gone: what was open of it ends.
pub fn member_gone(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let reasons = Json::of(&[Reason::for_good(ReasonCode::Suspended)])?;
    store::drop_of(tx, member, &reasons)
}
