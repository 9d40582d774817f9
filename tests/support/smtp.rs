//! A real SMTP server that keeps what it is sent and, when told so, fails as servers do.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// As it was before the transport stuffed its dots.
    pub raw: Vec<u8>,
}

/// Listens on a free port of the loopback until dropped.
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    received: Condvar,
}

#[derive(Debug, Default)]
struct State {
    messages: Vec<Received>,
    rcpt_answers: VecDeque<String>,
    data_answers: VecDeque<DataAnswer>,
    connections: Vec<TcpStream>,
    down: bool,
    closed: bool,
    /// One in so many is not taken, by a generator of numbers.
    refuses: Option<(u64, u64)>,
}

#[derive(Debug)]
enum DataAnswer {
    /// Say this after the message; it is kept only if this is a 2xx.
    Say(String),
    /// Keep the message, then hang up instead of saying so.
    LoseAnswer,
    /// Hang up in the middle of the message; it is not kept.
    Cut,
}

impl SmtpSink {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared::default());
        let server = Arc::clone(&shared);
        std::thread::spawn(move || server.accept(&listener));
        Self { address, shared }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What was taken so far, oldest first.
    pub fn messages(&self) -> Vec<Received> {
        self.shared.state().messages.clone()
    }

    /// Waits until at least this many messages were taken, and gives them all.
    ///
    /// # Panics
    /// When they do not come within ten seconds.
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        let (state, wait) = self
            .shared
            .received
            .wait_timeout_while(self.shared.state(), TIMEOUT, |s| s.messages.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        let got = state.messages.len();
        assert!(!wait.timed_out(), "waited for {count} messages and got {got}");
        state.messages.clone()
    }

    /// Forgets the messages, and the answers that nobody came to hear.
    pub fn clear(&self) {
        let mut state = self.shared.state();
        state.messages.clear();
        state.rcpt_answers.clear();
        state.data_answers.clear();
    }

    /// The next RCPT is answered so, as `451 4.3.0 later`; calls queue up.
    pub fn answer_next_rcpt(&self, answer: &str) {
        self.shared.state().rcpt_answers.push_back(answer.into());
    }

    /// The next message is answered so after its last line, as `554 5.6.0 no`; calls queue up.
    pub fn answer_next_data(&self, answer: &str) {
        self.next_data(DataAnswer::Say(answer.into()));
    }

    /// The next message is taken and kept, but the line goes dead before the sender is told so.
    pub fn lose_next_answer(&self) {
        self.next_data(DataAnswer::LoseAnswer);
    }

    /// The line goes dead in the middle of the next message, which is not kept.
    pub fn cut_next_data(&self) {
        self.next_data(DataAnswer::Cut);
    }

    fn next_data(&self, answer: DataAnswer) {
        self.shared.state().data_answers.push_back(answer);
    }

    /// Of so many messages, one is answered with 451, as chance has it by this seed.
    pub fn refuse_one_in(&self, many: u64, seed: u64) {
        self.shared.state().refuses = Some((many, seed | 1));
    }

    /// How many messages were taken so far.
    pub fn count(&self) -> usize {
        self.shared.state().messages.len()
    }

    /// Hangs up on everyone, and on whoever calls, until [`SmtpSink::up`].
    pub fn down(&self) {
        let mut state = self.shared.state();
        state.down = true;
        state.hang_up();
    }

    pub fn up(&self) {
        self.shared.state().down = false;
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.closed = true;
        state.hang_up();
        drop(state);
        let _ = TcpStream::connect(self.address); // wakes the listener, which then ends
    }
}

impl State {
    fn next_answer(&mut self) -> Option<DataAnswer> {
        let scripted = self.data_answers.pop_front();
        let Some((many, state)) = &mut self.refuses else { return scripted };
        // xorshift64: any numbers will do, if they are the same for the same seed
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let refused = || Some(DataAnswer::Say("451 4.3.0 later".to_owned()));
        scripted.or_else(|| if *state % *many == 0 { refused() } else { None })
    }

    fn hang_up(&mut self) {
        for connection in self.connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            let mut state = self.state();
            if state.closed {
                return;
            }
            let Ok(stream) = stream else { continue };
            if state.down {
                continue;
            }
            state.connections.extend(stream.try_clone());
            drop(state);
            let shared = Arc::clone(&self);
            // A conversation that breaks off is the sender's business to notice.
            std::thread::spawn(move || drop(Session::new(shared, stream).serve()));
        }
    }
}

/// One conversation. Answers are written one by one and in order, so that pipelining is safe.
struct Session {
    shared: Arc<Shared>,
    reader: BufReader<TcpStream>,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    fn new(shared: Arc<Shared>, stream: TcpStream) -> Self {
        Self { shared, reader: BufReader::new(stream), from: None, to: Vec::new() }
    }

    fn serve(mut self) -> std::io::Result<()> {
        self.say("220 sink.test ESMTP")?;
        while let Some(line) = self.line()? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let upper = line.to_ascii_uppercase();
            match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    self.reset();
                    self.say("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 26214400")?;
                }
                "HELO" => {
                    self.reset();
                    self.say("250 sink.test")?;
                }
                "MAIL" if self.from.is_some() => self.say("503 5.5.1 one at a time")?,
                "MAIL" => {
                    self.from = Some(path_in(&line));
                    self.say("250 2.1.0 ok")?;
                }
                "RCPT" => self.rcpt(&line)?,
                "DATA" if self.to.is_empty() => self.say("503 5.5.1 nobody to send it to")?,
                "DATA" => {
                    if !self.data()? {
                        break;
                    }
                }
                "RSET" => {
                    self.reset();
                    self.say("250 2.0.0 ok")?;
                }
                "NOOP" => self.say("250 2.0.0 ok")?,
                "QUIT" => {
                    self.say("221 2.0.0 bye")?;
                    break;
                }
                _ => self.say("502 5.5.2 not known here")?,
            }
        }
        self.reader.get_ref().shutdown(Shutdown::Both)
    }

    fn rcpt(&mut self, line: &str) -> std::io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first");
        }
        let scripted = self.shared.state().rcpt_answers.pop_front();
        let answer = scripted.as_deref().unwrap_or("250 2.1.5 ok");
        if answer.starts_with('2') {
            self.to.push(path_in(line));
        }
        self.say(answer)
    }

    /// Takes one message; `false` when the line is to go dead.
    fn data(&mut self) -> std::io::Result<bool> {
        self.say("354 end with a dot")?;
        let scripted = self.shared.state().next_answer();
        let mut raw = Vec::new();
        loop {
            let Some(line) = self.line()? else {
                return Ok(false);
            };
            if line == b".\r\n" {
                break;
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if matches!(scripted, Some(DataAnswer::Cut)) {
                return Ok(false);
            }
        }
        let answer = match scripted {
            Some(DataAnswer::Say(answer)) => Some(answer),
            Some(DataAnswer::LoseAnswer | DataAnswer::Cut) => None,
            None => Some("250 2.0.0 taken".to_owned()),
        };
        let message = Received {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            raw,
        };
        if answer.as_ref().is_none_or(|answer| answer.starts_with('2')) {
            self.shared.state().messages.push(message);
            self.shared.received.notify_all();
        }
        match answer {
            Some(answer) => self.say(&answer).map(|()| true),
            None => Ok(false),
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// The next line with its end; `None` when the sender has hung up.
    fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let limit = 1 << 20; // no sane line comes near it
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut line)?;
        Ok((read > 0).then_some(line))
    }

    fn say(&mut self, answer: &str) -> std::io::Result<()> {
        self.reader.get_mut().write_all(format!("{answer}\r\n").as_bytes())
    }
}

/// The address in `MAIL FROM:<ann@example.com> SIZE=…`.
fn path_in(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line.get(start..end).unwrap_or_default().to_owned()
}
