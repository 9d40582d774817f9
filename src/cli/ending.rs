//! How a server is asked to end: by `kill`, by Ctrl-C, by a terminal that closes.

use std::{io, pin::pin};

use actix_web::dev::Server;

use super::Outcome;

/// Waits for being asked to end. From when it is made, no signal ends the process by itself: what
/// was asked meanwhile is done by [`serve`](Self::serve).
pub struct Ending {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 4],
}

impl Ending {
    #[cfg(unix)]
    pub fn awaited() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminal = signal(SignalKind::hangup())?;
        let (kill, key) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { signals: [kill, key, terminal, signal(SignalKind::quit())?] })
    }

    #[cfg(not(unix))]
    pub fn awaited() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Answers whether that may wait for what is in flight; only SIGQUIT may not.
    #[cfg(unix)]
    async fn asked(&mut self) -> bool {
        let [kill, key, terminal, quit] = &mut self.signals;
        tokio::select! {
            _ = kill.recv() => true,
            _ = key.recv() => true,
            _ = terminal.recv() => true,
            _ = quit.recv() => false,
        }
    }

    #[cfg(not(unix))]
    async fn asked(&mut self) -> bool {
        drop(tokio::signal::ctrl_c().await);
        true
    }

    /// Serves until then.
    pub async fn serve(mut self, server: Server) -> Outcome {
        let handle = server.handle();
        let mut server = pin!(server);
        let waits = tokio::select! {
            ended = &mut server => return Ok(ended?),
            waits = self.asked() => waits,
        };
        let (ended, ()) = tokio::join!(server, handle.stop(waits));
        Ok(ended?)
    }
}
