//! A file that remembers where its lines begin, and whether a quote in it was never closed: the CSV
//! reader tells neither. Its own count of lines is of the row's end before, so that it is off behind
//! blank lines and where lines end in CRLF; and at the file's end it takes every quote for closed.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

/// How long a quoted value may be, in bytes: what is longer has lost its end.
const LONGEST: u64 = 1024 * 1024;

/// The file, as far as it was read.
pub struct Numbered<R> {
    inner: R,
    /// How many bytes were read.
    bytes: u64,
    line: u64,
    at_start: bool,
    /// Byte and number of each line that is not blank, until a row behind it was read.
    starts: VecDeque<(u64, u64)>,
    place: Place,
    /// Byte and line of the quote that was opened last.
    opened: (u64, u64),
    is_over: bool,
}

/// Where in a value the file is, as the CSV reader sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// Behind a quote in a quoted value: its end, or the first of two.
    Closing,
}

impl Place {
    const fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Closing,
            (Self::Quoted, _) | (Self::Start | Self::Closing, b'"') => Self::Quoted,
            (_, b',' | b'\n' | b'\r') => Self::Start,
            _ => Self::Plain,
        }
    }
}

impl<R: Read> Numbered<R> {
    pub const fn new(inner: R) -> Self {
        Self {
            inner,
            bytes: 0,
            line: 1,
            at_start: true,
            starts: VecDeque::new(),
            place: Place::Start,
            opened: (0, 0),
            is_over: false,
        }
    }

    /// The line of the row that begins at a byte, or behind blank lines there. Rows are asked for
    /// in order.
    pub fn line_of(&mut self, byte: u64) -> u64 {
        while self.starts.front().is_some_and(|(start, _)| *start < byte) {
            self.starts.pop_front();
        }
        self.starts.front().map_or(self.line, |(_, line)| *line)
    }

    /// The line of a quote that is never closed, and the file's last line; once the file was read.
    pub fn unclosed(&self) -> Option<(u64, u64)> {
        let last = if self.at_start { self.line - 1 } else { self.line };
        (self.is_over && self.place == Place::Quoted).then_some((self.opened.1, last))
    }

    fn look_at(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let is_mark = self.bytes < 3 && b"\xef\xbb\xbf".contains(byte);
            if !is_mark {
                let place = self.place.after(*byte);
                if place == Place::Quoted && self.place == Place::Start {
                    self.opened = (self.bytes, self.line);
                }
                self.place = place;
            }
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.at_start = true;
                }
                b'\r' if self.at_start => {}
                _ if self.at_start => {
                    self.starts.push_back((self.bytes, self.line));
                    self.at_start = false;
                }
                _ => {}
            }
            self.bytes += 1;
        }
    }

    fn is_lost(&self) -> bool {
        self.place == Place::Quoted && self.bytes - self.opened.0 > LONGEST
    }

    /// Reads on to the end, to count the lines.
    fn skip(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.inner.read(&mut buffer)? {
                0 => return Ok(()),
                read => {
                    self.line += breaks(&buffer[..read]);
                    self.at_start = buffer[read - 1] == b'\n';
                }
            }
        }
    }
}

/// How many lines end in these bytes.
pub fn breaks(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').skip(1).count() as u64
}

impl<R: Read> Read for Numbered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(0);
        }
        if self.is_lost() {
            self.skip()?;
            self.is_over = true;
            return Ok(0);
        }
        let read = self.inner.read(buffer)?;
        self.is_over = read == 0 && !buffer.is_empty();
        self.look_at(&buffer[..read]);
        Ok(read)
    }
}
