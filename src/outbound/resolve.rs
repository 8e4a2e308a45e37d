//! Names become addresses once, and only those that may be connected to are passed on: who controls a name cannot give one
//! address for the check and another for the connection.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use super::error::NotPublic;

/// Which addresses may be connected to.
pub(super) type Allowed = fn(IpAddr) -> bool;

type Cause = Box<dyn Error + Send + Sync>;

/// The resolver of the system behind a filter.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    system: GaiResolver,
    allowed: Allowed,
}

impl Resolver {
    pub(super) fn new(allowed: Allowed) -> Self {
        Self {
            system: GaiResolver::new(),
            allowed,
        }
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.system.poll_ready(context).map_err(Cause::from)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = self.system.call(name);
        let allowed = self.allowed;
        Box::pin(async move { Ok(only(allowed, found.await?)?) })
    }
}

fn only(allowed: Allowed, found: impl Iterator<Item = SocketAddr>) -> Result<vec::IntoIter<SocketAddr>, NotPublic> {
    let kept: Vec<_> = found.filter(|address| allowed(address.ip())).collect();
    if kept.is_empty() {
        return Err(NotPublic);
    }
    Ok(kept.into_iter())
}

#[cfg(test)]
mod tests {
    use super::super::guard::is_public;
    use super::*;

    #[test]
    fn addresses_that_are_not_public_are_dropped() {
        let found = |all: &[&str]| {
            let all: Vec<SocketAddr> = all.iter().map(|one| one.parse().expect("an address")).collect();
            only(is_public, all.into_iter()).map(Iterator::collect::<Vec<_>>)
        };
        let kept = found(&["10.0.0.1:0", "1.1.1.1:0", "[::1]:0", "[2606:4700::1]:0"]).expect("some");
        assert_eq!(
            kept,
            ["1.1.1.1:0", "[2606:4700::1]:0"].map(|one| one.parse().expect("an address"))
        );
        assert!(found(&["10.0.0.1:0", "[::ffff:10.0.0.1]:0"]).is_err());
        assert!(found(&[]).is_err());
    }
}
