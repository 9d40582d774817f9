//! `PUT /demo/clock`: the demo's time moves forward, and all that comes due on the way is done.

use actix_web::{HttpResponse, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{chores, mailer::Mailer};
use platform::{
    http::{Answer, Call, call::OpenCall},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
    },
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Timestamp,
    /// As if the server had been down on the way.
    #[serde(default)]
    off: bool,
}

#[derive(Serialize)]
struct Moved {
    now: Timestamp,
}

/// `PUT /demo/clock`. No sign-in: the demo listens on loopback only.
///
/// # Errors
/// A moment that is over; the database's own.
pub async fn put(OpenCall(call): OpenCall, mailer: Data<Mailer>) -> Answer {
    let ask: Move = call.body()?;
    let clock = call.store().clock();
    if ask.now < clock.now() {
        return Err(Refusal::field(
            "/now",
            format!("is before {}: time only moves forward", clock.now()),
        )
        .into());
    }
    if !ask.off {
        live_through(&call, &mailer, ask.now).await?;
    }
    move_to(&call, ask.now)?;
    catch_up(&call, &mailer).await?;
    Ok(HttpResponse::Ok().json(Moved { now: clock.now() }))
}

/// Stops at every moment at which something comes due, in order, and does it.
async fn live_through(call: &Call, mailer: &Mailer, until: Timestamp) -> Result<()> {
    catch_up(call, mailer).await?;
    while let Some(moment) = chores::next(call.store(), until).await? {
        if moment > call.store().clock().now() {
            move_to(call, moment)?;
        }
        catch_up(call, mailer).await?;
    }
    Ok(())
}

async fn catch_up(call: &Call, mailer: &Mailer) -> Result<()> {
    chores::run_all(call.store()).await?;
    mailer.deliver_due().await?;
    Ok(())
}

fn move_to(call: &Call, moment: Timestamp) -> Result<()> {
    if call.store().clock().move_to(moment) {
        Ok(())
    } else {
        Err(Refusal::not_found("path").into())
    }
}
