//! One builder for the binary and for the tests.

use std::{io, net::TcpListener, path::PathBuf, sync::Arc, time::Duration};

use actix_web::{
    App as ActixApp,
    dev::Server,
    middleware::{Condition, from_fn},
    web::{self, Data},
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    chores,
    mailer::Mailer,
    routes,
    web::{self as web_pages, pages::Pages},
};
use platform::{
    db::{DatabaseUrl, Store, tx::Env},
    http::{
        AppState, cors, health,
        lane::Lanes,
        loopback,
        observe::observe,
        operations::{Operations, no_route},
        packing::pack,
        server::{self, Pace, Threads},
        signed::SharedSecret,
    },
    kernel::error::Result,
    messaging::{courier::Delivered, dkim::Signer, transport::Transport},
};

/// What the application is built of.
pub struct Config {
    pub database: DatabaseUrl,
    pub env: Env,
    /// How many database connections are open at most.
    pub connections: u32,
    pub workers: usize,
    pub transport: Transport,
    /// Signs letters; `None`: nobody does, or the mail server.
    pub signer: Option<Signer>,
    /// By which programs are known that report what became of mail; `None`: nobody may.
    pub report_secret: Option<SharedSecret>,
    /// The demo's mailbox folder; `None` outside of the demo.
    pub demo_mailbox: Option<PathBuf>,
    /// Whether a proxy of ours says in `X-Forwarded-For` who calls.
    pub behind_proxy: bool,
}

/// How long the courier waits for a database that is away.
const COURIER_WAITS: Duration = Duration::from_secs(10);

/// The application: a store, and what works on it.
#[derive(Clone)]
pub struct App {
    pub state: Data<AppState>,
    /// How slow callers may be.
    pub pace: Pace,
    pages: Data<Pages>,
    operations: Data<Operations>,
    mailer: Data<Mailer>,
    workers: usize,
    connections: u32,
}

impl App {
    /// Puts the application together; nothing runs and nothing is connected yet.
    ///
    /// # Errors
    /// Where a thread can't be started.
    pub fn build(config: Config) -> Result<Self> {
        health::start_metrics()?;
        let store = Store::open(config.database, config.env, config.connections)?;
        let mailer = Mailer::new(store.clone(), config.transport, config.signer);
        let state = AppState::new(
            store.clone(),
            Lanes::new(store),
            config.demo_mailbox,
            config.report_secret,
            config.behind_proxy,
        );
        Ok(Self {
            state: Data::new(state),
            pace: Pace::default(),
            pages: Data::from(Pages::shared()),
            operations: Data::new(routes::operations()),
            mailer: Data::new(mailer),
            workers: config.workers,
            connections: config.connections,
        })
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// Delivers every letter that is due.
    pub async fn deliver_due(&self) -> Result<Delivered> {
        self.mailer.deliver_due().await
    }

    /// Answers HTTP on `listener` until the returned server is stopped by its handle.
    ///
    /// # Errors
    /// Where the listener can't be used.
    pub fn listen(&self, listener: TcpListener) -> io::Result<Server> {
        let app = self.clone();
        let demo = app.state.demo_mailbox.is_some();
        // blocking work is mostly database work: as many threads as there are connections
        let blocking = (self.connections as usize).div_ceil(self.workers).max(4);
        let threads = Threads { workers: self.workers, blocking };
        let application = move || {
            ActixApp::new()
                // the last one is the outermost
                .wrap(from_fn(web_pages::for_people))
                .wrap(from_fn(cors::share))
                .wrap(Condition::new(demo, from_fn(loopback::only)))
                .wrap(from_fn(pack))
                .wrap(from_fn(observe))
                .app_data(app.state.clone())
                .app_data(app.pages.clone())
                .app_data(app.mailer.clone())
                .app_data(app.operations.clone())
                .app_data(Data::new(routes::SERVED))
                .configure(|services| routes::configure(services, demo))
                .default_service(web::to(no_route))
        };
        server::start(application, listener, threads, self.pace)
    }

    /// Starts what runs by itself: the courier, and what comes due.
    #[must_use]
    pub fn start_background(&self) -> Background {
        let (stop, stopped) = watch::channel(false);
        let app = self.clone();
        let courier = tokio::spawn({
            let mut stopped = stopped.clone();
            async move {
                let courier = loop {
                    match app.mailer.courier().await {
                        Ok(courier) => break courier.clone(),
                        Err(error) => tracing::warn!(%error, "the courier waits for the database"),
                    }
                    if chores::pause(&mut stopped, COURIER_WAITS).await {
                        return;
                    }
                };
                courier.run(Arc::clone(app.store().bell()), stopped).await;
            }
        });
        let mut tasks = chores::start(self.store(), &stopped);
        tasks.push(courier);
        Background { stop, tasks }
    }
}

/// What runs by itself.
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Lets everything finish what it is at: the courier gives its leases back.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::warn!(%error, "a background task did not end well");
            }
        }
    }
}
