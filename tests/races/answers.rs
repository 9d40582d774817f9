//! Tills that bring answers at the same moment.

use serde_json::json;

use crate::crowd::{Crowd, raced, won_and_lost};

raced!(one_external_id_for_two_members);

async fn one_external_id_for_two_members(crowd: &Crowd<'_>) {
    let survey = json!({
        "kind": "nps", "name": "At the till", "question": {"en": "Would you recommend us?"},
        "trigger": {"on": "manual"},
    });
    let admin = crowd.app.admin().await;
    let survey = admin.post("/v1/surveys", survey).await.expect(201);
    let id = survey["id"].as_str().expect("an id");
    admin.post(&format!("/v1/surveys/{id}/publish"), json!({})).await.expect(200);
    let mut members = Vec::new();
    for _ in 0..8 {
        members.push(crowd.app.enrol("Ari").await);
    }
    let shop = crowd.app.storefront().await;
    for round in 0..5 {
        let brings = members.iter().map(|member| {
            let answer = json!({
                "survey_id": id, "member_id": member, "score": 9, "channel": "till",
                "external_id": format!("till-{round}"),
            });
            ("/v1/answers".to_owned(), answer)
        });
        let replies = crowd.post_all(&shop, brings.collect()).await;
        let (won, lost) = won_and_lost(replies, 201, &["external_id_conflict"]);
        assert_eq!((won.len(), lost), (1, 7), "the first has it, the others are told");
    }
}
