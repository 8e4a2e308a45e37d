//! Telling how often somebody may ask, as draft-ietf-httpapi-ratelimit-headers-10 does.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::Problem;
use crate::http::codes::Code;
use crate::limits::{Left, Policy, Wait};

const STATE: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

impl From<Wait> for Problem {
    fn from(wait: Wait) -> Self {
        let seconds = wait.seconds();
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let mut problem = Self::new(Code::RateLimited, format!("Try again in {seconds} {unit}."));
        problem.0.wait = Some(wait);
        problem
    }
}

/// What was left to who was let through.
pub(in crate::http) fn tell_left(headers: &mut HeaderMap, left: Left) {
    let state = format!("\"{}\";r={}", left.policy.name, left.number);
    put(headers, left.policy, &state);
}

pub(super) fn tell_wait(headers: &mut HeaderMap, wait: Wait) {
    let state = format!("\"{}\";r=0;t={}", wait.policy.name, wait.seconds());
    put(headers, wait.policy, &state);
    headers.insert(RETRY_AFTER, HeaderValue::from(wait.seconds()));
}

fn put(headers: &mut HeaderMap, policy: Policy, state: &str) {
    let Policy { name, most, seconds } = policy;
    let policy = match seconds {
        0 => format!("\"{name}\";q={most}"),
        _ => format!("\"{name}\";q={most};w={seconds}"),
    };
    for (name, text) in [(POLICY, policy.as_str()), (STATE, state)] {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
}
