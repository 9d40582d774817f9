//! Paying both, and taking it back: each in the one transaction that moves the referral on.

use super::course::{Case, end};
use crate::{
    ledger::{self, Act, EntryKind, Posting, Rule, Source},
    members::Member,
    perks::{self, GrantPerk, PerkKind},
    redemptions,
    referrals::{Payout, Referral, ReferralState, doubt, letters, store},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::{PayoutId, PerkId, RewardId},
        text::Reason,
    },
    settings::{NegativePolicy, Settings, Step},
};

/// What one of the two gets.
struct Share<'a> {
    part: String,
    step: Option<i64>,
    to: &'a Member,
    points: i64,
    reward: Option<RewardId>,
    rule: Rule,
}

/// Pays what was promised to both, and what the referrer gets on top with so many friends.
///
/// # Errors
/// A reward that can't be had; more points than there can be.
pub(super) fn pay(tx: &mut Tx<'_>, case: &Case, referral: &Referral) -> Result<()> {
    let shares = shares(tx, case)?;
    let mut payouts = Vec::new();
    let mut brought = Vec::new();
    let entries = post(tx, &case.settings, referral, &shares)?;
    for (share, entry_seq) in shares.iter().zip(entries) {
        let gift = match share.reward {
            Some(reward) => Some(give(tx, share, reward)?),
            None => None,
        };
        let perk_id = gift.as_ref().map(|(perk, _)| *perk);
        brought.push(gift.map(|(_, brought)| brought));
        payouts.push(Payout {
            id: tx.new_id(),
            referral_id: referral.id,
            member_id: share.to.id,
            part: share.part.clone(),
            step: share.step,
            points: share.points,
            entry_seq,
            perk_id,
            paid_at: tx.now,
            reversed_at: None,
        });
    }
    store::insert_payouts(tx, &payouts)?;
    doubt::keep_traces(tx, referral.id, referral.referee_id)?;
    for (to, is_referrer) in [(&case.referrer, true), (&case.referee, false)] {
        let own = |payout: &&Payout| payout.member_id == to.id;
        let points = payouts.iter().filter(own).map(|payout| payout.points).sum();
        let mut gifts = payouts.iter().zip(&brought).filter(|(payout, _)| own(payout));
        let gift = gifts.find_map(|(_, brought)| brought.as_ref());
        letters::rewarded(tx, case, referral, to, is_referrer, points, gift)?;
    }
    Ok(())
}

fn shares<'a>(tx: &mut Tx<'_>, case: &'a Case) -> Result<Vec<Share<'a>>> {
    let terms = &case.terms;
    let mut shares = vec![
        Share {
            part: "referrer".to_owned(),
            step: None,
            to: &case.referrer,
            points: terms.referrer_points,
            reward: terms.referrer_reward_id,
            rule: Rule::FriendReferred,
        },
        Share {
            part: "referee".to_owned(),
            step: None,
            to: &case.referee,
            points: terms.referee_points,
            reward: terms.referee_reward_id,
            rule: Rule::WasReferred,
        },
    ];
    let friends = store::rewarded(tx, case.referrer.id)? + 1;
    let steps = case.settings.referral_steps.iter().flat_map(|steps| &steps.0);
    for Step { points, .. } in steps.filter(|step| step.friends == friends) {
        shares.push(Share {
            part: format!("step-{friends}"),
            step: Some(friends),
            to: &case.referrer,
            points: *points,
            reward: None,
            rule: Rule::FriendsReferred { friends },
        });
    }
    shares.retain(|share| share.points > 0 || share.reward.is_some());
    Ok(shares)
}

/// Posts the points of all shares; answers each one's entry.
fn post(
    tx: &mut Tx<'_>,
    settings: &Settings,
    referral: &Referral,
    shares: &[Share<'_>],
) -> Result<Vec<Option<i64>>> {
    let now = tx.now;
    let posting = |share: &Share<'_>| Posting {
        member: share.to.id,
        act: Act::Credit {
            kind: EntryKind::Referral,
            points: share.points,
            available_at: now,
            expires_at: settings.expires_at(now),
        },
        source: Some(Source::new("referral", referral.id).part(&share.part)),
        rule: share.rule.clone(),
        actor: Caller::System.label(),
        channel: None,
        reason: None,
        occurred_at: now,
    };
    let postings: Vec<Posting> =
        shares.iter().filter(|share| share.points > 0).map(posting).collect();
    let mut answers = ledger::post(tx, &postings)?.into_iter();
    let mut seq = |share: &Share<'_>| -> Result<Option<i64>> {
        if share.points == 0 {
            return Ok(None);
        }
        let answer = answers.next().ok_or_else(|| Error::internal("a share without an answer"))?;
        let entry = answer?.entry.ok_or_else(|| Error::internal("a share without an entry"))?;
        Ok(Some(entry.seq))
    };
    shares.iter().map(&mut seq).collect()
}

/// The reward, as a perk by the program itself.
fn give(
    tx: &mut Tx<'_>,
    share: &Share<'_>,
    reward: RewardId,
) -> Result<(PerkId, perks::service::Brought)> {
    let ask = GrantPerk {
        member_id: share.to.id,
        kind: PerkKind::Reward,
        points: None,
        reward_id: Some(reward),
        title: letters::gift_title(share.to, share.part == "referrer")?,
        reason: reason("a referral")?,
        message: None,
        // the referral's own letter tells of it
        send_letter: false,
    };
    let cost = perks::service::cost_of(tx, &ask)?;
    let (perk, brought) = perks::service::give_at(tx, &ask, cost, false, &Caller::System)?;
    Ok((perk.id, brought))
}

fn reason(text: &str) -> Result<Reason> {
    text.parse().map_err(|_| Error::internal("a reason that is none"))
}

/// Takes back what was paid where the order that paid for it does not suffice any more.
pub(super) fn unless_given_back(
    tx: &mut Tx<'_>,
    case: &Case,
    referral: &mut Referral,
) -> Result<()> {
    let total = match referral.order_id {
        Some(order) => store::order_total(tx, order)?,
        None => None,
    };
    if total.is_some_and(|total| case.terms.suffices(total)) {
        return Ok(());
    }
    // what is due to both comes first, as wherever points are taken
    let both = [case.referrer.id, case.referee.id].into();
    redemptions::service::settle(tx, &both, &[].into())?;
    let friends = store::rewarded(tx, case.referrer.id)? - 1;
    let mut payouts = store::live_payouts(tx, referral.id)?;
    // what came with so many friends stays while there are so many
    payouts.retain(|payout| payout.step.is_none_or(|step| step > friends));
    let lost = store::steps_above(tx, case.referrer.id, friends)?;
    payouts.extend(lost.into_iter().filter(|step| step.referral_id != referral.id));
    take_back(tx, &case.settings, &payouts)?;
    end(referral, ReferralState::Reversed, tx.now);
    Ok(())
}

fn take_back(tx: &mut Tx<'_>, settings: &Settings, payouts: &[Payout]) -> Result<()> {
    let forgive = settings.negative_policy == NegativePolicy::Clamp;
    let now = tx.now;
    let posting = |payout: &Payout| {
        let (lot_seq, due) = (payout.entry_seq?, payout.points);
        let part = format!("{}-reversed", payout.part);
        Some(Posting {
            member: payout.member_id,
            act: Act::Clawback { lot_seq, due, excused: 0, forgive },
            source: Some(Source::new("referral", payout.referral_id).part(part)),
            rule: Rule::ReferralReversed {
                entry_seq: lot_seq,
                due,
                // the ledger fills in what it found
                excused: 0,
                forgiven: 0,
                debt: 0,
            },
            actor: Caller::System.label(),
            channel: None,
            reason: None,
            occurred_at: now,
        })
    };
    let postings: Vec<Posting> = payouts.iter().filter_map(posting).collect();
    for answer in ledger::post(tx, &postings)? {
        answer?;
    }
    let reason = reason("the order of the friend was given back")?;
    for perk in payouts.iter().filter_map(|payout| payout.perk_id) {
        perks::service::revoke(tx, perk, &reason, &Caller::System)?;
    }
    let ids: Vec<PayoutId> = payouts.iter().map(|payout| payout.id).collect();
    store::reverse_payouts(tx, &ids)
}
