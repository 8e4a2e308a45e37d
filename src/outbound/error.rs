//! Why an address gave no answer.

use std::error::Error;
use std::io;

/// Why an address gave no answer. Whatever status a server gives is an answer.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error("the address belongs to a network that is not public")]
    Forbidden,
    #[error("the address is not one of the web, or it holds a password")]
    Malformed,
    #[error("there was no answer in time")]
    Timeout,
    #[error("there were too many redirects")]
    TooManyRedirects,
    #[error("the server cannot be reached")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
}

/// The name the client should go by cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("a user agent must not hold control characters")]
pub struct BadAgent;

/// None of a name's addresses may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no public address")]
pub(super) struct NotPublic;

impl ProbeError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Malformed => "malformed",
            Self::Timeout => "timeout",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Unreachable(_) => "unreachable",
        }
    }

    /// The layers in between wrap what they do not know.
    pub(super) fn of(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error = error.into();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error.as_ref());
        while let Some(one) = cause {
            if one.is::<NotPublic>() {
                return Self::Forbidden;
            }
            let io = one.downcast_ref::<io::Error>();
            if io.is_some_and(|io| io.kind() == io::ErrorKind::TimedOut) {
                return Self::Timeout;
            }
            // What an I/O error holds is not its source, but what its source would be the source of.
            cause = match io.and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => one.source(),
            };
        }
        Self::Unreachable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_found_wherever_it_hides() {
        let wrapped = |inner: Box<dyn Error + Send + Sync>| ProbeError::of(io::Error::other(io::Error::other(inner)));
        assert_eq!(wrapped(NotPublic.into()).code(), "forbidden");
        let late = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(wrapped(late.into()).code(), "timeout");
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(wrapped(refused.into()).code(), "unreachable");
    }
}
