//! Who asks, as far as addresses tell: whoever connected, or whom a trusted proxy names.

mod forwarded;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use actix_web::dev::RequestHead;
use actix_web::http::header::{self, HeaderMap};

use crate::config::Networks;

/// From where a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client {
    /// IPv4 where it is that within IPv6.
    pub(super) address: IpAddr,
    /// Whether it was sent by https, by the word of a trusted proxy.
    pub(super) https: bool,
}

impl Client {
    /// `peer` is who connected. What headers say is heard from trusted proxies only, and only as far as one vouches for the next: from
    /// the right, up to the first address that is none of theirs. What a client wrote there itself stands left of that.
    ///
    /// A header that cannot be read where it has to be, and two that could contradict each other, leave the peer.
    pub(super) fn of(peer: IpAddr, trusted: &Networks, headers: &HeaderMap) -> Self {
        let peer = Self {
            address: peer.to_canonical(),
            https: false,
        };
        if !trusted.contain(peer.address) {
            return peer;
        }
        let told = match (
            headers.contains_key(header::FORWARDED),
            headers.contains_key(header::X_FORWARDED_FOR),
        ) {
            (true, false) => forwarded::standard(trusted, headers),
            (false, true) => forwarded::customary(trusted, headers),
            // The proxy may have asked for itself; how it was asked it can tell all the same.
            (false, false) => Some(forwarded::protocol_alone(peer.address, headers)),
            (true, true) => None,
        };
        told.unwrap_or(peer)
    }
}

/// `None` where nobody connected, as for requests that come within another.
pub(super) fn of(asked: &RequestHead, trusted: &Networks) -> Option<Client> {
    Some(Client::of(asked.peer_addr?.ip(), trusted, asked.headers()))
}

/// Whether a trusted proxy says that it came by https; costs nothing where none is trusted.
pub(super) fn is_https(asked: &RequestHead, trusted: &Networks) -> bool {
    !trusted.is_empty() && of(asked, trusted).is_some_and(|client| client.https)
}
