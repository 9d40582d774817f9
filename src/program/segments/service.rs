//! Keeping segments, and asking who is in one.

use super::{NewSegment, Segment, SegmentChanges, SegmentCount, store};
use crate::{
    conditions::{
        self, Definitions, Use, Verdict, Where,
        service::{check_named, named},
    },
    members::{self, Member},
};
use platform::{
    db::{Tx, lock::named_lock},
    kernel::{
        error::{Origin, Refusal, Result},
        id::{MemberId, SegmentId},
        page::{Listing, Page},
        version::Versions,
    },
};

pub use store::{get, list, names};

/// What changes segments does so one after the other: what one names is there, and no two name each
/// other, whoever else saves one at the same time.
fn all_locked(tx: &mut Tx<'_>) -> Result<Vec<Segment>> {
    named_lock(tx.conn, b"segments")?;
    store::lock_all(tx)
}

/// Adds a segment.
///
/// # Errors
/// [`Refusal::Invalid`] with the condition that can't be, or a name that another has; an unknown
/// segment.
pub fn add(tx: &mut Tx<'_>, fields: NewSegment) -> Result<Segment> {
    fields.wanted.check(Use::Segment, "/where")?;
    let all = all_locked(tx)?;
    let segment = Segment { id: tx.new_id(), fields, created_at: tx.now, version: 1 };
    check(&segment, &all)?;
    store::insert(tx, &segment)?;
    Ok(segment)
}

/// What no segment can tell by itself.
fn check(segment: &Segment, all: &[Segment]) -> Result<(), Refusal> {
    let key = |segment: &Segment| segment.fields.name.as_str().to_lowercase();
    let others = || all.iter().filter(|other| other.id != segment.id);
    if let Some(other) = others().find(|other| key(other) == key(segment)) {
        let why = format!("is the name of another segment, {}", other.id);
        return Err(Refusal::field("/name", why));
    }
    let mut definitions: Definitions =
        others().map(|other| (other.id, other.fields.wanted.clone())).collect();
    check_named(&segment.fields.wanted, Some(segment.id), &definitions, "/where")?;
    // those that name it grow with it
    definitions.insert(segment.id, segment.fields.wanted.clone());
    for other in others() {
        if let Err(Refusal::Invalid { .. }) =
            check_named(&other.fields.wanted, Some(other.id), &definitions, "/where")
        {
            let why = format!("is too much for {}, which names this segment", other.id);
            return Err(Refusal::field("/where", why));
        }
    }
    Ok(())
}

/// Changes a segment that is still of one of these versions; what changes nothing makes no new one.
///
/// # Errors
/// No such segment; another version; as [`add`].
pub fn change(
    tx: &mut Tx<'_>,
    id: SegmentId,
    changes: &SegmentChanges,
    seen: &Versions,
) -> Result<Segment> {
    let all = all_locked(tx)?;
    let before = all.iter().find(|segment| segment.id == id);
    let before = before.ok_or_else(|| Refusal::not_found("segment"))?;
    seen.check(before.version)?;
    let fields = changes.apply(&before.fields)?;
    if fields == before.fields {
        return Ok(before.clone());
    }
    fields.wanted.check(Use::Segment, "/where")?;
    let segment = Segment { fields, version: before.version + 1, ..before.clone() };
    check(&segment, &all)?;
    store::update(tx, &segment)?;
    Ok(segment)
}

/// Deletes a segment that nothing names.
///
/// # Errors
/// No such segment; [`Refusal::InUse`].
pub fn delete(tx: &mut Tx<'_>, id: SegmentId) -> Result<()> {
    let all = all_locked(tx)?;
    if !all.iter().any(|segment| segment.id == id) {
        return Err(Refusal::not_found("segment").into());
    }
    let by = in_use_by(tx, id, &all)?;
    if !by.is_empty() {
        return Err(Refusal::InUse { what: "segment", by }.into());
    }
    store::delete(tx, id)
}

/// What names a segment: other segments, and surveys that are not over, by their audience.
fn in_use_by(tx: &mut Tx<'_>, id: SegmentId, all: &[Segment]) -> Result<Vec<Origin>> {
    let names_it = |wanted: &Where| named(wanted).any(|other| other == id);
    let segments = all.iter().filter(|segment| names_it(&segment.fields.wanted));
    let mut by: Vec<Origin> =
        segments.map(|segment| Origin { kind: "segment", id: segment.id.to_string() }).collect();
    for (survey, mut fields) in store::surveys(tx)? {
        let audience = fields.get_mut("audience").map(serde_json::Value::take);
        let audience: Option<Where> = audience.map(serde_json::from_value).transpose()?.flatten();
        if audience.is_some_and(|audience| names_it(&audience)) {
            by.push(Origin { kind: "survey", id: survey.to_string() });
        }
    }
    Ok(by)
}

/// A page of the members who are in a segment now, newest first.
///
/// # Errors
/// No such segment; a cursor of another list.
pub fn members(tx: &mut Tx<'_>, id: SegmentId, page: &Page) -> Result<Listing<Member>> {
    let segment = get(tx, id)?;
    let before = page.after::<MemberId>()?;
    let found = conditions::service::newest(tx, &segment.fields.wanted, before, page.rows())?;
    let mut known = members::service::many::find_all(tx, &found.iter().copied().collect())?;
    let found = page.cut(found, ToString::to_string, |id| id);
    let Listing { data, next_cursor } = found;
    Ok(Listing { data: data.into_iter().filter_map(|id| known.remove(&id)).collect(), next_cursor })
}

/// How many members are in a segment now.
///
/// # Errors
/// No such segment.
pub fn count(tx: &mut Tx<'_>, id: SegmentId) -> Result<SegmentCount> {
    let segment = get(tx, id)?;
    let count = conditions::service::count(tx, &segment.fields.wanted)?;
    Ok(SegmentCount { count, as_of: tx.now })
}

/// Whether a member is in a segment now, and why not.
///
/// # Errors
/// No such segment; no such member.
pub fn judge(tx: &mut Tx<'_>, id: SegmentId, member: MemberId) -> Result<Verdict> {
    let segment = get(tx, id)?;
    let verdict = conditions::service::judge_member(tx, &segment.fields.wanted, member)?;
    verdict.ok_or_else(|| Refusal::not_found("member").into())
}
