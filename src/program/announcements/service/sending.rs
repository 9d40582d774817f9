//! Writing an announcement's letters, some members at a time: it can be killed anywhere and goes on, and
//! several servers may try at once.

use std::collections::BTreeSet;

use super::audience::Asked;
use crate::{
    announcements::{AnnouncementState, LeftOut, store},
    members::{Member, service::many},
    topics,
};
use platform::{
    db::{Store, Tx},
    kernel::{
        error::Result,
        id::{AnnouncementId, MemberId, TopicId},
    },
    messaging::outbox::{self, Queued},
    settings,
};

/// How many members are seen to in one transaction.
const CHUNK: i64 = 50;

/// Writes the letters of all announcements that wait.
///
/// # Errors
/// The database's own: what was written stays, the rest is tried again, and the announcements behind it
/// did not wait for it.
pub async fn send_due(store: &Store) -> Result<()> {
    store.work_off(store.read(store::open).await?, work).await
}

/// Has what waits written now, and not only when its chore comes round.
pub fn begin(store: &Store) {
    let store = store.clone();
    tokio::spawn(async move {
        if let Err(error) = send_due(&store).await {
            tracing::warn!(%error, "an announcement waits for its chore");
        }
    });
}

/// Sees to some members; `false` where nobody waits, or somebody else sees to it.
///
/// # Errors
/// The database's own.
pub fn work(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<bool> {
    let Some(mut announcement) = store::lock_open(tx, id)? else { return Ok(false) };
    let settings = settings::service::get(tx)?;
    let waiting = Asked::of(tx, &announcement, &settings)?.undecided(tx, None, CHUNK)?;
    if waiting.is_empty() {
        announcement.state = AnnouncementState::Sent;
        announcement.sent_at = Some(tx.now);
        announcement.version += 1;
        store::update(tx, &announcement)?;
        return Ok(false);
    }
    let members = many::lock_all(tx, &waiting.iter().copied().collect())?;
    // from here on none of them is merged: what is told now is told of the topic that stays
    topics::service::lock_resolved(tx, &announcement.fields.topic_ids)?;
    let asked = Asked::of(tx, &announcement, &settings)?;
    let verdicts = asked.judge(tx, &members)?;
    let wanted: Vec<(&Member, _, &BTreeSet<TopicId>)> = verdicts
        .iter()
        .filter_map(|(id, verdict)| {
            let wanted = verdict.as_ref().ok()?;
            Some((members.get(id)?, &wanted.first, &wanted.untold))
        })
        .collect();
    let to: Vec<_> = wanted.iter().map(|(member, first, _)| (*member, *first)).collect();
    let letters = asked.letters(tx, &to)?;
    let queued = letters.into_iter().filter_map(|(member, letter)| {
        let (to, _) = members.get(&member)?.addressee()?;
        let dedupe_key = format!("announcement:{id}:{member}");
        Some(Queued { to, letter, dedupe_key, not_before: None })
    });
    outbox::push_all(tx, queued.collect())?;
    let each =
        wanted.iter().flat_map(|(member, _, untold)| untold.iter().map(|it| (member.id, *it)));
    topics::service::tell(tx, id, asked.state, &each.collect::<Vec<_>>())?;
    let decided: Vec<(MemberId, Option<LeftOut>)> =
        verdicts.iter().map(|(id, verdict)| (*id, verdict.as_ref().err().copied())).collect();
    store::decide(tx, id, &decided)?;
    if announcement.state == AnnouncementState::Approved {
        announcement.state = AnnouncementState::Sending;
        announcement.version += 1;
        store::update(tx, &announcement)?;
    }
    Ok(true)
}
