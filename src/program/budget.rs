//! What staff may give by themselves: so many points at a time, and so many in a calendar month of
//! the program's time zone. One budget for all that they give: adjustments upward, and perks. An
//! admin is bound by neither.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use jiff::civil::Date;

use crate::ledger::{self, EntryKind, Rule};
use platform::{
    auth::{Caller, Role},
    db::{
        Tx,
        lock::for_update,
        prepared::condition,
        schema::{entries, perk_list_lines, perk_lists, perks, users},
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{EntryId, MemberId, UserId},
    },
    settings::{NegativePolicy, Settings},
};

/// Whose monthly budget the caller's gifts come out of; an admin has none.
#[must_use]
pub const fn owner(caller: &Caller) -> Option<UserId> {
    match caller {
        Caller::Staff { user, role: Role::Staff } => Some(*user),
        _ => None,
    }
}

/// The month that a budget is for: its first day.
#[must_use]
pub fn month(settings: &Settings, now: Timestamp) -> Date {
    settings.time_zone.date(now).first_of_month()
}

/// Sees to it that what a user gave this month, a gift of `points` among it, is within the budget.
/// To be asked after the deed, the last in its transaction but for letters: an error undoes it. The
/// user's row is locked, so that two at once can't both fit.
///
/// # Errors
/// [`Refusal::LimitReached`].
pub fn check(tx: &mut Tx<'_>, user: UserId, points: i64, settings: &Settings) -> Result<()> {
    let _: Vec<UserId> =
        for_update(users::table.filter(users::id.eq(user)).select(users::id)).load(tx.conn)?;
    let given = given(tx, user, settings)?;
    let budget = settings.staff_perk_budget_points_per_month.get();
    if given > budget {
        return Err(Refusal::LimitReached(format!(
            "your budget of this month is {budget} points, and {} are given",
            given - points
        ))
        .into());
    }
    Ok(())
}

/// What a user gave this month, and what lists of perks that they gave have still to give. What was
/// taken back of a gift may be given again.
pub fn given(tx: &mut Tx<'_>, user: UserId, settings: &Settings) -> Result<i64> {
    let since = settings.time_zone.start_of_month(tx.now);
    let given = perks::table
        .filter(perks::budget_user_id.eq(user))
        .filter(perks::granted_at.ge(since))
        .select(sql::<BigInt>(GIVEN));
    let promised = perk_lists::table
        .inner_join(perk_list_lines::table.on(perk_list_lines::list_id.eq(perk_lists::id)))
        .filter(perk_lists::user_id.eq(user))
        .filter(perk_lists::budgeted.eq(true))
        .filter(condition("perk_list_lines.state = 'waiting'"))
        .select(sql::<BigInt>(PROMISED));
    // in one statement: a list that is worked off between two would be in neither
    let (given, promised): (Option<i64>, Option<i64>) = users::table
        .find(user)
        .select((given.single_value(), promised.single_value()))
        .get_result(tx.conn)?;
    let perks = given.unwrap_or_default() + promised.unwrap_or_default();
    Ok(adjusted(tx, user, since, settings.negative_policy)? + perks)
}

const GIVEN: &str =
    "CAST(COALESCE(SUM(cost_points - COALESCE(taken_back_points, 0)), 0) AS BIGINT)";
const PROMISED: &str = "CAST(COALESCE(SUM(perk_lists.cost_points), 0) AS BIGINT)";

fn adjusted(
    tx: &mut Tx<'_>,
    user: UserId,
    since: Timestamp,
    policy: NegativePolicy,
) -> Result<i64> {
    let gifts: Vec<(MemberId, EntryId, i64)> = entries::table
        .filter(entries::actor.eq(user.to_string()))
        .filter(entries::kind.eq(EntryKind::Adjust))
        .filter(entries::points.gt(0))
        .filter(entries::recorded_at.ge(since))
        .select((entries::member_id, entries::id, entries::points))
        .load(tx.conn)?;
    let sources: Vec<(MemberId, String)> =
        gifts.iter().map(|(member, id, _)| (*member, id.to_string())).collect();
    Ok(gifts.iter().map(|(.., points)| points).sum::<i64>() - taken_back(tx, &sources, policy)?)
}

/// How many points were taken back of adjustments that were undone: what was forgiven stays given,
/// and so does what is owed where it may be forgiven yet.
fn taken_back(
    tx: &mut Tx<'_>,
    gifts: &[(MemberId, String)],
    policy: NegativePolicy,
) -> Result<i64> {
    let mut taken = 0;
    for kind in [EntryKind::Reversal, EntryKind::Clawback] {
        for undone in ledger::entries_of(tx, kind, "entry", gifts)?.into_values() {
            let uncertain = match undone.rule {
                Rule::SpentReversal { debt, .. } if policy == NegativePolicy::Clamp => debt,
                _ => 0,
            };
            taken -= undone.points + uncertain;
        }
    }
    Ok(taken)
}
