//! Uploading codes, counting them, and handing them out.

use std::collections::HashSet;

use serde_json::Value;

use super::{CodeError, Counts, Flaw, Line, UploadedCodes, store};
use crate::rewards::{
    self, Reward, RewardKind,
    history::{self, FieldChange},
};
use platform::{
    auth::Caller,
    db::{Tx, lock::named_lock},
    kernel::{
        error::{Error, Refusal, Result},
        id::{RedemptionId, RewardId},
    },
};

/// How many lines that were not taken an answer tells of.
const TOLD: usize = 1000;

/// Adds the codes of a list to a reward, which hands them out from now on, in their order. A line
/// that is wrong, or known, is told and left out.
///
/// # Errors
/// No such reward; one that is no voucher.
pub fn upload(
    tx: &mut Tx<'_>,
    reward: RewardId,
    lines: &[Line],
    by: &Caller,
) -> Result<UploadedCodes> {
    // two lists at once may have the same code
    named_lock(tx.conn, b"reward codes")?;
    let Reward { fields, version, .. } = rewards::store::lock(tx, reward)?;
    if fields.kind != RewardKind::Voucher {
        let message = "no list of codes for this reward: only a voucher hands out codes";
        return Err(Refusal::field("", message).into());
    }
    let keys: Vec<&str> =
        lines.iter().filter_map(|line| Some(&*line.code.as_ref().ok()?.0)).collect();
    let known = store::known(tx, &keys)?;
    let mut seen: HashSet<&str> = HashSet::new();
    let (mut new, mut errors) = (Vec::new(), Vec::new());
    for Line { line, code } in lines {
        let flaw = match code {
            Err(flaw) => *flaw,
            Ok((key, _)) if !seen.insert(key) => Flaw::Duplicate,
            Ok(code) => match known.get(&code.0) {
                None => {
                    new.push(code);
                    continue;
                }
                Some(Some(of)) if *of == reward => Flaw::AlreadyThere,
                Some(_) => Flaw::Taken,
            },
        };
        errors.push(CodeError { line: *line, code: flaw, message: flaw.message() });
    }
    if !new.is_empty() {
        store::insert(tx, reward, &new)?;
        let left = store::count(tx, reward)?.1;
        let version = version + 1;
        store::set_stock(tx, reward, left, version)?;
        let codes =
            FieldChange { field: "codes".to_owned(), from: Value::Null, to: new.len().into() };
        history::keep(tx, reward, version, &[codes], by)?;
    }
    let (taken, not_taken) = (new.len(), errors.len());
    errors.truncate(TOLD);
    Ok(UploadedCodes { taken, not_taken, errors, counts: counts(tx, reward)? })
}

/// How many codes a reward has.
///
/// # Errors
/// No such reward.
pub fn counts(tx: &mut Tx<'_>, reward: RewardId) -> Result<Counts> {
    rewards::service::get(tx, reward)?;
    let (uploaded, left) = store::count(tx, reward)?;
    Ok(Counts { uploaded, handed_out: uploaded - left, left })
}

/// Hands out a code to each of these redemptions of a reward, whose row is locked and whose stock
/// said that there are enough; answers what each is known by, and as it was uploaded.
///
/// # Errors
/// Where there are not.
pub fn hand_out(
    tx: &mut Tx<'_>,
    reward: RewardId,
    to: &[RedemptionId],
) -> Result<Vec<(String, String)>> {
    let rows = i64::try_from(to.len()).unwrap_or(i64::MAX);
    let codes = store::next(tx, reward, rows)?;
    if codes.len() < to.len() {
        return Err(Error::internal(format!("{reward} has fewer codes than its stock says")));
    }
    for ((key, _), redemption) in codes.iter().zip(to) {
        if !store::hand_out(tx, key, *redemption)? {
            return Err(Error::internal(format!("a code of {reward} was handed out twice")));
        }
    }
    Ok(codes)
}
