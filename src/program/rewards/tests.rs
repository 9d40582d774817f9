use super::*;
use crate::members::FIRST_TIER;
use platform::kernel::{id::MemberId, locale::Language, zone::Zone};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn member() -> Member {
    Member {
        id: MemberId::from_uuid(uuid::Uuid::nil()),
        email: None,
        given_name: None,
        family_name: None,
        locale: Language::En.into(),
        time_zone: Zone::utc(),
        country: None,
        birthday: None,
        birthday_set_at: None,
        external_id: None,
        tier: FIRST_TIER.to_owned(),
        status: MemberStatus::Active,
        referral_code: "K7Q01122".to_owned(),
        marketing_consent: false,
        enrolled_at: at("2026-01-01T00:00:00Z"),
        version: 1,
    }
}

fn reward() -> Reward {
    let fields = serde_json::json!({
        "name": "Coffee", "kind": "voucher", "cost_points": 100, "stock": 2, "per_member_limit": 3,
        "starts_at": "2026-11-01T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z", "state": "live",
    });
    let fields = serde_json::from_value(fields).expect("a reward");
    Reward { id: RewardId::from_uuid(uuid::Uuid::nil()), fields, has_codes: false, version: 1 }
}

#[test]
fn a_reward_is_there_from_its_start_until_just_before_its_end() {
    let reasons = |now| reward().availability(&member(), 100, Had::default(), at(now), 1);
    assert_eq!(reasons("2026-10-31T23:59:59Z"), [Unavailable::NotStarted]);
    assert_eq!(reasons("2026-11-01T00:00:00Z"), []);
    assert_eq!(reasons("2026-11-30T23:59:59Z"), []);
    assert_eq!(reasons("2026-12-01T00:00:00Z"), [Unavailable::Ended]);
}

#[test]
fn points_stock_and_limit_count_every_unit() {
    let now = at("2026-11-15T00:00:00Z");
    let reasons = |available, ever, units| {
        let had = Had { ever, ..Had::default() };
        reward().availability(&member(), available, had, now, units)
    };
    assert_eq!(reasons(200, 1, 2), []);
    assert_eq!(reasons(199, 1, 2), [Unavailable::InsufficientPoints { shortfall: 1 }]);
    assert_eq!(reasons(1000, 0, 3), [Unavailable::OutOfStock]);
    assert_eq!(reasons(1000, 2, 2), [Unavailable::LimitReached { limit: None }]);
    assert_eq!(
        reward().availability(&member(), i64::MIN, Had::default(), now, i64::MAX),
        [
            Unavailable::InsufficientPoints { shortfall: i64::MAX },
            Unavailable::OutOfStock,
            Unavailable::LimitReached { limit: None }
        ]
    );
}

#[test]
fn each_window_has_its_own_limit() {
    let mut reward = reward();
    reward.fields.per_member_month_limit = Limit::new(1);
    reward.fields.per_member_year_limit = Limit::new(2);
    let reasons = |ever, year, month| {
        let had = Had { ever, month, year };
        reward.availability(&member(), 1000, had, at("2026-11-15T00:00:00Z"), 1)
    };
    let reached = |limit| Unavailable::LimitReached { limit };
    assert_eq!(reasons(1, 1, 0), []);
    assert_eq!(reasons(1, 1, 1), [reached(Some(Window::Month))]);
    assert_eq!(reasons(2, 2, 0), [reached(Some(Window::Year))]);
    assert_eq!(reasons(3, 2, 1), [None, Some(Window::Year), Some(Window::Month)].map(reached));
}

#[test]
fn all_reasons_come_at_once() {
    let mut member = member();
    member.status = MemberStatus::Suspended;
    let mut reward = reward();
    reward.fields.tiers = "gold".parse().expect("a tier");
    reward.fields.stock = Stock::new(0);
    assert_eq!(
        reward.availability(
            &member,
            40,
            Had { ever: 3, ..Had::default() },
            at("2027-01-01T00:00:00Z"),
            1
        ),
        [
            Unavailable::InsufficientPoints { shortfall: 60 },
            Unavailable::OutOfStock,
            Unavailable::LimitReached { limit: None },
            Unavailable::TierRequired,
            Unavailable::Ended,
            Unavailable::MemberSuspended
        ]
    );
}

#[test]
fn only_a_live_reward_can_be_had() {
    let reasons = |state| {
        let mut reward = reward();
        reward.fields.state = state;
        reward.availability(&member(), 100, Had::default(), at("2026-11-15T00:00:00Z"), 1)
    };
    assert_eq!(reasons(RewardState::Draft), [Unavailable::NotStarted]);
    assert_eq!(reasons(RewardState::Paused), [Unavailable::Ended]);
    assert_eq!(reasons(RewardState::Retired), [Unavailable::Ended]);
}

#[test]
fn addresses_and_tiers_are_read_strictly() {
    for good in ["https://shop.example.com/a.jpg", "https://cdn.example.com/a?w=300"] {
        assert!(good.parse::<ImageUrl>().is_ok(), "{good}");
    }
    for bad in [
        "http://shop.example.com/a.jpg",
        "javascript:alert(1)",
        "/a.jpg",
        "https://a@b.example/a.jpg",
        "https://a.example/\"onload",
        "",
    ] {
        assert!(bad.parse::<ImageUrl>().is_err(), "{bad}");
    }
    for bad in ["", "Gold", "a b", "gull\u{f0}"] {
        assert!(bad.parse::<crate::members::Tier>().is_err(), "{bad}");
    }
}
