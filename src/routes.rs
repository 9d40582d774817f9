//! Every route, on one screen.

use std::sync::{LazyLock, OnceLock};

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_actix_web::AppExt;

use crate::{demo_clock, web as pages};
use platform::{
    auth::{
        Scope::{
            EntriesEarn, FeedbackWrite, HoldsWrite, MembersRead, MembersWrite, OrdersWrite,
            RedemptionsWrite, SessionsCreate,
        },
        access::{ADMIN, ANYONE, CONCERNED, ITSELF, MEMBERS, SIGNED, SIGNED_IN, STAFF, keys},
        api as auth,
    },
    http::{
        Problem, Reply, health,
        openapi::{self, Rehearsed, Served},
        operations::{Declared, Operations, Registry},
        packing::Fixed,
        resource::{get, put, resource},
    },
    kernel::error::Error,
    letters, settings,
};
use program::{
    announcements, asks, enrolment, holds, members, occasions, orders, perks, pictures, points,
    redemptions,
    referrals::api as referring,
    register, rewards, segments,
    surveys::{self, answers},
    thanks, topics, transfers,
};

/// The API's operations, and who may call each; guards and the OpenAPI document are made of it.
fn api(operations: &mut Registry<'_, '_>) {
    operations
        // each path is tried in turn: the busiest first
        .add(points::api::balance, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(points::api::create, keys(&[EntriesEarn]).or_staff())
        .add(orders::api::place, keys(&[OrdersWrite]))
        .add(redemptions::api::create, CONCERNED.or_keys(&[RedemptionsWrite]).or_staff())
        .add(auth::sessions::sign_in, ANYONE)
        .add(auth::sessions::refresh, ANYONE)
        .add(auth::sessions::sign_out, MEMBERS.or_staff())
        .add(auth::sessions::create_for_member, keys(&[SessionsCreate]))
        .add(auth::sessions::jwks, ANYONE)
        .add(auth::passwords::request, ANYONE)
        .add(auth::passwords::confirm, ANYONE)
        .add(auth::users::create, ADMIN)
        .add(auth::users::list, ADMIN)
        .add(auth::users::read, ADMIN)
        .add(auth::users::change, ADMIN)
        .add(auth::users::remove, ADMIN)
        .add(auth::keys::create, ADMIN)
        .add(auth::keys::list, ADMIN)
        .add(auth::keys::revoke, ADMIN)
        .add(enrolment::api::create, keys(&[MembersWrite]).or_staff().or_anonymous())
        .add(enrolment::api::confirm, ANYONE)
        .add(members::api::address::confirm_email, ANYONE)
        .add(members::api::profile::list, keys(&[MembersRead]).or_staff())
        .add(members::api::profile::read_own, MEMBERS)
        .add(members::api::profile::read, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(members::api::profile::change, ITSELF.or_keys(&[MembersWrite]).or_staff())
        .add(register::api::erase, ITSELF.or_keys(&[MembersWrite]).or_staff())
        .add(register::api::export_all, ITSELF.or_staff())
        .add(members::api::states::suspend, STAFF)
        .add(members::api::states::reinstate, STAFF)
        .add(members::api::preferences::read, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(members::api::preferences::change, ITSELF.or_keys(&[MembersWrite]).or_staff())
        .add(points::api::entries, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(points::api::reversals::create, STAFF)
        .add(transfers::api::create, ITSELF.or_staff())
        .add(holds::api::place, keys(&[HoldsWrite]))
        .add(holds::api::read, keys(&[HoldsWrite]).or_staff())
        .add(holds::api::capture, keys(&[HoldsWrite]))
        .add(holds::api::release, keys(&[HoldsWrite]))
        .add(points::api::batch::create, keys(&[EntriesEarn]).or_staff())
        .add(points::statement::api::read, ITSELF.or_staff())
        .add(orders::api::list, CONCERNED.or_keys(&[OrdersWrite, MembersRead]).or_staff())
        .add(orders::api::read, CONCERNED.or_keys(&[OrdersWrite, MembersRead]).or_staff())
        .add(orders::api::refund, keys(&[OrdersWrite]))
        .add(orders::api::fulfil, keys(&[OrdersWrite]))
        .add(orders::api::cancel, keys(&[OrdersWrite]))
        .add(rewards::api::add, ADMIN)
        .add(rewards::api::list, SIGNED_IN)
        .add(rewards::api::read, SIGNED_IN)
        .add(rewards::api::change, ADMIN)
        .add(rewards::api::past, STAFF)
        .add(pictures::api::add, ADMIN)
        .add(rewards::codes::api::upload, ADMIN)
        .add(rewards::codes::api::count, ADMIN)
        .add(redemptions::api::offers, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(redemptions::api::list, CONCERNED.or_keys(&[RedemptionsWrite, MembersRead]).or_staff())
        .add(redemptions::api::read, CONCERNED.or_keys(&[RedemptionsWrite, MembersRead]).or_staff())
        .add(redemptions::api::fulfil, keys(&[RedemptionsWrite]).or_staff())
        .add(redemptions::api::cancel, CONCERNED.or_keys(&[RedemptionsWrite]).or_staff())
        .add(redemptions::api::vouchers::read, keys(&[RedemptionsWrite]).or_staff())
        .add(redemptions::api::vouchers::use_once, keys(&[RedemptionsWrite]).or_staff())
        .add(redemptions::api::vouchers::picture, ANYONE)
        .add(perks::api::create, STAFF)
        .add(perks::api::list, STAFF)
        .add(perks::api::budget, STAFF)
        .add(perks::api::read, STAFF)
        .add(perks::api::approve, STAFF)
        .add(perks::api::decline, STAFF)
        .add(perks::api::revoke, STAFF)
        .add(perks::lists::api::create, STAFF)
        .add(perks::lists::api::read, STAFF)
        .add(letters::api::list, STAFF)
        .add(letters::api::preview, STAFF)
        .add(letters::api::retry, STAFF)
        .add(letters::suppressed::list, STAFF)
        .add(letters::suppressed::lift, STAFF)
        .add(letters::reports::neutral, SIGNED)
        .add(letters::reports::ses, SIGNED)
        .add(letters::reports::postmark, SIGNED)
        .add(occasions::api::add, ADMIN)
        .add(occasions::api::list, STAFF)
        // before the one of any id
        .add(occasions::api::calendar, STAFF)
        .add(occasions::api::read, STAFF)
        .add(occasions::api::change, ADMIN)
        .add(occasions::api::preview, STAFF)
        .add(occasions::api::calendar_of, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(occasions::api::holidays_of, SIGNED_IN)
        .add(redemptions::api::vouchers::bitmap, ANYONE)
        .add(settings::api::read, ADMIN)
        .add(settings::api::change, ADMIN)
        .add(health::live, ANYONE)
        .add(health::ready, ANYONE)
        .add(health::metrics_page, ADMIN);
    friends(operations);
    listening(operations);
    topics(operations);
    gratitude(operations);
}

/// Those of surveys and what comes of them.
fn listening(operations: &mut Registry<'_, '_>) {
    operations
        .add(surveys::api::add, ADMIN)
        .add(surveys::api::list, STAFF)
        .add(surveys::api::read, STAFF)
        .add(surveys::api::change, ADMIN)
        .add(surveys::api::publish, ADMIN)
        .add(surveys::api::pause, ADMIN)
        .add(surveys::api::end, ADMIN)
        .add(surveys::api::send, STAFF)
        .add(asks::api::list, keys(&[FeedbackWrite]).or_staff())
        .add(surveys::api::ask, keys(&[FeedbackWrite]).or_staff())
        .add(surveys::api::next, ITSELF.or_keys(&[FeedbackWrite, MembersRead]).or_staff())
        .add(answers::api::create, keys(&[FeedbackWrite]).or_staff())
        .add(answers::api::list, STAFF)
        .add(answers::api::read, CONCERNED.or_staff())
        .add(answers::stats_api::read, STAFF)
        .add(answers::api::void, ADMIN)
        .add(answers::api::confirm, STAFF)
        .add(answers::api::set_topics, STAFF)
        .add(answers::api::list_of_member, ITSELF.or_keys(&[MembersRead]).or_staff());
    segmenting(operations);
}

/// Those of segments.
fn segmenting(operations: &mut Registry<'_, '_>) {
    operations
        .add(segments::api::add, ADMIN)
        .add(segments::api::list, STAFF)
        .add(segments::api::read, STAFF)
        .add(segments::api::change, ADMIN)
        .add(segments::api::remove, ADMIN)
        .add(segments::api::members, STAFF)
        .add(segments::api::count, STAFF)
        .add(segments::api::explain, STAFF);
}

/// Those of referrals.
fn friends(operations: &mut Registry<'_, '_>) {
    operations
        .add(referring::sharing::read, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(referring::sharing::change, ITSELF.or_keys(&[MembersWrite]).or_staff())
        .add(referring::sharing::share, ITSELF.or_keys(&[MembersWrite]).or_staff())
        .add(referring::sharing::qr_svg, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(referring::sharing::qr_png, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(referring::reading::list, STAFF)
        .add(referring::reading::list_of_member, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(referring::reading::own, ITSELF.or_keys(&[MembersRead]).or_staff())
        .add(referring::reading::claim, ITSELF.or_keys(&[MembersWrite]).or_staff())
        // before the one of any id
        .add(referring::stats::read, STAFF)
        .add(referring::stats::leaderboard, SIGNED_IN)
        .add(referring::reading::read, CONCERNED.or_keys(&[MembersRead]).or_staff())
        .add(referring::deciding::approve, STAFF)
        .add(referring::deciding::reject, STAFF)
        .add(referring::deciding::appeal, CONCERNED.or_staff())
        .add(referring::deciding::cases, STAFF)
        .add(referring::deciding::approve_case, STAFF)
        .add(referring::deciding::reject_case, STAFF);
}

/// Those of thanks.
fn gratitude(operations: &mut Registry<'_, '_>) {
    operations
        .add(thanks::api::list, STAFF)
        .add(thanks::api::read, STAFF)
        .add(thanks::api::give, STAFF)
        .add(thanks::api::assign, STAFF)
        .add(thanks::api::waive, ADMIN)
        .add(thanks::api::figures, STAFF);
}

/// Those of topics, and of what members are told of them.
fn topics(operations: &mut Registry<'_, '_>) {
    operations
        .add(topics::api::add, STAFF)
        .add(topics::api::list, STAFF)
        .add(topics::api::read, STAFF)
        .add(topics::api::change, STAFF)
        .add(topics::api::merge, STAFF)
        .add(announcements::api::add, STAFF)
        .add(announcements::api::list, STAFF)
        .add(announcements::api::read, STAFF)
        .add(announcements::api::change, STAFF)
        .add(announcements::api::audience, STAFF)
        .add(announcements::api::preview, STAFF)
        .add(announcements::api::send, STAFF)
        .add(announcements::api::cancel, STAFF);
}

/// The answers of dry runs, by what the document calls them.
const REHEARSED: &[Rehearsed] = &[
    ("Order", orders::body::OrderBody::MADE),
    ("RefundedOrder", orders::body::RefundedOrder::MADE),
    ("Entry", transfers::api::TransferBody::MADE),
    ("Reversal", points::api::reversals::ReversalBody::MADE),
    ("Redemption", redemptions::body::RedemptionBody::MADE),
    ("Perk", perks::Perk::MADE),
    ("PerkList", perks::lists::PerkListBody::MADE),
    ("SurveySending", &[]),
];

/// All routes; the demo's pages under the demo alone.
pub fn configure(services: &mut web::ServiceConfig, demo: bool) {
    // each path is tried in turn: what anybody may fetch as often as they like is found at once
    services.service(resource("/openapi.json", [get(openapi_document)]));
    services.configure(pages::configure_assets);
    services.configure(|services| api(&mut Registry::Answering(services)));
    // the pages first: one of them lies below /docs
    services.configure(pages::configure_everywhere);
    services.service(web::redirect("/docs", "/docs/"));
    if demo {
        services.service(resource("/demo/clock", [put(demo_clock::put)]));
        services.configure(pages::configure_demo);
    } else {
        services.configure(pages::configure_front);
    }
}

/// Every operation, and who may call it.
#[must_use]
pub fn operations() -> Operations {
    Operations::of(declared())
}

fn declared() -> Vec<Declared> {
    let mut declared = Vec::new();
    api(&mut Registry::Listing(&mut declared));
    declared
}

/// The OpenAPI document, as `vildar openapi` prints it: made when first asked for, for it takes as
/// much memory as everything else.
#[must_use]
pub fn document() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
        let (_, document) = actix_web::App::new()
            .into_utoipa_app()
            .openapi(openapi::base())
            .configure(|services| api(&mut Registry::Documenting(services)))
            .split_for_parts();
        format!("{:#}\n", openapi::finish(&document, &declared(), REHEARSED))
    });
    &DOCUMENT
}

/// The same as it is served: all answers share it.
pub const SERVED: Served = Served(served);

static KEPT: OnceLock<Fixed> = OnceLock::new();

fn served() -> &'static Fixed {
    KEPT.get_or_init(|| Fixed::new(document().as_bytes(), "application/json"))
}

async fn openapi_document(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let served = match KEPT.get() {
        Some(kept) => kept,
        None => web::block(served).await.map_err(Error::internal)?,
    };
    Ok(served.answer(&request))
}
