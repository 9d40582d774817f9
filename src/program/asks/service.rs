//! Planning asks, deciding which goes out, and what became of them. Whoever calls has the members'
//! rows locked: two that fall due at once are decided one after the other.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use super::{
    Ask, AskChannel, AskKind, AskState, Rank, Reason, ReasonCode,
    governor::{self, Past, Person, Policy, Verdict},
    store,
};
use crate::{
    db::{Tx, types::Json},
    kernel::{
        clock::Timestamp,
        error::{NotAsked, Refusal, Result},
        id::{AskId, LetterId, MemberId, OrderId, SurveyId},
        text::Line,
    },
    messaging::{letters::Preference, preferences},
    program::{
        members::{Member, MemberStatus},
        settings,
    },
};

pub use store::{
    counted, due_among, due_of, get, known, list, next_due, next_end, of_letter, of_occurrence,
    over, sent_since, to_remind,
};

/// Nobody remembers what an ask is about that comes so long after its cause.
pub const PATIENCE: Duration = Duration::from_hours(30 * 24);

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

/// All that the governor knows of some members.
pub struct Governor {
    policy: Policy,
    people: HashMap<MemberId, Person>,
    past: HashMap<MemberId, Vec<Past>>,
}

impl Governor {
    /// Reads it for these members.
    pub fn of(tx: &mut Tx<'_>, members: &HashMap<MemberId, Member>) -> Result<Self> {
        let policy = Policy::of(&settings::service::get(tx)?);
        let ids: Vec<MemberId> = members.keys().copied().collect();
        let longest = policy.quiet_of_kind.iter().max().copied().unwrap_or_default();
        let past = store::past(tx, &ids, longest.max(policy.quiet))?;
        let switches = preferences::of_all(tx.conn, &ids)?;
        let person = |member: &Member| {
            let switches = switches.get(&member.id);
            let has_address = member.addressee().is_some()
                && switches
                    .is_some_and(|all| all.address.and_then(|why| why.refuses(false)).is_none());
            Person {
                is_active: member.status == MemberStatus::Active,
                enrolled_at: member.enrolled_at,
                time_zone: member.time_zone.clone(),
                consents: member.marketing_consent,
                // other kinds have no switch of their own yet
                switched_off: switches.is_some_and(|all| !all.is_on(Preference::Surveys)),
                has_address,
            }
        };
        let people = members.iter().map(|(id, member)| (*id, person(member))).collect();
        Ok(Self { policy, people, past })
    }

    /// Why a member may not be asked then; empty: it may.
    #[must_use]
    pub fn judge(
        &self,
        member: MemberId,
        kind: AskKind,
        channel: AskChannel,
        at: Timestamp,
    ) -> Vec<Reason> {
        let Some(person) = self.people.get(&member) else {
            return vec![Reason::for_good(ReasonCode::Suspended)];
        };
        let mut person = person.clone();
        person.switched_off &= kind == AskKind::Survey;
        let past = self.past.get(&member).map_or(&[][..], Vec::as_slice);
        governor::judge(&self.policy, &person, past, kind, channel, at)
    }

    /// What goes out now is among what was asked before for all that follows.
    pub fn went_out(&mut self, member: MemberId, kind: AskKind, at: Timestamp) {
        self.past.entry(member).or_default().push(Past { kind, at });
    }
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

/// Of the asks of these members whose time has come, those that go out now: one a member at most,
/// by their rank. The others wait, and say why.
#[expect(clippy::implicit_hasher, reason = "as members are locked")]
pub fn choose(
    tx: &mut Tx<'_>,
    members: &HashMap<MemberId, Member>,
    may_go: &mut dyn FnMut(&Ask) -> Option<Reason>,
) -> Result<Vec<Ask>> {
    let mut governor = Governor::of(tx, members)?;
    let ids: Vec<MemberId> = members.keys().copied().collect();
    let mut chosen: Vec<Ask> = Vec::new();
    let mut served = BTreeSet::new();
    for mut ask in store::due_among(tx, &ids)? {
        let mut reasons = governor.judge(ask.member_id, ask.kind, ask.channel, tx.now);
        if served.contains(&ask.member_id)
            && let Some(until) = reasons.iter().filter_map(|reason| reason.until).max()
        {
            reasons.push(Reason::until(ReasonCode::OtherFirst, until));
        }
        if reasons.is_empty() {
            match may_go(&ask) {
                // its own day is full: it stays where it is in the queue
                Some(Reason { code: ReasonCode::DayFull, .. }) => continue,
                Some(reason) => reasons.push(reason),
                None => {
                    governor.went_out(ask.member_id, ask.kind, tx.now);
                    served.insert(ask.member_id);
                    chosen.push(ask);
                    continue;
                }
            }
        }
        wait(&mut ask, &reasons)?;
        store::update(tx, &ask)?;
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
        ask.remind_at = None;
        store::update(tx, &ask)?;
    }
    Ok(ask)
}

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

/// Has the governor decide on an ask of the shop's own, which is made at once.
///
/// # Errors
/// [`Refusal::AskRefused`] with all reasons.
pub fn ask_now(tx: &mut Tx<'_>, member: &Member, own: &OwnAsk) -> Result<Ask> {
    let members = HashMap::from([(member.id, member.clone())]);
    let governor = Governor::of(tx, &members)?;
    let mut reasons = governor.judge(member.id, own.kind, own.channel, tx.now);
    let rank = Rank::of(own.kind);
    if reasons.is_empty() {
        // one that is due goes first, where it may
        let due = store::due_among(tx, &[member.id])?;
        let better = due.iter().find(|ask| {
            ask.rank < rank.get()
                && governor.judge(member.id, ask.kind, ask.channel, tx.now).is_empty()
        });
        reasons.extend(better.map(|_| Reason::for_good(ReasonCode::OtherFirst)));
    }
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

/// The survey is over for those who were not asked yet.
pub fn survey_ended(tx: &mut Tx<'_>, survey: SurveyId) -> Result<usize> {
    let reasons = Json::of(&[Reason::for_good(ReasonCode::SurveyClosed)])?;
    store::drop_waiting(tx, survey, &reasons)
}

/// The order arrived: what is asked after that is due so much sooner.
pub fn hasten(tx: &mut Tx<'_>, order: OrderId, survey: SurveyId, due_at: Timestamp) -> Result<()> {
    for mut ask in store::waiting_of_order(tx, order)? {
        if ask.survey_id == Some(survey) && due_at < ask.due_at {
            ask.due_at = due_at.max(tx.now);
            ask.send_at = Some(ask.due_at);
            ask.state = AskState::Planned;
            ask.reasons = Json::of(&Vec::<Reason>::new())?;
            store::update(tx, &ask)?;
        }
    }
    Ok(())
}

/// A member is gone: what was open of it ends.
pub fn member_gone(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let reasons = Json::of(&[Reason::for_good(ReasonCode::Suspended)])?;
    store::drop_of(tx, member, &reasons)
}
