//! Members by their days: who was born on one, joined on one, or lives where it is one. Only those
//! who may be greeted: active, and with their consent. By index, so that what it costs grows with
//! who is found, and not with who is a member.

use std::collections::BTreeMap;

use diesel::{
    dsl::{count_star, min, sql},
    prelude::*,
    sql_types::{BigInt, Nullable, Text},
};

use super::{Audience, Member, store};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        connection::MultiBackend,
        prepared::{Condition, condition},
        schema::{greeting_checks, members},
        types::RawId,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
};

/// In the words of the partial indexes.
const GREETABLE: Condition = condition("members.status = 'active' AND members.marketing_consent");
/// Month and day of a birthday, in the words of its index.
const DAY: &str = "substr(birthday, length(birthday) - 4)";

/// Whose day it is.
#[derive(Clone, Debug)]
pub enum Whose<'a> {
    /// Born on this day, `MM-DD`, and living in one of these time zones.
    Born { day: &'a str, zones: &'a [String] },
    /// Joined in this time.
    Joined { from: Timestamp, to: Timestamp },
    /// Everybody in this time zone.
    LivingIn { zone: &'a str },
}

/// Whose day it is; of an audience, at most so many, the next after a member.
pub fn celebrating(
    tx: &mut Tx<'_>,
    whose: &Whose<'_>,
    audience: &Audience,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    let mut query = of(whose).filter(audience.condition());
    if let Whose::Joined { .. } = whose {
        if let Some(after) = after {
            let at: Timestamp =
                members::table.find(after).select(members::enrolled_at).first(tx.conn)?;
            let later = members::enrolled_at.gt(at);
            let beside = members::enrolled_at.eq(at).and(members::id.gt(after));
            query = query.filter(members::enrolled_at.ge(at)).filter(later.or(beside));
        }
        query = query.order((members::enrolled_at, members::id));
    } else {
        if let Some(after) = after {
            query = query.filter(members::id.gt(after));
        }
        query = query.order(members::id);
    }
    Ok(query.limit(rows).select(members::id).load(tx.conn)?)
}

fn of<'a>(whose: &Whose<'_>) -> members::BoxedQuery<'a, MultiBackend> {
    let query = members::table.into_boxed().filter(GREETABLE);
    match whose {
        Whose::Born { day, zones } => query
            .filter(sql::<Nullable<Text>>(DAY).eq(Some((*day).to_owned())))
            .filter(members::time_zone.eq_any(zones.to_vec())),
        Whose::Joined { from, to } => {
            query.filter(members::enrolled_at.ge(*from)).filter(members::enrolled_at.lt(*to))
        }
        Whose::LivingIn { zone } => query.filter(members::time_zone.eq((*zone).to_owned())),
    }
}

/// How many of an audience were born on each day of the year, `MM-DD`.
pub fn birthdays(tx: &mut Tx<'_>, audience: &Audience) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(Option<String>, i64)> = members::table
        .filter(GREETABLE)
        .filter(members::birthday.is_not_null())
        .filter(audience.condition())
        .group_by(sql::<Nullable<Text>>(DAY))
        .select((sql::<Nullable<Text>>(DAY), sql::<BigInt>("COUNT(*)")))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(day, count)| Some((day?, count))).collect())
}

/// How many of an audience live in each time zone.
pub fn zones(tx: &mut Tx<'_>, audience: &Audience) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = members::table
        .filter(GREETABLE)
        .filter(audience.condition())
        .group_by(members::time_zone)
        .select((members::time_zone, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().collect())
}

/// When those of an audience joined who did in this time, each with the zone they live in.
pub fn joined(
    tx: &mut Tx<'_>,
    audience: &Audience,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, String)>> {
    Ok(of(&Whose::Joined { from, to })
        .filter(audience.condition())
        .select((members::enrolled_at, members::time_zone))
        .load(tx.conn)?)
}

/// When who is with the program longest joined it.
pub fn first_enrolment(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let first = members::table.filter(GREETABLE).select(min(members::enrolled_at));
    Ok(first.first(tx.conn)?)
}

/// Notes that a member's day may be another now.
pub(super) fn check_later(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    Bulk::into("greeting_checks")
        .column("member_id", [RawId::from(member)])
        .tail("ON CONFLICT (member_id) DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// Takes some of those whose day may be another now, their rows locked; erased ones are forgotten.
pub fn take_checks(tx: &mut Tx<'_>, rows: i64) -> Result<Vec<Member>> {
    let ids: Vec<MemberId> = greeting_checks::table
        .order(greeting_checks::member_id)
        .limit(rows)
        .select(greeting_checks::member_id)
        .load(tx.conn)?;
    let mut taken = Vec::new();
    for id in ids {
        taken.extend(store::lock(tx, id)?);
        forget_check(tx, id)?;
    }
    Ok(taken)
}

/// Forgets that a member is to be looked at.
pub(super) fn forget_check(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(greeting_checks::table.find(member)).execute(tx.conn)?;
    Ok(())
}
