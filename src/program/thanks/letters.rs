//! What members are told by thanks.

use super::{Thanks, service::Brought};
use crate::{
    db::Tx,
    kernel::{
        error::Result,
        locale::{Language, Locale},
    },
    messaging::{
        letters::{Letter, Preference},
        outbox, preferences,
    },
    program::members::Member,
};

/// Whether a thank-you letter reaches a member: who is not suspended, has an address that takes
/// mail, and did not switch them off.
pub fn reach(tx: &mut Tx<'_>, member: &Member) -> Result<bool> {
    if member.addressee().is_none() {
        return Ok(false);
    }
    let switches = preferences::of(tx.conn, member.id)?;
    Ok(switches.is_some_and(|switches| switches.refuse(Preference::ThankYou, None).is_none()))
}

/// The letter that thanks at once.
pub fn at_once(tx: &mut Tx<'_>, thanks: &Thanks, member: &Member) -> Result<()> {
    let Some((to, given_name)) = member.addressee() else { return Ok(()) };
    let letter = Letter::Thanks { given_name, category: thanks.category };
    outbox::push(tx, to, &letter, &format!("thanks:{}", thanks.id))?;
    Ok(())
}

/// A person's own words.
pub fn personal(
    tx: &mut Tx<'_>,
    thanks: &Thanks,
    member: &Member,
    message: String,
    from: Option<String>,
    brought: &Brought,
) -> Result<()> {
    let Some((to, given_name)) = member.addressee() else { return Ok(()) };
    let letter = Letter::PersonalThanks {
        given_name,
        message,
        from,
        points: brought.points,
        expires_at: brought.expires_at,
    };
    // what is owed anew is thanked for anew
    let key = format!("personal_thanks:{}:{}", thanks.id, thanks.owed_at.as_microsecond());
    outbox::push(tx, to, &letter, &key)?;
    Ok(())
}

/// What a perk is called that comes with thanks.
pub const fn perk_title(language: Language) -> &'static str {
    match language {
        Language::Is => "Takk fyrir",
        Language::En => "Thank you",
    }
}

/// The same in the member's own language.
pub fn title_for(locale: &Locale) -> &'static str {
    perk_title(locale.language())
}
