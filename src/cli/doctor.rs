//! `vildar doctor`: looks at what `serve` needs, and says what is wrong and what helps.

use std::{fmt, time::Duration};

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Failure, Outcome, mail::MailOptions, of_this_schema, say, schema, system};
use platform::{
    db::{DatabaseUrl, Store, Tx, connection::IfMissing, meta},
    kernel::{clock::Timestamp, error::Result},
    messaging::outbox,
    settings::{Settings, service as settings},
};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    mail: MailOptions,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    /// It works, and somebody may miss something.
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    state: State,
    message: String,
    /// What helps.
    fix: Option<String>,
}

impl Check {
    fn ok(name: &'static str, message: impl fmt::Display) -> Self {
        Self { name, state: State::Ok, message: message.to_string(), fix: None }
    }

    fn warn(name: &'static str, message: impl fmt::Display, fix: impl fmt::Display) -> Self {
        let (message, fix) = (message.to_string(), Some(fix.to_string()));
        Self { name, state: State::Warn, message, fix }
    }

    fn fail(name: &'static str, message: impl fmt::Display, fix: impl fmt::Display) -> Self {
        Self { state: State::Fail, ..Self::warn(name, message, fix) }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
        };
        write!(f, "{state:<5} {:<14} {}", self.name, self.message)?;
        self.fix.iter().try_for_each(|fix| write!(f, "\n{:<20} → {fix}", ""))
    }
}

/// How far the database's clock may be from ours.
const APART: Duration = Duration::from_secs(10);
/// How long a letter may be late while everything works.
const LATE: Duration = Duration::from_mins(15);

/// Looks at everything; ends 1 where anything fails.
pub async fn run(options: Options, url: DatabaseUrl, as_json: bool) -> Outcome {
    let mut checks = database(&url).await;
    checks.extend(mail(&options.mail).await);
    if as_json {
        say(json!({"checks": checks}))?;
    } else {
        checks.iter().try_for_each(say)?;
    }
    let failed = checks.iter().any(|check| check.state == State::Fail);
    if failed { Err(Failure::Reported) } else { Ok(()) }
}

/// Whether it is there, and what can be read in it.
async fn database(url: &DatabaseUrl) -> Vec<Check> {
    let store = match reach(url).await {
        Ok(store) => store,
        Err(check) => return vec![check],
    };
    let mut checks =
        vec![Check::ok("database", format_args!("{url}: its schema is this program's"))];
    if url.is_open_to_others() {
        let fix = "take the right to read it from all but its owner: chmod 600";
        checks.push(Check::warn("database file", "others on this machine can read it", fix));
    }
    match store.read(Seen::of).await {
        Ok(Seen { is_demo: true, .. }) => {
            let fix = "name another database; `vildar demo` serves this one";
            checks.push(Check::fail("database", "it is a demo's, which `serve` refuses", fix));
        }
        Ok(seen) => checks.extend(seen.checks()),
        Err(why) => checks.push(Check::fail("database", told(why.into()), LOOK)),
    }
    checks
}

const LOOK: &str = "the database's own log may say more";

async fn reach(url: &DatabaseUrl) -> std::result::Result<Store, Check> {
    let fails = |why, fix: &str| Check::fail("database", why, fix);
    let where_it_is = "name a database that is there, by --database-url or VILDAR_DATABASE_URL";
    url.check(IfMissing::Refuse).map_err(|why| fails(why, where_it_is))?;
    let use_for = schema::reach_to_read(url).await.map_err(|why| {
        fails(told(why), "see that it is up, and that user, password and name are right")
    })?;
    let store = Store::open_to_read(url.clone(), use_for, system(), super::FEW);
    let fix = "`vildar migrate` brings an older schema up to date; a backup first does no harm";
    of_this_schema(store).await.map_err(|why| fails(told(why), fix))
}

/// What doctors look at in the database.
struct Seen {
    is_demo: bool,
    settings: Settings,
    /// When they were last changed.
    changed_at: Option<Timestamp>,
    waiting: i64,
    next_due: Option<Timestamp>,
    servers_clock: Option<Timestamp>,
    now: Timestamp,
    wall: Timestamp,
}

impl Seen {
    fn of(tx: &mut Tx<'_>) -> Result<Self> {
        let (settings, version) = settings::versioned(tx)?;
        let (waiting, next_due) = outbox::waiting(tx)?;
        Ok(Self {
            is_demo: meta::is_demo(tx)?,
            settings,
            changed_at: Timestamp::from_microsecond(version),
            waiting,
            next_due,
            servers_clock: meta::servers_clock(tx)?,
            now: tx.now,
            wall: tx.wall,
        })
    }

    fn checks(&self) -> [Check; 4] {
        let Settings { public_url, mail_from, .. } = &self.settings;
        let needed = |name: &'static str, value: Option<String>, example: &str| match value {
            Some(value) => Check::ok(name, value),
            None => Check::warn(
                name,
                "is not set: letters wait until it is",
                format_args!("vildar settings set {name} {example}"),
            ),
        };
        let public_url = public_url.as_ref().map(|url| url.as_str().to_owned());
        let mail_from = mail_from.as_ref().map(ToString::to_string);
        [
            needed("public_url", public_url, "https://points.shop.example"),
            needed("mail_from", mail_from, "hello@shop.example"),
            self.letters(),
            self.clock(),
        ]
    }

    fn letters(&self) -> Check {
        match self.next_due {
            Some(due) if self.now.since(due) > LATE => Check::fail(
                "letters",
                format_args!("{} wait, and should have gone out since {due}", self.waiting),
                "see that `vildar serve` runs with VILDAR_SMTP_URL set, and what its log says",
            ),
            _ => Check::ok("letters", format_args!("{} wait", self.waiting)),
        }
    }

    fn clock(&self) -> Check {
        let fix = "set this machine's clock by a time server (NTP), and keep it so";
        if let Some(changed) = self.changed_at.filter(|changed| *changed > self.wall) {
            let why = format_args!("is {}, and the settings were changed {changed}", self.wall);
            return Check::fail("clock", why, fix);
        }
        let apart =
            self.servers_clock.map(|theirs| theirs.since(self.wall).max(self.wall.since(theirs)));
        match apart.filter(|apart| *apart > APART) {
            Some(apart) => Check::fail(
                "clock",
                format_args!("is {} seconds off the database server's", apart.as_secs()),
                fix,
            ),
            None => Check::ok("clock", self.wall),
        }
    }
}

/// Whether mail can go out, and all that was said of it can be used.
async fn mail(options: &MailOptions) -> Vec<Check> {
    let url = "VILDAR_SMTP_URL=smtps://user:password@mail.example";
    let server = match options.transport() {
        Ok(None) => {
            Check::warn("mail server", "none is known: letters wait", format_args!("set {url}"))
        }
        Ok(Some(transport)) => match transport.is_open().await {
            Ok(()) => Check::ok("mail server", "it lets us in"),
            Err(why) => Check::fail(
                "mail server",
                why,
                "see that it is up, and that VILDAR_SMTP_URL has its host, port, user and password",
            ),
        },
        Err(why) => Check::fail("mail server", told(why), format_args!("such as {url}")),
    };
    let given = [
        ("dkim key", options.signer().map(|signer| signer.map(drop)), "VILDAR_DKIM_KEY"),
        ("templates", options.use_templates(), "VILDAR_TEMPLATES"),
        (
            "report secret",
            options.report_secret().map(|secret| secret.map(drop)),
            "VILDAR_REPORT_SECRET",
        ),
    ];
    let given = given.into_iter().filter_map(|(name, read, variable)| match read {
        Ok(None) => None,
        Ok(Some(())) => Some(Check::ok(name, "can be used")),
        Err(why) => {
            Some(Check::fail(name, told(why), format_args!("mend {variable}, or unset it")))
        }
    });
    std::iter::once(server).chain(given).collect()
}

fn told(why: Failure) -> String {
    match why {
        Failure::Refused(why) | Failure::Usage(why) => why,
        Failure::Reported => String::new(),
    }
}
