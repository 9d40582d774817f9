//! What members keep of a person: nearly all.

use serde_json::json;

use super::{
    Member, MemberBody, MemberStatus, celebrating, consents, likeness,
    service::standing,
    store::{self, EmailKey},
    tags,
};
use platform::{
    auth::Caller,
    db::{
        Tx,
        personal::{
            Cursor, Fact,
            Fate::{self, Deleted, Emptied, Stays},
            List, PAGE, Part, Rows, Subject,
        },
    },
    kernel::error::Result,
    settings,
};

pub const PART: Part = Part {
    erase: |tx, erased| {
        standing::forget_reasons(tx, erased.id)?;
        celebrating::forget_check(tx, erased.id)?;
        likeness::forget(tx, erased.id)?;
        tags::forget(tx, erased.id)
    },
    facts: &[Fact {
        name: "member",
        read: |tx, of| {
            let member = store::get(tx, of.id)?;
            // as the member itself is told: why it was suspended stands in its history
            Ok(json!(MemberBody::told(tx, member, &Caller::Member(of.id))?))
        },
    }],
    lists: &[
        List {
            name: "status_changes",
            about: Some("Who suspended, reinstated or erased the member, and why."),
            page: status_changes,
        },
        List {
            name: "consents",
            about: Some("What the member said to marketing: when, to which wording, and where."),
            page: consents::exported,
        },
    ],
    tables: &[
        (
            "members",
            &[
                ("email", Emptied),
                ("email_key", Emptied),
                ("email_alike", Emptied),
                ("given_name", Emptied),
                ("family_name", Emptied),
                ("locale", Emptied),
                ("time_zone", Emptied),
                ("country", Emptied),
                ("birthday", Emptied),
                ("external_id", Emptied),
                ("tier", Fate::WORD),
                ("status", Fate::WORD),
                ("referral_code", Stays("chance, and good for nothing any more")),
            ],
        ),
        (
            "status_changes",
            &[
                ("member_id", Fate::ID),
                ("old_status", Fate::WORD),
                ("new_status", Fate::WORD),
                ("actor", Fate::ACTOR),
            ],
        ),
        ("status_notes", &[("member_id", Deleted), ("reason", Deleted)]),
        ("member_tags", &[("member_id", Deleted), ("tag", Deleted)]),
        ("member_words", &[("word", Deleted), ("member_id", Deleted)]),
        (
            "consents",
            &[
                ("member_id", Fate::ID),
                ("wording", Stays("the shop's name for its own text")),
                ("place", Fate::WORD),
                ("actor", Fate::ACTOR),
            ],
        ),
        ("greeting_checks", &[("member_id", Deleted)]),
        ("member_hints", &[("member_id", Deleted), ("kind", Deleted), ("hash", Deleted)]),
    ],
};

/// Empties the member's own row, the last of what an erasure does, and notes who did it. Language
/// and time zone become the program's.
pub fn empty(tx: &mut Tx<'_>, member: Member, by: &Caller) -> Result<()> {
    let settings = settings::service::get(tx)?;
    let from = member.status;
    let erased = Member {
        email: None,
        given_name: None,
        family_name: None,
        locale: settings.locale,
        time_zone: settings.time_zone,
        country: None,
        birthday: None,
        birthday_set_at: None,
        external_id: None,
        status: MemberStatus::Erased,
        marketing_consent: false,
        version: member.version + 1,
        ..member
    };
    store::update(tx, &erased, &EmailKey::Goes)?;
    standing::note(tx, &erased, from, by, None)
}

fn status_changes(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let changes = standing::history(tx, of.id, Cursor::seq(after), PAGE)?;
    let show = |change: standing::Change| {
        let row = json!({
            "from": change.from, "to": change.to, "actor": change.actor,
            "changed_at": change.changed_at, "reason": change.reason,
        });
        (Cursor::Seq(change.version), row)
    };
    Ok(changes.into_iter().map(show).collect())
}
