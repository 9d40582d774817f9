//! How letters leave the house: by SMTP, into a folder, or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use lettre::transport::smtp;

use super::{
    mail_server::{MailServer, Step, Trouble, is_farewell},
    message::Message,
};
use crate::kernel::{clock::Timestamp, id::LetterId};

/// Where the courier hands its letters.
#[derive(Clone)]
pub enum Transport {
    /// A mail server, by a pool of connections.
    Smtp(Arc<MailServer>),
    /// A folder that gets one `.eml` file a letter, for the demo and for trying things out.
    Mailbox(PathBuf),
    /// None yet: letters wait in the outbox.
    None,
}

/// Hands over one message, and says what its refusal means.
async fn by_smtp(server: &Arc<MailServer>, message: Message) -> Result<(), SendError> {
    let (step, error) = match server.send(message).await {
        Ok(()) => return Ok(()),
        Err(Trouble::Smtp(step, error)) => (step, error),
        Err(Trouble::Silent(told)) if server.lets_in().await => {
            return Err(SendError::Later(told));
        }
        Err(Trouble::Silent(told)) => return Err(SendError::Away(told)),
    };
    let told = told(&error);
    Err(match error.status() {
        _ if step == Step::Connecting => SendError::Away(told),
        Some(code) if is_farewell(code) => SendError::Away(told),
        // the line went dead: with this letter, or with all
        None if !error.is_client() && !server.lets_in().await => SendError::Away(told),
        _ if !is_final(&error) => SendError::Later(told),
        Some(code) if is_about_the_address(step, code.into(), &told) => SendError::NoMailbox(told),
        _ => SendError::Never(told),
    })
}

/// Whether an error may be about the letter itself. A server that wants another password, or any,
/// says so of every letter: RFC 4954, section 6.
fn is_final(error: &smtp::Error) -> bool {
    let about_signing_in =
        error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    (error.is_permanent() || error.is_client()) && !about_signing_in
}

/// Whether a refusal for good says that there is no such mailbox: by a code that says just that, to
/// the address or to the whole letter, or by a plain refusal of the address (RFC 5321, 4.2.2). What
/// is said to the sender, or plainly to the letter, may be about us or what the letter says.
fn is_about_the_address(step: Step, status: u16, told: &str) -> bool {
    match (step, enhanced(told)) {
        (Step::Recipient | Step::Content, Some((subject, detail))) => {
            matches!((subject, detail), (1, 1 | 2 | 3 | 6 | 10) | (2, 1))
        }
        (Step::Recipient, None) => matches!(status, 550 | 551 | 553),
        _ => false,
    }
}

/// Subject and detail of the first `5.x.y` (RFC 3463) in what a server said.
fn enhanced(told: &str) -> Option<(u16, u16)> {
    let number = |part: &str| part.parse().ok().filter(|_| !part.starts_with('+'));
    told.split(|c: char| c.is_whitespace() || "():,".contains(c)).find_map(|word| {
        match word.split('.').collect::<Vec<&str>>().as_slice() {
            ["5", subject, detail] => Some((number(subject)?, number(detail)?)),
            _ => None,
        }
    })
}

/// Why `VILDAR_SMTP_URL` was not taken. It never shows the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum BadSmtpUrl {
    #[error(
        "an SMTP URL begins with smtp:// or smtps://, such as smtps://user:password@mail.example"
    )]
    Scheme,
    #[error("the SMTP URL can't be read: {0}")]
    Unreadable(String),
}

/// How a delivery went wrong.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The way is shut, whatever the letter says: the server is away, or does not let us in.
    #[error("{0}")]
    Away(String),
    /// The letter was not taken now; the same may go later.
    #[error("{0}")]
    Later(String),
    /// The letter was refused for good.
    #[error("{0}")]
    Never(String),
    /// And so will be all others to its address.
    #[error("{0}")]
    NoMailbox(String),
}

/// How many letters are on their way at once, where nothing else is said.
pub const CONNECTIONS: u32 = 8;

impl Transport {
    /// By SMTP, as `smtps://user:password@host:465` (TLS), `smtp://host:587?tls=required`
    /// (STARTTLS), `…?tls=opportunistic`, or `smtp://127.0.0.1:2525` (bare). Call it inside the
    /// async runtime.
    ///
    /// # Errors
    /// Where the URL is none of those.
    pub fn smtp(url: &str, connections: u32) -> Result<Self, BadSmtpUrl> {
        if !url.starts_with("smtp://") && !url.starts_with("smtps://") {
            return Err(BadSmtpUrl::Scheme);
        }
        MailServer::new(url, connections).map(|server| Self::Smtp(Arc::new(server)))
    }

    /// How many letters may be handed over at the same time. A folder gets them in order.
    #[must_use]
    pub fn width(&self) -> usize {
        match self {
            Self::Smtp(server) => server.connections as usize,
            Self::Mailbox(_) | Self::None => 1,
        }
    }

    /// Looks whether letters would be taken now, without one.
    ///
    /// # Errors
    /// Why not.
    pub async fn is_open(&self) -> Result<(), String> {
        match self {
            Self::Smtp(server) => server.try_to_get_in().await.map_err(|trouble| match trouble {
                Trouble::Smtp(_, error) => told(&error),
                Trouble::Silent(told) => told,
            }),
            Self::Mailbox(folder) if folder.is_dir() => Ok(()),
            Self::Mailbox(folder) => Err(format!("there is no folder {}", folder.display())),
            Self::None => Err("there is no mail server".to_owned()),
        }
    }

    /// Hands over one letter, queued at `queued_at`; once this answers, it is out of our hands.
    ///
    /// # Errors
    /// [`SendError::Away`] where the way is shut, signing in and 421 at any step included;
    /// [`SendError::Later`] for other 4xx answers and for a letter at which the line goes dead;
    /// [`SendError::Never`] where a server that let us in answers a letter with 5xx, and
    /// [`SendError::NoMailbox`] where it says that there is nobody to take any.
    pub async fn send(
        &self,
        id: LetterId,
        queued_at: Timestamp,
        message: Message,
    ) -> Result<(), SendError> {
        match self {
            Self::Smtp(server) => by_smtp(server, message).await,
            Self::Mailbox(folder) => {
                let (folder, name) = (folder.clone(), file_name(id, queued_at));
                let work = move || write_whole(&folder, &name, &message.bytes);
                match tokio::task::spawn_blocking(work).await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(SendError::Away(format!("the mailbox: {error}"))),
                    Err(error) => Err(SendError::Later(format!("the mailbox: {error}"))),
                }
            }
            Self::None => Err(SendError::Away("there is no transport".to_owned())),
        }
    }
}

/// The error with what caused it.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// Sorts by the time of queueing, and is the same on every try, so that a letter whose mark was
/// lost lies there once.
fn file_name(id: LetterId, queued_at: Timestamp) -> String {
    format!("{}-{id}.eml", queued_at.jiff().strftime("%Y%m%dT%H%M%S.%6fZ"))
}

/// Nobody ever sees half a letter: it is written beside and renamed.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!(".{name}.part"));
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_thread_may_be_the_last_to_let_go() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let make = || async { Transport::smtp("smtp://127.0.0.1:2525", CONNECTIONS) };
        let during = runtime.block_on(make()).expect("a transport");
        let after = runtime.block_on(make()).expect("a transport");
        assert!(std::thread::spawn(move || drop(during)).join().is_ok());
        drop(runtime);
        assert!(std::thread::spawn(move || drop(after)).join().is_ok());
    }

    #[tokio::test]
    async fn urls_are_understood_and_never_repeated() {
        for good in [
            "smtp://127.0.0.1:2525",
            "smtp://mail.example:587?tls=required",
            "smtps://anna:s%40cret@mail.example",
        ] {
            assert!(matches!(Transport::smtp(good, CONNECTIONS), Ok(Transport::Smtp(_))), "{good}");
        }
        for bad in [
            "",
            "mail.example",
            "http://a:hush@b",
            "smtp://",
            "smtp://u:hush@h?tls=maybe",
            "smtps://u:hush@h:99999",
        ] {
            let error = Transport::smtp(bad, CONNECTIONS).err().map(|error| error.to_string());
            assert!(error.as_ref().is_some_and(|text| !text.contains("hush")), "{bad}: {error:?}");
        }
    }

    #[test]
    fn an_address_is_at_fault_only_where_the_server_says_so() {
        for (step, status, told) in [
            (Step::Recipient, 550, "permanent error (550): 5.1.1 no such user"),
            (Step::Recipient, 550, "permanent error (550): mailbox unavailable"),
            (Step::Recipient, 553, "permanent error (553): 5.1.3 bad address syntax"),
            (Step::Recipient, 550, "permanent error (550): 5.1.10 null MX"),
            (Step::Recipient, 550, "permanent error (550): 5.2.1 the account is disabled"),
            (Step::Content, 550, "permanent error (550): 5.1.1 no such user"),
        ] {
            assert!(is_about_the_address(step, status, told), "{step:?} {told}");
        }
        for (step, status, told) in [
            (Step::Recipient, 550, "permanent error (550): 5.7.1 looks like spam"),
            (Step::Recipient, 550, "permanent error (550): 5.1.7 no such sender"),
            (Step::Recipient, 550, "permanent error (550): 5.1.8 no such sender's host"),
            (Step::Recipient, 552, "permanent error (552): 5.2.2 mailbox full"),
            (Step::Recipient, 552, "permanent error (552): too large"),
            (Step::Recipient, 554, "permanent error (554): transaction failed, see 5.1.x"),
            (Step::Sender, 550, "permanent error (550): we take nothing of yours"),
            (Step::Sender, 553, "permanent error (553): 5.1.3 bad address syntax"),
            (Step::Beginning, 550, "permanent error (550): not now"),
            (Step::Content, 550, "permanent error (550): looks like spam"),
            (Step::Content, 553, "permanent error (553): 5.1.8 no such sender's host"),
        ] {
            assert!(!is_about_the_address(step, status, told), "{step:?} {told}");
        }
    }
}
