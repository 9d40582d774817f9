//! The command line: what `vildar` can be told, and how it ends: 0 on success, 1 on a refusal,
//! 2 on wrong usage.

mod accounts;
mod demo;
pub mod import;
mod letters;
mod mail;
mod occasions;
mod schema;
mod seed;
mod serve;
mod settings;
mod verify;

use std::{fmt, io::Write, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    auth::Scope,
    db::{DatabaseUrl, Store, connection::IfMissing, tx::Env},
    kernel::{chance::Chance, clock::Clock, error::Error},
    messaging::letters::Sender,
    routes,
};

/// Loyalty and referral rewards: members, a points ledger, rewards, letters.
#[derive(Parser)]
#[command(name = "vildar", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// sqlite:PATH or postgres://…
    #[arg(long, global = true, env = "VILDAR_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,

    /// Print data as JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Set up a fresh demo program, serve it on 127.0.0.1, and deliver its mail into a mailbox.
    Demo(demo::Options),
    /// Serve HTTP; mail goes by `VILDAR_SMTP_URL`.
    Serve(serve::Options),
    /// Make the SQLite file where it is missing, and bring the schema up to date.
    Migrate,
    /// Staff users.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Storefronts' API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The program's settings.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Bring in a history from CSV files; sends no letters.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Letters: your own templates and texts, and how they look.
    #[command(subcommand)]
    Letters(LettersCommand),
    /// Days on which members are greeted.
    #[command(subcommand)]
    Occasions(OccasionsCommand),
    /// Audit the whole ledger; ends 1 on any difference.
    Verify,
    /// Print the OpenAPI document.
    Openapi,
    /// Print completions for a shell.
    Completions { shell: clap_complete::Shell },
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Create an admin; prints the password once.
    Create {
        #[arg(long)]
        email: crate::kernel::text::Email,
        #[arg(long, default_value = "Admin")]
        name: crate::kernel::text::Name,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Create an API key; prints the secret once.
    Create {
        #[arg(long)]
        name: crate::kernel::text::Name,
        /// What the key may do; give it once for each scope.
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
    },
}

#[derive(Subcommand)]
enum SettingsCommand {
    /// Print one setting, or all.
    Get { key: Option<String> },
    /// Change a setting.
    Set {
        key: String,
        #[arg(allow_negative_numbers = true)]
        value: String,
    },
}

#[derive(Subcommand)]
enum LettersCommand {
    /// Check a folder with your own templates and texts; ends 1 where anything is wrong.
    Check { folder: PathBuf },
    /// Write every letter with samples into a folder, to be looked at. With a database, in the name
    /// of its shop.
    Preview {
        #[arg(default_value = "letters-preview")]
        folder: PathBuf,
        /// Your own templates and texts.
        #[arg(long, env = "VILDAR_TEMPLATES")]
        templates: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum OccasionsCommand {
    /// Say who would be greeted on which day of a year; sends nothing.
    Preview {
        #[arg(long, value_parser = clap::value_parser!(i16).range(2000..2200))]
        year: i16,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Members: `external_id,email,given_name,family_name,locale,time_zone,country,birthday,enrolled_at,marketing_consent`.
    Members(import::Options),
    /// Orders: `external_id,member_external_id,placed_at,amount,currency,channel`.
    Orders(import::Options),
}

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
    let cli = Cli::parse();
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
        Command::Keys(KeysCommand::Create { name, scopes }) => {
            accounts::create_key(&open(database_url).await?, name, scopes, json).await
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
        Command::Letters(LettersCommand::Check { folder }) => letters::check(&folder, json),
        Command::Letters(LettersCommand::Preview { folder, templates }) => {
            templates.as_deref().map(letters::use_templates).transpose()?;
            let sender = match database_url {
                Some(_) => {
                    let store = open_to_read(database_url).await?;
                    let settings = store.read(crate::program::settings::service::get).await?;
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
        Command::Openapi => say(routes::document().as_str().trim_end()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "vildar", &mut script);
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
