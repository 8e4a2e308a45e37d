//! One request of a connection after the other.
//!
//! A client may send requests without waiting for the answers (RFC 9112 §9.3.2). The framework reads all that came, and writes the head
//! of each answer as the request that it read last wants it: without a body where that was a `HEAD`. So the bytes behind a request are
//! kept here until it is answered. Only where a head ends and how long its body is has to be known for that, and the framework reads
//! both again: where it sees them otherwise, it ends the connection, or the connection rests until it is ended.

use std::mem;

/// Of a line no more is kept than tells what it is.
const LINE: usize = 64;

/// Where the bytes of a connection are, as far as they have passed.
#[derive(Debug, Default)]
pub(super) struct Turns {
    at: At,
    /// The line that came in part.
    line: Vec<u8>,
    /// Heads that passed, all of their bytes.
    heads: u64,
    /// Whether the last of them is answered.
    is_answered: bool,
    /// Bytes that may not pass yet.
    early: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// In a head, or before it: whether any of its lines has come, and the body that they tell of.
    Head { begun: bool, body: Body },
    /// In a body of which so many bytes are to come.
    Body(u64),
    /// Behind a request.
    Behind,
    /// In or behind a body in chunks, whose end is not looked for: all passes from now on.
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Sized(u64),
    Chunked,
}

impl Default for At {
    fn default() -> Self {
        Self::Head {
            begun: false,
            body: Body::Sized(0),
        }
    }
}

impl Turns {
    /// How many of these bytes, which follow those that passed, may pass now. The rest is to be given to [`Self::keep`].
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        while let Some(rest) = bytes.get(passed..).filter(|rest| !rest.is_empty()) {
            match self.at {
                At::Head { begun, body } => passed += self.head(rest, begun, body),
                At::Body(left) => {
                    let of_body = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    passed += of_body;
                    let left = left.saturating_sub(of_body as u64);
                    self.at = if left == 0 { At::Behind } else { At::Body(left) };
                }
                At::Behind if self.is_answered => self.at = At::default(),
                At::Behind => return passed,
                At::Open => return bytes.len(),
            }
        }
        passed
    }

    /// How many of the bytes are of this head.
    fn head(&mut self, bytes: &[u8], mut begun: bool, mut body: Body) -> usize {
        let mut read = 0;
        while let Some(rest) = bytes.get(read..).filter(|rest| !rest.is_empty()) {
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                self.add(rest);
                break;
            };
            read += end + 1;
            let line = rest.get(..end).unwrap_or_default();
            let of_line = if self.line.is_empty() {
                told(line)
            } else {
                self.add(line);
                told(&mem::take(&mut self.line))
            };
            match of_line {
                // Blank lines before a request are no part of it (RFC 9112 §2.2).
                Told::End if begun => {
                    self.heads += 1;
                    self.is_answered = false;
                    self.at = match body {
                        Body::Sized(0) => At::Behind,
                        Body::Sized(bytes) => At::Body(bytes),
                        Body::Chunked => At::Open,
                    };
                    return read;
                }
                Told::End => {}
                Told::Body(told) => (begun, body) = (true, told),
                Told::Other => begun = true,
            }
        }
        self.at = At::Head { begun, body };
        bytes.len()
    }

    fn add(&mut self, part: &[u8]) {
        let room = LINE.saturating_sub(self.line.len());
        self.line.extend(part.iter().take(room));
    }

    /// Keeps what may not pass yet.
    pub(super) fn keep(&mut self, bytes: &[u8]) {
        self.early.extend_from_slice(bytes);
    }

    /// Whether bytes are kept, behind which all others have to wait.
    pub(super) fn has_kept(&self) -> bool {
        !self.early.is_empty()
    }

    /// The bytes that were kept and may pass now, as many as there is room for.
    pub(super) fn kept(&mut self, room: usize) -> Vec<u8> {
        let mut early = mem::take(&mut self.early);
        let mut later = early.split_off(room.min(early.len()));
        let passed = self.pass(&early);
        self.early = early.split_off(passed);
        self.early.append(&mut later);
        early
    }

    /// So many requests were answered: whether bytes that are kept may pass for it.
    pub(super) fn answered(&mut self, requests: u64) -> bool {
        self.is_answered |= requests == self.heads;
        self.is_answered && self.has_kept()
    }
}

/// What a line of a head tells.
enum Told {
    /// That it was the last.
    End,
    Body(Body),
    Other,
}

fn told(line: &[u8]) -> Told {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Told::End;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return Told::Other;
    };
    let (name, value) = line.split_at(colon);
    if name.eq_ignore_ascii_case(b"transfer-encoding") {
        Told::Body(Body::Chunked)
    } else if name.eq_ignore_ascii_case(b"content-length") {
        let digits = value.get(1..).unwrap_or_default().trim_ascii();
        let length = digits.iter().all(u8::is_ascii_digit).then_some(digits);
        let length = length.and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
        // Whatever else it says, the framework refuses.
        Told::Body(length.map_or(Body::Chunked, Body::Sized))
    } else {
        Told::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const POST: &str = "POST / HTTP/1.1\r\ncontent-LENGTH:  5 \r\n\r\na\n\n\nb";
    const CHUNKS: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n";

    /// What passes of the bytes, which come in these pieces, before the first answer, and behind each.
    fn passing(bytes: &[u8], pieces: &[usize]) -> Vec<String> {
        let (mut turns, mut all, mut now) = (Turns::default(), Vec::new(), Vec::new());
        let (mut rest, mut pieces) = (bytes, pieces.iter().cycle());
        while !rest.is_empty() {
            let (piece, later) = rest.split_at((*pieces.next().unwrap()).clamp(1, rest.len()));
            rest = later;
            // Who reads asks for nothing more while bytes are kept.
            let passed = if turns.has_kept() { 0 } else { turns.pass(piece) };
            now.extend_from_slice(&piece[..passed]);
            turns.keep(&piece[passed..]);
        }
        for answered in 1.. {
            all.push(String::from_utf8(mem::take(&mut now)).unwrap());
            if !turns.answered(answered) {
                break;
            }
            loop {
                let kept = turns.kept(*pieces.next().unwrap());
                if kept.is_empty() {
                    break;
                }
                now.extend(kept);
            }
        }
        all
    }

    #[test]
    fn a_request_passes_when_the_one_before_it_is_answered() {
        let lines = "\r\n\r\nGET / HTTP/1.1\nHost: x\n\n";
        let zero = "PUT / HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
        let sent = [GET, POST, lines, zero, GET];
        assert_eq!(passing(sent.concat().as_bytes(), &[usize::MAX]), sent);
        // Behind a body in chunks nothing is kept any more, nor where nobody can say how long it is.
        for open in [CHUNKS, "PUT / HTTP/1.1\r\nContent-Length: +1\r\n\r\n"] {
            let expected = [GET.to_owned(), [open, GET, GET].concat()];
            assert_eq!(
                passing([GET, open, GET, GET].concat().as_bytes(), &[usize::MAX]),
                expected
            );
        }
    }

    #[test]
    fn an_answer_opens_the_way_once_and_for_the_request_that_is_due() {
        let mut turns = Turns::default();
        assert!(!turns.answered(0));
        assert_eq!(turns.pass(GET.as_bytes()), GET.len());
        assert_eq!(turns.pass(GET.as_bytes()), 0);
        turns.keep(GET.as_bytes());
        // A part of an earlier answer, as it goes on.
        assert!(!turns.answered(0));
        assert!(turns.answered(1));
        assert_eq!(turns.kept(usize::MAX), GET.as_bytes());
        assert!(!turns.has_kept() && !turns.answered(1));
        assert_eq!(turns.pass(b"GET"), 0);
    }

    proptest! {
        #[test]
        fn however_the_bytes_come_the_same_pass(
            kinds in prop::collection::vec(0..3_usize, 1..6),
            pieces in prop::collection::vec(1..40_usize, 1..8),
        ) {
            let long = format!("HEAD /{} HTTP/1.1\r\nX-{}: 1\r\n\r\n", "a".repeat(200), "b".repeat(90));
            let sent: Vec<&str> = kinds.iter().map(|kind| [GET, POST, &long][*kind]).collect();
            prop_assert_eq!(passing(sent.concat().as_bytes(), &pieces), sent);
        }
    }
}
