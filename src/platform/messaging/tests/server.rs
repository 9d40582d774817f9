//! A mail server that says what the test wants.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::messaging::transport::{CONNECTIONS, Transport};

/// A mail server on a thread, which answers each message with the next of `answers`, the last one
/// again and again, and keeps what it took.
pub struct Server {
    address: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn new(answers: &[&'static str]) -> Self {
        Self::refusing("", answers)
    }

    /// It answers this verb (`220` is its greeting, `.` the letter) with the first of `answers`.
    pub fn refusing(verb: &'static str, answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (kept, answers) = (Arc::clone(&taken), answers.to_vec());
        std::thread::spawn(move || {
            let count = Arc::new(Mutex::new(0));
            for stream in listener.incoming().flatten() {
                let (kept, answers, count) =
                    (Arc::clone(&kept), answers.clone(), Arc::clone(&count));
                std::thread::spawn(move || talk(&stream, verb, &kept, &answers, &count));
            }
        });
        Self { address, taken }
    }

    /// It takes one letter a conversation, and says good-bye to what comes after it.
    pub fn tired() -> Self {
        Self::refusing("tired", &["250 ok"])
    }

    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().expect("not poisoned").clone()
    }

    pub fn transport(&self) -> Transport {
        Transport::smtp(&format!("smtp://{}", self.address), CONNECTIONS).expect("a URL")
    }

    pub fn transport_signing_in(&self) -> Transport {
        Transport::smtp(&format!("smtp://anna:wrong@{}", self.address), CONNECTIONS).expect("a URL")
    }
}

fn talk(
    stream: &TcpStream,
    refused: &str,
    kept: &Mutex<Vec<String>>,
    answers: &[&str],
    count: &Mutex<usize>,
) {
    let mut out = stream;
    let mut say = move |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    let (mut message, mut has_worked): (Option<String>, bool) = (None, false);
    say(if refused == "220" { answers[0] } else { "220 test" });
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        if let Some(text) = &mut message {
            if line != "." {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            kept.lock().expect("not poisoned").push(message.take().unwrap_or_default());
            has_worked = true;
            let mut count = count.lock().expect("not poisoned");
            say(answers[(*count).min(answers.len() - 1)]);
            *count += 1;
            continue;
        }
        match line.split(' ').next().unwrap_or_default() {
            "MAIL" if refused == "tired" && has_worked => {
                say("421 4.4.2 good night");
                return;
            }
            verb if verb == refused && answers[0] == "silence" => {
                // a letter that is told into an open one would be seen
                std::thread::sleep(Duration::from_mins(1));
            }
            verb if verb == refused => {
                say(answers[0]);
            }
            "EHLO" => {
                say("250-test\r\n250 AUTH PLAIN");
            }
            "DATA" => {
                message = Some(String::new());
                say("354 go on");
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => {
                say("250 ok");
            }
        }
    }
}
