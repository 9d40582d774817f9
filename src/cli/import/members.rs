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
        error::{Refusal, Result},
        text::{Birthday, Email, ExternalId},
    },
    settings::Settings,
};
use program::{
    enrolment::{Enrolment, Letters, service::enrol_all},
    members::{Member, likeness::Hints, service::many::Holders},
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
    let mut asked: Vec<Asked<'_>> = rows.iter().map(Asked::of).collect();
    let mut known = Holders::of(tx, asked.iter().map(Asked::named))?;
    let mut enrolments = Vec::new();
    for one in &mut asked {
        if one.told_by(&known).is_none() {
            let enrolment = one.enrolment(tx, settings);
            one.is_asked_for = enrolment.is_some();
            enrolments.extend(enrolment);
        }
    }
    let mut enrolled = enrol_all(tx, &enrolments, &Caller::System, Letters::None)?.into_iter();
    let mut enrolments = enrolments.iter();
    let told = asked.into_iter().map(|one| {
        let outcome = if one.is_asked_for { enrolments.next().zip(enrolled.next()) } else { None };
        one.told(tx, &mut known, outcome)
    });
    told.collect()
}

/// A row as an enrolment that it asks for, or what is wrong with it.
struct Asked<'a> {
    reading: Reading<'a>,
    external_id: Option<ExternalId>,
    email: Option<Email>,
    is_asked_for: bool,
}

impl<'a> Asked<'a> {
    fn of(row: &'a Row) -> Self {
        let mut reading = Reading::of(row);
        let external_id = reading.required("external_id");
        let email = reading.required("email");
        Self { reading, external_id, email, is_asked_for: false }
    }

    fn named(&self) -> (Option<&Email>, Option<&ExternalId>) {
        (self.email.as_ref(), self.external_id.as_ref())
    }

    /// What comes of the row where somebody has its external id.
    fn told_by(&self, known: &Holders) -> Option<Result<Done, Vec<Fault>>> {
        let (Some(email), Some(external_id)) = self.named() else { return None };
        let holder = known.of_external_id(external_id)?;
        Some(if known.of_email(email) == Some(holder) {
            Ok(Done::AlreadyThere)
        } else {
            Err(vec![fault_of(Refusal::ExternalIdConflict(external_id.to_string()))])
        })
    }

    /// What comes of the row after those before it, who are `known` by now; `outcome` is the enrolment
    /// that it asked for, and what came of it.
    fn told(
        mut self,
        tx: &mut Tx<'_>,
        known: &mut Holders,
        outcome: Option<(&Enrolment, Result<Member, Refusal>)>,
    ) -> Result<Result<Done, Vec<Fault>>> {
        if let Some((enrolment, Ok(member))) = &outcome {
            known.add(member.id, &enrolment.email, enrolment.external_id.as_ref());
            return Ok(Ok(Done::Imported));
        }
        if let Some(told) = self.told_by(known) {
            return Ok(told);
        }
        if let Some((enrolment, Err(refusal))) = outcome {
            // others may have enrolled somebody since it was looked for: this one, in another import of
            // the same file, or one of before it, who then stands in nobody's way
            let now = Holders::of(tx, std::iter::once(self.named()))?;
            if let Some(Ok(done)) = self.told_by(&now) {
                return Ok(Ok(done));
            }
            let free = now.refuse_taken(&enrolment.email, enrolment.external_id.as_ref()).is_ok();
            let again = std::slice::from_ref(enrolment);
            if free
                && let Some(Ok(member)) =
                    enrol_all(tx, again, &Caller::System, Letters::None)?.pop()
            {
                known.add(member.id, &enrolment.email, enrolment.external_id.as_ref());
                return Ok(Ok(Done::Imported));
            }
            self.reading.fault(fault_of(refusal));
        } else if self.email.as_ref().is_some_and(|email| known.of_email(email).is_some()) {
            self.reading.fault(fault_of(Refusal::EmailTaken { whose: "member" }));
        }
        Ok(Err(self.reading.faults))
    }

    /// The enrolment that the row asks for; `None` where something is wrong with it, which is noted.
    fn enrolment(&mut self, tx: &Tx<'_>, settings: &Settings) -> Option<Enrolment> {
        let reading = &mut self.reading;
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
            email: self.email.clone()?,
            given_name: given_name?,
            family_name,
            locale,
            time_zone,
            country,
            birthday,
            external_id: self.external_id.clone(),
            referral_code: None,
            hints: Hints::default(),
            marketing_consent: marketing_consent.unwrap_or(false),
            enrolled_at,
            password_hash: None,
        })
    }
}

fn fault_of(refusal: Refusal) -> Fault {
    let column = match refusal {
        Refusal::EmailTaken { .. } => "email",
        Refusal::ExternalIdConflict(_) => "external_id",
        _ => "", // the refusal names it
    };
    Fault { column, refusal }
}
