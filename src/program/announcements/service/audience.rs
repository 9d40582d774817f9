//! Whom an announcement is for, who is left out, and what one of them reads.

use std::collections::{BTreeSet, HashMap};

use crate::{
    announcements::{
        Announcement, AnnouncementState, LeftOut,
        body::{AudienceBody, LeftOutBody},
        letters::{self, Addressee},
        store,
    },
    members::{self, Member, MemberStatus, service::many},
    surveys::answers,
    topics::{
        self, TopicState,
        service::{First, raised_by, raisers, told},
    },
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{AnnouncementId, MemberId, TopicId},
        locale::{Locale, Reader},
    },
    messaging::{
        letters::{Letter, Preference, Rendered, render},
        preferences::{self, Switches},
    },
    settings::{self, Settings},
};

/// How many members are looked at in one go.
const CHUNK: i64 = 500;

/// What an announcement tells of, to whom.
pub struct Asked<'a> {
    pub announcement: &'a Announcement,
    pub settings: &'a Settings,
    /// Its topics; where one was merged since, the one that has its links.
    pub topics: Vec<TopicId>,
    pub state: TopicState,
}

/// That a member gets a letter.
pub struct Wanted {
    /// Of its topics those that the member raised and was not told of.
    pub untold: BTreeSet<TopicId>,
    pub first: First,
}

impl<'a> Asked<'a> {
    pub fn of(
        tx: &mut Tx<'_>,
        announcement: &'a Announcement,
        settings: &'a Settings,
    ) -> Result<Self> {
        let resolved = topics::service::resolve(tx, &announcement.fields.topic_ids)?;
        let state = match store::topic_state(tx, announcement.id)? {
            Some(kept) => kept,
            None => resolved.values().next().map_or(TopicState::Open, |topic| topic.fields.state),
        };
        let topics: BTreeSet<TopicId> = resolved.into_values().map(|topic| topic.id).collect();
        Ok(Self { announcement, settings, topics: topics.into_iter().collect(), state })
    }

    pub fn span(&self) -> (Timestamp, Timestamp) {
        self.announcement.fields.span(&self.settings.time_zone)
    }

    /// The first so many of those who raised one of its topics, and for whom nothing was decided.
    pub fn undecided(
        &self,
        tx: &mut Tx<'_>,
        after: Option<MemberId>,
        rows: i64,
    ) -> Result<Vec<MemberId>> {
        raisers(tx, &self.topics, self.span(), self.announcement.id, after, rows)
    }

    /// Which of these members get a letter, and why others don't; who raised none of its topics is
    /// left away.
    pub fn judge(
        &self,
        tx: &mut Tx<'_>,
        members: &HashMap<MemberId, Member>,
    ) -> Result<Vec<(MemberId, Result<Wanted, LeftOut>)>> {
        let ids: Vec<MemberId> = members.keys().copied().collect();
        let raised = raised_by(tx, &self.topics, self.span(), &ids)?;
        let told = told(tx, &self.topics, self.state, &ids)?;
        let switches = preferences::of_all(tx.conn, &ids)?;
        let mut all = Vec::new();
        for (id, first) in raised {
            let Some(member) = members.get(&id) else { continue };
            let is_untold = |topic: &&TopicId| !told.contains(&(id, **topic));
            let untold: BTreeSet<TopicId> =
                first.topics.iter().filter(is_untold).copied().collect();
            let verdict = match refuse(member, switches.get(&id), untold.is_empty()) {
                Some(why) => Err(why),
                None => Ok(Wanted { untold, first }),
            };
            all.push((id, verdict));
        }
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// The letters to these members, of whose answers they get to read their own words.
    pub fn letters(
        &self,
        tx: &mut Tx<'_>,
        to: &[(&Member, &First)],
    ) -> Result<Vec<(MemberId, Letter)>> {
        let fields = &self.announcement.fields;
        let subjects: Vec<_> =
            to.iter().map(|(member, first)| (member.id, first.subject)).collect();
        let words =
            if fields.quote { answers::topics::said(tx, &subjects)? } else { HashMap::new() };
        let letter = |(member, first): &(&Member, &First)| {
            let to = Addressee {
                given_name: member.given_name.clone().unwrap_or_default(),
                reader: member.reader(&self.settings.locale),
                said_on: member.time_zone.date(first.raised_at),
                quote: words.get(&first.subject).cloned(),
            };
            (member.id, letters::letter(fields, self.state, self.settings, to))
        };
        Ok(to.iter().map(letter).collect())
    }
}

/// Why a member gets no letter: the first of these that is so.
fn refuse(member: &Member, switches: Option<&Switches>, was_told: bool) -> Option<LeftOut> {
    match member.status {
        MemberStatus::Erased => return Some(LeftOut::Erased),
        MemberStatus::Suspended => return Some(LeftOut::Suspended),
        MemberStatus::Active => {}
    }
    let Some(switches) = switches else { return Some(LeftOut::Erased) };
    let can_be_reached = member.addressee().is_some()
        && switches.address.is_none_or(|reason| reason.refuses(false).is_none());
    let reasons = [
        (was_told, LeftOut::ToldBefore),
        (!can_be_reached, LeftOut::NoConsent),
        (!switches.allows(Preference::ThankYou), LeftOut::SwitchedOff),
    ];
    reasons.into_iter().find(|(applies, _)| *applies).map(|(_, why)| why)
}

/// How many get a letter, or got one, and how many don't, by why. Of a draft, as it would be now.
///
/// # Errors
/// No such announcement.
pub fn audience(tx: &mut Tx<'_>, id: AnnouncementId) -> Result<AudienceBody> {
    let announcement = store::get(tx, id)?;
    let mut all = AudienceBody::default();
    for (left_out, rows) in store::decided(tx, id)? {
        *all.count(left_out) += rows;
    }
    if matches!(announcement.state, AnnouncementState::Sent | AnnouncementState::Cancelled) {
        return Ok(all);
    }
    let settings = settings::service::get(tx)?;
    let asked = Asked::of(tx, &announcement, &settings)?;
    let mut after = None;
    loop {
        let ids = asked.undecided(tx, after, CHUNK)?;
        let Some(last) = ids.last() else { return Ok(all) };
        after = Some(*last);
        let members = many::find_all(tx, &ids.iter().copied().collect())?;
        for (_, verdict) in asked.judge(tx, &members)? {
            *all.count(verdict.err()) += 1;
        }
    }
}

impl AudienceBody {
    const fn count(&mut self, left_out: Option<LeftOut>) -> &mut i64 {
        let LeftOutBody { no_consent, switched_off, erased, suspended, told_before } =
            &mut self.left_out;
        match left_out {
            None => &mut self.members,
            Some(LeftOut::NoConsent) => no_consent,
            Some(LeftOut::SwitchedOff) => switched_off,
            Some(LeftOut::Erased) => erased,
            Some(LeftOut::Suspended) => suspended,
            Some(LeftOut::ToldBefore) => told_before,
        }
    }
}

/// What a member of its audience reads, whether or not they get it; without one, what somebody made up
/// would read, in the program's language.
///
/// # Errors
/// No such announcement; a member who raised none of its topics, or was erased.
pub fn preview(tx: &mut Tx<'_>, id: AnnouncementId, member: Option<MemberId>) -> Result<Rendered> {
    let announcement = store::get(tx, id)?;
    let settings = settings::service::get(tx)?;
    let asked = Asked::of(tx, &announcement, &settings)?;
    let (letter, locale) = match member {
        Some(member) => of_member(tx, &asked, member)?,
        None => of_nobody(&asked),
    };
    render(&letter, locale.language(), &settings.sender())
        .map_err(|why| Error::internal(why.to_string()))
}

/// Some of those who would get a letter now, by id and name: for a look at what they would read.
///
/// # Errors
/// No such announcement.
pub fn readers(tx: &mut Tx<'_>, id: AnnouncementId, rows: i64) -> Result<Vec<(MemberId, String)>> {
    let announcement = store::get(tx, id)?;
    let settings = settings::service::get(tx)?;
    let asked = Asked::of(tx, &announcement, &settings)?;
    let ids = asked.undecided(tx, None, rows)?;
    let members = many::find_all(tx, &ids.iter().copied().collect())?;
    let verdicts = asked.judge(tx, &members)?.into_iter();
    let wanted = verdicts.filter(|(_, verdict)| verdict.is_ok());
    Ok(wanted.filter_map(|(id, _)| Some((id, members.get(&id)?.full_name()?))).collect())
}

/// What one of them reads, and in which language.
fn of_member(tx: &mut Tx<'_>, asked: &Asked<'_>, member: MemberId) -> Result<(Letter, Locale)> {
    let member = find(tx, member)?;
    let raised = raised_by(tx, &asked.topics, asked.span(), &[member.id])?;
    let first = raised.get(&member.id).ok_or_else(|| {
        let why = "must be of a member who raised one of its topics in its time";
        Refusal::field("?member_id", why)
    })?;
    let letter = asked.letters(tx, &[(&member, first)])?.pop();
    let (_, letter) = letter.ok_or_else(|| Error::internal("a member without a letter"))?;
    Ok((letter, member.locale))
}

/// What somebody made up reads, in the program's language.
fn of_nobody(asked: &Asked<'_>) -> (Letter, Locale) {
    let settings = asked.settings;
    let program = settings.locale.clone();
    let to = Addressee {
        given_name: "Anna".to_owned(),
        reader: Reader { wanted: vec![program.clone()], program: program.clone() },
        said_on: settings.time_zone.date(asked.span().0),
        quote: None,
    };
    (letters::letter(&asked.announcement.fields, asked.state, settings, to), program)
}

fn find(tx: &mut Tx<'_>, id: MemberId) -> Result<Member> {
    let member = members::service::get(tx, id).map_err(|error| error.at("?member_id"))?;
    match member.status {
        MemberStatus::Erased => {
            Err(Refusal::field("?member_id", "must not be of a member who was erased").into())
        }
        MemberStatus::Active | MemberStatus::Suspended => Ok(member),
    }
}
