//! Who asks, by example and by chance.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const PEER: &str = "10.0.0.1";
const READER: &str = "203.0.113.9";

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut all = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        all.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    all
}

fn seen(peer: &str, lines: &[(&str, &str)]) -> (String, bool) {
    let trusted = Networks::parse("10.0.0.0/8,fd00::/8").unwrap();
    let client = Client::of(peer.parse().unwrap(), &trusted, &headers(lines));
    (client.address.to_string(), client.https)
}

#[test]
fn a_stranger_is_who_connected_whatever_they_say() {
    for name in ["Forwarded", "X-Forwarded-For"] {
        let value = if name == "Forwarded" {
            "for=1.2.3.4;proto=https"
        } else {
            "1.2.3.4"
        };
        let lines = [(name, value), ("X-Forwarded-Proto", "https")];
        assert_eq!(seen(READER, &lines), (READER.to_owned(), false), "{name}");
        assert_eq!(seen("::ffff:203.0.113.9", &lines), (READER.to_owned(), false));
    }
}

#[test]
fn a_trusted_proxy_names_who_asked_it() {
    for (lines, address, https) in [
        (&[("X-Forwarded-For", "203.0.113.9")][..], READER, false),
        (
            &[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")],
            READER,
            true,
        ),
        (&[("X-Forwarded-For", "1.2.3.4, 203.0.113.9")], READER, false),
        (&[("X-Forwarded-For", "garbage, \u{e9}, 203.0.113.9")], READER, false),
        (&[("X-Forwarded-For", "203.0.113.9, 10.0.0.2,10.0.0.3")], READER, false),
        (
            &[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "10.0.0.2")],
            READER,
            false,
        ),
        (&[("X-Forwarded-For", "::ffff:203.0.113.9")], READER, false),
        (&[("X-Forwarded-For", "203.0.113.9:4711")], READER, false),
        (&[("X-Forwarded-For", "[2001:db8::7]:4711")], "2001:db8::7", false),
        (&[("X-Forwarded-For", "10.0.0.7, 10.0.0.2")], "10.0.0.7", false),
        (
            &[
                ("X-Forwarded-For", "203.0.113.9, 10.0.0.2"),
                ("X-Forwarded-Proto", "https, http"),
            ],
            READER,
            true,
        ),
        (&[("X-Forwarded-Proto", "https")], PEER, true),
        (&[("Forwarded", "for=203.0.113.9")], READER, false),
        (
            &[("Forwarded", "For=\"203.0.113.9:47011\"; Proto=HTTPS;by=10.0.0.1")],
            READER,
            true,
        ),
        (
            &[("Forwarded", "for=\"[2001:db8::7]\";proto=https")],
            "2001:db8::7",
            true,
        ),
        (
            &[("Forwarded", "for=1.2.3.4;proto=https, for=203.0.113.9;proto=http")],
            READER,
            false,
        ),
        (
            &[("Forwarded", "for=203.0.113.9;proto=https, for=10.0.0.2;proto=http")],
            READER,
            true,
        ),
        (&[("Forwarded", "for=\"1.2.3.4, for=203.0.113.9")], READER, false),
        (&[("Forwarded", "host=\"a,b\", for=203.0.113.9")], READER, false),
    ] {
        assert_eq!(seen(PEER, lines), (address.to_owned(), https), "{lines:?}");
    }
    assert_eq!(seen("::ffff:10.0.0.1", &[("X-Forwarded-For", READER)]).0, READER);
    assert_eq!(seen("fd00::1", &[("X-Forwarded-For", READER)]).0, READER);
}

#[test]
fn what_cannot_be_read_or_is_said_twice_leaves_the_peer() {
    for lines in [
        &[("X-Forwarded-For", "")][..],
        &[("X-Forwarded-For", "203.0.113.9, unknown")],
        &[("X-Forwarded-For", "203.0.113.9,")],
        &[("X-Forwarded-For", "203.0.113.9 10.0.0.2")],
        &[("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9")],
        &[("Forwarded", "for=unknown")],
        &[("Forwarded", "for=_hidden")],
        &[("Forwarded", "proto=https")],
        &[("Forwarded", "for=203.0.113.9;for=1.2.3.4")],
        &[("Forwarded", "for=\"203.0.113.9")],
        &[("Forwarded", "for")],
        &[("Forwarded", "for=\"203.0.113.\\9\"")],
    ] {
        assert_eq!(seen(PEER, lines), (PEER.to_owned(), false), "{lines:?}");
    }
    let long = vec!["10.0.0.2"; 1000].join(",");
    assert_eq!(
        seen(PEER, &[("X-Forwarded-For", &format!("{READER},{long}"))]).0,
        "10.0.0.2"
    );
}

proptest! {
    #[test]
    fn what_a_client_wrote_first_changes_nothing(said in "[ -~\u{a1}-\u{ff}]{0,60}", octets: [u8; 4]) {
        let reader = IpAddr::from(octets);
        prop_assume!(octets[0] != 10);
        for (name, line) in [
            ("X-Forwarded-For", format!("{said}, {reader}, 10.0.0.2")),
            ("Forwarded", format!("{said}, for={reader}, for=10.0.0.2")),
            ("Forwarded", format!("{said},for=\"{reader}:80\";proto=http")),
        ] {
            prop_assert_eq!(seen(PEER, &[(name, &line)]).0, reader.to_string());
        }
        for (name, line) in [("X-Forwarded-For", reader.to_string()), ("Forwarded", format!("for={reader}"))] {
            prop_assert_eq!(seen(PEER, &[(name, &said), (name, &line)]).0, reader.to_string());
        }
    }

    #[test]
    fn no_header_breaks_it_or_is_heard_from_a_stranger(
        lines in proptest::collection::vec(("(Forwarded|X-Forwarded-For|X-Forwarded-Proto)", "[ -~]{0,80}"), 0..4),
    ) {
        let lines: Vec<_> = lines.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        seen(PEER, &lines);
        prop_assert_eq!(seen(READER, &lines), (READER.to_owned(), false));
    }
}
