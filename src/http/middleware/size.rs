//! How large a head may be. Beyond 128 KiB, and an address of 64, the framework refuses it by itself, without a problem.

use actix_web::dev::RequestHead;

use crate::http::codes::Code;
use crate::http::problem::Problem;

/// Longest address.
const MOST_ADDRESS: usize = 8 * 1024;
/// Largest head.
const MOST_HEAD: usize = 32 * 1024;

/// Why it is too large, if it is.
pub(super) fn check(asked: &RequestHead) -> Option<Problem> {
    let uri = &asked.uri;
    let address = uri.path_and_query().map_or(0, |rest| rest.as_str().len())
        + uri.authority().map_or(0, |name| name.as_str().len());
    if address > MOST_ADDRESS {
        let told = format!("The address has {address} bytes; at most {MOST_ADDRESS} are taken.");
        return Some(Problem::new(Code::AddressTooLong, told));
    }
    // As the lines are sent: with a colon, a space and their ends.
    let lines = asked
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    let head = address + asked.method.as_str().len() + 13 + lines.sum::<usize>();
    (head > MOST_HEAD).then(|| {
        let told = format!("The head has {head} bytes; at most {MOST_HEAD} are taken.");
        Problem::new(Code::HeadTooLarge, told)
    })
}
