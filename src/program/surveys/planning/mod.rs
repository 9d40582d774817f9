//! Whom to ask: those to whom something happened ([`events`]), and those whose turn it is, by the
//! calendar or by hand ([`rounds`]).

mod events;
mod rounds;

use sha2::{Digest, Sha256};

pub use events::order_arrived;
pub use rounds::{audience, next_round};

use super::{Survey, TriggerOn, store};
use platform::{
    db::{Store, Tx, lock::named_lock},
    kernel::{
        error::Result,
        id::{MemberId, SurveyId},
    },
};

/// How many rows one transaction plans for.
const CHUNK: i64 = 500;

/// Plans for all live surveys. One that can't be planned for keeps none of the others back.
///
/// # Errors
/// The database's own, the first of them; what was planned stands.
pub async fn plan_due(store: &Store) -> Result<()> {
    let live = store.read(super::service::live).await?;
    let live = live.into_iter().map(|survey| survey.id).collect();
    let by_hand = store.read(store::asked_by_hand).await?;
    let by_hand = store.work_off(by_hand, rounds::by_hand).await;
    by_hand.and(store.work_off(live, plan).await)
}

/// Plans for a chunk of those whom a survey asks; answers whether there may be more.
fn plan(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool> {
    let Some(survey) = asking_now(tx, id)? else { return Ok(false) };
    match survey.fields.trigger.on {
        TriggerOn::Manual => Ok(false),
        TriggerOn::Relational => rounds::round(tx, &survey),
        TriggerOn::OrderPlaced
        | TriggerOn::OrderFulfilled
        | TriggerOn::Redemption
        | TriggerOn::Enrolment => events::plan(tx, &survey),
    }
}

/// The draw: the same for one survey, member and occurrence, whenever it is asked; a higher
/// percentage has all of a lower one.
pub(super) fn is_sampled(survey: &Survey, member: MemberId, occurrence: &str) -> bool {
    let digest = Sha256::digest(format!("{}/{member}/{occurrence}", survey.id));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    let share = (i128::from(u64::from_be_bytes(first)) * 100) >> 64;
    share < i128::from(survey.fields.sample_percent.get())
}

/// What an answer brings.
pub(super) fn offer(survey: &Survey) -> Option<i64> {
    Some(survey.fields.points.get()).filter(|points| *points > 0)
}

/// Who plans, or brings a survey into another state, has a lock of its own, taken before all others.
pub(super) fn lock(tx: &mut Tx<'_>) -> Result<()> {
    Ok(named_lock(tx.conn, b"surveys")?)
}

/// The survey, if it asks now.
fn asking_now(tx: &mut Tx<'_>, id: SurveyId) -> Result<Option<Survey>> {
    lock(tx)?;
    let survey = store::get(tx, id)?;
    Ok(Some(survey).filter(|survey| survey.asks_at(tx.now)))
}
