//! What was changed of a reward, when, and by whom. Stock moves with every redemption, and is told
//! here only where somebody set it.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::NewReward;
use platform::{
    auth::Caller,
    db::{Tx, schema::reward_changes, types::Json},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::RewardId,
        page::{Listing, Page},
    },
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reward_changes)]
struct Row {
    reward_id: RewardId,
    version: i64,
    changed_at: Timestamp,
    actor: String,
    changes: Json,
}

/// A change of a reward; the first is that it was added.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RewardChange {
    /// The version that it made.
    #[schema(example = 2)]
    pub version: i64,
    pub changed_at: Timestamp,
    /// The id of who did it, or `system`.
    #[schema(example = "usr_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    pub actor: String,
    pub changes: Vec<FieldChange>,
}

/// A field that became another; `codes`: so many were uploaded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    #[schema(example = "cost_points")]
    pub field: String,
    #[schema(example = 250)]
    pub from: Value,
    #[schema(example = 300)]
    pub to: Value,
}

/// The fields that differ; of a new reward those that say something.
pub fn differences(before: Option<&NewReward>, after: &NewReward) -> Result<Vec<FieldChange>> {
    let fields = |reward: &NewReward| -> Result<Map<String, Value>> {
        Ok(serde_json::from_value(serde_json::to_value(reward)?)?)
    };
    let mut before = before.map(fields).transpose()?.unwrap_or_default();
    let changes = fields(after)?.into_iter().map(|(field, to)| {
        let from = before.remove(&field).unwrap_or_default();
        FieldChange { field, from, to }
    });
    let says_nothing = |value: &Value| match value {
        Value::Array(all) => all.is_empty(),
        Value::Object(texts) => texts.values().all(|text| text == ""),
        other => other.is_null(),
    };
    let differs = |change: &FieldChange| {
        change.from != change.to && !(says_nothing(&change.from) && says_nothing(&change.to))
    };
    Ok(changes.filter(differs).collect())
}

/// Keeps what was changed.
pub fn keep(
    tx: &mut Tx<'_>,
    reward_id: RewardId,
    version: i64,
    changes: &[FieldChange],
    by: &Caller,
) -> Result<()> {
    let changes = Json::of(&changes)?;
    let row = Row { reward_id, version, changed_at: tx.now, actor: by.label(), changes };
    diesel::insert_into(reward_changes::table).values(&row).execute(tx.conn)?;
    Ok(())
}

/// A page of a reward's changes, newest first.
///
/// # Errors
/// No such reward; a cursor of another list.
pub fn list(tx: &mut Tx<'_>, reward: RewardId, page: &Page) -> Result<Listing<RewardChange>> {
    super::store::get(tx, reward)?;
    let mut rows = reward_changes::table.filter(reward_changes::reward_id.eq(reward)).into_boxed();
    if let Some(before) = page.after::<i64>()? {
        rows = rows.filter(reward_changes::version.lt(before));
    }
    let rows = rows.order(reward_changes::version.desc()).limit(page.rows());
    let rows: Vec<Row> = rows.select(Row::as_select()).load(tx.conn)?;
    let rows = rows.into_iter().map(|row| {
        let Row { version, changed_at, actor, changes, .. } = row;
        Ok(RewardChange { version, changed_at, actor, changes: changes.read()? })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(page.cut(rows, |row| row.version.to_string(), |row| row))
}
