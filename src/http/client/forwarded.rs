//! `Forwarded` (RFC 7239) and the headers that were customary before it, read from the right.
//!
//! From the right, since what stands there was written by who is nearest: an open quotation mark, or anything else that a client
//! begins such a header with, cannot reach what a proxy added to it.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR, X_FORWARDED_PROTO};

use super::Client;
use crate::config::Networks;

/// Proxies that are passed before a header is held to be made up.
const MOST_HOPS: usize = 32;

/// What one proxy tells of who asked it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Hop {
    address: Option<IpAddr>,
    https: bool,
}

/// Whom `Forwarded` names. `None` where that is not told, or not well.
pub(super) fn standard(trusted: &Networks, headers: &HeaderMap) -> Option<Client> {
    let mut found = None;
    let lines = lines(headers, &FORWARDED);
    for element in lines.iter().rev().flat_map(|line| from_the_right(line)).take(MOST_HOPS) {
        let hop = hop(element)?;
        let client = Client {
            address: hop.address?,
            https: hop.https,
        };
        if !trusted.contain(client.address) {
            return Some(client);
        }
        found = Some(client);
    }
    found
}

/// Whom `X-Forwarded-For` names, and by what `X-Forwarded-Proto` says that it came.
pub(super) fn customary(trusted: &Networks, headers: &HeaderMap) -> Option<Client> {
    let mut found = None;
    let addresses = lines(headers, &X_FORWARDED_FOR);
    let addresses = addresses.iter().rev().flat_map(|line| line.rsplit(','));
    for (hops, text) in addresses.take(MOST_HOPS).enumerate() {
        let address = address(text.trim())?;
        found = Some((hops, address));
        if !trusted.contain(address) {
            break;
        }
    }
    let (hops, address) = found?;
    Some(Client {
        address,
        https: is_https(headers, hops),
    })
}

/// Of a proxy that tells no addresses.
pub(super) fn protocol_alone(peer: IpAddr, headers: &HeaderMap) -> Client {
    Client {
        address: peer,
        https: is_https(headers, 0),
    }
}

/// Some proxies add to `X-Forwarded-Proto` as they do to the addresses, most write it anew or leave it alone.
fn is_https(headers: &HeaderMap, hops: usize) -> bool {
    let lines = lines(headers, &X_FORWARDED_PROTO);
    let mut all = lines.iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim);
    let (last, told) = (all.clone().next(), all.nth(hops));
    told.or(last).is_some_and(|word| word.eq_ignore_ascii_case("https"))
}

/// What a client wrote need not be text; what proxies add is.
fn lines<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<Cow<'a, str>> {
    let lines = headers.get_all(name);
    lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect()
}

/// The elements, the last one first: parted by commas that stand in no quotation.
fn from_the_right(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mut quoted = false;
        let comma = line.bytes().enumerate().rev().find(|(_, byte)| {
            quoted ^= *byte == b'"';
            *byte == b',' && !quoted
        });
        let Some((at, _)) = comma else {
            rest = None;
            return Some(line);
        };
        let (before, element) = line.split_at_checked(at)?;
        rest = Some(before);
        element.strip_prefix(',')
    })
}

/// `for=192.0.2.43;proto=https;by=…`. `None` where a part of it is malformed, or said twice.
fn hop(element: &str) -> Option<Hop> {
    let mut hop = Hop::default();
    let mut seen = (false, false);
    // No value that is understood holds a semicolon, and others are not read where they hold one.
    for pair in element.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let value = unquoted(value)?;
        if name.eq_ignore_ascii_case("for") {
            if std::mem::replace(&mut seen.0, true) {
                return None;
            }
            hop.address = address(value);
        } else if name.eq_ignore_ascii_case("proto") {
            if std::mem::replace(&mut seen.1, true) {
                return None;
            }
            hop.https = value.eq_ignore_ascii_case("https");
        }
    }
    Some(hop)
}

/// A value without its quotation marks. Nothing that is understood needs a backslash.
fn unquoted(text: &str) -> Option<&str> {
    let inner = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    (!inner.contains(['"', '\\'])).then_some(inner)
}

/// An address, with a port or without. `unknown` and names that hide one (`_gazonk`) are none.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.parse().ok();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse().ok().map(|socket: SocketAddr| socket.ip());
    let address: IpAddr = bare().or_else(bracketed).or_else(with_port)?;
    Some(address.to_canonical())
}
