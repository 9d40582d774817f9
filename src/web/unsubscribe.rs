//! Behind an unsubscribe link: a page that asks, and the one click that switches off (RFC 8058).
//! Who has the link needs no session. It shows what else comes to its member, and can switch each
//! of that off, and nothing on: a letter may lie where others find it.

use actix_web::http::StatusCode;

use super::{
    pages::{Choice, UnsubscribePage},
    posted::OpenlyPosted,
    visit::{Visit, html},
};
use platform::{
    db::{Tx, meta},
    http::Answer,
    kernel::{
        error::{Refusal, Result},
        holidays,
        id::MemberId,
        locale::Language,
    },
    messaging::{
        letters::Preference,
        preferences::{self, Switches},
        unsubscribe::read_token,
    },
};
use program::{
    members::consents::{self, ConsentPlace},
    occasions,
};

/// `GET /unsubscribe/{token}`: shows what it is about, and changes nothing.
pub async fn ask(visit: Visit) -> Answer {
    let (member, preference) = opened(&visit).await?;
    page(&visit, member, preference.name(), false).await
}

/// What is to be switched off.
enum Off {
    Kind(Preference),
    Holiday(String),
}

impl Off {
    fn read(text: &str) -> Option<Self> {
        match text.strip_prefix("holiday:") {
            Some(key) => holidays::is_known(key).then(|| Self::Holiday(key.to_owned())),
            None => text.parse().ok().map(Self::Kind),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Kind(preference) => preference.name().to_owned(),
            Self::Holiday(key) => format!("holiday:{key}"),
        }
    }
}

/// `POST /unsubscribe/{token}`: by one of the page's buttons, or by a mail program on its own,
/// whatever that sends.
pub async fn switch_off(OpenlyPosted { visit, form }: OpenlyPosted) -> Answer {
    let (member, preference) = opened(&visit).await?;
    let chosen = form.iter().find(|(name, _)| name == "off").map(|(_, value)| value.as_str());
    let off = match chosen {
        None => Off::Kind(preference),
        Some(text) => {
            Off::read(text).ok_or_else(|| Refusal::field("off", "is no kind of letter"))?
        }
    };
    let name = off.name();
    let switch = move |tx: &mut Tx<'_>| match &off {
        Off::Kind(preference) => {
            let place = ConsentPlace::Letter;
            consents::turn(tx, member, *preference, false, place, &member.to_string())
        }
        Off::Holiday(key) => preferences::set_holiday(tx, member, key, false),
    };
    visit.store().write(switch).await?;
    page(&visit, member, &name, true).await
}

async fn opened(visit: &Visit) -> Result<(MemberId, Preference)> {
    let token = visit.path("token");
    let key = visit.store().read(meta::known_key).await?;
    let read = key.and_then(|key| read_token(&key, &token));
    Ok(read.ok_or(Refusal::not_found("letter to switch off"))?)
}

async fn page(visit: &Visit, member: MemberId, about: &str, done: bool) -> Answer {
    let (language, name) = (visit.language, about.to_owned());
    let read = move |tx: &mut Tx<'_>| {
        let holidays = occasions::service::greeted_holidays(tx)?;
        Ok((preferences::of(tx.conn, member)?, holidays))
    };
    let (switches, holidays) = visit.store().read(read).await?;
    let already = !done
        && match Off::read(&name) {
            Some(Off::Kind(kind)) => switches.as_ref().is_none_or(|all| !all.is_on(kind)),
            _ => false,
        };
    let others = switches.map(|switches| others(&switches, &holidays, &name, language));
    let page = UnsubscribePage {
        shell: visit.shell(),
        token: visit.path("token"),
        about: choice(about.to_owned(), language),
        done,
        already,
        others: others.unwrap_or_default(),
    };
    html(StatusCode::OK, visit.pages.render_unsubscribe(&page))
}

/// What else is on.
fn others(switches: &Switches, greeted: &[String], but: &str, language: Language) -> Vec<Choice> {
    // marketing last: it takes others along
    let kinds = [
        Preference::ThankYou,
        Preference::Occasions,
        Preference::Surveys,
        Preference::Statements,
        Preference::Marketing,
    ];
    let kinds = kinds.into_iter().filter(|kind| switches.allows(*kind));
    let kinds = kinds.map(|kind| kind.name().to_owned());
    let greeted = greeted.iter().filter(|key| {
        switches.allows(Preference::Occasions) && !switches.holidays_off.contains(*key)
    });
    let all = kinds.chain(greeted.map(|key| format!("holiday:{key}")));
    all.filter(|name| name != but).map(|name| choice(name, language)).collect()
}

fn choice(name: String, language: Language) -> Choice {
    let holiday = name.strip_prefix("holiday:");
    let holiday = holiday.map(|key| occasions::holiday_name(key, language));
    Choice { name, holiday }
}
