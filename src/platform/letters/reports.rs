//! `/v1/mail-reports`: mail that came back and complaints, by programs that share a secret with us.

use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::providers;
use crate::{
    http::{Answer, AppState, Call, Reply, SignedCall},
    kernel::{
        error::{Refusal, Result},
        id::{LetterId, MemberId},
        text::Email,
    },
    messaging::{
        returns::{self, Report},
        suppressions::SuppressionReason,
    },
};

crate::words! {
    /// What became of a letter.
    pub enum ReportKind {
        /// It came back.
        Bounce = "bounce",
        /// Its reader told a mail provider that it is not wanted.
        Complaint = "complaint",
    }
}

/// What happened to a letter; one of `email`, `letter_id` and `return_path` says which.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "bounce", "permanent": true, "email": "anna@example.com",
    "detail": "550 5.1.1 no such user"
}))]
struct MailReport {
    kind: ReportKind,
    /// Of a bounce: whether it will be so tomorrow, too. One that is not changes nothing.
    #[serde(default = "yes")]
    permanent: bool,
    email: Option<Email>,
    letter_id: Option<LetterId>,
    /// The address that it came back to, or its `Message-ID`.
    #[schema(example = "bounces+let_01m7zr4g2tfw1b4ww8pvq0tkz1@shop.example")]
    return_path: Option<String>,
    /// What the mail server said.
    detail: Option<String>,
}

const fn yes() -> bool {
    true
}

/// Reports, up to 1,000.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailReports {
    reports: Vec<MailReport>,
}

const MOST: usize = 1000;

/// What reports did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportsTaken {
    /// How many were understood.
    #[schema(example = 1)]
    reports: i64,
    /// How many addresses get no mail any more that did until now.
    #[schema(example = 1)]
    suppressed: i64,
}

impl Reply for ReportsTaken {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

impl MailReports {
    fn read(self) -> Result<Vec<Report>, Refusal> {
        if self.reports.len() > MOST {
            return Err(Refusal::field("/reports", format!("must be {MOST} at most")));
        }
        let mut all = Vec::with_capacity(self.reports.len());
        for (place, one) in self.reports.into_iter().enumerate() {
            let named = one.return_path.as_deref().and_then(returns::letter_named);
            let letter = one.letter_id.or(named);
            if letter.is_none() && one.email.is_none() {
                let why = "says of no letter: give email, letter_id or return_path";
                return Err(Refusal::field(format!("/reports/{place}"), why));
            }
            let reason = match one.kind {
                ReportKind::Bounce if !one.permanent => continue,
                ReportKind::Bounce => SuppressionReason::Bounced,
                ReportKind::Complaint => SuppressionReason::Complained,
            };
            all.push(Report { reason, email: one.email, letter, detail: one.detail });
        }
        Ok(all)
    }
}

async fn take(call: &Call, reports: Vec<Report>) -> Answer {
    call.post_ok(move |tx| {
        let suppressed = returns::take(tx, &reports)?;
        let reports = i64::try_from(reports.len()).unwrap_or(i64::MAX);
        Ok(ReportsTaken { reports, suppressed })
    })
    .await
}

/// Report mail that came back, and complaints: no mail goes to those addresses any more.
///
/// Not by API key: sign as [Standard Webhooks](https://www.standardwebhooks.com) do, with the
/// secret that the server was started with, or send that as the password of Basic.
/// Refusals: `unauthenticated`, `malformed_json`, `invalid_request`.
#[utoipa::path(
    operation_id = "reportMail",
    tag = "Letters",
    request_body(content = MailReports, example = json!({"reports": [
        {"kind": "bounce", "return_path": "bounces+let_01m7zr4g2tfw1b4ww8pvq0tkz1@shop.example"},
        {"kind": "complaint", "email": "anna@example.com"}
    ]})),
    responses((status = 200, body = ReportsTaken))
)]
#[post("/v1/mail-reports")]
pub async fn neutral(call: SignedCall, app: Data<AppState>) -> Answer {
    let call = call.proven(app.report_secret.as_ref())?;
    let body: MailReports = call.body()?;
    take(&call, body.read()?).await
}

/// Take what Amazon SES tells by SNS of bounces and complaints.
///
/// Subscribe `https://vildar:SECRET@host/v1/mail-reports/ses`. The address that confirms the
/// subscription stands in the server's log: open it once.
/// Refusals: `unauthenticated`, `malformed_json`, `invalid_request`.
#[utoipa::path(
    operation_id = "reportMailFromSes",
    tag = "Letters",
    request_body(content = Map<String, Value>, example = json!({
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "anna@example.com"}]
        }
    })),
    responses((status = 200, body = ReportsTaken))
)]
#[post("/v1/mail-reports/ses")]
pub async fn ses(call: SignedCall, app: Data<AppState>) -> Answer {
    let call = call.proven(app.report_secret.as_ref())?;
    let body: Value = call.body()?;
    take(&call, providers::ses(&body)?).await
}

/// Take what Postmark tells of bounces and spam complaints.
///
/// The webhook is `https://vildar:SECRET@host/v1/mail-reports/postmark`.
/// Refusals: `unauthenticated`, `malformed_json`, `invalid_request`.
#[utoipa::path(
    operation_id = "reportMailFromPostmark",
    tag = "Letters",
    request_body(content = Map<String, Value>, example = json!({
        "RecordType": "Bounce", "Type": "HardBounce", "Email": "anna@example.com",
        "Description": "The server was unable to deliver your message"
    })),
    responses((status = 200, body = ReportsTaken))
)]
#[post("/v1/mail-reports/postmark")]
pub async fn postmark(call: SignedCall, app: Data<AppState>) -> Answer {
    let call = call.proven(app.report_secret.as_ref())?;
    let body: Value = call.body()?;
    take(&call, providers::postmark(&body)?).await
}
