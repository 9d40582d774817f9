//! `vildar demo`: a fresh program to try things on, on 127.0.0.1 only.

use std::{
    fmt::Display,
    fs,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use tempfile::TempDir;

use super::{Failure, Outcome, ending::Ending, mail::MailOptions, say, schema, seed, serve};
use crate::app::{App, Config};
use platform::{
    db::{
        DatabaseUrl,
        connection::{Connector, IfMissing, Use},
        meta, migrate,
        tx::Env,
    },
    kernel::{
        chance::Chance,
        clock::{Clock, Timestamp},
    },
    messaging::transport::Transport,
};

#[derive(Args)]
pub struct Options {
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the demo keeps its database and its mailbox, and leaves them; by default in a folder
    /// of its own, which goes when the demo ends.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// What time it is in the demo at its start; now by default.
    #[arg(long)]
    clock: Option<Timestamp>,
    #[command(flatten)]
    mail: MailOptions,
}

pub async fn run(options: Options, url: Option<DatabaseUrl>, as_json: bool) -> Outcome {
    let listener = serve::listen(IpAddr::V4(Ipv4Addr::LOCALHOST), options.port, "--port")?;
    let address = listener.local_addr()?;
    // whoever ends it now has the folder taken away
    let ending = Ending::awaited()?;
    let folder = Folder::make(options.data_dir)?;
    let mailbox = folder.path()?.join("mailbox");
    let url = match url {
        Some(url) => url,
        None => DatabaseUrl::Sqlite(folder.path()?.join("demo.db")),
    };
    make_fresh(&url).await?;
    empty(&mailbox)?;

    let clock = options.clock.map_or_else(Clock::system_movable, Clock::starting_at);
    let transport = options.mail.transport()?;
    options.mail.use_templates()?;
    let signer = options.mail.signer()?;
    let report_secret = options.mail.report_secret()?;
    let app = App::build(Config {
        database: url,
        env: Env { clock, chance: Chance::system() },
        connections: 16,
        workers: 2,
        transport: transport.unwrap_or_else(|| Transport::Mailbox(mailbox.clone())),
        signer,
        report_secret,
        demo_mailbox: Some(mailbox.clone()),
        behind_proxy: false,
    })?;
    let site = format!("http://{address}");
    let seeded = seed::fill(app.store(), &site).await?;
    let background = app.start_background();
    // it serves, and minds signals, before anybody is told
    let server = actix_web::rt::spawn(ending.serve(app.listen(listener)?));
    tokio::task::yield_now().await;
    if as_json {
        say(json!({
            "url": site,
            "admin": seeded.admin,
            "staff": seeded.staff,
            "storefront_key": seeded.storefront_key,
            "members": seeded.members,
            "mailbox_dir": mailbox,
        }))?;
    } else {
        welcome(&site, &mailbox, &seeded)?;
    }
    server.await.map_err(|error| Failure::Refused(error.to_string()))??;
    background.stop().await;
    Ok(())
}

fn welcome(site: &str, mailbox: &Path, seeded: &seed::Seeded) -> Outcome {
    say(format_args!(
        "\nThe demo is ready.\n\n  \
         Shop      {site}/\n  \
         Console   {site}/console   (what staff see)\n  \
         Mailbox   {site}/demo/mailbox   (files in {})\n  \
         API docs  {site}/docs/\n",
        mailbox.display()
    ))?;
    say("  Sign in at the shop as one of its customers:")?;
    for member in &seeded.members {
        say(format_args!("    {:<28} {}", member.email, member.password))?;
    }
    say(format_args!(
        "\n  Staff     {}  {}\n  Admin     {}  {}\n\n  \
         For curl, in another terminal:\n\n\
         export VILDAR_URL={site} VILDAR_KEY={}\n\n  \
         Stop with Ctrl-C. Every start is fresh.",
        seeded.staff.email,
        seeded.staff.password,
        seeded.admin.email,
        seeded.admin.password,
        seeded.storefront_key
    ))
}

/// The demo's folder; one that is made is for this user's eyes only.
enum Folder {
    /// The user named it, and keeps it.
    Named(PathBuf),
    /// Nobody knows its name beforehand, and it goes with the demo.
    Own(TempDir),
}

impl Folder {
    fn make(named: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(folder) = named else {
            let mut builder = tempfile::Builder::new();
            builder.prefix("vildar-demo-");
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
            return Ok(Self::Own(builder.tempdir()?));
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&folder) {
            Ok(()) => Ok(Self::Named(folder)),
            Err(error) => Err(Failure::Refused(format!("{}: {error}", folder.display()))),
        }
    }

    fn path(&self) -> Result<PathBuf, Failure> {
        let path = match self {
            Self::Named(path) => path.as_path(),
            Self::Own(folder) => folder.path(),
        };
        Ok(path.canonicalize()?)
    }
}

/// An empty folder; letters of an earlier demo go, and nothing else would.
fn empty(mailbox: &Path) -> Result<(), Failure> {
    fs::create_dir_all(mailbox)?;
    for file in fs::read_dir(mailbox)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "eml") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Makes the database a fresh one. Refuses one that holds anything not marked as a demo.
async fn make_fresh(url: &DatabaseUrl) -> Result<(), Failure> {
    url.check(IfMissing::Create).map_err(Failure::Refused)?;
    let reader = Connector { url: url.clone(), use_for: Use::Read };
    let writer = Connector { url: url.clone(), use_for: Use::Write };
    let shown = url.clone();
    tokio::task::spawn_blocking(move || {
        let said = |error: &dyn Display| Failure::Refused(format!("{shown}: {error}"));
        // another's database is looked at by a reader, who changes nothing at all
        let mut reader = reader.open().map_err(|error| said(&error))?;
        let taken = migrate::tables(&mut reader)? > 0;
        // a database without our tables is no demo's either
        if taken && !meta::is_demo_connection(&mut reader).unwrap_or(false) {
            return Err(said(&"that database is no demo's; the demo would delete what it holds"));
        }
        drop(reader);
        let mut conn = writer.open().map_err(|error| said(&error))?;
        if taken {
            migrate::undo(&mut conn)?;
        }
        migrate::run(&mut conn)?;
        Ok(())
    })
    .await
    .map_err(|error| Failure::Refused(error.to_string()))??;
    let store = schema::store_for_server(url.clone(), 2)?;
    store.write(meta::mark_demo).await?;
    Ok(())
}
