//! Rows of members.

use super::{
    Done, Row,
    dates::moment,
    fault::{Fault, Reading},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        text::{Birthday, Email, ExternalId},
    },
    settings::Settings,
};
use program::{
    enrolment::{Enrolment, Letters, service},
    members::{likeness::Hints, service as members},
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
) -> Result<Vec<Result<Done, Vec<Fault>>>> {
    rows.iter().map(|row| import_row(tx, settings, row)).collect()
}

fn import_row(tx: &mut Tx<'_>, settings: &Settings, row: &Row) -> Result<Result<Done, Vec<Fault>>> {
    let mut reading = Reading::of(row);
    let external_id: Option<ExternalId> = reading.required("external_id");
    let email: Option<Email> = reading.required("email");
    if let (Some(external_id), Some(email)) = (&external_id, &email)
        && let Some(known) = known(tx, external_id, email)?
    {
        return Ok(known.map_err(|fault| vec![fault]));
    }
    let enrolment = enrolment(tx, settings, &mut reading, external_id.clone(), email.clone());
    if let Some(enrolment) = enrolment {
        let enrolled =
            tx.savepoint(|tx| service::enrol(tx, &enrolment, &Caller::System, Letters::None));
        match enrolled {
            Ok(_) => return Ok(Ok(Done::Imported)),
            Err(Error::Refused(refusal)) => reading.fault(fault_of(refusal)),
            Err(error) => return Err(error),
        }
    } else if let Some(email) = &email
        && members::find_by_email(tx, email)?.is_some()
    {
        reading.fault(fault_of(Refusal::EmailTaken { whose: "member" }));
    }
    // another import of the same file may have been faster since it was looked for
    if let (Some(external_id), Some(email)) = (&external_id, &email)
        && let Some(Ok(done)) = known(tx, external_id, email)?
    {
        return Ok(Ok(done));
    }
    Ok(Err(reading.faults))
}

/// What a row is whose external id somebody has.
fn known(
    tx: &mut Tx<'_>,
    external_id: &ExternalId,
    email: &Email,
) -> Result<Option<Result<Done, Fault>>> {
    let Some(known) = members::find_by_external_id(tx, external_id)? else { return Ok(None) };
    let same = known.email.as_deref().and_then(|known| known.parse::<Email>().ok());
    Ok(Some(match same {
        Some(known) if known.key() == email.key() => Ok(Done::AlreadyThere),
        _ => Err(fault_of(Refusal::ExternalIdConflict(external_id.to_string()))),
    }))
}

fn fault_of(refusal: Refusal) -> Fault {
    let column = match refusal {
        Refusal::EmailTaken { .. } => "email",
        Refusal::ExternalIdConflict(_) => "external_id",
        _ => "", // the refusal names it
    };
    Fault { column, refusal }
}

/// The enrolment that a row asks for; `None` where something is wrong with it.
fn enrolment(
    tx: &Tx<'_>,
    settings: &Settings,
    reading: &mut Reading<'_>,
    external_id: Option<ExternalId>,
    email: Option<Email>,
) -> Option<Enrolment> {
    let given_name = reading.required("given_name");
    let family_name = reading.parse("family_name");
    let locale = reading.parse("locale");
    let time_zone = reading.parse("time_zone");
    let country = reading.parse("country");
    let birthday: Option<Birthday> = reading.parse("birthday");
    let enrolled_at = reading.with("enrolled_at", |text| moment(text, &settings.time_zone));
    let marketing_consent = reading.with("marketing_consent", |text| match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    });
    // enrolling would say the same, of one of them
    if birthday.is_some_and(|day| day.is_after(settings.time_zone.date(tx.now))) {
        reading.fault(Fault::at("birthday", "must not be in the future"));
    }
    if enrolled_at.is_some_and(|at| at > tx.now) {
        reading.fault(Fault::at("enrolled_at", "must not be in the future"));
    }
    if !reading.faults.is_empty() {
        return None;
    }
    Some(Enrolment {
        email: email?,
        given_name: given_name?,
        family_name,
        locale,
        time_zone,
        country,
        birthday,
        external_id,
        referral_code: None,
        hints: Hints::default(),
        marketing_consent: marketing_consent.unwrap_or(false),
        enrolled_at,
        password_hash: None,
    })
}
