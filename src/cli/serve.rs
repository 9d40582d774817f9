//! `vildar serve`.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use actix_web::{App as ActixApp, web};
use clap::{Args, builder::BoolishValueParser};

use super::{Failure, Outcome, ending::Ending, mail::MailOptions, schema};
use crate::app::{App, Config};
use platform::{
    db::{DatabaseUrl, connection::IfMissing, failure, meta},
    http::{
        health,
        server::{self, Pace, Threads},
    },
    messaging::transport::Transport,
};

#[derive(Args)]
pub struct Options {
    /// The address to listen on.
    #[arg(long, env = "VILDAR_BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    #[arg(long, env = "VILDAR_PORT", default_value_t = 8080)]
    port: u16,
    /// Bring the schema up to date first.
    #[arg(long, env = "VILDAR_MIGRATE", value_parser = BoolishValueParser::new())]
    migrate: bool,
    /// Show metrics on this port of 127.0.0.1, without sign-in.
    #[arg(long, env = "VILDAR_METRICS_PORT")]
    metrics_port: Option<u16>,
    /// How many database connections to open at most.
    #[arg(long, env = "VILDAR_CONNECTIONS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=1000))]
    connections: u32,
    /// A proxy in front says in X-Forwarded-For who calls; throttles then go by that.
    #[arg(long, env = "VILDAR_BEHIND_PROXY", value_parser = BoolishValueParser::new())]
    behind_proxy: bool,
    #[command(flatten)]
    mail: MailOptions,
}

pub async fn run(options: Options, url: DatabaseUrl) -> Outcome {
    if options.migrate {
        schema::bring_up_to_date(&url).await?;
    }
    url.check(IfMissing::Refuse).map_err(Failure::Refused)?;
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        // a file is never just away
        schema::reach(&url).await?;
    }
    // without it letters wait
    let transport = options.mail.transport()?.unwrap_or(Transport::None);
    options.mail.use_templates()?;
    let signer = options.mail.signer()?;
    let report_secret = options.mail.report_secret()?;
    let listener = listen(options.bind, options.port, "--port")?;
    let app = App::build(Config {
        database: url,
        env: super::system(),
        connections: options.connections,
        workers: std::thread::available_parallelism().map_or(2, usize::from),
        transport,
        signer,
        report_secret,
        demo_mailbox: None,
        behind_proxy: options.behind_proxy,
    })?;
    check_database(&app).await?;
    let address = listener.local_addr()?;
    let metrics = options.metrics_port.map(serve_metrics).transpose()?;
    let background = app.start_background();
    // it serves, and minds signals, before anybody is told
    let server = actix_web::rt::spawn(Ending::awaited()?.serve(app.listen(listener)?));
    tokio::task::yield_now().await;
    tracing::info!(%address, database = %app.store().url(), "serving");
    let ended = |error: tokio::task::JoinError| Failure::Refused(error.to_string());
    match metrics {
        Some(metrics) => {
            let handle = metrics.handle();
            // it answers until the server itself has ended
            let beside = actix_web::rt::spawn(metrics);
            server.await.map_err(ended)??;
            handle.stop(false).await;
            beside.await.map_err(ended)??;
        }
        None => server.await.map_err(ended)??,
    }
    background.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes the port now, so that a taken one is said at once, with the option that names another.
pub fn listen(address: IpAddr, port: u16, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind((address, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure::Refused(format!("port {port} is taken; choose another with {option}"))
        }
        _ => Failure::Refused(format!("can't listen on {address}:{port}: {error}")),
    })
}

/// Another schema or a demo's database is no start; a database that is away is: it may come.
async fn check_database(app: &App) -> Result<(), Failure> {
    match app.store().schema_standing().await {
        Ok(standing) => {
            if let Some(why) = standing.hindrance() {
                return Err(Failure::Refused(format!("{}: {why}", app.store().url())));
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the database can't be reached yet; /readyz says when it can");
            return Ok(());
        }
    }
    if app.store().read(meta::is_demo).await? {
        return Err(Failure::Refused(format!(
            "{}: that is a demo's database; `vildar demo` serves it",
            app.store().url()
        )));
    }
    if let Some(language) = app.store().read(|tx| failure::foreign_words(tx.conn)).await? {
        tracing::warn!(
            language,
            "PostgreSQL tells failures in a language that is not known here, so that fewer of them \
             are tried again: have its administrator set lc_messages to C for this role"
        );
    }
    Ok(())
}

fn serve_metrics(port: u16) -> Result<actix_web::dev::Server, Failure> {
    let listener = listen(IpAddr::V4(Ipv4Addr::LOCALHOST), port, "--metrics-port")?;
    let application =
        || ActixApp::new().route("/metrics", web::get().to(|| async { health::render_metrics() }));
    let threads = Threads { workers: 1, blocking: 1 };
    Ok(server::start(application, listener, threads, Pace::default())?)
}
