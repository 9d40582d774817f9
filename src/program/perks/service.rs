//! Giving perks, deciding on proposed ones, and looking at them.

mod ending;
mod giving;

pub use ending::{decline, revoke};
pub use giving::{Brought, approve, cost_of, give, give_at, is_above_limit};

use diesel::prelude::*;
use jiff::civil::Date;

use super::{Perk, PerkState, store};
use crate::{
    budget,
    members::{self, Member},
};
use platform::{
    auth::Caller,
    db::{Tx, schema::perks},
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, PerkId, UserId},
        page::{Listing, Page},
    },
    settings,
};

pub use super::store::get;

/// Which perks are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub member: Option<MemberId>,
    pub state: Option<PerkState>,
    /// Who proposed or granted them.
    pub staff: Option<UserId>,
}

/// A page of perks, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: Sought, page: &Page) -> Result<Listing<Perk>> {
    store::list(tx, page, |mut rows| {
        if let Some(member) = sought.member {
            rows = rows.filter(perks::member_id.eq(member));
        }
        if let Some(state) = sought.state {
            rows = rows.filter(perks::state.eq(state));
        }
        if let Some(user) = sought.staff.map(|user| user.to_string()) {
            let granted = perks::granted_by.eq(Some(user.clone())).assume_not_null();
            rows = rows.filter(perks::proposed_by.eq(user).or(granted));
        }
        rows
    })
}

/// Whose perk this is; `None` where there is none.
pub fn owner(tx: &mut Tx<'_>, id: PerkId) -> Result<Option<MemberId>> {
    match store::get(tx, id) {
        Ok(perk) => Ok(Some(perk.member_id)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a staff user may give this month.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Limit and budget; none bind an admin.
    pub bounds: Option<(i64, i64)>,
    pub spent: i64,
    /// Its first day.
    pub month: Date,
}

/// The caller's own budget.
pub fn budget(tx: &mut Tx<'_>, of: &Caller) -> Result<Budget> {
    let settings = settings::service::get(tx)?;
    let month = budget::month(&settings, tx.now);
    let Some(user) = budget::owner(of) else {
        return Ok(Budget { bounds: None, spent: 0, month });
    };
    let bounds =
        (settings.staff_perk_limit_points.get(), settings.staff_perk_budget_points_per_month.get());
    let spent = budget::given(tx, user, &settings)?;
    Ok(Budget { bounds: Some(bounds), spent, month })
}

/// The perk and its member, whose row is locked first.
fn lock(tx: &mut Tx<'_>, id: PerkId) -> Result<(Perk, Member)> {
    // whose it is never changes
    let member = store::get(tx, id)?.member_id;
    let member = members::service::lock(tx, member)?
        .ok_or_else(|| Error::internal("a perk without its member"))?;
    Ok((store::lock(tx, id)?, member))
}

/// Four eyes: who proposed a perk does not decide on it.
fn refuse_own(perk: &Perk, by: &Caller) -> Result<(), Refusal> {
    if perk.proposed_by == by.label() {
        return Err(Refusal::Forbidden(
            "you proposed this perk: another person approves or declines it".to_owned(),
        ));
    }
    Ok(())
}
