//! What is sent again answers the first, whole, and whatever has changed meanwhile.

use serde_json::json;

use crate::support::{app::TestApp, both::both};

both!(an_entry_sent_again_is_the_first_word_for_word);
async fn an_entry_sent_again_is_the_first_word_for_word(app: &TestApp) {
    let shop = app.storefront().await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let source = json!({"type": "visit", "id": "1"});
    let ask = json!({"kind": "earn", "points": 7, "reason": "a visit", "source": source});
    let first = shop.post(&path, ask.clone()).await.expect(201);
    assert_eq!(first["reason"], "a visit");
    assert_eq!(shop.post(&path, ask).await.expect(200), first);
}

both!(a_gift_sent_again_costs_no_budget);
async fn a_gift_sent_again_costs_no_budget(app: &TestApp) {
    let staff = app.staff().await;
    app.settings(json!({"staff_perk_budget_points_per_month": 500})).await;
    let member = app.enrol("Jón").await;
    let path = format!("/v1/members/{member}/entries");
    let source = json!({"type": "complaint", "id": "1"});
    let ask = json!({"kind": "adjust", "points": 400, "reason": "sorry", "source": source});
    let first = staff.post(&path, ask.clone()).await.expect(201);
    let again = staff.post(&path, ask).await.expect(200);
    assert_eq!(again["id"], first["id"]);
}
