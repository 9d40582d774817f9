//! Rows of members.

use super::{Done, Fault, Row, parse, required};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        text::{Email, ExternalId},
    },
    program::{
        enrolment::{Enrolment, Letters, service},
        members::service as members,
        settings::Settings,
    },
};

pub const COLUMNS: [&str; 10] = [
    "external_id",
    "email",
    "given_name",
    "family_name",
    "locale",
    "time_zone",
    "country",
    "birthday",
    "enrolled_at",
    "marketing_consent",
];

pub const REQUIRED: [&str; 3] = ["external_id", "email", "given_name"];

/// Enrols the members of these rows, unless they were enrolled before.
pub fn import(
    tx: &mut Tx<'_>,
    settings: &Settings,
    rows: &[Row],
) -> Result<Vec<Result<Done, Fault>>> {
    rows.iter().map(|row| import_row(tx, settings, row)).collect()
}

fn import_row(tx: &mut Tx<'_>, settings: &Settings, row: &Row) -> Result<Result<Done, Fault>> {
    let (external_id, email) = match keys(row) {
        Ok(keys) => keys,
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(known) = members::find_by_external_id(tx, &external_id)? {
        let same = known.email.as_deref().and_then(|known| known.parse::<Email>().ok());
        return Ok(match same {
            Some(known) if known.key() == email.key() => Ok(Done::AlreadyThere),
            _ => Err(Fault {
                column: "external_id",
                refusal: Refusal::ExternalIdConflict(external_id.to_string()),
            }),
        });
    }
    let enrolment = match enrolment(settings, row, external_id, email) {
        Ok(enrolment) => enrolment,
        Err(fault) => return Ok(Err(fault)),
    };
    let enrolled = tx.savepoint(|tx| service::enrol(tx, enrolment, &Caller::System, Letters::None));
    match enrolled {
        Ok(_) => Ok(Ok(Done::Imported)),
        Err(Error::Refused(refusal)) => {
            let column = match refusal {
                Refusal::EmailTaken => "email",
                Refusal::ExternalIdConflict(_) => "external_id",
                _ => "", // the refusal names it
            };
            Ok(Err(Fault { column, refusal }))
        }
        Err(error) => Err(error),
    }
}

fn keys(row: &Row) -> Result<(ExternalId, Email), Fault> {
    Ok((required(row, "external_id")?, required(row, "email")?))
}

fn enrolment(
    settings: &Settings,
    row: &Row,
    external_id: ExternalId,
    email: Email,
) -> Result<Enrolment, Fault> {
    Ok(Enrolment {
        email,
        given_name: required(row, "given_name")?,
        family_name: parse(row, "family_name")?,
        locale: parse(row, "locale")?,
        time_zone: parse(row, "time_zone")?,
        country: parse(row, "country")?,
        birthday: parse(row, "birthday")?,
        external_id: Some(external_id),
        referral_code: None,
        marketing_consent: consent(row)?,
        enrolled_at: instant(settings, row, "enrolled_at")?,
        password_hash: None,
    })
}

fn consent(row: &Row) -> Result<bool, Fault> {
    match row.get("marketing_consent") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Fault::at("marketing_consent", "must be true or false")),
    }
}

/// An instant, or a date: its first moment in the program's time zone.
pub fn instant(
    settings: &Settings,
    row: &Row,
    column: &'static str,
) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = row.get(column) else { return Ok(None) };
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Some(instant));
    }
    let bad =
        || Fault::at(column, "must be an instant, 2026-11-21T18:51:00Z, or a date, 2026-11-21");
    let date: jiff::civil::Date = text.parse().map_err(|_| bad())?;
    if text.len() != 10 || !(1900..=9000).contains(&date.year()) {
        return Err(bad());
    }
    Ok(Some(settings.time_zone.midnight(date)))
}
