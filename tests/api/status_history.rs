//! Who suspended, reinstated and erased a member, and why: kept, shown to those it concerns, and
//! the reasons emptied by erasure.

use diesel::prelude::*;
use platform::db::schema::{status_changes, status_notes};
use serde_json::{Value, json};

use crate::support::{app::TestApp, both::both};

both!(a_reason_is_kept_and_shown);
async fn a_reason_is_kept_and_shown(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let (id, other) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let path = format!("/v1/members/{id}");
    let turn = async |to: &str, reason: &str| {
        let reply = staff.post(&format!("{path}/{to}"), json!({"reason": reason})).await;
        reply.expect(200)["status_reason"].clone()
    };
    assert_eq!(staff.get(&path).await.expect(200).get("status_reason"), None);
    assert_eq!(
        turn("suspend", "Three referrals from one address").await.as_str().map(str::len),
        Some(32)
    );
    // one who is suspended stays as it is, the reason too
    assert_eq!(turn("suspend", "Again").await, "Three referrals from one address");
    app.travel(std::time::Duration::from_mins(1));
    assert_eq!(turn("reinstate", "They are a family").await, "They are a family");
    for by in [&staff, &shop] {
        assert_eq!(by.get(&path).await.expect(200)["status_reason"], "They are a family");
        assert_eq!(
            by.patch(&path, json!({"family_name": "Jónsdóttir"})).await.expect(200)["status_reason"],
            "They are a family"
        );
    }
    let listed = staff.get("/v1/members").await.expect(200);
    let of = |id: &str| {
        let all = listed["data"].as_array().expect("members");
        all.iter()
            .find(|member| member["id"] == id)
            .expect("the member")
            .get("status_reason")
            .cloned()
    };
    assert_eq!((of(&id), of(&other)), (Some(json!("They are a family")), None));

    // the member sees it where it asks for everything
    let member = app.member(&id).await;
    for own in [path.as_str(), "/v1/members/me"] {
        assert_eq!(member.get(own).await.expect(200).get("status_reason"), None);
    }
    let export = member.get(&format!("{path}/export")).await.expect(200);
    let told: Vec<[&str; 3]> = export["status_changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            assert!(change["actor"].as_str().is_some_and(|by| by.starts_with("usr_")), "{change}");
            assert!(change["changed_at"].is_string());
            ["from", "to", "reason"].map(|field| change[field].as_str().expect("a text"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ["active", "suspended", "Three referrals from one address"],
            ["suspended", "active", "They are a family"]
        ]
    );

    // the numbers stay, the words go
    staff.delete(&path).await.expect(204);
    let left = app.store().read(|tx| {
        let notes: i64 = status_notes::table.count().get_result(tx.conn)?;
        let changes: Vec<(String, String)> = status_changes::table
            .order(status_changes::version)
            .select((status_changes::old_status, status_changes::new_status))
            .load(tx.conn)?;
        Ok((notes, changes))
    });
    let (notes, changes) = left.await.expect("the history");
    let changes: Vec<(&str, &str)> =
        changes.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let expected = [("active", "suspended"), ("suspended", "active"), ("active", "erased")];
    assert_eq!((notes, &changes[..]), (0, &expected[..]));
    assert_eq!(staff.get(&path).await.expect(200).get("status_reason"), None);
    let export = staff.get(&format!("{path}/export")).await.expect(200);
    let reasons: Vec<&Value> = export["status_changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| &change["reason"])
        .collect();
    assert_eq!(reasons, [&Value::Null; 3]);
}

both!(an_export_has_lines_holds_and_subjects);
async fn an_export_has_lines_holds_and_subjects(app: &TestApp) {
    let shop = app.storefront().await;
    let id = crate::shop::rich(app, 500).await;
    let lines = json!([{"sku": "ring", "quantity": 1}]);
    let order = json!({
        "external_id": "A-1", "member_id": id, "total": crate::shop::eur(99), "lines": lines,
    });
    shop.post("/v1/orders", order).await.expect(201);
    let bare = json!({"external_id": "A-2", "member_id": id, "total": crate::shop::eur(99)});
    shop.post("/v1/orders", bare).await.expect(201);
    let hold = json!({"points": 50, "order_ref": "cart-1", "ttl_seconds": 600});
    shop.post(&format!("/v1/members/{id}/holds"), hold).await.expect(201);
    let reward = app.reward(json!({})).await;
    let redeemed = crate::shop::redeem(&shop, &id, &reward).await;

    let export = app.member(&id).await.get(&format!("/v1/members/{id}/export")).await.expect(200);
    assert_eq!(export["orders"][0]["lines"][0]["sku"], "ring", "{export:#}");
    assert_eq!(export["orders"][1]["lines"], Value::Null);
    let hold = &export["holds"][0];
    assert_eq!((&hold["points"], &hold["order_ref"]), (&json!(50), &json!("cart-1")));
    assert_eq!((&hold["state"], &hold["captured_points"]), (&json!("live"), &json!(0)));
    let letters = export["letters"].as_array().expect("letters");
    let subjects: Vec<&str> =
        letters.iter().map(|letter| letter["subject"].as_str().expect("a subject")).collect();
    let mut sent: Vec<String> =
        app.deliver_mail().await.into_iter().map(|mail| mail.subject).collect();
    sent.sort();
    let mut told = subjects.clone();
    told.sort_unstable();
    assert_eq!(told, sent, "as it is sent");
    let code = redeemed["voucher"]["code"].as_str().expect("a code");
    assert!(!export.to_string().contains(code), "a code is money");
}
