//! Which letters the signed-in member wants, on the pages of the demo: each can be switched on and
//! off.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{Choice, PreferencesPage, Switch},
    posted::Posted,
    visit::{Visit, html, see_other},
};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        error::{Refusal, Result},
        holidays,
    },
    messaging::{letters::Preference, preferences},
};
use program::{
    members::consents::{self, ConsentPlace},
    occasions,
};

/// `GET /preferences`
pub async fn show(visit: Visit) -> Answer {
    let member = visit.member()?;
    let read = move |tx: &mut Tx<'_>| {
        let switches = preferences::of(tx.conn, member)?.ok_or(Refusal::not_found("member"))?;
        Ok((switches, occasions::service::greeted_holidays(tx)?))
    };
    let (switches, greeted) = visit.store().read(read).await?;
    let kinds = Preference::ALL.map(|kind| Switch {
        choice: Choice { name: kind.name().to_owned(), holiday: None },
        on: switches.is_on(kind),
    });
    let holidays = greeted.into_iter().map(|key| Switch {
        on: !switches.holidays_off.contains(&key),
        choice: Choice {
            holiday: Some(occasions::holiday_name(&key, visit.language)),
            name: format!("holiday:{key}"),
        },
    });
    let page = PreferencesPage {
        shell: visit.shell(),
        kinds: kinds.into(),
        holidays: holidays.collect(),
        marketing: switches.marketing,
    };
    html(StatusCode::OK, visit.pages.render_preferences(&page))
}

/// One switch.
#[derive(Deserialize)]
pub struct Turn {
    name: String,
    on: bool,
}

/// `POST /preferences`
pub async fn turn(Posted { visit, form }: Posted<Turn>) -> Answer {
    let member = visit.member()?;
    let Turn { name, on } = form;
    let unknown = || Refusal::field("name", "is no kind of letter");
    let turn = move |tx: &mut Tx<'_>| -> Result<()> {
        if let Some(key) = name.strip_prefix("holiday:") {
            if !holidays::is_known(key) {
                return Err(unknown().into());
            }
            return preferences::set_holiday(tx, member, key, on);
        }
        let preference: Preference = name.parse().map_err(|_| unknown())?;
        let place = ConsentPlace::Account;
        consents::turn(tx, member, preference, on, place, &member.to_string())
    };
    visit.store().write(turn).await?;
    Ok(see_other("/preferences"))
}
