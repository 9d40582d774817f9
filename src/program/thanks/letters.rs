//! What members are told by thanks.

use std::sync::LazyLock;

use fluent_bundle::FluentArgs;

use super::{Thanks, ThanksCategory, service::Brought};
use crate::{members::Member, perks::Title};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Result},
        phrases::Phrases,
    },
    messaging::{
        letters::{Letter, Preference},
        outbox, preferences,
    },
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

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        include_str!("../../../templates/locales/thanks.en.ftl"),
        include_str!("../../../templates/locales/thanks.is.ftl"),
    )
});

fn say(member: &Member, key: &str) -> Result<String> {
    let mut arguments = FluentArgs::new();
    arguments.set("name", member.given_name.clone().unwrap_or_default());
    let said = PHRASES.say(member.locale.language(), key, &arguments);
    said.map_err(|why| Error::internal(why.to_string()))
}

/// What a perk is called that comes with thanks, in the member's language.
///
/// # Errors
/// None in practice: both languages have the words.
pub fn perk_title(member: &Member) -> Result<Title> {
    let title = say(member, "perk-title")?.parse();
    title.map_err(|_| Error::internal("a perk's title that is none"))
}

/// How a person may begin who thanks a member, in the member's language.
///
/// # Errors
/// None in practice: both languages have the words.
pub fn opening(member: &Member, category: ThanksCategory) -> Result<String> {
    say(member, &format!("opening-{category}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::kernel::locale::Language;

    #[test]
    fn there_is_an_opening_for_every_category_in_both_languages() {
        for category in ThanksCategory::ALL {
            for language in [Language::En, Language::Is] {
                let mut arguments = FluentArgs::new();
                arguments.set("name", "Anna");
                let said = PHRASES.say(language, &format!("opening-{category}"), &arguments);
                assert!(said.expect("words").contains("Anna"), "{category}");
            }
        }
    }
}
