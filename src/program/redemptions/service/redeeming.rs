//! Redeeming: points become rewards, many at a time, each decided on its own.

mod gifts;
mod issuing;

pub use gifts::{gift, refuse_ungiftable};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{counting, ending};
use crate::redemptions::{Redemption, letters, store};
use crate::{
    ledger::{Act, Book, EntryKind, Posting, Rule, Source},
    members::{self, Member, MemberStatus},
    rewards::{self, Had, Reward, RewardKind, Stock},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result, Unavailable},
        id::{MemberId, RedemptionId, RewardId},
        points,
    },
    settings,
};

/// What is asked for: `quantity` units of a reward for a member.
#[derive(Clone, Debug)]
pub struct Ask {
    pub member_id: MemberId,
    pub reward_id: RewardId,
    pub quantity: i64,
    pub order_ref: Option<String>,
    pub channel: Option<String>,
    /// What it may cost at most: what whoever asks was shown. The price is that of the moment in
    /// which it is redeemed.
    pub max_points: Option<i64>,
}

/// Redeems one reward; `true` where this `order_ref` had done so before, and nothing was done now.
///
/// # Errors
/// An unknown member or reward; [`Refusal::RewardUnavailable`], [`Refusal::OutOfStock`],
/// [`Refusal::InsufficientPoints`]; [`Refusal::SourceConflict`] where this `order_ref` redeemed
/// another quantity.
pub fn redeem(tx: &mut Tx<'_>, ask: &Ask, by: &Caller) -> Result<(Redemption, bool)> {
    let one = [(ask.clone(), by.clone())];
    let answer = redeem_all(tx, &one)?.pop();
    answer.ok_or_else(|| Error::internal("a redemption without an answer"))?.map_err(Error::from)
}

/// Redeems in order, each decided on its own: a refusal touches its own alone and writes nothing.
/// What is due to the members comes back first.
pub fn redeem_all(
    tx: &mut Tx<'_>,
    asks: &[(Ask, Caller)],
) -> Result<Vec<Result<(Redemption, bool), Refusal>>> {
    let mut slice = Slice::open(tx, asks)?;
    let wanted: Vec<Result<Wanted<'_>, Refusal>> =
        asks.iter().map(|(ask, by)| slice.wanted(tx, ask, by)).collect();
    let postings = wanted.iter().flatten().map(|wanted| wanted.posting.clone());
    let mut book = Book::open(tx, &postings.collect::<Vec<_>>())?;
    let mut answers = Vec::with_capacity(asks.len());
    for wanted in wanted {
        answers.push(match wanted {
            Ok(wanted) => slice.decide(tx, &mut book, &wanted),
            Err(refusal) => Err(refusal),
        });
    }
    slice.close(tx, book, &mut answers)?;
    Ok(answers)
}

/// What a redemption takes, as far as it can be known before anything is taken.
struct Wanted<'a> {
    ask: &'a Ask,
    by: &'a Caller,
    member: Member,
    reward: Reward,
    /// `None` where it is beyond all bounds.
    price: Option<i64>,
    posting: Posting,
    id: RedemptionId,
}

/// What decides redemptions, read and locked once for all of them. The members' rows are locked
/// first, then the rewards that count their stock, then the accounts.
struct Slice {
    settings: settings::Settings,
    members: HashMap<MemberId, Member>,
    rewards: BTreeMap<RewardId, Reward>,
    /// Redemptions by their `order_ref`: those of before, and those of this slice.
    known: HashMap<(MemberId, RewardId, String), Redemption>,
    /// Units that members had of rewards with a limit.
    had: HashMap<(MemberId, RewardId), Had>,
    /// Units that this slice took.
    taken: BTreeMap<RewardId, i64>,
}

impl Slice {
    fn open(tx: &mut Tx<'_>, asks: &[(Ask, Caller)]) -> Result<Self> {
        let ids: BTreeSet<MemberId> = asks.iter().map(|(ask, _)| ask.member_id).collect();
        let mut members = members::service::many::lock_all(tx, &ids)?;
        members.retain(|_, member| member.status != MemberStatus::Erased);
        let rewards: BTreeSet<RewardId> = asks.iter().map(|(ask, _)| ask.reward_id).collect();
        ending::settle(tx, &ids, &rewards)?;
        let refs = asks.iter().filter_map(|(ask, _)| Some((ask.member_id, ask.order_ref.clone()?)));
        let known = store::by_orders(tx, refs.collect())?;
        let known = known.into_iter().filter_map(|redemption| {
            let order_ref = redemption.order_ref.clone()?;
            Some(((redemption.member_id, redemption.reward_id, order_ref), redemption))
        });
        let mut slice = Self {
            settings: settings::service::get(tx)?,
            members,
            known: known.collect(),
            rewards: rewards::service::lock_all(tx, &rewards)?,
            had: HashMap::new(),
            taken: BTreeMap::new(),
        };
        slice.count(tx, asks)?;
        Ok(slice)
    }

    /// Counts what members had of rewards with a limit.
    fn count(&mut self, tx: &mut Tx<'_>, asks: &[(Ask, Caller)]) -> Result<()> {
        for (ask, _) in asks {
            let (member, reward) = (ask.member_id, ask.reward_id);
            let Some(limited) = self.rewards.get(&reward) else { continue };
            if !self.had.contains_key(&(member, reward)) {
                let had = counting::had(tx, &self.settings, member, &[limited])?;
                let had = had.get(&reward).copied().unwrap_or_default();
                self.had.insert((member, reward), had);
            }
        }
        Ok(())
    }

    fn wanted<'a>(&self, tx: &Tx<'_>, ask: &'a Ask, by: &'a Caller) -> Result<Wanted<'a>, Refusal> {
        let member = self.members.get(&ask.member_id).cloned();
        let member = member.ok_or(Refusal::not_found_at("member", "/member_id"))?;
        let reward = self.rewards.get(&ask.reward_id).cloned();
        let reward = reward.ok_or(Refusal::not_found_at("reward", "/reward_id"))?;
        let price = reward.fields.cost_points.get().checked_mul(ask.quantity);
        let price = price.filter(|points| *points <= points::MOST);
        // one beyond all bounds is refused once it is known to be no repeat
        let points = price.unwrap_or(0);
        let id: RedemptionId = tx.new_id();
        let order_ref = ask.order_ref.clone();
        let posting = Posting {
            member: member.id,
            act: Act::Debit { kind: EntryKind::Redeem, points, order_ref },
            source: Some(Source::made_now("redemption", id)),
            rule: Rule::Redemption {
                reward: reward.name(&member.reader(&self.settings.locale)),
                quantity: ask.quantity,
            },
            actor: by.label(),
            channel: ask.channel.clone(),
            reason: None,
            occurred_at: tx.now,
        };
        Ok(Wanted { ask, by, member, reward, price, posting, id })
    }

    /// Decides one: what was there, what hinders, the stock, the points.
    fn decide(
        &mut self,
        tx: &Tx<'_>,
        book: &mut Book,
        wanted: &Wanted<'_>,
    ) -> Result<(Redemption, bool), Refusal> {
        if let Some(first) = self.repeated(wanted)? {
            return Ok((first, true));
        }
        refuse_anothers_hold(book, wanted)?;
        if wanted.reward.has_codes && wanted.ask.quantity > 1 {
            let message = "must be 1: each code of this reward's list is a redemption of its own";
            return Err(Refusal::field("/quantity", message));
        }
        let points = wanted.price.ok_or_else(|| {
            let most = points::MOST / wanted.reward.fields.cost_points.get();
            Refusal::field("/quantity", format!("must be at most {most} for this reward"))
        })?;
        self.refuse_hindered(tx, book, wanted)?;
        if wanted.ask.max_points.is_some_and(|most| points > most) {
            return Err(Refusal::PriceChanged { points });
        }
        let reward = &wanted.reward;
        let taken = self.taken.get(&reward.id).copied().unwrap_or(0);
        if reward.fields.stock.is_some_and(|stock| stock.get() - taken < wanted.ask.quantity) {
            return Err(Refusal::OutOfStock);
        }
        let entry = book.post(tx, &wanted.posting)?.entry;
        let mut redemption = issuing::new_redemption(tx, &self.settings, wanted);
        redemption.points = points;
        redemption.entry_seq = entry.map(|entry| entry.seq);
        *self.taken.entry(reward.id).or_default() += wanted.ask.quantity;
        let pair = (redemption.member_id, redemption.reward_id);
        if let Some(had) = self.had.get_mut(&pair) {
            had.ever += redemption.quantity;
            had.month += redemption.quantity;
            had.year += redemption.quantity;
        }
        if let Some(order_ref) = redemption.order_ref.clone() {
            self.known.insert((pair.0, pair.1, order_ref), redemption.clone());
        }
        Ok((redemption, false))
    }

    /// The redemption that this `order_ref` made before. The member's locked row keeps others out.
    fn repeated(&self, wanted: &Wanted<'_>) -> Result<Option<Redemption>, Refusal> {
        let Wanted { ask, by, .. } = wanted;
        let Some(order_ref) = &ask.order_ref else { return Ok(None) };
        let known = self.known.get(&(ask.member_id, ask.reward_id, order_ref.clone()));
        let Some(first) = known else { return Ok(None) };
        if first.quantity != ask.quantity {
            return Err(Refusal::SourceConflict(format!(
                "{order_ref} redeemed this reward before, {} of it",
                first.quantity
            )));
        }
        // who knows the order's number must not have spent what the shop takes for its own
        let by_member = first.placed_by == ask.member_id.to_string();
        if by_member != matches!(by, Caller::Member(_)) {
            let who = if by_member { "the member" } else { "the shop" };
            return Err(Refusal::SourceConflict(format!(
                "{who} redeemed this reward for {order_ref} before"
            )));
        }
        Ok(Some(first.clone()))
    }

    /// Refuses what neither stock nor points decide, and then names those too. Where nothing else
    /// is in the way, they have codes of their own.
    fn refuse_hindered(
        &self,
        tx: &Tx<'_>,
        book: &Book,
        wanted: &Wanted<'_>,
    ) -> Result<(), Refusal> {
        let Wanted { ask, member, reward, .. } = wanted;
        let had = self.had.get(&(member.id, reward.id)).copied().unwrap_or_default();
        if reward.hindrances(member, had, tx.now, ask.quantity).is_empty() {
            return Ok(());
        }
        let available = book.spendable(member.id, ask.order_ref.as_deref());
        let mut reward = reward.clone();
        let taken = self.taken.get(&reward.id).copied().unwrap_or(0);
        let left = |stock: Stock| Stock::new(stock.get() - taken);
        reward.fields.stock = reward.fields.stock.and_then(left);
        let reasons: Vec<Unavailable> =
            reward.availability(member, available, had, tx.now, ask.quantity);
        Err(Refusal::RewardUnavailable { reasons })
    }

    /// Writes what was decided, and queues the letters.
    fn close(
        self,
        tx: &mut Tx<'_>,
        book: Book,
        answers: &mut [Result<(Redemption, bool), Refusal>],
    ) -> Result<()> {
        for (reward, quantity) in &self.taken {
            rewards::service::take(tx, &self.rewards[reward], *quantity)?;
        }
        let left: HashMap<MemberId, i64> = self
            .members
            .keys()
            .filter_map(|member| Some((*member, book.balance(*member)?.available)))
            .collect();
        book.close(tx)?;
        let mut new: Vec<&mut Redemption> = answers
            .iter_mut()
            .filter_map(|answer| match answer {
                Ok((redemption, false)) => Some(redemption),
                _ => None,
            })
            .collect();
        store::insert_all(tx, &new)?;
        let vouchers = |redemption: &Redemption| {
            self.rewards[&redemption.reward_id].fields.kind == RewardKind::Voucher
        };
        issuing::hand_out_codes(tx, &self.settings, &mut new, &self.rewards)?;
        issuing::issue_vouchers(tx, &self.settings, &mut new, vouchers)?;
        let told = new.iter().map(|redemption| letters::Redeemed {
            redemption,
            member: &self.members[&redemption.member_id],
            reward: &self.rewards[&redemption.reward_id],
            balance_after: left.get(&redemption.member_id).copied().unwrap_or(0),
        });
        letters::redeemed(tx, &self.settings, told)?;
        tell_repeats(answers);
        Ok(())
    }
}

/// What is held for an order is the shop's to take: a member who names the order does not get at
/// it.
fn refuse_anothers_hold(book: &Book, wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let (member, by) = (wanted.member.id, wanted.by);
    let Some(order_ref) = wanted.ask.order_ref.as_deref() else { return Ok(()) };
    if matches!(by, Caller::Member(_)) && book.has_hold(member, order_ref) {
        let message = format!("points are held for {order_ref}: the shop redeems or releases them");
        return Err(Refusal::SourceConflict(message));
    }
    Ok(())
}

/// A repeat in the same slice answers what became of the first, its voucher included.
fn tell_repeats(answers: &mut [Result<(Redemption, bool), Refusal>]) {
    if !answers.iter().flatten().any(|(_, repeated)| *repeated) {
        return;
    }
    let new = answers.iter().flatten().filter(|(_, repeated)| !repeated);
    let new: HashMap<RedemptionId, Redemption> =
        new.map(|(redemption, _)| (redemption.id, redemption.clone())).collect();
    for (redemption, _) in answers.iter_mut().flatten() {
        if let Some(first) = new.get(&redemption.id) {
            redemption.clone_from(first);
        }
    }
}
