//! What `vildar` can be told.

use std::path::PathBuf;

use clap::{
    Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{demo, doctor, import, serve};
use platform::{
    auth::Scope,
    kernel::{
        id::KeyId,
        text::{Email, Name},
    },
    settings::{Settings, service::as_map},
};

/// Loyalty and referral rewards: members, a points ledger, rewards, letters.
#[derive(Parser)]
#[command(name = "vildar", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// sqlite:PATH or postgres://…
    #[arg(long, env = "VILDAR_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Print data as JSON.
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// What this process was told; where that can't be understood, it ends here.
    pub fn read() -> Self {
        let told = |matches: ArgMatches| Self::from_arg_matches(&matches);
        told(command_line().get_matches()).unwrap_or_else(|why| why.exit())
    }
}

/// All commands, each with the options that mean something to it.
pub fn command_line() -> clap::Command {
    let whole = Cli::command();
    let shared = |arg: &&Arg| matches!(arg.get_id().as_str(), "database_url" | "json");
    let shared: Vec<Arg> =
        whole.get_arguments().filter(shared).map(|arg| arg.clone().global(true)).collect();
    whole.mut_subcommands(|command| match command.get_name() {
        "openapi" | "completions" => command,
        _ => command.args(&shared),
    })
}

#[derive(Subcommand)]
pub enum Command {
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
    /// Look at what `serve` needs, and say what is wrong and what helps; ends 1 where anything is.
    Doctor(doctor::Options),
    /// Copy a SQLite database into a new file, while it is in use.
    Backup {
        /// The file to be made.
        file: PathBuf,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print completions for a shell.
    Completions { shell: clap_complete::Shell },
}

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Create an admin; prints the password once.
    Create {
        #[arg(long)]
        email: Email,
        #[arg(long, default_value = "Admin")]
        name: Name,
    },
    /// Give a staff user a new password, printed once; ends all their sessions.
    ResetPassword {
        #[arg(long)]
        email: Email,
    },
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Create an API key; prints the secret once.
    Create {
        #[arg(long)]
        name: Name,
        /// What the key may do; give it once for each scope.
        #[arg(long = "scope", required = true, value_parser = scopes())]
        scopes: Vec<Scope>,
    },
    /// List all keys, newest first; secrets are not shown.
    List,
    /// End a key at once.
    Revoke {
        /// As `vildar keys list` shows it.
        id: KeyId,
    },
}

fn scopes() -> impl TypedValueParser<Value = Scope> {
    let words = Scope::ALL.iter().map(|scope| scope.as_str());
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Scope>())
}

#[derive(Subcommand)]
pub enum SettingsCommand {
    /// Print one setting, or all.
    Get {
        #[arg(value_parser = setting_keys())]
        key: Option<String>,
    },
    /// Change a setting.
    Set {
        #[arg(value_parser = setting_keys())]
        key: String,
        #[arg(allow_negative_numbers = true)]
        value: String,
    },
}

fn setting_keys() -> PossibleValuesParser {
    let all = as_map(&Settings::default()).unwrap_or_default();
    PossibleValuesParser::new(all.into_iter().map(|(key, _)| key))
}

#[derive(Subcommand)]
pub enum LettersCommand {
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
pub enum OccasionsCommand {
    /// Say who would be greeted on which day of a year; sends nothing.
    Preview {
        #[arg(long, value_parser = clap::value_parser!(i16).range(2000..2200))]
        year: i16,
    },
}

#[derive(Subcommand)]
pub enum ImportCommand {
    /// Members: `external_id,email,given_name,family_name,locale,time_zone,country,birthday,enrolled_at,marketing_consent`.
    Members(import::Options),
    /// Orders: `external_id,member_external_id,placed_at,amount,currency,channel`.
    Orders(import::Options),
    /// Answers to surveys: `external_id,survey_id,member_external_id,answered_at,score,channel,comment`.
    Answers(import::Options),
}
