//! Every route, on one screen.

use std::sync::{Arc, LazyLock};

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use crate::{
    auth::api as auth,
    db::Store,
    demo_clock,
    http::{
        health,
        lane::Lanes,
        openapi,
        operations::Operations,
        packing::Fixed,
        resource::{get, put, resource},
    },
    kernel::error::Result,
    program::{
        enrolment, holds, members, orders, points, redemptions, referrals, rewards, settings,
        transfers,
    },
    web as pages,
};

/// The API's operations; the OpenAPI document is collected from here.
fn api(services: &mut ServiceConfig<'_>) {
    services
        // each path is tried in turn: the busiest first
        .service(points::api::balance)
        .service(points::api::create)
        .service(orders::api::place)
        .service(redemptions::api::create)
        .service(auth::sessions::sign_in)
        .service(auth::sessions::refresh)
        .service(auth::sessions::sign_out)
        .service(auth::sessions::create_for_member)
        .service(auth::sessions::jwks)
        .service(auth::passwords::request)
        .service(auth::passwords::confirm)
        .service(auth::users::create)
        .service(auth::users::list)
        .service(auth::users::read)
        .service(auth::users::change)
        .service(auth::users::remove)
        .service(auth::keys::create)
        .service(auth::keys::list)
        .service(auth::keys::revoke)
        .service(enrolment::api::create)
        .service(enrolment::api::confirm)
        .service(members::api::profile::list)
        .service(members::api::profile::read_own)
        .service(members::api::profile::read)
        .service(members::api::profile::change)
        .service(members::api::profile::erase)
        .service(members::api::profile::export_all)
        .service(members::api::states::suspend)
        .service(members::api::states::reinstate)
        .service(members::api::preferences::read)
        .service(members::api::preferences::change)
        .service(referrals::api::own_code)
        .service(referrals::api::own_code_qr)
        .service(referrals::api::follow)
        .service(referrals::api::list)
        .service(referrals::api::list_of_member)
        .service(referrals::api::read)
        .service(points::api::entries)
        .service(points::reversal_api::create)
        .service(transfers::api::create)
        .service(holds::api::place)
        .service(holds::api::read)
        .service(holds::api::capture)
        .service(holds::api::release)
        .service(points::batch::create)
        .service(points::statement::api::read)
        .service(orders::api::list)
        .service(orders::api::read)
        .service(orders::api::refund)
        .service(orders::api::cancel)
        .service(rewards::api::add)
        .service(rewards::api::list)
        .service(rewards::api::read)
        .service(rewards::api::change)
        .service(redemptions::api::offers)
        .service(redemptions::api::list)
        .service(redemptions::api::read)
        .service(redemptions::api::fulfil)
        .service(redemptions::api::cancel)
        .service(redemptions::voucher_api::read)
        .service(redemptions::voucher_api::use_once)
        .service(redemptions::voucher_api::picture)
        .service(settings::api::read)
        .service(settings::api::change)
        .service(health::live)
        .service(health::ready)
        .service(health::metrics_page);
}

/// The calls that are answered many at a time.
///
/// # Errors
/// Where a lane's threads can't be started.
pub fn lanes(store: Store) -> Result<Lanes> {
    Lanes::new(store)
        .posts::<points::api::PostGrant>()?
        .posts::<orders::api::PlaceOrder>()?
        .posts::<redemptions::api::PostRedemption>()?
        .posts::<holds::api::PostCapture>()?
        .tasks::<points::ReadSheet>("vildar-balances")
}

/// All routes; the demo's pages under the demo alone.
pub fn configure(services: &mut web::ServiceConfig, demo: bool) {
    services.configure(|services| api(&mut ServiceConfig::new(services)));
    services.service(resource("/openapi.json", [get(openapi_document)]));
    // the pages first: one of them lies below /docs
    services.configure(pages::configure_everywhere);
    services.service(web::redirect("/docs", "/docs/"));
    services.service(resource("/docs/{path:.*}", [get(pages::docs::serve)]));
    if demo {
        services.service(resource("/demo/clock", [put(demo_clock::put)]));
        services.configure(pages::configure_demo);
    }
}

/// The OpenAPI document, rendered once.
pub struct Document {
    text: String,
    operations: Arc<Operations>,
}

impl Document {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the API takes by it.
    #[must_use]
    pub fn operations(&self) -> Arc<Operations> {
        Arc::clone(&self.operations)
    }

    /// The text as it is served: all answers share it.
    #[must_use]
    pub fn fixed(&'static self) -> Fixed {
        Fixed::new(self.text.as_bytes(), "application/json")
    }
}

/// The OpenAPI document, as `vildar openapi` prints it.
#[must_use]
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(render);
    &DOCUMENT
}

fn render() -> Document {
    let (_, document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(openapi::base())
        .configure(api)
        .split_for_parts();
    let document = openapi::finish(&document);
    let operations = Arc::new(Operations::of(&document));
    Document { text: format!("{document:#}\n"), operations }
}

async fn openapi_document(request: HttpRequest, document: web::Data<Fixed>) -> HttpResponse {
    document.answer(&request)
}
