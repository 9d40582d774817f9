//! Staff who give at the same moment.

use platform::auth::Role;
use serde_json::{Value, json};

use crate::crowd::{Crowd, raced, won_and_lost};

raced!(
    a_budget_for_ten,
    a_budget_shared_with_adjustments,
    two_approvals,
    a_reward_with_two_units,
    a_revocation_and_a_redemption,
    lists_on_a_budget_for_one
);

fn points(member: &str, points: i64) -> Value {
    json!({
        "member_id": member, "kind": "points", "points": points, "title": "Takk",
        "reason": "a kind word", "send_letter": true,
    })
}

async fn budget(crowd: &Crowd<'_>, points: i64) {
    crowd.app.settings(json!({"staff_perk_budget_points_per_month": points})).await;
}

async fn members(crowd: &Crowd<'_>, count: usize) -> Vec<String> {
    let mut members = Vec::new();
    for _ in 0..count {
        members.push(crowd.app.enrol("Ari").await);
    }
    members
}

async fn available(crowd: &Crowd<'_>, members: &[String]) -> i64 {
    let mut sum = 0;
    for member in members {
        sum += crowd.app.balance(member).await["available"].as_i64().expect("points");
    }
    sum
}

async fn a_budget_for_ten(crowd: &Crowd<'_>) {
    budget(crowd, 1000).await;
    let members = members(crowd, 25).await;
    let staff = crowd.app.staff().await;
    let asks = (0..50).map(|turn| ("/v1/perks".to_owned(), points(&members[turn % 25], 100)));
    let replies = crowd.post_all(&staff, asks.collect()).await;
    let (won, lost) = won_and_lost(replies, 201, &["limit_reached"]);
    assert_eq!((won.len(), lost), (10, 40));
    assert_eq!(available(crowd, &members).await, 1000);
    let budget = staff.get("/v1/perks/budget").await.expect(200);
    assert_eq!((&budget["spent_points"], &budget["left_points"]), (&json!(1000), &json!(0)));
    let thanked = crowd.app.deliver_mail().await;
    let thanked = thanked.iter().filter(|mail| mail.subject.contains("Takk")).count();
    assert_eq!(thanked, 10, "a refused one writes no letter");
}

async fn a_budget_shared_with_adjustments(crowd: &Crowd<'_>) {
    budget(crowd, 1000).await;
    let members = members(crowd, 10).await;
    let staff = crowd.app.staff().await;
    let asks = (0..40).map(|turn| {
        let member = &members[turn % 10];
        if turn % 2 == 0 {
            return ("/v1/perks".to_owned(), points(member, 100));
        }
        let adjust = json!({"kind": "adjust", "points": 100, "reason": "sorry"});
        (format!("/v1/members/{member}/entries"), adjust)
    });
    let replies = crowd.post_all(&staff, asks.collect()).await;
    let (won, lost) = won_and_lost(replies, 201, &["limit_reached"]);
    assert_eq!((won.len(), lost), (10, 30));
    assert_eq!(available(crowd, &members).await, 1000);
}

async fn two_approvals(crowd: &Crowd<'_>) {
    let member = crowd.app.enrol("Ari").await;
    let (staff, admin) = (crowd.app.staff().await, crowd.app.admin().await);
    let other = crowd.app.user(Role::Staff, "other@example.com").await;
    let proposed = staff.post("/v1/perks", points(&member, 600)).await.expect(201);
    let path = format!("/v1/perks/{}/approve", proposed["id"].as_str().expect("an id"));
    let (one, two) = (crowd.client(&admin, 0), crowd.client(&other, 1));
    let (one, two) = tokio::join!(one.post(&path, json!({})), two.post(&path, json!({})));
    let (one, two) = (one.expect(200), two.expect(200));
    assert_eq!(one, two, "both see who did it");
    assert_eq!(crowd.app.balance(&member).await["available"], 600);
    let budget = other.get("/v1/perks/budget").await.expect(200);
    let spent = if one["budget_user_id"].is_null() { 0 } else { 600 };
    assert_eq!(budget["spent_points"], spent);

    // one approves and one declines
    let proposed = staff.post("/v1/perks", points(&member, 600)).await.expect(201);
    let path = format!("/v1/perks/{}", proposed["id"].as_str().expect("an id"));
    let asks = (0..10).map(|turn| match turn % 2 {
        0 => (format!("{path}/approve"), json!({})),
        _ => (format!("{path}/decline"), json!({"reason": "too much"})),
    });
    let replies = crowd.post_all(&admin, asks.collect()).await;
    let (won, lost) = won_and_lost(replies, 200, &["invalid_transition"]);
    assert_eq!((won.len(), lost), (5, 5));
    let granted = won[0].json["state"] == "granted";
    assert_eq!(crowd.app.balance(&member).await["available"], if granted { 1200 } else { 600 });
}

async fn a_reward_with_two_units(crowd: &Crowd<'_>) {
    let members = members(crowd, 10).await;
    let staff = crowd.app.staff().await;
    let reward = crowd.app.reward(json!({"stock": 2})).await;
    let asks = (0..20).map(|turn| {
        let ask = json!({
            "member_id": members[turn % 10], "kind": "reward", "reward_id": reward,
            "title": "Takk", "reason": "a kind word", "send_letter": false,
        });
        ("/v1/perks".to_owned(), ask)
    });
    let replies = crowd.post_all(&staff, asks.collect()).await;
    let (won, lost) = won_and_lost(replies, 201, &["out_of_stock"]);
    assert_eq!((won.len(), lost), (2, 18));
    let budget = staff.get("/v1/perks/budget").await.expect(200);
    assert_eq!(budget["spent_points"], 200);
}

async fn a_revocation_and_a_redemption(crowd: &Crowd<'_>) {
    let (staff, shop) = (crowd.app.staff().await, crowd.app.storefront().await);
    let reward = crowd.app.reward(json!({})).await;
    for _ in 0..5 {
        let member = crowd.app.enrol("Ari").await;
        let perk = staff.post("/v1/perks", points(&member, 100)).await.expect(201);
        let path = format!("/v1/perks/{}/revoke", perk["id"].as_str().expect("an id"));
        let redeem = json!({"member_id": member, "reward_id": reward});
        let (one, two) = (crowd.client(&staff, 0), crowd.client(&shop, 1));
        let (revoked, redeemed) = tokio::join!(
            one.post(&path, json!({"reason": "a mistake"})),
            two.post("/v1/redemptions", redeem)
        );
        let revoked = revoked.expect(200);
        let taken = if redeemed.status == 201 { 0 } else { 100 };
        assert_eq!(revoked["taken_back_points"], taken, "{}", redeemed.text);
        let balance = crowd.app.balance(&member).await;
        assert_eq!((&balance["available"], &balance["debt"]), (&json!(0), &json!(0)));
    }
}

async fn lists_on_a_budget_for_one(crowd: &Crowd<'_>) {
    budget(crowd, 1000).await;
    let members = members(crowd, 10).await;
    let staff = crowd.app.staff().await;
    let thanks = json!({
        "kind": "points", "points": 100, "title": "Takk", "reason": "a kind word",
        "send_letter": false, "members": members,
    });
    let lists = (0..8).map(|_| ("/v1/perk-lists".to_owned(), thanks.clone()));
    let replies = crowd.post_all(&staff, lists.collect()).await;
    let (won, lost) = won_and_lost(replies, 201, &["limit_reached"]);
    assert_eq!((won.len(), lost), (1, 7));
    let path = format!("/v1/perk-lists/{}", won[0].json["id"].as_str().expect("an id"));
    for _ in 0..400 {
        // whoever works it off, each gets it once
        if staff.get(&path).await.expect(200)["state"] == "done" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(staff.get(&path).await.expect(200)["given"], 10);
    assert_eq!(available(crowd, &members).await, 1000);
}
