//! What referrals keep of a person: who brought whom, how members share, and what was written.

use diesel::prelude::*;
use serde_json::json;

use super::{codes, service, store};
use crate::referrals::Referral;
use platform::{
    db::{
        Tx,
        personal::{
            Cursor, Erased, Fact,
            Fate::{self, Deleted, Emptied, Stays},
            List, PAGE, Part, Rows, Subject,
        },
        schema::referrals,
    },
    kernel::error::{Error, Result},
};

pub const PART: Part = Part {
    erase,
    facts: &[Fact { name: "sharing", read: sharing }],
    lists: &[List {
        name: "referrals",
        about: Some("Whom the member brought, and who brought the member."),
        page: referrals,
    }],
    tables: &[
        (
            "referrals",
            &[
                ("referrer_id", Fate::ID),
                ("referee_id", Fate::ID),
                ("code", Stays("chance, and good for nothing any more")),
                ("state", Fate::WORD),
                ("attribution", Fate::WORD),
                ("terms", Stays("what the shop promised to anybody")),
                ("order_id", Fate::ID),
                ("waits_for", Fate::WORD),
                ("came_from", Fate::WORD),
                ("case_id", Fate::ID),
                ("decided_by", Fate::ACTOR),
                ("decision_reason", Emptied),
                ("appeal_reason", Emptied),
            ],
        ),
        (
            "referral_flags",
            &[
                ("referral_id", Fate::ID),
                ("code", Fate::WORD),
                ("link", Stays("a hash of what is gone")),
                ("other_id", Fate::ID),
            ],
        ),
        (
            "referral_payouts",
            &[
                ("referral_id", Fate::ID),
                ("member_id", Fate::ID),
                ("part", Fate::WORD),
                ("perk_id", Fate::ID),
            ],
        ),
        (
            "referral_touches",
            &[("member_id", Fate::ID), ("kind", Fate::WORD), ("channel", Emptied)],
        ),
        ("vanity_codes", &[("skeleton", Deleted), ("member_id", Deleted), ("code", Deleted)]),
        ("referral_sharers", &[("member_id", Deleted)]),
    ],
};

/// The words go, and what is on its way ends: the next look sees that somebody is gone.
fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    codes::forget(tx, erased.id)?;
    codes::forget_touches(tx, erased.id)?;
    store::forget_words(tx, erased.id)?;
    service::look_again(tx, erased.id)
}

fn sharing(tx: &mut Tx<'_>, of: &Subject) -> Result<serde_json::Value> {
    let sharing = match codes::sharing(tx, of.id) {
        Ok(sharing) => sharing,
        // an erased one shares nothing
        Err(Error::Refused(_)) => return Ok(serde_json::Value::Null),
        Err(error) => return Err(error),
    };
    Ok(json!({
        "code": sharing.member.referral_code, "vanity_code": sharing.vanity_code,
        "on_leaderboard": sharing.on_leaderboard,
    }))
}

fn referrals(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let rows: Vec<Referral> = referrals::table
        .filter(referrals::referrer_id.eq(of.id).or(referrals::referee_id.eq(of.id)))
        .filter(referrals::id.gt(Cursor::id(after)))
        .filter(referrals::joined_at.le(of.as_of))
        .order(referrals::id)
        .limit(PAGE)
        .select(Referral::as_select())
        .load(tx.conn)?;
    let own = of.id;
    let show = |one: Referral| {
        // what people wrote is between the referrer and the shop
        let is_own = one.referrer_id == own;
        let row = json!({
            "id": one.id, "referrer_id": one.referrer_id, "referee_id": one.referee_id,
            "code": one.code, "state": one.state, "attribution": one.attribution,
            "joined_at": one.joined_at, "qualified_at": one.qualified_at,
            "rewarded_at": one.rewarded_at, "ended_at": one.ended_at,
            "decision_reason": one.decision_reason.filter(|_| is_own),
            "appeal_reason": one.appeal_reason.filter(|_| is_own),
        });
        (Cursor::Id(one.id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}
