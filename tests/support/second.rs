//! Another server on the same database.

use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use platform::{db::tx::Env, kernel::chance::Chance, messaging::transport::Transport};
use vildar::app::{App, Config};

use super::app::TestApp;

/// It answers until it is stopped; it sends no mail.
pub struct SecondServer {
    pub url: String,
    handle: ServerHandle,
}

impl SecondServer {
    pub fn beside(app: &TestApp) -> Self {
        let second = App::build(Config {
            database: app.store().url().clone(),
            env: Env { clock: app.clock.clone(), chance: Chance::seeded(app.seed + 1) },
            connections: 8,
            workers: 2,
            transport: Transport::None,
            signer: None,
            report_secret: None,
            demo_mailbox: None,
            behind_proxy: false,
        })
        .expect("the application builds");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = second.listen(listener).expect("the application listens");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, handle }
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}
