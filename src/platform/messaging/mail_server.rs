//! A mail server, and conversations with it over a few connections that are kept.
//!
//! The conversation is our own, in the mail library's words: the library writes a letter's last line
//! by itself, which then waits for the server's delayed acknowledgement of the rest, 40 ms for each
//! letter; it waits for ever for a server that falls silent; and a connection that was left in the
//! middle of a letter goes back to its pool.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lettre::transport::smtp::{
    self,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Tls, TlsParameters},
    commands::{Data, Mail, Rcpt},
    extension::{ClientId, Extension, MailBodyParameter, MailParameter},
};
use percent_encoding::percent_decode_str;
use tokio::{runtime::Handle, time::Instant};
use url::Url;

use super::{message::Message, transport::BadSmtpUrl};

/// How long it may take to connect.
const CONNECTING: Duration = Duration::from_secs(20);
/// How long a mail server may take for one letter; tests don't wait as long.
const PATIENCE: Duration = if cfg!(test) { Duration::from_secs(1) } else { Duration::from_mins(2) };
/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(20);

/// Where the mail server is, and how it is spoken to.
struct Address {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl Address {
    /// # Errors
    /// Where the URL is none of a mail server; it never repeats the URL, which may hold a password.
    fn read(url: &str) -> Result<Self, BadSmtpUrl> {
        let unreadable = |why: &str| BadSmtpUrl::Unreadable(why.to_owned());
        let url = Url::parse(url).map_err(|error| unreadable(&error.to_string()))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| unreadable("it names no host"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let parameters =
            || TlsParameters::new(host.clone()).map_err(|error| unreadable(&error.to_string()));
        let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let (tls, usual) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", None) => (Tls::Wrapper(parameters()?), smtp::SUBMISSIONS_PORT),
            ("smtp", None) => (Tls::None, smtp::SMTP_PORT),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), smtp::SUBMISSION_PORT),
            ("smtp", Some("opportunistic")) => {
                (Tls::Opportunistic(parameters()?), smtp::SUBMISSION_PORT)
            }
            _ => return Err(unreadable("tls is `required` or `opportunistic`, of smtp:// alone")),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(std::borrow::Cow::into_owned).map_err(|_| unreadable("it is no UTF-8"))
        };
        let credentials = match url.password() {
            None => None,
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
        };
        let name = url.path().trim_matches('/');
        let hello = match name {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self { port: url.port().unwrap_or(usual), host, tls, credentials, hello })
    }

    /// A connection that is greeted, encrypted and signed in, as the address wants it.
    async fn connect(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let wrapped = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(CONNECTING),
            &self.hello,
            wrapped,
            None,
        )
        .await?;
        match &self.tls {
            Tls::Required(parameters) => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A mail server.
pub struct MailServer {
    address: Address,
    /// How many letters it is told at once at most.
    pub connections: u32,
    /// Connections between letters, each with when it was last used.
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    runtime: Handle,
}

/// How far a conversation was when it went wrong: what a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Its greeting, encryption and signing in: all letters fare alike.
    Connecting,
    /// `MAIL`: who sends.
    Sender,
    /// `RCPT`: who is to have it.
    Recipient,
    /// `DATA`: whether it may begin.
    Beginning,
    /// The letter itself.
    Content,
}

impl Step {
    /// An error that came at this step.
    fn of(self) -> impl Fn(smtp::Error) -> Trouble {
        move |error| Trouble::Smtp(self, error)
    }
}

/// Why a conversation did not end well.
pub enum Trouble {
    /// As the mail library tells it.
    Smtp(Step, smtp::Error),
    /// It did not end.
    Silent(String),
}

impl MailServer {
    /// Call it inside the async runtime.
    ///
    /// # Errors
    /// Where the URL is none of a mail server.
    pub fn new(url: &str, connections: u32) -> Result<Self, BadSmtpUrl> {
        let (address, idle) = (Address::read(url)?, Mutex::default());
        Ok(Self { address, connections, idle, runtime: Handle::current() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over one message.
    ///
    /// # Errors
    /// What the server answered, or that it did not.
    pub async fn send(self: &Arc<Self>, message: Message) -> Result<(), Trouble> {
        let server = Arc::clone(self);
        self.to_its_end(async move { server.tell(&message).await }).await
    }

    /// Whether the server takes a connection, greeting and sign-in included.
    pub async fn lets_in(self: &Arc<Self>) -> bool {
        self.try_to_get_in().await.is_ok()
    }

    /// The same, with why not.
    ///
    /// # Errors
    /// What the server answered, or that it did not.
    pub async fn try_to_get_in(self: &Arc<Self>) -> Result<(), Trouble> {
        let server = Arc::clone(self);
        let connecting =
            async move { server.address.connect().await.map_err(Step::Connecting.of()) };
        let mut connection = self.to_its_end(connecting).await?;
        // as politely as it lets us
        drop(tokio::time::timeout(Duration::from_secs(1), connection.abort()).await);
        Ok(())
    }

    /// Has a conversation come to its end, even where nobody waits for it any more; one that takes
    /// too long is broken off with its connection.
    async fn to_its_end<T: Send + 'static>(
        &self,
        talk: impl Future<Output = Result<T, Trouble>> + Send + 'static,
    ) -> Result<T, Trouble> {
        let mut talk = self.runtime.spawn(talk);
        match tokio::time::timeout(PATIENCE, &mut talk).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(error)) => Err(Trouble::Silent(error.to_string())),
            Err(_) => {
                talk.abort();
                Err(Trouble::Silent(format!("the mail server did not answer within {PATIENCE:?}")))
            }
        }
    }

    async fn tell(&self, message: &Message) -> Result<(), Trouble> {
        let connect = || async { self.address.connect().await.map_err(Step::Connecting.of()) };
        let kept = self.take_idle();
        let was_kept = kept.is_some();
        let mut connection = match kept {
            Some(connection) => connection,
            None => connect().await?,
        };
        let from = || {
            let mut options = Vec::new();
            let can = |feature| connection.server_info().supports_feature(feature);
            // a server that can't will say so
            let envelope = &message.envelope;
            let mut addresses = envelope.to().iter().chain(envelope.from());
            let is_foreign = addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii());
            if is_foreign && can(Extension::SmtpUtfEight) {
                options.push(MailParameter::SmtpUtfEight);
            }
            if !message.bytes.is_ascii() && can(Extension::EightBitMime) {
                options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
            }
            Mail::new(message.envelope.from().cloned(), options)
        };
        let from = from();
        match connection.command(from.clone()).await {
            Ok(_) => {}
            // the server let it go while it rested
            Err(error) if was_kept && error.status().is_none_or(is_farewell) => {
                connection = connect().await?;
                connection.command(from).await.map_err(Step::Sender.of())?;
            }
            Err(error) => return Err(Trouble::Smtp(Step::Sender, error)),
        }
        for to in message.envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            connection.command(to).await.map_err(Step::Recipient.of())?;
        }
        connection.command(Data).await.map_err(Step::Beginning.of())?;
        connection.command(Content(&message.bytes)).await.map_err(Step::Content.of())?;
        self.idle().push((connection, Instant::now()));
        Ok(())
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle();
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(connection, _)| connection)
    }
}

/// Whether a server says that it ends the conversation, at whatever step: RFC 5321, 3.8.
pub fn is_farewell(code: smtp::response::Code) -> bool {
    u16::from(code) == 421
}

/// A letter with its last line, which is written with it: dots at lines' beginnings are doubled
/// (RFC 5321, 4.5.2).
struct Content<'a>(&'a [u8]);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(self.0);
        let text = text.strip_suffix("\r\n").unwrap_or(&text);
        for line in text.split("\r\n") {
            let dot = if line.starts_with('.') { "." } else { "" };
            write!(f, "{dot}{line}\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_the_end_is_said_once() {
        for (letter, told) in [
            ("a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n..a\r\nb.\r\n", "..\r\n...a\r\nb.\r\n.\r\n"),
        ] {
            assert_eq!(Content(letter.as_bytes()).to_string(), told);
        }
    }

    #[test]
    fn addresses_say_how_they_are_reached() {
        let read = |url: &str| Address::read(url).map(|read| (read.host, read.port));
        let is = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(read("smtp://mail.example").ok(), is("mail.example", 25));
        assert_eq!(read("smtps://mail.example").ok(), is("mail.example", 465));
        assert_eq!(read("smtp://mail.example?tls=required").ok(), is("mail.example", 587));
        assert_eq!(read("smtp://[::1]:2525/points.example").ok(), is("::1", 2525));
        let signed = Address::read("smtps://anna%40shop.example:s%40cret@mail.example");
        let credentials = signed.ok().and_then(|read| read.credentials);
        let expected = Credentials::new("anna@shop.example".to_owned(), "s@cret".to_owned());
        assert_eq!(credentials, Some(expected));
    }
}
