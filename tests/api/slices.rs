//! Redemptions that are decided together: each on its own, in order.

use platform::{auth::Caller, kernel::error::Refusal};
use program::redemptions::{self, service::Ask};
use serde_json::json;

use crate::{
    shop::{balance, rich, stock},
    support::{app::TestApp, both::both},
};

fn ask(member: &str, reward: &str, quantity: i64, order_ref: Option<&str>) -> (Ask, Caller) {
    let ask = Ask {
        member_id: member.parse().expect("a member"),
        reward_id: reward.parse().expect("a reward"),
        quantity,
        order_ref: order_ref.map(str::to_owned),
        channel: None,
        max_points: None,
    };
    (ask, Caller::System)
}

both!(a_slice_of_redemptions_is_decided_in_order);
async fn a_slice_of_redemptions_is_decided_in_order(app: &TestApp) {
    let (ada, ben) = (rich(app, 250).await, rich(app, 1000).await);
    let coffee = app.reward(json!({"stock": 4, "per_member_limit": 3})).await;
    let unknown = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1";
    let asks = vec![
        ask(&ada, &coffee, 1, Some("cart-1")),
        ask(&ada, &coffee, 1, Some("cart-1")), // the same again
        ask(&ada, &coffee, 2, Some("cart-1")), // and with another quantity
        ask(&ada, &coffee, 2, None),           // 50 points short
        ask(&ben, unknown, 1, None),
        ask(&ben, &coffee, 4, None), // beyond the limit, and beyond what is left
        ask(&ben, &coffee, 3, None),
        ask(&ada, &coffee, 1, None), // nothing is left
    ];
    let answers = app
        .store()
        .write(move |tx| redemptions::service::redeem_all(tx, &asks))
        .await
        .expect("answers");
    let (first, repeated) = answers[0].as_ref().expect("a redemption");
    let (again, is_repeat) = answers[1].as_ref().expect("the same");
    assert_eq!((*repeated, *is_repeat, first.id), (false, true, again.id));
    let code = |one: &redemptions::Redemption| one.voucher.clone().expect("a voucher").code;
    assert_eq!(code(first), code(again), "the repeat answers what the first became");
    assert!(matches!(answers[2], Err(Refusal::SourceConflict(_))), "{:?}", answers[2]);
    assert_eq!(answers[3].as_ref().err(), Some(&Refusal::InsufficientPoints { shortfall: 50 }));
    assert!(matches!(answers[4], Err(Refusal::NotFound { .. })), "{:?}", answers[4]);
    assert!(
        matches!(&answers[5], Err(Refusal::RewardUnavailable { reasons: why }) if why.len() == 2)
    );
    assert!(answers[6].is_ok(), "what was refused took nothing: {:?}", answers[6]);
    assert_eq!(answers[7].as_ref().err(), Some(&Refusal::OutOfStock));
    assert_eq!(stock(app, &coffee).await, 0);
    assert_eq!(balance(app, &ada, ["available"]).await, [150]);
    assert_eq!(balance(app, &ben, ["available"]).await, [700]);
}
