//! One `DevTools` connection: commands out, answers and events in.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long anything may take.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a read waits before it looks at the clock.
const TICK: Duration = Duration::from_millis(20);

pub struct Cdp {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    /// Events that came and that nobody has looked at yet.
    pub events: VecDeque<Value>,
}

impl Cdp {
    pub fn connect(port: u16, path: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the browser listens");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout is set");
        let url = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) = tungstenite::client(url, stream).expect("the browser shakes hands");
        socket.get_ref().set_read_timeout(Some(TICK)).expect("a timeout is set");
        Self { socket, last_id: 0, events: VecDeque::new() }
    }

    /// Sends a command and waits for its answer; an `Err` is what the browser said was wrong.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value, String> {
        let id = self.send(method, params)?;
        let since = Instant::now();
        while since.elapsed() < TIMEOUT {
            let Some(mut message) = self.receive()? else {
                continue;
            };
            if message["id"] != id {
                self.events.push_back(message);
            } else if let Some(error) = message.get("error") {
                return Err(error["message"].as_str().unwrap_or_default().to_owned());
            } else {
                return Ok(message["result"].take());
            }
        }
        Err(format!("no answer within {TIMEOUT:?}"))
    }

    /// Waits a moment for one more event.
    pub fn listen(&mut self) -> Result<(), String> {
        let message = self.receive()?;
        self.events.extend(message);
        Ok(())
    }

    fn send(&mut self, method: &str, params: Value) -> Result<u64, String> {
        self.last_id += 1;
        let mut command = json!({"id": self.last_id, "method": method});
        command["params"] = params;
        self.socket
            .send(Message::text(command.to_string()))
            .map_err(|error| format!("the browser is gone: {error}"))?;
        Ok(self.last_id)
    }

    fn receive(&mut self) -> Result<Option<Value>, String> {
        let message = match self.socket.read() {
            Ok(Message::Text(text)) => text,
            Ok(_) => return Ok(None),
            Err(tungstenite::Error::Io(error))
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(format!("the browser is gone: {error}")),
        };
        let message: Value = serde_json::from_str(&message).map_err(|error| error.to_string())?;
        if message["method"] == "Page.javascriptDialogOpening" {
            // Nothing goes on while a dialog stands open; its answer is an event nobody reads.
            self.send("Page.handleJavaScriptDialog", json!({"accept": true}))?;
        }
        Ok(Some(message))
    }
}
