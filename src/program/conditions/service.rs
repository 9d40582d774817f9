//! Asking conditions: of all members in the database, or of some, with reasons; and whether they can be
//! saved.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Facts, Plan, Use, Verdict, Where,
    plan::{Definitions, Frame},
    store,
};
use platform::{
    db::Tx,
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, SegmentId},
    },
    settings,
};

/// How deep segments name each other at most.
pub const DEEPEST_SEGMENTS: usize = 5;
/// How many conditions there are at most in all, those of the segments that are named included.
pub const MOST_IN_ALL: usize = 500;

/// Conditions as they are now, ready to be asked.
///
/// # Errors
/// None of the caller's: what was saved was checked.
pub fn plan(tx: &mut Tx<'_>, wanted: &Where) -> Result<Plan> {
    let settings = settings::service::get(tx)?;
    let definitions = all_named(tx, wanted, false)?;
    Plan::new(wanted, &definitions, Frame::new(&settings, tx.now))
}

/// Those whom the conditions are true of, newest first, of those made before `before`: for lists.
///
/// # Errors
/// As [`plan`].
pub fn newest(
    tx: &mut Tx<'_>,
    wanted: &Where,
    before: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    let plan = plan(tx, wanted)?;
    store::newest(tx, &plan, before, rows)
}

/// How many active members fulfil these conditions.
///
/// # Errors
/// As [`plan`].
pub fn count(tx: &mut Tx<'_>, wanted: &Where) -> Result<i64> {
    let plan = plan(tx, wanted)?;
    store::count(tx, &plan)
}

/// What is known of these members, as far as a plan asks: for [`Plan::judge`]; those that are not there
/// are left out.
///
/// # Errors
/// None of the caller's.
pub fn facts(
    tx: &mut Tx<'_>,
    plan: &Plan,
    members: &[MemberId],
) -> Result<BTreeMap<MemberId, Facts>> {
    store::facts(tx, plan, &members.iter().copied().collect())
}

/// The members of an audience behind `after`, in the order of their ids.
///
/// # Errors
/// None of the caller's.
pub fn page_of(
    tx: &mut Tx<'_>,
    plan: &Plan,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    store::next(tx, plan, after, rows)
}

/// Whether each of these members fulfils the conditions, and why not; those that are not there are left
/// out. What is known of them is read with a few statements for all.
///
/// # Errors
/// As [`plan`].
pub fn judge_members(
    tx: &mut Tx<'_>,
    wanted: &Where,
    members: &[MemberId],
) -> Result<BTreeMap<MemberId, Verdict>> {
    let plan = plan(tx, wanted)?;
    let facts = store::facts(tx, &plan, &members.iter().copied().collect())?;
    Ok(facts.iter().map(|(member, facts)| (*member, plan.judge(facts))).collect())
}

/// Whether one member fulfils the conditions, and why not; `None` where there is no such member.
///
/// # Errors
/// As [`plan`].
pub fn judge_member(tx: &mut Tx<'_>, wanted: &Where, member: MemberId) -> Result<Option<Verdict>> {
    Ok(judge_members(tx, wanted, &[member])?.remove(&member))
}

/// Whether conditions can be saved for `its_use`; `pointer` is where they stand in their body, such as
/// `/audience`. The segments that they name are locked until the transaction ends, so that none is
/// deleted meanwhile.
///
/// # Errors
/// [`Refusal::Invalid`] with the pointer of what is at fault; an unknown segment.
pub fn check(tx: &mut Tx<'_>, wanted: &Where, its_use: Use, pointer: &str) -> Result<()> {
    wanted.check(its_use, pointer)?;
    let definitions = all_named(tx, wanted, true)?;
    Ok(check_named(wanted, None, &definitions, pointer)?)
}

/// Looks at the segments that conditions name: that they are there, do not lead back to `own`, and are
/// not too many. `definitions` has all that are named, directly or by others.
///
/// # Errors
/// [`Refusal::Invalid`] with the pointer of the leaf; an unknown segment.
pub fn check_named(
    wanted: &Where,
    own: Option<SegmentId>,
    definitions: &Definitions,
    pointer: &str,
) -> Result<(), Refusal> {
    let mut sizes = Sizes { definitions, known: BTreeMap::new() };
    for (at, leaf) in wanted.leaves(pointer) {
        for (place, id) in leaf.segments().iter().enumerate() {
            let at = if leaf.op.takes_list() {
                format!("{at}/value/{place}")
            } else {
                format!("{at}/value")
            };
            if Some(*id) != own && !definitions.contains_key(id) {
                return Err(Refusal::not_found_at("segment", at));
            }
            if leads_to(*id, own, definitions) {
                return Err(Refusal::field(
                    at,
                    "leads back to this segment: no segment is in itself",
                ));
            }
            if sizes.depth(*id) > DEEPEST_SEGMENTS {
                let why =
                    format!("goes too deep: at most {DEEPEST_SEGMENTS} segments in each other");
                return Err(Refusal::field(at, why));
            }
        }
    }
    if sizes.of(wanted) > MOST_IN_ALL {
        let why = format!(
            "is too much: at most {MOST_IN_ALL} conditions, those of the segments that it names included"
        );
        return Err(Refusal::field(pointer, why));
    }
    Ok(())
}

/// The segments that conditions name, as often as they do.
pub fn named(wanted: &Where) -> impl Iterator<Item = SegmentId> {
    wanted.leaves("").into_iter().flat_map(|(_, leaf)| leaf.segments().to_vec())
}

/// All segments that conditions name, and those that these name, and so on; those that are not there
/// are left out.
fn all_named(tx: &mut Tx<'_>, wanted: &Where, lock: bool) -> Result<Definitions> {
    let mut found = Definitions::new();
    let mut missing: BTreeSet<SegmentId> = named(wanted).collect();
    while !missing.is_empty() {
        let more = store::definitions(tx, &missing, lock)?;
        let next: BTreeSet<SegmentId> = more.values().flat_map(named).collect();
        found.extend(more);
        missing = next.into_iter().filter(|id| !found.contains_key(id)).collect();
    }
    Ok(found)
}

/// Whether a segment is `own`, or names it, directly or by others.
fn leads_to(from: SegmentId, own: Option<SegmentId>, definitions: &Definitions) -> bool {
    let Some(own) = own else { return false };
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(id) = open.pop() {
        if id == own {
            return true;
        }
        if seen.insert(id) {
            open.extend(definitions.get(&id).into_iter().flat_map(named));
        }
    }
    false
}

/// How much there is to segments, each found out once. None names itself.
struct Sizes<'a> {
    definitions: &'a Definitions,
    /// Conditions in all, and how deep.
    known: BTreeMap<SegmentId, (usize, usize)>,
}

impl Sizes<'_> {
    fn of(&mut self, wanted: &Where) -> usize {
        let mut size: usize = 0;
        for (_, leaf) in wanted.leaves("") {
            size = size.saturating_add(1);
            for id in leaf.segments() {
                size = size.saturating_add(self.segment(*id).0);
            }
        }
        size
    }

    fn depth(&mut self, id: SegmentId) -> usize {
        self.segment(id).1
    }

    fn segment(&mut self, id: SegmentId) -> (usize, usize) {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let Some(definition) = self.definitions.get(&id) else { return (0, 1) };
        let size = self.of(definition);
        let below = named(definition).map(|id| self.segment(id).1).max().unwrap_or(0);
        self.known.insert(id, (size, below + 1));
        (size, below + 1)
    }
}
