//! Pages of which other sites a browser lets call the API.

use std::fmt;

/// The word for any site.
const ANY: &str = "*";

/// Origins, as browsers send them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsConfig {
    /// Whether pages of any site may read what is public.
    pub any: bool,
    /// Whose pages may use all of the API.
    pub origins: Vec<String>,
}

impl Default for CorsConfig {
    fn default() -> Self {
        Self {
            any: true,
            origins: Vec::new(),
        }
    }
}

impl CorsConfig {
    pub(super) const ACCEPTS: &str = "origins such as `https://desk.example` or `http://localhost:4321`, with commas between them; `*` for any, which is for \
         what is public only; in a file also nothing";

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut config = Self {
            any: false,
            origins: Vec::new(),
        };
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            if one == ANY {
                config.any = true;
            } else {
                config.origins.push(origin(one)?);
            }
        }
        Ok(config)
    }
}

impl fmt::Display for CorsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = self.any.then_some(ANY);
        let all: Vec<&str> = any.into_iter().chain(self.origins.iter().map(String::as_str)).collect();
        f.write_str(&all.join(","))
    }
}

/// To the letter as a browser sends it, since it is compared so.
fn origin(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|why| format!("`{text}` is no origin ({why})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{text}` is no origin: its scheme is neither http nor https"));
    }
    if text.contains('*') {
        return Err(format!("`{text}` is no origin: `*` stands by itself"));
    }
    let sent = url.origin().ascii_serialization();
    if sent != text {
        return Err(format!(
            "`{text}` is no origin as browsers send it; did you mean `{sent}`?"
        ));
    }
    Ok(sent)
}
