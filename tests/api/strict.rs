//! What holds for every operation of the API alike, by its document: methods, queries, headers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hostile::Faults,
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
    world::{World, rows},
};

/// Every path with its methods.
fn paths() -> Vec<(String, Vec<Method>)> {
    let document: Value = serde_json::from_str(vildar::routes::document()).expect("JSON");
    let method = |name: &String| name.to_uppercase().parse().expect("a method");
    let paths = document["paths"].as_object().expect("paths").iter();
    let paths = paths.map(|(path, operations)| {
        (path.clone(), operations.as_object().expect("operations").keys().map(method).collect())
    });
    paths.collect()
}

/// A path with something in it.
fn concrete(path: &str, world: &World) -> String {
    path.replace("{id}", &world.member_id).replace("{code}", &world.voucher)
}

both!(a_known_path_says_which_methods_it_has);
async fn a_known_path_says_which_methods_it_has(app: &TestApp) {
    let world = World::on(app).await;
    let before = rows(app).await;
    let mut faults = Faults::default();
    let files = ["/openapi.json", "/assets/shop.css"];
    let more = files.map(|path| (path.to_owned(), vec![Method::GET]));
    for (path, methods) in paths().into_iter().chain(more) {
        let path = concrete(&path, &world);
        let odd = ["PUT", "OPTIONS", "TRACE", "BREW", "GET", "POST", "PATCH", "DELETE"];
        for method in odd.map(|name| name.parse::<Method>().expect("a method")) {
            if methods.contains(&method) {
                continue;
            }
            let reply = world.admin.send(method.clone(), &path, &[], None).await;
            let what = format!("{method} {path}");
            faults.expect(&what, &reply, 405, "method_not_allowed", None);
            let allow = reply.header("allow").unwrap_or_default();
            let told: Vec<&str> = allow.split(", ").collect();
            let head = usize::from(methods.contains(&Method::GET));
            let all = methods.iter().all(|method| told.contains(&method.as_str()));
            if !all || told.len() != methods.len() + head {
                faults.note(&format!("{what}: Allow: {allow}"));
            }
        }
    }
    for (path, allow) in [
        ("/confirm", "GET, HEAD, POST"),
        ("/unsubscribe/x", "GET, HEAD, POST"),
        ("/email", "GET, HEAD, POST"),
        ("/docs/problems", "GET, HEAD"),
    ] {
        let reply = app.anyone().send(Method::DELETE, path, &[], None).await;
        assert_eq!((reply.status, reply.header("allow").as_deref()), (405, Some(allow)), "{path}");
        assert!(reply.text.contains("<html"), "{}", reply.text);
    }
    let reply = app.anyone().send(Method::PUT, "/v1/members/me", &[], None).await;
    assert_eq!((reply.status, reply.header("allow").as_deref()), (405, Some("GET, HEAD")));
    faults.none();
    assert_eq!(rows(app).await, before);
}

both!(no_operation_takes_parameters_that_it_does_not_have);
async fn no_operation_takes_parameters_that_it_does_not_have(app: &TestApp) {
    let world = World::on(app).await;
    let before = rows(app).await;
    let mut faults = Faults::default();
    for (path, methods) in paths() {
        for method in methods {
            let path = concrete(&path, &world);
            if !path.starts_with("/v1/") {
                continue;
            }
            let mut told = false;
            for who in [&world.anyone, &world.member, &world.admin, &world.shop] {
                let body = (method != Method::GET).then(|| b"{}".to_vec());
                let asked = format!("{path}?colour=blue");
                let reply = who.send(method.clone(), &asked, &[("if-match", "*")], body).await;
                // who may not call at all is told that first
                if !matches!(reply.status, 401 | 403) {
                    told = true;
                    let what = format!("{method} {path}");
                    faults.expect(&what, &reply, 422, "invalid_request", Some("?colour"));
                }
            }
            if !told {
                faults.note(&format!("{method} {path}: nobody may call it"));
            }
        }
    }
    faults.none();
    assert_eq!(rows(app).await, before);
    // a link that people pass on may have things hung on it
    assert_eq!(app.anyone().get("/r/NOTHING?utm_source=letter").await.status, 302);
    assert_eq!(app.anyone().get("/livez?x=1").await.status, 200);
}

both!(every_answer_says_how_it_may_be_kept_and_read);
async fn every_answer_says_how_it_may_be_kept_and_read(app: &TestApp) {
    let world = World::on(app).await;
    for (path, methods) in paths() {
        let path = concrete(&path, &world);
        for method in methods.into_iter().filter(|method| *method == Method::GET) {
            for who in [&world.admin, &world.anyone] {
                let reply = who.send(method.clone(), &path, &[], None).await;
                let what = format!("{method} {path}: {reply:?}");
                assert_eq!(
                    reply.header("x-content-type-options").as_deref(),
                    Some("nosniff"),
                    "{what}"
                );
                let kept = reply.header("cache-control");
                let kind = path.rsplit('.').next();
                let picture = matches!(kind, Some("svg" | "png")) && reply.status == 200;
                if path.starts_with("/v1/") && !picture {
                    assert_eq!(kept.as_deref(), Some("no-store"), "{what}");
                }
            }
        }
    }
    let sign_in = json!({"email": "nobody@example.com", "password": "correct horse battery"});
    let reply = app.anyone().post("/v1/sessions", sign_in).await;
    assert_eq!((reply.status, reply.header("cache-control").as_deref()), (401, Some("no-store")));
    for path in ["/docs/", "/openapi.json", "/nowhere"] {
        let reply = app.anyone().get(path).await;
        assert_eq!(reply.header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
    }
}

both!(the_documentation_asks_nobody_else);
async fn the_documentation_asks_nobody_else(app: &TestApp) {
    let anyone = app.anyone();
    for path in ["/docs/", "/docs/orders", "/docs/storefront", "/docs/problems"] {
        let reply = anyone.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'self';"), "{path}: {policy}");
        for tag in ["<script src=\"http", "<img src=\"http", "<link rel=\"stylesheet\" href=\"http"]
        {
            assert!(!reply.text.contains(tag), "{path}: nothing from elsewhere");
        }
    }
    assert_eq!(anyone.get("/docs/nothing.js").await.status, 404);
    // packed and plain are the same
    for path in ["/openapi.json", "/assets/pico/pico.min.css"] {
        let plain = anyone.get(path).await;
        let gzip = [("accept-encoding", "gzip")];
        let packed = anyone.send(Method::GET, path, &gzip, None).await;
        assert_eq!(packed.header("content-encoding").as_deref(), Some("gzip"), "{path}");
        let length = |reply: &Reply| reply.header("content-length")?.parse::<usize>().ok();
        assert!(length(&packed).expect("a length") < length(&plain).expect("a length"), "{path}");
        assert_eq!(packed.header("vary").as_deref(), Some("accept-encoding"), "{path}");
    }
}

both!(an_idempotency_key_is_one_and_its_path_is_one);
async fn an_idempotency_key_is_one_and_its_path_is_one(app: &TestApp) {
    let World { admin, member_id: id, .. } = &World::on(app).await;
    let before = rows(app).await;
    let gift = json!({"kind": "adjust", "points": 7, "reason": "why"}).to_string().into_bytes();
    let path = format!("/v1/members/{id}/entries");
    let send = async |path: &str, headers: &[(&str, &str)]| -> Reply {
        admin.send(Method::POST, path, headers, Some(gift.clone())).await
    };
    let two = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let refused = send(&path, &two).await;
    assert_eq!(refused.pointer(), "Idempotency-Key");
    refused.refused(422, "invalid_request");
    assert_eq!(rows(app).await, before);

    let key = [("idempotency-key", "k")];
    let first = send(&path, &key).await;
    assert_eq!(first.status, 201, "{}", first.text);
    for spelled in [
        format!("/v1/members/%6d{}/entries", &id[1..]),
        format!("/v1/members/{id}/%65ntries"),
        format!("/%76%31/members/{}%5f{}/entries", &id[..3], &id[4..]),
    ] {
        let again = send(&spelled, &key).await;
        assert_eq!(again.header("idempotent-replayed").as_deref(), Some("true"), "{spelled}");
        assert_eq!(again.text, first.text);
    }
    let listed: Value = admin.get(&path).await.expect(200);
    let gifts = listed["data"].as_array().expect("entries").iter();
    assert_eq!(gifts.filter(|entry| entry["points"] == 7).count(), 1);
}

both!(if_match_takes_lists_and_stars);
async fn if_match_takes_lists_and_stars(app: &TestApp) {
    let World { admin, reward, .. } = &World::on(app).await;
    let path = format!("/v1/rewards/{reward}");
    let etag = async || admin.get(&path).await.header("etag").expect("an ETag");
    let change = async |who: &Client, headers: &[(&str, &str)]| {
        let body = Some(br#"{"description": "new"}"#.to_vec());
        who.send(Method::PATCH, &path, headers, body).await
    };
    let right = etag().await;
    for stale in [format!("W/{right}"), "\"x\"".to_owned(), "\"x\", W/\"1\"".to_owned()] {
        change(admin, &[("if-match", &stale)]).await.refused(412, "precondition_failed");
    }
    change(admin, &[]).await.refused(428, "precondition_required");
    change(admin, &[("if-match", &format!("\"x\", {right}"))]).await.expect(200);
    change(admin, &[("if-match", &right)]).await.refused(412, "precondition_failed");
    change(admin, &[("if-match", "*")]).await.expect(200);
    let right = etag().await;
    change(admin, &[("if-match", "\"x\""), ("if-match", &right)]).await.expect(200);
    for (path, body) in [
        ("/v1/settings", json!({"pending_days": 1})),
        ("/v1/members/{id}", json!({"country": "IS"})),
    ] {
        let path = path.replace("{id}", &app.enrol("Bo").await);
        let body = Some(body.to_string().into_bytes());
        admin.send(Method::PATCH, &path, &[("if-match", "*")], body).await.expect(200);
    }
}
