//! How mail providers tell of bounces and complaints. What else they tell is left aside: they send
//! a thing again and again that is not answered with 200.

use serde_json::Value;

use crate::{
    kernel::{
        error::{Refusal, Result},
        id::LetterId,
        text::Email,
    },
    messaging::{
        returns::{Report, letter_named},
        suppressions::SuppressionReason,
    },
};

/// A message of Amazon SNS that holds one of SES, or one of SES as it is ("raw delivery").
/// Source: <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>.
///
/// # Errors
/// What is neither.
pub fn ses(body: &Value) -> Result<Vec<Report>, Refusal> {
    match body["Type"].as_str() {
        Some("SubscriptionConfirmation") => {
            let url = body["SubscribeURL"].as_str().unwrap_or_default();
            tracing::warn!(url, "Amazon SNS wants to report mail: open this address once");
            return Ok(Vec::new());
        }
        Some("UnsubscribeConfirmation") => return Ok(Vec::new()),
        Some("Notification") => {
            let inner = body["Message"].as_str().unwrap_or_default();
            let inner: Value = serde_json::from_str(inner)
                .map_err(|_| Refusal::field("/Message", "is no JSON of Amazon SES"))?;
            return Ok(of_ses(&inner));
        }
        _ => {}
    }
    if kind(body).is_none() {
        return Err(Refusal::field("/Type", "is no message of Amazon SNS"));
    }
    Ok(of_ses(body))
}

fn kind(message: &Value) -> Option<&str> {
    message["notificationType"].as_str().or(message["eventType"].as_str())
}

fn of_ses(message: &Value) -> Vec<Report> {
    let (reason, told, recipients) = match kind(message) {
        Some("Bounce") if message["bounce"]["bounceType"] == "Permanent" => {
            (SuppressionReason::Bounced, &message["bounce"], "bouncedRecipients")
        }
        Some("Complaint") => {
            (SuppressionReason::Complained, &message["complaint"], "complainedRecipients")
        }
        _ => return Vec::new(),
    };
    let letter = letter_of_ses(message);
    let recipients = told[recipients].as_array().into_iter().flatten();
    recipients
        .map(|recipient| {
            let said = recipient["diagnosticCode"].as_str();
            let said = said.or(told["complaintFeedbackType"].as_str());
            Report {
                reason,
                email: address(&recipient["emailAddress"]),
                letter,
                detail: said.map(ToOwned::to_owned),
            }
        })
        .collect()
}

/// By the `Message-ID` that we gave it, where SES was told to pass headers on.
fn letter_of_ses(message: &Value) -> Option<LetterId> {
    let headers = message["mail"]["headers"].as_array().into_iter().flatten();
    let id = headers.filter(|header| {
        header["name"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("message-id"))
    });
    id.filter_map(|header| header["value"].as_str()).find_map(letter_named)
}

/// A webhook of Postmark.
/// Source: <https://postmarkapp.com/developer/webhooks/bounce-webhook>.
///
/// # Errors
/// What is none.
pub fn postmark(body: &Value) -> Result<Vec<Report>, Refusal> {
    let kind = body["RecordType"].as_str();
    let kind = kind.ok_or_else(|| Refusal::field("/RecordType", "is missing"))?;
    let reason = match (kind, body["Type"].as_str()) {
        // an inactive address is one that Postmark itself sends nothing to any more
        ("Bounce", Some("HardBounce" | "BadEmailAddress")) => SuppressionReason::Bounced,
        ("Bounce", _) if body["Inactive"] == true => SuppressionReason::Bounced,
        ("SpamComplaint", _) => SuppressionReason::Complained,
        _ => return Ok(Vec::new()),
    };
    let said = body["Details"].as_str().or(body["Description"].as_str());
    Ok(vec![Report {
        reason,
        email: address(&body["Email"]),
        letter: None,
        detail: said.map(ToOwned::to_owned),
    }])
}

/// `anna@example.com`, or the same in `Anna <anna@example.com>`.
fn address(value: &Value) -> Option<Email> {
    let text = value.as_str()?;
    let bare = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches(['>', ' ']));
    bare.parse().ok()
}
