//! Stored bytes as an answer: whole or in parts, for whoever does not have them already.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::codes::Code;
use super::conditional::{Validators, is_fresh};
use super::etag::Tags;
use super::problem::Problem;
use super::range::Wanted;
use crate::services::Error;

/// What is said of the bytes.
pub(super) struct Served {
    pub(super) length: u64,
    pub(super) media_type: &'static str,
    pub(super) validators: Validators,
    pub(super) cache: String,
    /// `Content-Disposition`, where the bytes are a download.
    pub(super) disposition: Option<String>,
    pub(super) surrogate: Option<String>,
    pub(super) vary: Option<&'static str>,
}

type Piece = Result<Bytes, std::io::Error>;

/// 200 with all of the bytes, 206 with those that were asked for, 304 where the client has them. Conditions are looked at in
/// the order of RFC 9110 §13.2.2. The bytes are read as the client takes them.
///
/// # Errors
/// That these are not the bytes that the client wants more of; that none of the parts that were asked for is there.
pub(super) fn serve(
    req: &HttpRequest,
    served: &Served,
    read: impl Fn(Range<u64>) -> BoxStream<'static, Result<Bytes, Error>> + 'static,
) -> Result<HttpResponse, Problem> {
    let read = move |range| read(range).map_err(broken).boxed();
    is_wanted(req.headers(), &served.validators.etag)?;
    if is_fresh(req, &served.validators) {
        return Ok(served.begin(StatusCode::NOT_MODIFIED).finish());
    }
    let Validators { etag, last_modified } = &served.validators;
    let whole = 0..served.length;
    match Wanted::of(req.headers(), served.length, etag, *last_modified) {
        Wanted::Nothing => Err(unsatisfiable(served.length)),
        Wanted::Whole => Ok(served
            .begin(StatusCode::OK)
            .content_type(served.media_type)
            .body(SizedStream::new(served.length, read(whole)))),
        Wanted::One(range) => Ok(served
            .begin(StatusCode::PARTIAL_CONTENT)
            .content_type(served.media_type)
            .insert_header((header::CONTENT_RANGE, content_range(&range, served.length)))
            .body(SizedStream::new(range.end - range.start, read(range)))),
        Wanted::Several(ranges) => Ok(several(served, ranges, read)),
    }
}

/// Whether these are the bytes that `If-Match` names, where it names any.
fn is_wanted(headers: &header::HeaderMap, etag: &str) -> Result<(), Problem> {
    let malformed = |_| Problem::new(Code::BadRequest, "`If-Match` is not an ETag in quotes.");
    let is_named = match Tags::of(headers, &header::IF_MATCH).map_err(malformed)? {
        None | Some(Tags::Any) => true,
        Some(Tags::List(tags)) => tags.iter().any(|tag| !tag.weak && tag.quoted == etag),
    };
    let others = || {
        Problem::new(
            Code::StaleRevision,
            "The bytes are others than those that `If-Match` names.",
        )
    };
    is_named.then_some(()).ok_or_else(others)
}

impl Served {
    fn begin(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponseBuilder::new(status);
        response
            .insert_header((header::ETAG, self.validators.etag.as_str()))
            .insert_header((header::CACHE_CONTROL, self.cache.as_str()))
            .insert_header((header::ACCEPT_RANGES, "bytes"));
        if let Some(moment) = self.validators.last_modified {
            response.insert_header((header::LAST_MODIFIED, moment.http_date()));
        }
        if let Some(disposition) = &self.disposition {
            response.insert_header((header::CONTENT_DISPOSITION, disposition.as_str()));
        }
        if let Some(keys) = &self.surrogate {
            response.insert_header(("Surrogate-Key", keys.as_str()));
        }
        if let Some(names) = self.vary {
            response.insert_header((header::VARY, names));
        }
        response
    }
}

fn content_range(range: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1))
}

fn unsatisfiable(length: u64) -> Problem {
    let detail = format!("There are {length} bytes, none of them among those that were asked for.");
    Problem::new(Code::RangeNotSatisfiable, detail).with_content_range(format!("bytes */{length}"))
}

/// `multipart/byteranges` (RFC 9110 §14.6). What parts the parts is the tag of the bytes, which they do not hold: it is made of
/// their hash.
fn several(
    served: &Served,
    ranges: Vec<Range<u64>>,
    read: impl Fn(Range<u64>) -> BoxStream<'static, Piece> + 'static,
) -> HttpResponse {
    let boundary = served.validators.etag.trim_matches('"').to_owned();
    let head = |range: &Range<u64>| {
        let (kind, range) = (served.media_type, content_range(range, served.length));
        format!("\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {range}\r\n\r\n")
    };
    let parts: Vec<(String, Range<u64>)> = ranges.into_iter().map(|range| (head(&range), range)).collect();
    let end = format!("\r\n--{boundary}--\r\n");
    let lengths = parts
        .iter()
        .map(|(head, range)| head.len() as u64 + range.end - range.start);
    let length = lengths.sum::<u64>() + end.len() as u64;
    let body = stream::iter(parts).flat_map(move |(head, range)| text(head).chain(read(range)));
    served
        .begin(StatusCode::PARTIAL_CONTENT)
        .content_type(format!("multipart/byteranges; boundary={boundary}"))
        .body(SizedStream::new(length, body.chain(text(end))))
}

/// The status is sent by then: all that is left is to log what broke, and to hang up.
fn broken(error: Error) -> std::io::Error {
    std::io::Error::other(Problem::from(error).to_string())
}

fn text(text: String) -> BoxStream<'static, Piece> {
    stream::iter([Ok(Bytes::from(text))]).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use actix_web::body::{MessageBody as _, to_bytes};
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    const DATE: &str = "Mon, 16 Feb 2026 09:30:00 GMT";

    /// A file whose bytes are all different from their neighbours.
    fn file(length: u64) -> Vec<u8> {
        (0..length).filter_map(|at| u8::try_from(at % 251).ok()).collect()
    }

    /// What is answered: status, headers, the length that is announced, the bytes that come.
    fn answer(length: u64, headers: &[(&str, &str)]) -> Result<(u16, header::HeaderMap, u64, Vec<u8>), Problem> {
        let request = headers
            .iter()
            .fold(TestRequest::get(), |request, one| request.insert_header(*one));
        let served = Served {
            length,
            media_type: "video/mp4",
            validators: Validators {
                etag: "\"a1b2\"".to_owned(),
                last_modified: Timestamp::parse("2026-02-16T09:30:00Z").ok(),
            },
            cache: "public, max-age=30".to_owned(),
            disposition: None,
            surrogate: None,
            vary: None,
        };
        let read = move |range: Range<u64>| {
            let part: Vec<u8> = file(length)
                .into_iter()
                .take(usize::try_from(range.end).unwrap())
                .skip(usize::try_from(range.start).unwrap())
                .collect();
            stream::iter(
                part.chunks(7)
                    .map(|piece| Ok(Bytes::copy_from_slice(piece)))
                    .collect::<Vec<_>>(),
            )
            .boxed()
        };
        let response = serve(&request.to_http_request(), &served, read)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body();
        let announced = match body.size() {
            actix_web::body::BodySize::Sized(length) => length,
            actix_web::body::BodySize::None => 0,
            actix_web::body::BodySize::Stream => panic!("no length is announced"),
        };
        let bytes = actix_web::rt::System::new()
            .block_on(to_bytes(body))
            .expect("a whole body");
        Ok((status, headers, announced, bytes.to_vec()))
    }

    /// What is asked for; the status, the `Content-Range` and the bytes of a file of a thousand that answer it.
    type Case = (
        Vec<(&'static str, &'static str)>,
        u16,
        Option<&'static str>,
        Range<usize>,
    );

    fn cases() -> Vec<Case> {
        vec![
            (vec![], 200, None, 0..1000),
            (vec![("Range", "bytes=0-99")], 206, Some("bytes 0-99/1000"), 0..100),
            (vec![("Range", "bytes=-1")], 206, Some("bytes 999-999/1000"), 999..1000),
            (
                vec![("Range", "bytes=990-")],
                206,
                Some("bytes 990-999/1000"),
                990..1000,
            ),
            (vec![("Range", "pages=1")], 200, None, 0..1000),
            (
                vec![("Range", "bytes=0-9"), ("If-Range", "\"a1b2\"")],
                206,
                Some("bytes 0-9/1000"),
                0..10,
            ),
            (
                vec![("Range", "bytes=0-9"), ("If-Range", DATE)],
                206,
                Some("bytes 0-9/1000"),
                0..10,
            ),
            (
                vec![("Range", "bytes=0-9"), ("If-Range", "W/\"a1b2\"")],
                200,
                None,
                0..1000,
            ),
            (
                vec![("Range", "bytes=2000-"), ("If-Range", "\"old\"")],
                200,
                None,
                0..1000,
            ),
            (
                vec![("Range", "bytes=0-9"), ("If-None-Match", "\"a1b2\"")],
                304,
                None,
                0..0,
            ),
            (vec![("Range", "bytes=2000-"), ("If-None-Match", "*")], 304, None, 0..0),
            (
                vec![("Range", "bytes=0-9"), ("If-None-Match", "\"old\"")],
                206,
                Some("bytes 0-9/1000"),
                0..10,
            ),
            (
                vec![("Range", "bytes=0-9"), ("If-Modified-Since", DATE)],
                304,
                None,
                0..0,
            ),
        ]
    }

    #[test]
    fn a_range_is_one_question_among_others() {
        for (headers, status, content_range, bytes) in cases() {
            let (got, answered, length, body) = answer(1000, &headers).unwrap();
            assert_eq!((got, body.as_slice()), (status, &file(1000)[bytes]), "{headers:?}");
            assert_eq!(length, body.len() as u64, "{headers:?}");
            assert_eq!(
                answered.get(header::CONTENT_RANGE).map(|v| v.to_str().unwrap()),
                content_range,
                "{headers:?}"
            );
            for name in [
                header::ETAG,
                header::CACHE_CONTROL,
                header::ACCEPT_RANGES,
                header::LAST_MODIFIED,
            ] {
                assert!(answered.contains_key(&name), "{headers:?}: {name}");
            }
        }
    }

    #[test]
    fn parts_that_are_not_there_are_refused_with_the_length_that_is() {
        for length in [0, 1000] {
            let problem = answer(length, &[("Range", "bytes=1000-2000")]).unwrap_err();
            let response = actix_web::ResponseError::error_response(&problem);
            let told = response
                .headers()
                .get(header::CONTENT_RANGE)
                .map(|v| v.to_str().unwrap().to_owned());
            assert_eq!(
                (response.status().as_u16(), told),
                (416, Some(format!("bytes */{length}")))
            );
        }
    }

    #[test]
    fn several_parts_come_one_after_the_other_each_with_its_own_head() {
        let (status, headers, length, body) = answer(100, &[("Range", "bytes=50-51, 0-0")]).unwrap();
        let mut expected = b"\r\n--a1b2\r\nContent-Type: video/mp4\r\nContent-Range: bytes 50-51/100\r\n\r\n".to_vec();
        expected.extend([50, 51]);
        expected.extend(b"\r\n--a1b2\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-0/100\r\n\r\n");
        expected.extend([0]);
        expected.extend(b"\r\n--a1b2--\r\n");
        assert_eq!((status, length, body), (206, expected.len() as u64, expected));
        assert_eq!(
            headers.get(header::CONTENT_TYPE).unwrap(),
            "multipart/byteranges; boundary=a1b2"
        );
        assert!(!headers.contains_key(header::CONTENT_RANGE));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_the_length_that_is_announced_is_the_length_that_comes(
            range in prop_oneof!["bytes=[0-9,-]{0,30}", "bytes=([0-9]{1,3}-[0-9]{0,3},){0,20}-[0-9]{1,3}", "[ -~]{0,30}"],
            length in 0_u64..600,
        ) {
            match answer(length, &[("Range", range.as_str())]) {
                Ok((status, headers, announced, body)) => {
                    prop_assert_eq!(announced, body.len() as u64);
                    match headers.get(header::CONTENT_RANGE).map(|value| value.to_str().unwrap()) {
                        Some(told) => {
                            let (first, rest) = told.strip_prefix("bytes ").unwrap().split_once('-').unwrap();
                            let (last, whole) = rest.split_once('/').unwrap();
                            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
                            prop_assert_eq!(whole, length.to_string());
                            prop_assert_eq!(body.as_slice(), &file(length)[first..=last]);
                        }
                        None if status == 206 => prop_assert!(body.ends_with(b"\r\n--a1b2--\r\n")),
                        None => prop_assert_eq!((status, body), (200, file(length))),
                    }
                }
                Err(problem) => prop_assert_eq!(problem.code(), Code::RangeNotSatisfiable),
            }
        }
    }
}
