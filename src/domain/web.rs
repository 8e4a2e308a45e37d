//! Addresses on the web, as the URL standard reads them.

use serde::{Deserialize, Serialize};
use url::{Position, Url};
use utoipa::ToSchema;

use super::invalid::{Flaw, Rule, read_by_parse};

/// Longest address taken, in characters; what browsers and search engines agree on.
pub const MAX_URL: usize = 2048;

/// The address of a page: absolute, `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(format = Uri, max_length = 2048, examples("https://wire.example/2026/02/16/ferry"))]
pub struct WebUrl(String);

/// The target of a link in running text: `http`, `https`, `mailto` or `tel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(format = Uri, max_length = 2048, examples("https://ferries.example/timetable"))]
pub struct LinkUrl(String);

fn parse(text: &str, schemes: &[&str]) -> Result<String, Flaw> {
    let text = text.trim_matches(' ');
    if text.chars().count() > MAX_URL {
        return Err(Flaw::new(Rule::TooLong, format!("is longer than {MAX_URL} characters")));
    }
    // The URL standard drops tabs and line breaks inside an address; a newsroom should see them instead.
    if text.chars().any(char::is_control) {
        return Err(Flaw::new(Rule::ControlCharacter, "holds a control character"));
    }
    let url = Url::parse(text).map_err(|why| Flaw::new(Rule::Malformed, format!("is not an address: {why}")))?;
    if !schemes.contains(&url.scheme()) {
        let message = format!("has the scheme `{}`; allowed are {}", url.scheme(), schemes.join(", "));
        return Err(Flaw::new(Rule::NotAllowed, message));
    }
    let written = strict(&url);
    // Percent-encoding can make an address longer than it was sent.
    if written.len() > MAX_URL {
        return Err(Flaw::new(
            Rule::TooLong,
            format!("is longer than {MAX_URL} characters once encoded"),
        ));
    }
    Ok(written)
}

/// The same address as RFC 3986 has it, which is stricter than browsers are: programs that read our answers hold addresses
/// against it. What browsers leave bare there is percent-encoded, and means the same.
fn strict(url: &Url) -> String {
    let mut written = String::new();
    for c in url[..Position::BeforePath].chars() {
        match c {
            // Brackets stay: they hold a numeric host.
            '"' | '`' | '{' | '}' | '<' | '>' => written.push_str(&format!("%{:02X}", u32::from(c))),
            other => written.push(other),
        }
    }
    encode(url.path(), &mut written);
    for (sign, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            written.push(sign);
            encode(part, &mut written);
        }
    }
    written
}

fn encode(part: &str, into: &mut String) {
    for (at, byte) in part.bytes().enumerate() {
        let code = part.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        let is_code = byte == b'%' && code.len() == 2 && code.iter().all(u8::is_ascii_hexdigit);
        if is_code || byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

impl WebUrl {
    /// Whether it holds a user's name or password, which a page would tell everybody.
    pub fn has_login(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
    }

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        parse(text, &["http", "https"]).map(Self)
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LinkUrl {
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        parse(text, &["http", "https", "mailto", "tel"]).map(Self)
    }

    /// An address that this server made.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(WebUrl, LinkUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_are_links() {
        for good in [
            "https://a.example/x?y#z",
            "http://a.example",
            "mailto:desk@a.example",
            "tel:+15550100",
        ] {
            assert!(LinkUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "/relative",
            "http://",
            "ftp://a.example",
        ] {
            assert!(LinkUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(WebUrl::parse("mailto:desk@a.example").is_err());
    }

    #[test]
    fn an_address_is_written_as_programs_expect_it() {
        for (given, written) in [
            ("https://a.example", "https://a.example/"),
            (
                "HTTPS://A.example/é?q[]=1|2#a#b",
                "https://a.example/%C3%A9?q%5B%5D=1%7C2#a%23b",
            ),
            ("https://a.example/100%?%zz=%41", "https://a.example/100%25?%25zz=%41"),
            (
                "mailto:\"a b\"@c.example?subject=x",
                "mailto:%22a%20b%22@c.example?subject=x",
            ),
        ] {
            assert_eq!(
                LinkUrl::parse(given).map(|url| url.as_str().to_owned()),
                Ok(written.to_owned())
            );
        }
    }
}
