//! Who may call what: every operation by everybody, as it was declared beside its route.

use platform::auth::{
    Role, Scope,
    access::{Access, Keys, Members},
};
use reqwest::Method;
use serde_json::json;

use crate::{
    hostile::Faults,
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
    world::{World, rows},
};

/// A caller, and what the declaration says of it.
struct Tried {
    name: String,
    client: Client,
    expects: Expects,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    In,
    /// It does not exist for this caller.
    NotTheirs,
    Forbidden,
    Unauthenticated,
}

fn allowed(may: bool) -> Expects {
    if may { Expects::In } else { Expects::Forbidden }
}

async fn everybody(app: &TestApp, world: &World, path: &str, access: Access) -> Vec<Tried> {
    let mut all = Vec::new();
    let mut add = |name: &str, client: &Client, expects| {
        all.push(Tried { name: name.to_owned(), client: client.clone(), expects });
    };
    if access.signed {
        for (name, client) in [("nobody", &world.anyone), ("an admin", &world.admin)] {
            add(name, client, Expects::Unauthenticated);
        }
        let reporter = world.reporter.clone();
        add("who has the secret", &reporter, Expects::In);
        return all;
    }
    let nobody = if access.anonymous { Expects::In } else { Expects::Unauthenticated };
    add("nobody", &world.anyone, nobody);
    add("the member", &world.member, allowed(access.members != Members::None));
    let other = match access.members {
        _ if path.starts_with("/v1/members/{id}") => Expects::NotTheirs,
        Members::None => Expects::Forbidden,
        Members::Itself | Members::Concerned => Expects::NotTheirs,
        Members::All => Expects::In,
    };
    add("another member", &world.other, other);
    add("staff", &world.staff, allowed(access.staff == Some(Role::Staff)));
    add("an admin", &world.admin, allowed(access.staff.is_some()));
    for scope in Scope::ALL {
        let may = match access.keys {
            Keys::None => false,
            Keys::With(scopes) => scopes.contains(scope),
            Keys::All => true,
        };
        let key = app.storefront_with(&[*scope]).await;
        add(&format!("a key with {scope}"), &key, allowed(may));
    }
    all
}

/// The path with something of the member's in it.
fn concrete(method: &Method, path: &str, world: &World, key: &str, referral: &str) -> String {
    let id = match path.split('/').nth(2) {
        Some("members") => &world.member_id,
        Some("orders") => &world.order,
        Some("redemptions") => &world.redemption,
        Some("rewards") => &world.reward,
        Some("holds") => &world.hold,
        Some("entries") => &world.entry,
        Some("perks") => &world.perk,
        Some("thanks") => &world.thanks,
        Some("perk-lists") => &world.perk_list,
        Some("occasions") => &world.occasion,
        Some("surveys") => &world.survey,
        Some("answers") => &world.answer,
        Some("segments") => &world.segment,
        Some("topics") => &world.topic,
        Some("announcements") => &world.announcement,
        Some("letters") => &world.letter,
        Some("suppressions") => &world.suppression,
        Some("users") => &world.user_id,
        Some("api-keys") => key,
        Some("referrals" | "referral-cases") => referral,
        _ => "",
    };
    let query = match path {
        _ if *method != Method::GET => String::new(),
        "/v1/members" => "?email=nobody@example.com".to_owned(),
        "/v1/members/{id}/statement" => "?from=2026-11-01&to=2026-12-01".to_owned(),
        "/v1/orders" | "/v1/redemptions" => format!("?member_id={}", world.member_id),
        _ => String::new(),
    };
    let path = path.replace("{id}", id).replace("{code}", &world.voucher);
    format!("{}{query}", path.replace("{member_id}", &world.member_id))
}

fn fits(method: &Method, expects: Expects, reply: &Reply) -> bool {
    let code = reply.json["code"].as_str().unwrap_or_default();
    match expects {
        Expects::Unauthenticated => (reply.status, code) == (401, "unauthenticated"),
        Expects::Forbidden => (reply.status, code) == (403, "forbidden"),
        Expects::NotTheirs => (reply.status, code) == (404, "not_found"),
        Expects::In if *method == Method::GET => matches!(reply.status, 200 | 302),
        // the body is nothing that anybody would send
        Expects::In => !matches!(reply.status, 401 | 403 | 405) && reply.status < 500,
    }
}

both!(everybody_may_what_is_declared_and_nothing_else);
async fn everybody_may_what_is_declared_and_nothing_else(app: &TestApp) {
    let world = World::on(app).await;
    let code = world.member.get(&format!("/v1/members/{}/referral-code", world.member_id)).await;
    let friend = json!({
        "email": "friend@example.com", "given_name": "Finn",
        "referral_code": code.expect(200)["code"],
    });
    world.shop.post("/v1/members", friend).await.expect(201);
    let aunt = app.enrol("Aunt").await;
    let aunts = world.shop.get(&format!("/v1/members/{aunt}/referral-code")).await.expect(200);
    let told = json!({"referral_code": aunts["code"]});
    let came = format!("/v1/members/{}/referral", world.member_id);
    world.shop.post(&came, told).await.expect(200);
    let first = |listed: serde_json::Value| listed["data"][0]["id"].as_str().map(str::to_owned);
    let referral = first(world.admin.get("/v1/referrals").await.expect(200)).expect("a referral");
    let key = first(world.admin.get("/v1/api-keys").await.expect(200)).expect("a key");
    let operations = vildar::routes::operations();
    let mut faults = Faults::default();
    let mut tried = 0;
    // what is due is done, so that no look does it
    vildar::chores::run_all(app.store()).await.expect("all chores");
    let before = rows(app).await;
    let keys = i64::try_from(Scope::ALL.len()).expect("few");
    let mut made = 0;
    for (method, path, access) in operations.all() {
        let method: Method = method.parse().expect("a method");
        let asked = concrete(&method, path, &world, &key, &referral);
        for Tried { name, client, expects } in everybody(app, &world, path, access).await {
            // what would be deleted is missed by those who come after
            if method == Method::DELETE && expects == Expects::In {
                continue;
            }
            let body = match (path, expects) {
                ("/v1/redemptions", Expects::NotTheirs) => {
                    json!({"member_id": world.member_id, "reward_id": world.reward})
                }
                (_, Expects::NotTheirs) => json!({}),
                _ => json!({"nobody knows": "this"}),
            };
            let body = (method != Method::GET).then(|| body.to_string().into_bytes());
            let headers = [("if-match", "\"0\"")];
            let reply = client.send(method.clone(), &asked, &headers, body).await;
            tried += 1;
            if !fits(&method, expects, &reply) {
                faults.note(&format!("{method} {path} by {name}: {} {}", reply.status, reply.text));
            }
        }
        made += if access.signed { 0 } else { keys };
    }
    faults.none();
    assert!(tried > 600, "only {tried} calls");
    let after = rows(app).await.into_iter().map(|(table, count)| match &*table {
        "api_keys" => (table, count - made),
        _ => (table, count),
    });
    assert_eq!(after.collect::<Vec<_>>(), before);
}
