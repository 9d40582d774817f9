//! Credentials that are none, are stale, are forged, or are somebody else's.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use platform::auth::eddsa;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    hostile::Faults,
    hostile_table::operations,
    support::{
        app::{Client, TestApp},
        both::both,
    },
    world::{World, rows},
};

/// The claims of a token, and the id of the key that signed it.
fn taken_apart(token: &str) -> (Value, String) {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = URL_SAFE_NO_PAD.decode(parts.next().expect("a part")).expect("base64");
        serde_json::from_slice::<Value>(&bytes).expect("JSON")
    };
    let header = part();
    (part(), header["kid"].as_str().expect("a kid").to_owned())
}

fn signed_by(seed: u8, kid: &str, claims: &Value) -> String {
    let private = eddsa::pkcs8(&[seed; 32]);
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    let key = EncodingKey::from_ed_der(&private);
    jsonwebtoken::encode(&header, claims, &key).expect("a token")
}

both!(bad_credentials_are_nobodys);
async fn bad_credentials_are_nobodys(app: &TestApp) {
    let world = World::on(app).await;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let anyone = app.anyone();
    let token = world.admin.token.clone().expect("a token");
    let (claims, kid) = taken_apart(&token);
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let encode_bytes = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (head, rest) = token.split_once('.').expect("three parts");
    let (body, signature) = rest.split_once('.').expect("three parts");
    let unsigned = json!({"alg": "none", "typ": "JWT", "kid": kid});
    let symmetric = encode(&json!({"alg": "HS256", "typ": "JWT", "kid": kid}));
    let public = world.anyone.get("/.well-known/jwks.json").await.expect(200);
    let public = public["keys"][0]["x"].as_str().expect("a key").as_bytes().to_vec();
    let mut hmac = Hmac::<Sha256>::new_from_slice(&public).expect("any length");
    hmac.update(format!("{symmetric}.{body}").as_bytes());
    let hmac = encode_bytes(&hmac.finalize().into_bytes());
    let mut promoted = taken_apart(world.staff.token.as_deref().expect("a token")).0;
    promoted["role"] = json!("admin");
    let staff_token = world.staff.token.clone().expect("a token");
    let staff_signature = staff_token.rsplit('.').next().expect("a signature");
    let bad = [
        String::new(),
        token.clone(),
        format!("Basic {token}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer x".to_owned(),
        "Bearer a.b.c".to_owned(),
        "Bearer ...".to_owned(),
        "Bearer vk_".to_owned(),
        "Bearer vk_nobodys".to_owned(),
        format!("Bearer {token}x"),
        format!("Bearer {token} {token}"),
        format!("Bearer {head}.{body}."),
        format!("Bearer {head}.{body}"),
        format!("Bearer {}.{body}.", encode(&unsigned)),
        format!("Bearer {}.{body}.{signature}", encode(&unsigned)),
        format!("Bearer {symmetric}.{body}.{hmac}"),
        format!("Bearer {}", signed_by(1, &kid, &claims)),
        format!("Bearer {}", signed_by(1, "another", &claims)),
        format!("Bearer {head}.{}.{staff_signature}", encode(&promoted)),
        format!("Bearer {}", "a".repeat(5000)),
    ];
    for value in &bad {
        for path in ["/v1/members", "/v1/rewards", "/v1/settings", "/v1/members/me"] {
            let headers = [("authorization", value.as_str())];
            let reply = anyone.send(Method::GET, path, &headers, None).await;
            faults.expect(&format!("{path} {value}"), &reply, 401, "unauthenticated", None);
            if reply.header("www-authenticate").as_deref() != Some("Bearer") {
                faults.note(&format!("{path} {value}: no WWW-Authenticate"));
            }
        }
    }
    for op in operations(&world).iter().filter(|op| op.who.token.is_some()) {
        for value in [None, Some("Bearer x")] {
            let mut headers = vec![("if-match", "\"1\"")];
            headers.extend(value.map(|value| ("authorization", value)));
            let body = Some(op.good.to_string().into_bytes());
            // by a person without credentials, this one is a sign-up
            if op.path == "/v1/members" && value.is_none() {
                continue;
            }
            let reply = anyone.send(op.method.clone(), &op.path, &headers, body).await;
            faults.expect(&op.path, &reply, 401, "unauthenticated", None);
        }
    }
    world.admin.get("/v1/settings").await.expect(200);
    app.travel(Duration::from_mins(15));
    for who in [&world.admin, &world.staff, &world.member] {
        let reply = who.get("/v1/rewards").await;
        faults.expect("an expired token", &reply, 401, "unauthenticated", None);
    }
    faults.none();
    assert_eq!(rows(app).await, before);
}

both!(each_caller_keeps_to_its_own);
async fn each_caller_keeps_to_its_own(app: &TestApp) {
    let world = World::on(app).await;
    let World { shop, admin, staff, member, member_id: id, user_id, .. } = &world;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let mut refuse: Vec<(&Client, Method, String)> = Vec::new();
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    for path in ["/v1/users", "/v1/api-keys", "/v1/settings", "/metrics"] {
        refuse.extend([shop, staff, member].map(|who| (who, get.clone(), path.to_owned())));
    }
    for path in ["/v1/users", "/v1/api-keys", "/v1/rewards"] {
        refuse.extend([shop, staff, member].map(|who| (who, post.clone(), path.to_owned())));
    }
    for path in [
        format!("/v1/users/{user_id}"),
        format!("/v1/rewards/{}", world.reward),
        "/v1/settings".into(),
    ] {
        refuse.extend([shop, staff, member].map(|who| (who, patch.clone(), path.clone())));
    }
    refuse.extend(
        [shop, staff, member].map(|who| (who, delete.clone(), format!("/v1/users/{user_id}"))),
    );
    for path in ["suspend", "reinstate"] {
        refuse.extend(
            [shop, member].map(|who| (who, post.clone(), format!("/v1/members/{id}/{path}"))),
        );
    }
    refuse.extend(
        [admin, staff, member].map(|who| (who, post.clone(), format!("/v1/members/{id}/sessions"))),
    );
    refuse.extend([admin, staff, member].map(|who| (who, post.clone(), "/v1/orders".to_owned())));
    let order = format!("/v1/orders/{}/refunds", world.order);
    refuse.extend([admin, staff, member].map(|who| (who, post.clone(), order.clone())));
    for path in ["/v1/members".to_owned(), format!("/v1/members/{id}/entries")] {
        refuse.push((member, post.clone(), path));
    }
    refuse.push((member, post.clone(), format!("/v1/redemptions/{}/fulfil", world.redemption)));
    refuse.push((member, post.clone(), format!("/v1/vouchers/{}/use", world.voucher)));
    refuse.push((member, get.clone(), format!("/v1/vouchers/{}", world.voucher)));
    refuse.push((member, get.clone(), "/v1/members?q=a".to_owned()));
    for who in [shop, admin, staff] {
        refuse.push((who, get.clone(), "/v1/members/me".to_owned()));
    }
    refuse.push((shop, get.clone(), format!("/v1/members/{id}/export")));
    let hold = format!("/v1/holds/{}", world.hold);
    for path in
        [format!("/v1/members/{id}/holds"), format!("{hold}/capture"), format!("{hold}/release")]
    {
        refuse.extend([admin, staff, member].map(|who| (who, post.clone(), path.clone())));
    }
    refuse.push((member, get.clone(), hold));
    let reverse = format!("/v1/entries/{}/reverse", world.entry);
    refuse.extend([shop, member].map(|who| (who, post.clone(), reverse.clone())));
    refuse.push((shop, post.clone(), format!("/v1/members/{id}/transfers")));
    refuse.push((member, post.clone(), "/v1/entries:batch".to_owned()));
    refuse.push((shop, delete, "/v1/sessions/current".to_owned()));
    for (who, method, path) in refuse {
        let token = who.token.as_deref().unwrap_or_default();
        let what = format!("{method} {path} as {}", &token[..3]);
        let reply = who.send(method, &path, &[("if-match", "\"1\"")], Some(b"{}".to_vec())).await;
        faults.expect(&what, &reply, 403, "forbidden", None);
    }
    let down = json!({"kind": "adjust", "points": -5, "reason": "why"});
    let up = json!({"kind": "adjust", "points": 5, "reason": "why"});
    let earn = json!({"kind": "earn", "points": 5, "reason": "why"});
    let entries = format!("/v1/members/{id}/entries");
    for (who, body) in [(staff, &down), (shop, &down), (shop, &up), (staff, &earn), (admin, &earn)]
    {
        let reply = who.post(&entries, body.clone()).await;
        faults.expect(&format!("{body}"), &reply, 403, "forbidden", None);
    }
    faults.none();
    assert_eq!(rows(app).await, before);
}
