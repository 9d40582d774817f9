//! Requests that mean harm, or come from a broken client: each is refused in the words of the
//! contract, and changes nothing.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::Value;

use crate::{
    hostile_op::Op,
    hostile_table::operations,
    support::{
        app::{Reply, TestApp},
        both::both,
    },
    world::{World, rows},
};

/// Collects what is not as it should be, so that one run tells all.
#[derive(Default)]
pub struct Faults(String);

impl Faults {
    pub fn expect(
        &mut self,
        what: &str,
        reply: &Reply,
        status: u16,
        code: &str,
        pointer: Option<&str>,
    ) {
        let request_id = reply.header("x-request-id").unwrap_or_default();
        let fine = reply.status == status
            && reply.json["code"] == code
            && pointer.is_none_or(|pointer| {
                reply.pointer() == pointer && !reply.json["errors"].is_null()
            })
            && reply.header("content-type").as_deref() == Some("application/problem+json")
            && request_id.starts_with("req_")
            && reply.json["request_id"] == request_id.as_str()
            && reply.json["status"] == status;
        if !fine {
            let _ = writeln!(
                self.0,
                "{what}\n  expected {status} {code} {pointer:?}\n  got {} {}",
                reply.status, reply.text
            );
        }
    }

    pub fn note(&mut self, what: &str) {
        let _ = writeln!(self.0, "{what}");
    }

    pub fn none(&self) {
        assert!(self.0.is_empty(), "\n{}", self.0);
    }
}

async fn send(op: &Op, etag: Option<&str>, body: &[u8]) -> Reply {
    let headers: Vec<(&str, &str)> = etag.iter().map(|etag| ("if-match", *etag)).collect();
    op.who.send(op.method.clone(), &op.path, &headers, Some(body.to_vec())).await
}

both!(every_bad_body_is_refused_by_name);
async fn every_bad_body_is_refused_by_name(app: &TestApp) {
    let world = World::on(app).await;
    let before = rows(app).await;
    let mut faults = Faults::default();
    for op in operations(&world) {
        let etag = match op.method {
            Method::PATCH => op.who.get(&op.path).await.header("etag"),
            _ => None,
        };
        let etag = etag.as_deref();
        let what = |body: &[u8]| {
            let body = String::from_utf8_lossy(body);
            format!("{} {} {}", op.method, op.path, body.chars().take(200).collect::<String>())
        };
        let good = op.good.to_string();
        let mut broken: Vec<Vec<u8>> = [r"{", r#"{"a":}"#, r#"{"a" 1}"#, "{'a':1}", "\u{feff}{}"]
            .iter()
            .map(|body| body.as_bytes().to_vec())
            .collect();
        broken.push(format!("{good} x").into_bytes());
        broken.push(format!("{good}{good}").into_bytes());
        broken.push(b"{\"\xff\":1}".to_vec());
        broken.push([b"{\"a\":".as_slice(), "[".repeat(500).as_bytes()].concat());
        if !op.may_be_empty {
            broken.extend([Vec::new(), b" ".to_vec()]);
        }
        for body in broken {
            let reply = send(&op, etag, &body).await;
            faults.expect(&what(&body), &reply, 400, "malformed_json", None);
        }
        let values: Vec<&Value> = op.good.as_object().expect("an object").values().collect();
        let in_order = Value::from(values.into_iter().cloned().collect::<Vec<_>>()).to_string();
        for body in ["[]", "3", "\"x\"", "null", "true", "[{}]", &in_order] {
            let reply = send(&op, etag, body.as_bytes()).await;
            faults.expect(&what(body.as_bytes()), &reply, 422, "invalid_request", Some(""));
        }
        let mut cases: Vec<(Vec<u8>, String)> = vec![
            (op.with("colour", Some("1")), "/colour".to_owned()),
            (op.with("__proto__", Some("{}")), "/__proto__".to_owned()),
            (op.with("a/b~c", Some("1")), "/a~1b~0c".to_owned()),
        ];
        cases.extend(op.required.iter().map(|field| (op.with(field, None), format!("/{field}"))));
        cases.extend(op.bad.iter().map(|(field, bad, at)| (op.with(field, Some(bad)), at.clone())));
        for (body, pointer) in cases {
            let reply = send(&op, etag, &body).await;
            faults.expect(&what(&body), &reply, 422, "invalid_request", Some(&pointer));
        }
    }
    faults.none();
    assert_eq!(rows(app).await, before, "nothing changed");
}

both!(a_body_beyond_one_mebibyte_is_too_large);
async fn a_body_beyond_one_mebibyte_is_too_large(app: &TestApp) {
    let world = World::on(app).await;
    let before = rows(app).await;
    let mut faults = Faults::default();
    for op in operations(&world) {
        let long = format!("\"{}\"", "a".repeat(1024 * 1024));
        let reply = send(&op, Some("\"1\""), &op.with("reason", Some(&long))).await;
        faults.expect(&op.path, &reply, 413, "body_too_large", None);
    }
    faults.none();
    assert_eq!(rows(app).await, before);
}
