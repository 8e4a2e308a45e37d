//! One request of a connection after the other.
//!
//! A client may send requests without waiting for the answers (RFC 9112 §9.3.2). The framework reads all that came, and writes the head
//! of each answer as the request that it read last wants it: without a body where that was a `HEAD`, and as the last one where that was to be
//! the last. So the bytes behind a request are kept here until it is answered, and what comes behind a last one is thrown away. Where a
//! request ends has to be known for that (RFC 9112 §6 and §7.1), and the framework reads the same again: what it refuses it ends the
//! connection for, and nothing is looked for any more. What it would take and cannot be followed here is refused here.

use std::mem;

use memchr::{memchr, memchr_iter};

/// Bytes of a line that came in parts, of which no more is needed to tell what it is.
const LINE: usize = 256;
/// What the framework sends to whoever waits for it before a body.
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Where the bytes of a connection are, as far as they have passed.
#[derive(Debug, Default)]
pub(super) struct Turns {
    at: At,
    /// The line that came in part, as far as it is needed.
    line: Vec<u8>,
    is_cut: bool,
    /// Heads that passed, all of their bytes.
    heads: u64,
    answer: Answer,
    /// Bytes that may not pass yet.
    early: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// In a head, or before it: whether any of its lines has come, and the body that they tell of.
    Head {
        begun: bool,
        body: Body,
    },
    /// In a body, or in a part of one and the end of the line behind it, of which so many bytes are to come.
    Body(u64),
    Part(u64),
    /// Before the size of the next part.
    Size,
    /// Behind the last part, in lines that end like a head.
    Trailer,
    /// Behind a request.
    Behind,
    /// Nobody can say where.
    Lost,
    /// Behind a line that is too long to be followed, and might tell where.
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Sized(u64),
    Chunked,
    Unknown,
    Refused,
}

/// The answer to the last request whose head passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Answer {
    #[default]
    ToCome,
    Begun,
    Sent,
    /// Begun, or sent, and the last of the connection.
    Last,
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
                At::Body(left) | At::Part(left) => {
                    let of_body = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    passed += of_body;
                    let left = left.saturating_sub(of_body as u64);
                    self.at = match self.at {
                        At::Part(_) if left == 0 => At::Size,
                        At::Part(_) => At::Part(left),
                        _ if left == 0 => At::Behind,
                        _ => At::Body(left),
                    };
                }
                At::Behind if self.answer == Answer::Sent => self.at = At::default(),
                At::Behind | At::Refused => return passed,
                At::Lost => return bytes.len(),
                At::Head { .. } | At::Size | At::Trailer => {
                    let Some(end) = memchr(b'\n', rest) else {
                        self.add(rest);
                        return bytes.len();
                    };
                    passed += end + 1;
                    self.line(rest.get(..end).unwrap_or_default());
                }
            }
        }
        passed
    }

    /// Reads the end of a line, or a whole one.
    fn line(&mut self, end: &[u8]) {
        if self.line.is_empty() {
            self.at = self.after(end, false);
        } else {
            self.add(end);
            let (line, is_cut) = (mem::take(&mut self.line), mem::take(&mut self.is_cut));
            self.at = self.after(&line, is_cut);
        }
    }

    fn add(&mut self, part: &[u8]) {
        let room = LINE.saturating_sub(self.line.len());
        self.is_cut |= part.len() > room;
        self.line.extend(part.iter().take(room));
    }

    /// Where it is behind this line.
    fn after(&mut self, line: &[u8], is_cut: bool) -> At {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self.at {
            At::Head { begun: true, body } if line.is_empty() => {
                self.heads += 1;
                self.answer = Answer::ToCome;
                match body {
                    Body::Sized(0) => At::Behind,
                    Body::Sized(bytes) => At::Body(bytes),
                    Body::Chunked => At::Size,
                    Body::Unknown => At::Lost,
                    Body::Refused => At::Refused,
                }
            }
            // Blank lines before a request are no part of it (RFC 9112 §2.2).
            At::Head { .. } if line.is_empty() => self.at,
            At::Head { body, .. } => At::Head {
                begun: true,
                body: match told(line) {
                    Some(_) if is_cut => Body::Refused,
                    Some(told) if body != Body::Refused => told,
                    _ => body,
                },
            },
            At::Size if is_cut && !line.contains(&b';') => At::Refused,
            At::Size => match size(line) {
                Some(0) => At::Trailer,
                Some(bytes) => At::Part(bytes.saturating_add(2)),
                None => At::Lost,
            },
            At::Trailer if line.is_empty() => At::Behind,
            at => at,
        }
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

    /// These bytes begin to be sent, where so many requests have come to those who answer.
    pub(super) fn sending(&mut self, bytes: &[u8], begun: u64) {
        // Not yet the answer (RFC 9110 §15.2.1), which may come in the same breath.
        let bytes = bytes.strip_prefix(GO_ON).unwrap_or(bytes);
        if self.answer == Answer::ToCome && begun == self.heads && begun > 0 && !bytes.is_empty() {
            self.answer = Answer::Begun;
            if is_last(bytes) {
                self.answer = Answer::Last;
                self.early.clear();
            }
        }
    }

    /// All is sent of the answers to so many requests: whether bytes that are kept may pass for it.
    pub(super) fn sent(&mut self, answered: u64) -> bool {
        if self.answer == Answer::Begun && answered == self.heads {
            self.answer = Answer::Sent;
        }
        self.answer == Answer::Sent && self.has_kept()
    }

    /// Whether a request came that is not to be answered.
    pub(super) fn is_refused(&self) -> bool {
        self.at == At::Refused
    }

    /// Whether no request is heard any more.
    pub(super) fn is_over(&self) -> bool {
        self.answer == Answer::Last
    }
}

/// The body that a line of a head tells of.
fn told(line: &[u8]) -> Option<Body> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    if name.eq_ignore_ascii_case(b"transfer-encoding") {
        let is_chunked = value.eq_ignore_ascii_case(b"chunked");
        Some(if is_chunked { Body::Chunked } else { Body::Unknown })
    } else if name.eq_ignore_ascii_case(b"content-length") {
        let digits = value.iter().all(u8::is_ascii_digit).then_some(value);
        let length = digits.and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
        Some(length.map_or(Body::Unknown, Body::Sized))
    } else {
        None
    }
}

/// The size of a part of a body: hexadecimal digits, and what else is said of the part behind a semicolon.
fn size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// Whether the head of an answer of ours says that the connection ends with it. In HTTP/1.0 it does so by saying nothing.
fn is_last(answer: &[u8]) -> bool {
    let mut kept = !answer.starts_with(b"HTTP/1.0");
    let ends = memchr_iter(b'\n', answer);
    let lines = ends.clone().zip(ends.skip(1).chain([answer.len()]));
    let lines = lines.filter_map(|(start, end)| answer.get(start + 1..end));
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.eq_ignore_ascii_case(b"connection: close") {
            return true;
        }
        kept |= line.eq_ignore_ascii_case(b"connection: keep-alive");
    }
    !kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const POST: &str = "POST / HTTP/1.1\r\ncontent-LENGTH:  5 \r\n\r\na\n\n\nb";
    const CHUNKS: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
        2\r\n\n\n\r\n00a;x=\"y\"\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
    const BARE: &str = "\r\n\r\nGET / HTTP/1.1\nHost: x\n\n";
    const EMPTY: &str = "PUT / HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nvary: x\r\n\r\nconnection: close\r\n";

    /// What passes of the bytes, which come in these pieces, up to the answer to each request, which are given when there are so many pieces
    /// more.
    fn passing(bytes: &[u8], pieces: &[usize], later: usize) -> Vec<String> {
        let (mut turns, mut all, mut now) = (Turns::default(), Vec::new(), Vec::new());
        let (mut rest, mut sizes, mut waited) = (bytes, pieces.iter().cycle(), 0);
        loop {
            if turns.has_kept() {
                now.extend(turns.kept(*sizes.next().unwrap()));
            } else if !rest.is_empty() {
                let (piece, behind) = rest.split_at((*sizes.next().unwrap()).clamp(1, rest.len()));
                rest = behind;
                let passed = turns.pass(piece);
                now.extend_from_slice(&piece[..passed]);
                turns.keep(&piece[passed..]);
            }
            if turns.at != At::Behind {
                assert!(!rest.is_empty() || turns.has_kept(), "no request ended");
                continue;
            }
            // It is not before it is answered that anything more passes.
            waited += 1;
            if waited > later || rest.is_empty() || turns.has_kept() {
                waited = 0;
                all.push(String::from_utf8(mem::take(&mut now)).unwrap());
                turns.sending(ANSWER, turns.heads);
                turns.sent(turns.heads);
                if rest.is_empty() && !turns.has_kept() {
                    break;
                }
            }
        }
        all
    }

    #[test]
    fn a_request_passes_when_the_one_before_it_is_answered() {
        let sent = [GET, POST, BARE, CHUNKS, EMPTY, CHUNKS, GET];
        assert_eq!(passing(sent.concat().as_bytes(), &[usize::MAX], 0), sent);
    }

    #[test]
    fn where_nobody_can_say_how_long_a_body_is_nothing_is_kept() {
        let chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        for lost in [
            "PUT / HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n",
            "PUT / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            &format!("{chunked}x\r\n"),
            &format!("{chunked}\r\n"),
            &format!("{chunked}10000000000000000\r\n"),
        ] {
            let mut turns = Turns::default();
            let sent = [lost, GET, GET].concat();
            assert_eq!(turns.pass(sent.as_bytes()), sent.len(), "{lost}");
        }
    }

    #[test]
    fn a_line_that_came_in_parts_and_is_too_long_to_be_followed_is_refused() {
        let long = "0".repeat(LINE);
        for (first, second) in [
            (format!("PUT / HTTP/1.1\r\nContent-Length: {long}"), "2\r\n\r\n{}"),
            (
                format!("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{long}"),
                "2\r\n{}\r\n0\r\n\r\n",
            ),
        ] {
            let mut turns = Turns::default();
            assert_eq!(turns.pass(first.as_bytes()), first.len());
            let end = second.find("\r\n").unwrap() + 2;
            let head = second.find("\r\n\r\n{").map(|end| end + 4);
            assert_eq!(turns.pass(second.as_bytes()), head.unwrap_or(end), "{first}");
            assert!(turns.is_refused());
        }
    }

    #[test]
    fn an_answer_opens_the_way_once_when_all_of_it_is_sent() {
        let mut turns = Turns::default();
        turns.sending(ANSWER, 0);
        assert!(!turns.sent(0));
        assert_eq!(turns.pass(GET.as_bytes()), GET.len());
        assert_eq!(turns.pass(GET.as_bytes()), 0);
        turns.keep(GET.as_bytes());
        // What goes on of an earlier answer, and what the framework says before anybody answers.
        turns.sending(ANSWER, 0);
        assert!(!turns.sent(0) && !turns.sent(1));
        turns.sending(ANSWER, 1);
        assert_eq!(turns.kept(usize::MAX), b"");
        assert!(!turns.sent(0) && turns.sent(1));
        assert_eq!(turns.kept(usize::MAX), GET.as_bytes());
        assert!(!turns.has_kept() && !turns.sent(1));
        assert_eq!(turns.pass(b"GET"), 0);
    }

    #[test]
    fn behind_the_last_answer_nothing_is_heard() {
        for (answer, is_last) in [
            (ANSWER, false),
            (b"HTTP/1.1 401 Unauthorized\r\nConnection: Close\r\n\r\n", true),
            (b"HTTP/1.0 200 OK\r\nvary: x\r\n\r\n", true),
            (b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\n", false),
        ] {
            let mut turns = Turns::default();
            turns.pass(GET.as_bytes());
            turns.keep(GET.as_bytes());
            turns.sending(GO_ON, 1);
            turns.sending(&[GO_ON, answer].concat(), 1);
            turns.sending(ANSWER, 1);
            assert_eq!((turns.is_over(), turns.has_kept()), (is_last, !is_last));
            assert_eq!(turns.sent(1), !is_last);
        }
    }

    proptest! {
        #[test]
        fn however_the_bytes_come_the_same_pass(
            kinds in prop::collection::vec(0..6_usize, 1..6),
            pieces in prop::collection::vec(1..40_usize, 1..8),
            later in 0..4_usize,
        ) {
            let long = format!("HEAD /{} HTTP/1.1\r\nContent-Length-{}: 1\r\n\r\n", "a".repeat(2 * LINE), "b".repeat(90));
            let sent: Vec<&str> = kinds.iter().map(|kind| [GET, POST, BARE, CHUNKS, EMPTY, &long][*kind]).collect();
            prop_assert_eq!(passing(sent.concat().as_bytes(), &pieces, later), sent);
        }
    }
}
