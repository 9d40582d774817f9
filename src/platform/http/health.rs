//! `/livez`, `/readyz`, `/metrics`.

use std::{sync::OnceLock, time::Duration};

use actix_web::{HttpResponse, get, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, AppState, Call};
use crate::kernel::error::{Error, Result};

/// How long readiness waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the server is.
#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(example = "ready")]
    status: &'static str,
    /// What is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    why: Option<String>,
}

/// Say that the process lives.
///
/// Refusals: none.
#[utoipa::path(operation_id = "isAlive", tag = "Standing by", responses((status = 200, body = Health)))]
#[get("/livez")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "live", why: None })
}

/// Say whether the database can be reached and written to, and its schema is the one of this version.
///
/// 503 while it is not ready.
/// Refusals: none.
#[utoipa::path(
    operation_id = "isReady",
    tag = "Standing by",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
#[get("/readyz")]
pub async fn ready(state: web::Data<AppState>) -> HttpResponse {
    let hindrance = async {
        match state.store.schema_standing().await {
            Err(_) => Some("the database can't be reached".to_owned()),
            Ok(standing) => match standing.hindrance() {
                None if !state.store.takes_writes().await => {
                    Some("the database takes no writes: its disk may be full".to_owned())
                }
                hindrance => hindrance,
            },
        }
    };
    let why = match tokio::time::timeout(PATIENCE, hindrance).await {
        Ok(None) => return HttpResponse::Ok().json(Health { status: "ready", why: None }),
        Ok(Some(why)) => why,
        Err(_) => "the database can't be reached".to_owned(),
    };
    HttpResponse::ServiceUnavailable().json(Health { status: "not ready", why: Some(why) })
}

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count; once a process.
///
/// # Errors
/// Where another recorder was installed.
pub fn start_metrics() -> Result<()> {
    if METRICS.get().is_some() {
        return Ok(());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets(&[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0])
        .map_err(|error| Error::Internal(Box::new(error)))?
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        drop(METRICS.set(handle));
    }
    Ok(())
}

/// Frees what the histograms no longer need; to be called now and then.
pub fn tidy_metrics() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

/// The metrics in Prometheus' text format.
pub fn render_metrics() -> HttpResponse {
    let text = METRICS.get().map(PrometheusHandle::render).unwrap_or_default();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

/// Read the metrics in Prometheus' text format (`serve --metrics-port` shows them without sign-in).
///
/// Refusals: `unauthenticated`, `forbidden`.
#[utoipa::path(operation_id = "getMetrics", tag = "Standing by", responses((status = 200, content_type = "text/plain", body = String)))]
#[get("/metrics")]
pub async fn metrics_page(_call: Call) -> Answer {
    Ok(render_metrics())
}
