//! What members said, in their own words. It reads answers' rows, and is to move to their room.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    db::{
        Tx,
        prepared::one_of,
        schema::{answer_versions, answers},
        types::RawId,
    },
    kernel::{error::Result, id::MemberId},
};

/// The latest words of these answers, each of the member that it is asked for; who said none, or
/// whose answer does not count, is left out.
pub fn said(tx: &mut Tx<'_>, of: &[(MemberId, Uuid)]) -> Result<HashMap<Uuid, String>> {
    let ids: Vec<RawId> = of.iter().map(|(_, answer)| RawId(*answer)).collect();
    let rows: Vec<(RawId, MemberId, Option<String>)> = answer_versions::table
        .inner_join(answers::table.on(answers::id.eq(answer_versions::answer_id)))
        .filter(one_of(answers::id, &ids))
        .filter(answers::state.ne("void"))
        .order(answer_versions::version)
        .select((answers::id, answers::member_id, answer_versions::comment))
        .load(tx.conn)?;
    // the last of each stands
    let latest: HashMap<Uuid, (MemberId, Option<String>)> =
        rows.into_iter().map(|(RawId(id), member, words)| (id, (member, words))).collect();
    let own = |(member, answer): &(MemberId, Uuid)| {
        let (by, words) = latest.get(answer)?;
        let words = words.as_ref().filter(|words| by == member && !words.trim().is_empty())?;
        Some((*answer, words.clone()))
    };
    Ok(of.iter().filter_map(own).collect())
}
