//! The command line: what `vildar` can be told, and how it ends: 0 on success, 1 on a refusal,
//! 2 on wrong usage.

mod accounts;
mod arguments;
mod backup;
mod demo;
mod doctor;
mod ending;
pub mod import;
mod letters;
mod mail;
mod occasions;
mod progress;
mod schema;
mod seed;
mod serve;
mod settings;
mod verify;

use std::{fmt, io::Write, process::ExitCode};

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use self::arguments::{
    AdminCommand, Cli, Command, ImportCommand, KeysCommand, LettersCommand, OccasionsCommand,
    SettingsCommand,
};
use crate::routes;
use platform::{
    db::{DatabaseUrl, Store, connection::IfMissing, tx::Env},
    kernel::{
        chance::Chance,
        clock::Clock,
        error::{Error, Refusal},
    },
    messaging::letters::Sender,
};

/// Why a command did not do what it was told.
#[derive(Debug)]
pub enum Failure {
    /// Said already, in the output.
    Reported,
    /// To be said; ends 1.
    Refused(String),
    /// To be said; ends 2.
    Usage(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(match &error {
            // for the person at the terminal an internal error is no secret
            Error::Internal(error) => with_causes(&**error),
            Error::Refused(Refusal::Invalid { errors }) => {
                // what was typed has names; pointers are for bodies
                let name = |pointer: &str| pointer.trim_start_matches('/').to_owned();
                let told = errors.iter().map(|e| format!("{} {}", name(&e.pointer), e.message));
                told.collect::<Vec<_>>().join("; ")
            }
            Error::Refused(refusal) => refusal.to_string(),
        })
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

type Outcome = Result<(), Failure>;

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::read();
    log_to_stderr(matches!(cli.command, Command::Serve(_)));
    let outcome = actix_web::rt::System::new().block_on(run(cli));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        Err(Failure::Refused(why)) => {
            complain(&why);
            ExitCode::from(1)
        }
        Err(Failure::Usage(why)) => {
            complain(&why);
            ExitCode::from(2)
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    let Cli { command, database_url, json } = cli;
    match command {
        Command::Demo(options) => {
            demo::run(options, database_url.as_deref().map(parsed).transpose()?, json).await
        }
        Command::Serve(options) => serve::run(options, needed(database_url)?).await,
        Command::Migrate => schema::migrate(needed(database_url)?, json).await,
        Command::Admin(AdminCommand::Create { email, name }) => {
            accounts::create_admin(&open(database_url).await?, email, name, json).await
        }
        Command::Admin(AdminCommand::ResetPassword { email }) => {
            accounts::reset_password(&open(database_url).await?, email, json).await
        }
        Command::Keys(KeysCommand::Create { name, scopes }) => {
            accounts::create_key(&open(database_url).await?, name, scopes, json).await
        }
        Command::Keys(KeysCommand::List) => {
            accounts::list_keys(&open_to_read(database_url).await?, json).await
        }
        Command::Keys(KeysCommand::Revoke { id }) => {
            accounts::revoke_key(&open(database_url).await?, id, json).await
        }
        Command::Settings(SettingsCommand::Get { key }) => {
            settings::get(&open_to_read(database_url).await?, key, json).await
        }
        Command::Settings(SettingsCommand::Set { key, value }) => {
            settings::set(&open(database_url).await?, key, value, json).await
        }
        Command::Import(ImportCommand::Members(options)) => {
            import::members(&open(database_url).await?, options, json).await
        }
        Command::Import(ImportCommand::Orders(options)) => {
            import::orders(&open(database_url).await?, options, json).await
        }
        Command::Import(ImportCommand::Answers(options)) => {
            import::answers(&open(database_url).await?, options, json).await
        }
        Command::Letters(LettersCommand::Check { folder }) => letters::check(&folder, json),
        Command::Letters(LettersCommand::Preview { folder, templates }) => {
            templates.as_deref().map(letters::use_templates).transpose()?;
            let sender = match database_url {
                Some(_) => {
                    let store = open_to_read(database_url).await?;
                    let settings = store.read(platform::settings::service::get).await?;
                    settings.sender()
                }
                None => Sender::sample(),
            };
            letters::preview(&folder, sender, json)
        }
        Command::Occasions(OccasionsCommand::Preview { year }) => {
            occasions::preview(&open_to_read(database_url).await?, year, json).await
        }
        Command::Verify => verify::run(&open_to_read(database_url).await?, json).await,
        Command::Doctor(options) => doctor::run(options, needed(database_url)?, json).await,
        Command::Backup { file } => backup::run(needed(database_url)?, file, json).await,
        Command::Openapi => say(routes::document().trim_end()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut arguments::command_line(), "vildar", &mut script);
            say(String::from_utf8_lossy(&script).trim_end())
        }
    }
}

fn needed(database_url: Option<String>) -> Result<DatabaseUrl, Failure> {
    match database_url {
        Some(url) => parsed(&url),
        None => Err(Failure::Usage(
            "which database? Give --database-url or VILDAR_DATABASE_URL: sqlite:vildar.db or \
             postgres://…"
                .to_owned(),
        )),
    }
}

/// Read here and not by clap, whose complaint would repeat the URL and the password in it.
fn parsed(url: &str) -> Result<DatabaseUrl, Failure> {
    url.parse().map_err(|error| Failure::Usage(format!("the database URL: {error}")))
}

/// How many connections a command of one task needs.
const FEW: u32 = 2;

/// Opens an existing database whose schema is this binary's.
async fn open(database_url: Option<String>) -> Result<Store, Failure> {
    let url = needed(database_url)?;
    url.check(IfMissing::Refuse).map_err(Failure::Refused)?;
    schema::reach(&url).await?;
    of_this_schema(Store::open(url, system(), FEW)?).await
}

/// The same for a command that writes nothing, not even beside a file that can't be written to.
async fn open_to_read(database_url: Option<String>) -> Result<Store, Failure> {
    let url = needed(database_url)?;
    url.check(IfMissing::Refuse).map_err(Failure::Refused)?;
    let use_for = schema::reach_to_read(&url).await?;
    of_this_schema(Store::open_to_read(url, use_for, system(), FEW)).await
}

async fn of_this_schema(store: Store) -> Result<Store, Failure> {
    match store.schema_standing().await?.hindrance() {
        None => Ok(store),
        Some(why) => Err(Failure::Refused(format!("{}: {why}", store.url()))),
    }
}

/// The system's time and chance.
fn system() -> Env {
    Env { clock: Clock::system(), chance: Chance::system() }
}

/// Prints a line of output.
fn say(line: impl fmt::Display) -> Outcome {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        // the reader has seen enough: `vildar openapi | head`
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

fn complain(why: &str) {
    // where even stderr is gone, nobody is there to be told
    drop(writeln!(std::io::stderr().lock(), "vildar: {why}"));
}

/// Logs to stderr by `RUST_LOG`; as JSON where stderr is no terminal.
fn log_to_stderr(server: bool) {
    let usual = || {
        let level = if server { LevelFilter::INFO } else { LevelFilter::WARN };
        Targets::new()
            .with_default(level)
            .with_target("actix_http::h1::dispatcher", LevelFilter::OFF)
            // it tells of its threads and signals; that we serve, and stop, is said by us
            .with_target("actix_server", LevelFilter::WARN)
    };
    let filter = match std::env::var("RUST_LOG") {
        Ok(wanted) if !wanted.is_empty() => wanted.parse().unwrap_or_else(|why| {
            complain(&format!("RUST_LOG is not understood and not followed: {why}"));
            usual()
        }),
        _ => usual(),
    };
    let log = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        log.with(lines.compact()).init();
    } else {
        log.with(lines.json()).init();
    }
}
