//! What the governor decides by, read from the database.

use std::collections::HashMap;

use crate::{
    asks::{
        AskChannel, AskKind, Reason, ReasonCode,
        governor::{self, Past, Person, Policy},
        store,
    },
    members::{Member, MemberStatus},
};
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result, id::MemberId},
    messaging::{letters::Preference, preferences},
    settings,
};

/// All that the governor knows of some members.
pub struct Governor {
    policy: Policy,
    people: HashMap<MemberId, Person>,
    past: HashMap<MemberId, Vec<Past>>,
}

impl Governor {
    /// Reads it for these members.
    pub fn of(tx: &mut Tx<'_>, members: &HashMap<MemberId, Member>) -> Result<Self> {
        let policy = Policy::of(&settings::service::get(tx)?);
        let ids: Vec<MemberId> = members.keys().copied().collect();
        let longest = policy.quiet_of_kind.iter().max().copied().unwrap_or_default();
        let past = store::past(tx, &ids, longest.max(policy.quiet))?;
        let switches = preferences::of_all(tx.conn, &ids)?;
        let person = |member: &Member| {
            let switches = switches.get(&member.id);
            let has_address = member.addressee().is_some()
                && switches
                    .is_some_and(|all| all.address.and_then(|why| why.refuses(false)).is_none());
            Person {
                is_active: member.status == MemberStatus::Active,
                enrolled_at: member.enrolled_at,
                time_zone: member.time_zone.clone(),
                consents: member.marketing_consent,
                surveys_off: switches.is_some_and(|all| !all.is_on(Preference::Surveys)),
                has_address,
            }
        };
        let people = members.iter().map(|(id, member)| (*id, person(member))).collect();
        Ok(Self { policy, people, past })
    }

    /// Why a member may not be asked then; empty: it may.
    #[must_use]
    pub fn judge(
        &self,
        member: MemberId,
        kind: AskKind,
        channel: AskChannel,
        at: Timestamp,
    ) -> Vec<Reason> {
        let Some(person) = self.people.get(&member) else {
            return vec![Reason::for_good(ReasonCode::Suspended)];
        };
        let past = self.past.get(&member).map_or(&[][..], Vec::as_slice);
        governor::judge(&self.policy, person, past, kind, channel, at)
    }

    /// What goes out now is among what was asked before for all that follows.
    pub fn went_out(&mut self, member: MemberId, kind: AskKind, at: Timestamp) {
        self.past.entry(member).or_default().push(Past { kind, at });
    }
}
