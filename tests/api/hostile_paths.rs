//! Ids, queries, methods and paths that name nothing, or nothing that this caller may see.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hostile::Faults,
    support::{
        app::{Client, TestApp},
        both::both,
    },
    world::{World, rows},
};

const ID: &str = "01m7zr0b7ee0tt0vrz3kxj2q8d";
const BAD_IDS: [&str; 7] =
    ["x", "%00", "%FF", "mem_", "prk_01m7zr0b7ee0tt0vrz3kxj2q8d", "..%2F..", "%F0%9F%92%A5"];

both!(movements_of_nothing_are_not_found);
async fn movements_of_nothing_are_not_found(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, .. } = &world;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let unknown = format!("mem_{ID}");
    let why = json!({"reason": "why"});
    let place = json!({"points": 5, "order_ref": "H-1", "ttl_seconds": 60});
    let said = json!({"message": "Thank you", "send_letter": false});
    let user = json!({"owner_id": world.user_id});
    let send = json!({"to_member_id": world.other_id, "points": 5, "reason": "why"});
    for id in BAD_IDS {
        for (who, path, body) in [
            (shop, format!("/v1/members/{id}/holds"), &place),
            (shop, format!("/v1/members/{unknown}/holds"), &place),
            (shop, format!("/v1/holds/{id}/capture"), &json!({})),
            (shop, format!("/v1/holds/hld_{ID}/capture"), &json!({})),
            (shop, format!("/v1/holds/{id}/release"), &json!({})),
            (shop, format!("/v1/holds/hld_{ID}/release"), &json!({})),
            (admin, format!("/v1/members/{id}/transfers"), &send),
            (admin, format!("/v1/members/{unknown}/transfers"), &send),
            (admin, format!("/v1/thanks/{id}/give"), &said),
            (admin, format!("/v1/thanks/thx_{ID}/give"), &said),
            (admin, format!("/v1/thanks/{id}/assign"), &user),
            (admin, format!("/v1/thanks/thx_{ID}/assign"), &user),
            (admin, format!("/v1/thanks/{id}/waive"), &why),
            (admin, format!("/v1/thanks/thx_{ID}/waive"), &why),
            (admin, format!("/v1/entries/{id}/reverse"), &why),
            (admin, format!("/v1/entries/ent_{ID}/reverse"), &why),
        ] {
            faults.expect(&path, &who.post(&path, body.clone()).await, 404, "not_found", None);
        }
    }
    faults.none();
    assert_eq!(rows(app).await, before);
}

both!(ids_that_name_nothing_are_not_found);
async fn ids_that_name_nothing_are_not_found(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, member_id, reward, .. } = &world;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let places = [
        ("mem", "/v1/members/{}"),
        ("mem", "/v1/members/{}/balance"),
        ("mem", "/v1/members/{}/entries"),
        ("mem", "/v1/members/{}/rewards"),
        ("mem", "/v1/members/{}/preferences"),
        ("mem", "/v1/members/{}/export"),
        ("mem", "/v1/members/{}/referrals"),
        ("mem", "/v1/members/{}/referral-code"),
        ("mem", "/v1/members/{}/referral"),
        ("mem", "/v1/members/{}/referral-code/qr.svg"),
        ("mem", "/v1/members/{}/referral-code/qr.png"),
        ("usr", "/v1/users/{}"),
        ("ord", "/v1/orders/{}"),
        ("rwd", "/v1/rewards/{}"),
        ("red", "/v1/redemptions/{}"),
        ("ref", "/v1/referrals/{}"),
        ("thx", "/v1/thanks/{}"),
        ("srv", "/v1/surveys/{}"),
        ("ans", "/v1/answers/{}"),
        ("mem", "/v1/members/{}/answers"),
        ("mem", "/v1/members/{}/asks/next"),
        ("hld", "/v1/holds/{}"),
        ("top", "/v1/topics/{}"),
        ("ann", "/v1/announcements/{}"),
        ("ann", "/v1/announcements/{}/audience"),
        ("ann", "/v1/announcements/{}/preview"),
        ("mem", "/v1/members/{}/statement"),
        ("seg", "/v1/segments/{}"),
        ("seg", "/v1/segments/{}/count"),
        ("seg", "/v1/segments/{}/members"),
        ("xxx", "/v1/vouchers/{}"),
        ("xxx", "/v1/vouchers/{}/qr.svg"),
    ];
    for (prefix, place) in places {
        let unknown = format!("{prefix}_{ID}");
        for id in BAD_IDS.iter().copied().chain([unknown.as_str()]) {
            if prefix == "xxx" {
                app.travel(std::time::Duration::from_secs(5)); // guessing codes is throttled
            }
            let path = place.replace("{}", id);
            let admin = app.admin().await;
            faults.expect(&path, &admin.get(&path).await, 404, "not_found", None);
        }
    }
    let admin = app.admin().await;
    let unknown = format!("mem_{ID}");
    let why = json!({"reason": "why"});
    for path in ["suspend", "reinstate"] {
        let path = format!("/v1/members/{unknown}/{path}");
        faults.expect(&path, &admin.post(&path, why.clone()).await, 404, "not_found", None);
    }
    let paths = [
        format!("/v1/members/{unknown}"),
        format!("/v1/users/usr_{ID}"),
        format!("/v1/api-keys/key_{ID}"),
        format!("/v1/segments/seg_{ID}"),
    ];
    for path in &paths {
        faults.expect(path, &admin.delete(path).await, 404, "not_found", None);
    }
    let earn = json!({"kind": "earn", "points": 5, "reason": "why"});
    let path = format!("/v1/members/{unknown}/entries");
    faults.expect(&path, &shop.post(&path, earn).await, 404, "not_found", None);
    let money = json!({"amount": 100, "currency": "EUR"});
    let bodies = [
        ("/v1/redemptions", json!({"member_id": unknown, "reward_id": reward}), "/member_id"),
        (
            "/v1/redemptions",
            json!({"member_id": member_id, "reward_id": format!("rwd_{ID}")}),
            "/reward_id",
        ),
        (
            "/v1/orders",
            json!({"external_id": "n", "member_id": unknown, "total": money}),
            "/member_id",
        ),
        (
            "/v1/orders",
            json!({"external_id": "n", "email": "no@example.com", "total": money}),
            "/email",
        ),
    ];
    for (path, body, pointer) in bodies {
        let reply = shop.post(path, body.clone()).await;
        faults.expect(&format!("{path} {body}"), &reply, 404, "not_found", Some(pointer));
        let dry = shop.post(&format!("{path}?dry_run=true"), body.clone()).await;
        faults.expect(&format!("dry {path} {body}"), &dry, 404, "not_found", Some(pointer));
    }
    faults.none();
    let after = rows(app).await;
    assert_eq!(after, before);
}

both!(a_members_things_do_not_exist_for_another);
async fn a_members_things_do_not_exist_for_another(app: &TestApp) {
    let world = World::on(app).await;
    let World { other, member_id: id, order, redemption, reward, .. } = &world;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let mut paths: Vec<String> =
        ["", "/balance", "/entries", "/statement", "/rewards", "/preferences", "/export"]
            .iter()
            .map(|part| format!("/v1/members/{id}{part}"))
            .collect();
    paths.extend([
        format!("/v1/members/{id}/referrals"),
        format!("/v1/members/{id}/referral-code"),
        format!("/v1/orders/{order}"),
        format!("/v1/redemptions/{redemption}"),
        format!("/v1/orders?member_id={id}"),
        format!("/v1/redemptions?member_id={id}"),
    ]);
    for path in &paths {
        faults.expect(path, &other.get(path).await, 404, "not_found", None);
    }
    let redeem = json!({"member_id": id, "reward_id": reward});
    let reply = other.post("/v1/redemptions", redeem).await;
    faults.expect("redeem", &reply, 404, "not_found", Some("/member_id"));
    let path = format!("/v1/redemptions/{redemption}/cancel");
    faults.expect(&path, &other.post(&path, json!({})).await, 404, "not_found", None);
    let path = format!("/v1/members/{id}/entries");
    let gift = json!({"kind": "adjust", "points": 5, "reason": "me"});
    faults.expect(&path, &other.post(&path, gift).await, 404, "not_found", None);
    let send = json!({"to_member_id": world.other_id, "points": 5, "reason": "mine"});
    let path = format!("/v1/members/{id}/transfers");
    faults.expect(&path, &other.post(&path, send).await, 404, "not_found", None);
    let path = format!("/v1/members/{id}");
    faults.expect(&path, &other.delete(&path).await, 404, "not_found", None);
    for path in [path.clone(), format!("{path}/preferences")] {
        let body = Some(b"{}".to_vec());
        let reply = other.send(Method::PATCH, &path, &[("if-match", "\"1\"")], body).await;
        faults.expect(&path, &reply, 404, "not_found", None);
    }
    faults.none();
    assert_eq!(rows(app).await, before);
}

/// Lists, each as far as its parameters begin.
fn lists(member_id: &str) -> Vec<String> {
    vec![
        "/v1/members?".to_owned(),
        "/v1/users?".into(),
        "/v1/api-keys?".into(),
        "/v1/rewards?".into(),
        "/v1/redemptions?".into(),
        "/v1/referrals?".into(),
        "/v1/referral-cases?".into(),
        "/v1/topics?".into(),
        "/v1/announcements?".into(),
        format!("/v1/orders?member_id={member_id}&"),
        format!("/v1/members/{member_id}/entries?"),
        format!("/v1/members/{member_id}/referrals?"),
        "/v1/surveys?".into(),
        "/v1/asks?".into(),
        "/v1/answers?".into(),
        "/v1/thanks?".into(),
        "/v1/segments?".into(),
        format!("/v1/members/{member_id}/answers?"),
    ]
}

both!(queries_are_read_strictly);
async fn queries_are_read_strictly(app: &TestApp) {
    let world = World::on(app).await;
    let World { admin, shop, member_id, .. } = &world;
    let mut faults = Faults::default();
    let lists = lists(member_id);
    let bad = [
        ("limit=0", "?limit"),
        ("limit=101", "?limit"),
        ("limit=-1", "?limit"),
        ("limit=1.5", "?limit"),
        ("limit=", "?limit"),
        ("limit=99999999999999999999", "?limit"),
        ("limit=1&limit=2", "?limit"),
        ("cursor=!", "?cursor"),
        ("cursor=", "?cursor"),
        ("cursor=%00", "?cursor"),
        ("cursor=bm90IGEga2V5", "?cursor"),
        ("cursor=_____w", "?cursor"),
        ("colour=1", "?colour"),
        ("%FF=1", "?"),
    ];
    for list in &lists {
        for (query, pointer) in bad {
            let path = format!("{list}{query}");
            let reply = admin.get(&path).await;
            if query == "%FF=1" {
                faults.expect(&path, &reply, 422, "invalid_request", None);
            } else {
                faults.expect(&path, &reply, 422, "invalid_request", Some(pointer));
            }
        }
    }
    let more = [
        (shop, "/v1/members", "?"),
        (shop, "/v1/members?q=anna", "?q"),
        (shop, "/v1/members?email=x", "?email"),
        (shop, "/v1/members?external_id=%00", "?external_id"),
        (shop, "/v1/members?email=a@example.com&external_id=1", "?"),
        (admin, "/v1/members?q=%00", "?q"),
        (admin, "/v1/members?q=", "?q"),
        (admin, "/v1/redemptions?state=lost", "?state"),
        (admin, "/v1/rewards?state=lost", "?state"),
        (admin, "/v1/referrals?state=lost", "?state"),
        (admin, "/v1/referrals?referrer_id=x", "?referrer_id"),
        (admin, "/v1/referrals?case_id=x", "?case_id"),
        (admin, "/v1/referrals?when=never", "?when"),
        (admin, "/v1/referrals?from=2027-01-01", "?when"),
        (admin, "/v1/referrals/stats?by=week", "?by"),
        (admin, "/v1/referrals/stats?from=x", "?from"),
        (admin, "/v1/referrals/stats?time_zone=Mars/Olympus", "?time_zone"),
        (admin, "/v1/referrals/stats?from=2027-01-02&to=2027-01-01", "?to"),
        (admin, "/v1/topics?state=lost", "?state"),
        (admin, "/v1/topics?parent_id=x", "?parent_id"),
        (admin, "/v1/topics?merged=yes", "?merged"),
        (admin, "/v1/announcements?state=lost", "?state"),
        (admin, "/v1/answers?suggested=1", "?suggested"),
        (admin, "/v1/redemptions?member_id=x", "?member_id"),
        (admin, "/v1/orders?member_id=x", "?member_id"),
        (admin, "/v1/orders", "?member_id"),
        (admin, "/v1/orders?external_id=%00", "?external_id"),
    ];
    for (who, path, pointer) in more {
        faults.expect(path, &who.get(path).await, 422, "invalid_request", Some(pointer));
    }
    let order = json!({"external_id": "Q", "member_id": member_id, "total": {"amount": 1, "currency": "EUR"}});
    for (query, pointer) in
        [("dry_run=1", "?dry_run"), ("dry_run=", "?dry_run"), ("dry=true", "?dry")]
    {
        let reply = shop.post(&format!("/v1/orders?{query}"), order.clone()).await;
        faults.expect(query, &reply, 422, "invalid_request", Some(pointer));
    }
    let reward = json!({"name": "Tea", "kind": "voucher", "cost_points": 10});
    let reply = admin.post("/v1/rewards?dry_run=true", reward).await;
    faults.expect("not offered", &reply, 422, "invalid_request", Some("?dry_run"));
    for key in ["", " ", "a b", &"k".repeat(256)] {
        let reply = shop.post_keyed("/v1/orders", key, order.clone()).await;
        faults.expect(
            &format!("key {key:?}"),
            &reply,
            422,
            "invalid_request",
            Some("Idempotency-Key"),
        );
    }
    let none: Value = shop.get("/v1/orders?external_id=Q").await.expect(200);
    assert_eq!(none["data"], json!([]));
    faults.none();
}

both!(strange_paths_are_not_found);
async fn strange_paths_are_not_found(app: &TestApp) {
    let admin: Client = app.admin().await;
    let mut faults = Faults::default();
    for (method, path) in [
        (Method::GET, "/v1"),
        (Method::GET, "/v1/"),
        (Method::GET, "/v1/nothing"),
        (Method::GET, "/v1/members/"),
        (Method::GET, "/v1//members"),
        (Method::GET, "/V1/members"),
        (Method::GET, "/%00"),
        (Method::GET, "/v1/members/me/.."),
        (Method::PUT, "/demo/clock"),
        (Method::GET, "/demo/mailbox"),
    ] {
        let reply = admin.send(method.clone(), path, &[], None).await;
        if reply.status == 200 && path.contains("..") {
            continue; // the client walked up by itself
        }
        faults.expect(&format!("{method} {path}"), &reply, 404, "not_found", None);
    }
    faults.none();
}
