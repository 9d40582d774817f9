//! What comes in and goes out over the wire beside the perk itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Message, PerkKind, Title, service::Budget};
use platform::kernel::{
    error::Refusal,
    id::{MemberId, RewardId},
    points::Amount,
    text::Reason,
};

/// A perk to be given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantPerk {
    pub member_id: MemberId,
    pub kind: PerkKind,
    /// For kind `points` alone, and required there.
    pub points: Option<Amount>,
    /// For kind `reward` alone, and required there.
    pub reward_id: Option<RewardId>,
    /// What the member reads, in the letter and beside the points.
    pub title: Title,
    /// Why: for staff, and in the member's export.
    pub reason: Reason,
    /// A few words of one's own for the letter.
    pub message: Option<Message>,
    /// Whether the member is told by a letter.
    pub send_letter: bool,
}

impl GrantPerk {
    /// What no single field can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn check(&self) -> Result<(), Refusal> {
        let fits = |field: &str, given: bool, kind: PerkKind| match (self.kind == kind, given) {
            (true, false) => {
                Err(Refusal::field(field, format!("is required for a perk of kind {kind}")))
            }
            (false, true) => {
                Err(Refusal::field(field, format!("is for perks of kind {kind} alone")))
            }
            _ => Ok(()),
        };
        fits("/points", self.points.is_some(), PerkKind::Points)?;
        fits("/reward_id", self.reward_id.is_some(), PerkKind::Reward)
    }
}

/// Why a perk is declined or revoked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPerk {
    pub(super) reason: Reason,
}

/// What the caller may give this month; null where nothing binds an admin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PerkBudget)]
pub struct BudgetBody {
    /// At a time, without anybody else.
    #[schema(example = 500)]
    limit_points: Option<i64>,
    #[schema(example = 10_000)]
    budget_points: Option<i64>,
    /// Given this month by perks and by adjustments, less what was taken back.
    spent_points: i64,
    left_points: Option<i64>,
    /// The calendar month, in the program's time zone.
    #[schema(example = "2026-11")]
    month: String,
}

impl From<Budget> for BudgetBody {
    fn from(Budget { bounds, spent, month }: Budget) -> Self {
        let month: Date = month;
        Self {
            limit_points: bounds.map(|(limit, _)| limit),
            budget_points: bounds.map(|(_, budget)| budget),
            spent_points: spent,
            // a budget that was made smaller leaves nothing
            left_points: bounds.map(|(_, budget)| (budget - spent).max(0)),
            month: month.strftime("%Y-%m").to_string(),
        }
    }
}
