//! What signing in keeps of a person.

use super::{Realm, devices, one_time, passwords, sessions};
use crate::{
    db::{
        Tx,
        personal::{
            Erased,
            Fate::{self, Deleted},
            Part,
        },
    },
    kernel::{error::Result, text::Email},
};

/// Staff and keys stand here too: they are no members, and go by endpoints of their own.
pub const PART: Part = Part {
    erase,
    tables: &[
        ("passwords", &[("realm", Deleted), ("subject_id", Deleted), ("hash", Deleted)]),
        ("sessions", &[("realm", Deleted), ("subject_id", Deleted)]),
        ("known_devices", &[("realm", Deleted), ("subject_id", Deleted), ("fingerprint", Deleted)]),
        ("refresh_tokens", &[("hash", Deleted), ("session_id", Deleted)]),
        ("one_time_tokens", &[("hash", Deleted), ("purpose", Deleted), ("content", Deleted)]),
        (
            "users",
            &[
                ("email", Fate::NO_MEMBERS),
                ("email_key", Fate::NO_MEMBERS),
                ("name", Fate::NO_MEMBERS),
                ("role", Fate::NO_MEMBERS),
            ],
        ),
        (
            "api_keys",
            &[("name", Fate::NO_MEMBERS), ("hash", Fate::NO_MEMBERS), ("scopes", Fate::NO_MEMBERS)],
        ),
        ("signing_keys", &[("private_der", Fate::NO_MEMBERS), ("public_key", Fate::NO_MEMBERS)]),
    ],
    ..Part::EMPTY
};

fn erase(tx: &mut Tx<'_>, erased: &Erased) -> Result<()> {
    passwords::forget(tx, Realm::Member, erased.id.uuid())?;
    sessions::forget(tx, Realm::Member, erased.id.uuid())?;
    devices::forget(tx, Realm::Member, erased.id.uuid())?;
    let email = erased.email.as_ref().map(Email::key);
    one_time::forget(tx, &erased.id.to_string(), email)
}
