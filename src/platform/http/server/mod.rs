//! The server below the application: actix' own, with sockets that are let go where the other end
//! keeps us waiting, and with little kept for each connection.

mod connection;
mod pace;
mod paced;
pub mod room;

use std::{fmt, io, net::TcpListener, sync::Arc, time::Duration};

use actix_http::{HttpService, Request, Response, body::MessageBody};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_web::{
    Error,
    dev::{AppConfig, Server},
    rt::net::TcpStream,
};

use socket2::SockRef;

pub use connection::{Connection, InHand};
pub use pace::{Pace, Patience};
pub use room::Room;

use paced::Paced;

/// How long a connection may be idle, and how long its first head may take.
const IDLE: Duration = Duration::from_secs(5);
/// How long an end takes that the other side has to agree to.
const PARTING: Duration = Duration::from_secs(1);
/// How long requests in flight may take at the end, in seconds.
const LAST_ANSWERS: u64 = 30;
/// With [`CHUNK`] and a head, what is written together stays within a connection's first buffer.
const WRITTEN_AT_ONCE: usize = 1536;
/// How much of an answer the system keeps for a reader, in bytes; by itself it would keep
/// megabytes for each.
const SEND_BUFFER: usize = 128 * 1024;
/// How much of an answer is handed on at once: what waits for a slow reader is no copy of the rest.
pub const CHUNK: usize = 5 * 1024;

/// How many threads serve.
#[derive(Clone, Copy, Debug)]
pub struct Threads {
    pub workers: usize,
    /// For blocking work, each worker's.
    pub blocking: usize,
}

/// Serves an application on `listener` until it is told to stop by its handle. Signals are the
/// command's affair.
///
/// # Errors
/// Where the listener can't be used.
pub fn start<F, I, S, B>(
    application: F,
    listener: TcpListener,
    threads: Threads,
    pace: Pace,
) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    // connections have it from their listener
    SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER)?;
    let room = Arc::new(Room::default());
    let builder = Server::build()
        .disable_signals()
        .workers(threads.workers)
        .worker_max_blocking_threads(threads.blocking);
    let stopping = builder.graceful_shutdown_signal();
    let factory = move || {
        let (stopping, room) = (stopping.clone(), Arc::clone(&room));
        let service = application().into_factory().map_err(|error| error.into().error_response());
        let service = map_config(service, |()| AppConfig::default());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(IDLE)
            .client_request_timeout(IDLE)
            .client_disconnect_timeout(PARTING)
            .h1_write_buffer_size(WRITTEN_AT_ONCE)
            .on_connect_ext(|io: &Paced, data| {
                data.insert(io.connection().clone());
            })
            .h1(service);
        fn_service(move |io: TcpStream| {
            let peer = io.peer_addr().ok();
            // the end of an answer would wait until its beginning is confirmed
            drop(io.set_nodelay(true));
            let io = Paced::new(io, Connection::new(pace, Arc::clone(&room)));
            std::future::ready(Ok((io, peer)))
        })
        .and_then(http)
    };
    let server = builder.shutdown_timeout(LAST_ANSWERS).listen("vildar", listener, factory)?;
    Ok(server.run())
}
