//! Examples of the pages of friends.

use super::{
    FriendLine, FriendsPage, InvitationPage, LeaderLine, ReferralCard, Shell, ShopPage,
    sample_cards::day,
};
use platform::kernel::{locale::Language, qr};
use program::referrals::ReferralState;

impl ReferralCard {
    /// An example with a code of the member's own choosing.
    #[must_use]
    pub fn sample() -> Self {
        let share_url = "http://127.0.0.1:8080/r/THORDIS".to_owned();
        Self {
            code: "K7Q2M9XT".to_owned(),
            vanity_code: Some("THORDIS".to_owned()),
            qr_svg: qr::svg(&share_url).unwrap_or_default(),
            invitation: format!("Bókakaffi Lóa: {share_url}"),
            share_url,
            on_leaderboard: true,
        }
    }
}

impl FriendsPage {
    /// An example with a friend in every state.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let shop = ShopPage::sample(language);
        let friend = |state: ReferralState| FriendLine {
            id: "ref_01m7zr00000000000000000001".to_owned(),
            name: (state != ReferralState::Lapsed).then(|| "Jón".to_owned()),
            state: state.to_string(),
            points: 500,
            until: matches!(state, ReferralState::Joined | ReferralState::Qualified)
                .then(|| day(20)),
            reason: (state == ReferralState::Rejected).then(|| "x <b>".to_owned()),
            may_appeal: state == ReferralState::Rejected,
        };
        let leader = |place, name: &str, friends, is_own| LeaderLine {
            place,
            name: name.to_owned(),
            friends,
            is_own,
        };
        Self {
            shell: shop.shell,
            program: shop.program,
            referral: ReferralCard::sample(),
            friends: ReferralState::ALL.iter().map(|state| friend(*state)).collect(),
            next_cursor: Some("bmV4dA".to_owned()),
            own: None,
            may_claim: true,
            leaders: vec![leader(1, "Guðrún H.", 7, false), leader(2, "Þórdís Æ.", 3, true)],
            fault: None,
        }
    }
}

impl InvitationPage {
    /// An example with a code.
    #[must_use]
    pub fn sample(language: Language) -> Self {
        let shell = Shell { demo: false, home: None, ..Shell::sample(language) };
        Self { shell, code: Some("K7Q2M9XT".to_owned()), points: 200 }
    }
}
