//! The console: what staff do in a browser. It calls the services that the API calls, and knows no
//! other way to do anything.
//!
//! [`desk`] knows who sits there, and gives every page its frame; each other file is a room.

mod access;
mod announcement;
mod announcements;
mod chart;
mod condition_rows;
mod desk;
mod frame;
mod letters;
mod member;
mod member_heard;
mod member_mail;
mod members;
mod occasions;
mod perk_lists;
mod perks;
mod referral_case;
mod referral_stats;
mod referrals;
mod reward;
mod reward_form;
mod rewards;
mod segments;
mod session;
mod settings;
mod sheet;
mod sorting;
mod survey;
mod surveys;
mod thanks;
mod thanks_one;
mod thanks_person;
mod till;
mod today;
mod topics;

pub use desk::Away;

use actix_web::web::ServiceConfig;

use super::page::page;
use platform::http::resource::{get, post};

/// The console's pages.
pub fn configure(app: &mut ServiceConfig) {
    app.service(page("/console", [get(today::show)]))
        .service(page("/console/sign-in", [get(session::form), post(session::sign_in)]))
        .service(page("/console/sign-in/as/{id}", [post(session::sign_in_as)]))
        .service(page("/console/sign-out", [post(session::sign_out)]))
        .service(page("/console/redemptions.csv", [get(today::csv)]))
        .service(page("/console/redemptions/{id}/fulfil", [post(today::fulfil)]))
        .service(page("/console/redemptions/{id}/cancel", [post(today::cancel)]))
        .service(page("/console/members", [get(members::list)]))
        .service(page("/console/members.csv", [get(members::csv)]))
        .service(page("/console/members/{id}", [get(member::show)]))
        .service(page("/console/members/{id}/adjust", [post(member::adjust)]))
        .service(page("/console/members/{id}/mail-again", [post(member_mail::mail_again)]))
        .service(page("/console/members/{id}/redeem", [post(member::redeem)]))
        .service(page("/console/members/{id}/status", [post(member::set_status)]))
        .service(page("/console/members/{id}/perk", [post(perks::give)]))
        .service(page("/console/perks", [get(perks::list)]))
        .service(page("/console/perks.csv", [get(perks::csv)]))
        .service(page("/console/perks/many", [get(perk_lists::show), post(perk_lists::give)]))
        .service(page("/console/perks/lists/{id}", [get(perk_lists::progress)]))
        .service(page("/console/perks/{id}/approve", [post(perks::approve)]))
        .service(page("/console/perks/{id}/decline", [post(perks::decline)]))
        .service(page("/console/perks/{id}/revoke", [post(perks::revoke)]))
        .service(page("/console/referrals", [get(referrals::list)]))
        .service(page("/console/referrals.csv", [get(referrals::csv)]))
        .service(page("/console/referrals/stats", [get(referral_stats::show)]))
        .service(page("/console/referrals/cases/{id}", [get(referral_case::show)]))
        .service(page("/console/referrals/cases/{id}/approve", [post(referral_case::approve_all)]))
        .service(page("/console/referrals/cases/{id}/reject", [post(referral_case::reject_all)]))
        .service(page(
            "/console/referrals/cases/{id}/approve-one",
            [post(referral_case::approve_one)],
        ))
        .service(page(
            "/console/referrals/cases/{id}/reject-one",
            [post(referral_case::reject_one)],
        ))
        .service(page("/console/surveys", [get(surveys::list), post(surveys::add)]))
        .service(page("/console/surveys/{id}", [get(survey::show), post(surveys::change)]))
        .service(page("/console/surveys/{id}/score.csv", [get(survey::csv)]))
        .service(page("/console/surveys/{id}/state", [post(surveys::turn)]))
        .service(page("/console/thanks", [get(thanks::list)]))
        .service(page("/console/thanks.csv", [get(thanks::csv)]))
        .service(page("/console/thanks/{id}", [get(thanks_one::show)]))
        .service(page("/console/thanks/{id}/give", [post(thanks_one::give)]))
        .service(page("/console/thanks/{id}/assign", [post(thanks_one::assign)]))
        .service(page("/console/thanks/{id}/waive", [post(thanks_one::waive)]))
        .service(page("/console/till", [get(till::show)]))
        .service(page("/console/till/use", [post(till::use_once)]))
        .service(page("/console/rewards", [get(rewards::list), post(reward::add)]))
        .service(page("/console/rewards.csv", [get(rewards::csv)]))
        .service(page("/console/rewards/new", [get(reward::new)]))
        .service(page("/console/rewards/{id}", [get(reward::show), post(reward::change)]))
        .service(page("/console/rewards/{id}/picture", [post(reward::picture)]))
        .service(page("/console/rewards/{id}/codes", [post(reward::upload)]))
        .service(page("/console/occasions", [get(occasions::list), post(occasions::add)]))
        .service(page("/console/occasions/{id}", [post(occasions::change)]))
        .service(page("/console/occasions/{id}/letter", [get(occasions::letter)]))
        .service(page("/console/topics", [get(topics::list), post(topics::add)]))
        // before the one of any id
        .service(page("/console/topics/answers", [get(sorting::list)]))
        .service(page("/console/topics/answers/{id}", [post(sorting::sort)]))
        .service(page("/console/topics/{id}", [post(topics::change)]))
        .service(page("/console/topics/{id}/merge", [post(topics::merge)]))
        .service(page(
            "/console/announcements",
            [get(announcements::list), post(announcement::add)],
        ))
        .service(page("/console/announcements/new", [get(announcement::new)]))
        .service(page(
            "/console/announcements/{id}",
            [get(announcement::show), post(announcement::change)],
        ))
        .service(page("/console/announcements/{id}/letter", [get(announcement::letter)]))
        .service(page("/console/announcements/{id}/send", [post(announcement::send)]))
        .service(page("/console/announcements/{id}/cancel", [post(announcement::cancel)]))
        .service(page("/console/segments", [get(segments::list), post(segments::add)]))
        .service(page("/console/segments/{id}", [get(segments::show), post(segments::change)]))
        .service(page("/console/segments/{id}/delete", [post(segments::remove)]))
        .service(page("/console/segments/{id}/members.csv", [get(segments::csv)]))
        .service(page("/console/letters", [get(letters::list)]))
        .service(page("/console/letters.csv", [get(letters::csv)]))
        .service(page("/console/letters/{id}", [get(letters::show)]))
        .service(page("/console/letters/{id}/html", [get(letters::html)]))
        .service(page("/console/letters/{id}/retry", [post(letters::retry)]))
        .service(page("/console/settings", [get(settings::show), post(settings::set)]))
        .service(page("/console/users", [get(access::users), post(access::invite)]))
        .service(page("/console/users.csv", [get(access::users_csv)]))
        .service(page("/console/keys.csv", [get(access::keys_csv)]))
        .service(page("/console/users/{id}/role", [post(access::set_role)]))
        .service(page("/console/users/{id}/remove", [post(access::remove)]))
        .service(page("/console/keys", [get(access::keys), post(access::make_key)]))
        .service(page("/console/keys/{id}/revoke", [post(access::revoke)]));
}
