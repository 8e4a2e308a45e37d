//! Reading one value: from text to what it means, or why not.

use std::fmt;
use std::path::PathBuf;

use super::secret::{MASK, Secret};

/// What a key takes.
pub(super) enum Accepts {
    /// A whole number, bounds included.
    Number(u64, u64),
    /// One of some words.
    Word(&'static [&'static str]),
    /// Anything else, in words.
    Text(&'static str),
}

impl Accepts {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(..))
    }

    pub(super) fn is_yes_no(&self) -> bool {
        matches!(self, Self::Word(words) if *words == YES_NO)
    }

    /// `text` as a number within the bounds.
    pub(super) fn number<T: TryFrom<u64>>(&self, text: &str) -> Result<T, String> {
        let Ok(number) = text.parse::<u64>() else {
            return Err("it is not a whole number".to_owned());
        };
        let within = match self {
            Self::Number(least, most) => (*least..=*most).contains(&number),
            Self::Word(_) | Self::Text(_) => true,
        };
        T::try_from(number)
            .ok()
            .filter(|_| within)
            .ok_or_else(|| "it is out of bounds".to_owned())
    }
}

impl fmt::Display for Accepts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::Text(text) => f.write_str(text),
            Self::Word(words) => match words.split_last() {
                Some((last, [])) => write!(f, "`{last}`"),
                Some((last, others)) => write!(f, "`{}` or `{last}`", others.join("`, `")),
                None => Ok(()),
            },
        }
    }
}

/// A path, which need not be there.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() || text.contains('\0') {
        return Err("it is not a path".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// A path that need not be set.
pub(super) fn shown(path: Option<&PathBuf>) -> String {
    path.map(|path| path.display().to_string()).unwrap_or_default()
}

/// A line of text for people: 1 to 200 characters.
pub(super) fn line(text: &str) -> Result<String, String> {
    match text {
        _ if text.trim().is_empty() => Err("it is empty".to_owned()),
        _ if text.chars().any(char::is_control) => Err("it holds a control character".to_owned()),
        _ if text.chars().count() > 200 => Err("it is longer than 200 characters".to_owned()),
        _ => Ok(text.trim().to_owned()),
    }
}

/// The public address of the site, without the slash people paste at its end.
pub(super) fn site_url(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|why| format!("it is not a web address ({why})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("its scheme is neither http nor https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it names a user".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it has a `?` or a `#`".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// What a bad address is shown as: a login pasted into it stays hidden.
pub(super) fn masked_login(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, place)) => format!("{MASK}@{place}"),
        None => text.to_owned(),
    }
}

/// A language tag in its usual spelling (`pt-BR`).
pub(super) fn locale(text: &str) -> Result<String, String> {
    oxilangtag::LanguageTag::parse_and_normalize(text)
        .map(oxilangtag::LanguageTag::into_inner)
        .map_err(|why| format!("it is not a language tag ({why})"))
}

const PLACEHOLDERS: &[&str] = &["year", "month", "day", "slug", "short_id", "section", "locale"];

/// The path of an article's page. It must end with the short id, because that is what finds the article when its slug
/// has changed.
pub(super) fn permalink(text: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err("it does not begin with `/`".to_owned());
    }
    if !text.ends_with("{short_id}") {
        return Err("it does not end with `{short_id}`".to_owned());
    }
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            return Err("a `{` is not closed".to_owned());
        };
        if !PLACEHOLDERS.contains(&name) {
            return Err(format!("`{{{name}}}` is not a placeholder"));
        }
        literal.push_str(before);
        // Stands for the value, so that `/../` is seen and `/{year}/` is not taken for `//`.
        literal.push('x');
        rest = behind;
    }
    literal.push_str(rest);
    if text.matches("{short_id}").count() > 1 {
        return Err("it holds `{short_id}` more than once".to_owned());
    }
    if let Some(odd) = literal
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !"-._~/".contains(*c))
    {
        return Err(format!("`{odd}` cannot stand in a path unescaped"));
    }
    if literal
        .split('/')
        .skip(1)
        .any(|segment| matches!(segment, "" | "." | ".."))
    {
        return Err("it holds an empty, `.` or `..` segment".to_owned());
    }
    Ok(text.to_owned())
}

/// An Ed25519 key in PEM. Only its frame is looked at here; what is inside is read by what signs with it.
pub(super) fn private_key(text: &str) -> Result<Secret, String> {
    let text = text.trim();
    let framed = text
        .strip_prefix("-----BEGIN PRIVATE KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PRIVATE KEY-----"));
    match framed {
        None => Err("it is not framed by `BEGIN PRIVATE KEY` and `END PRIVATE KEY`".to_owned()),
        Some(inside) if inside.trim().is_empty() => Err("nothing is inside its frame".to_owned()),
        Some(_) => Ok(Secret::new(format!("{text}\n"))),
    }
}

/// The words of what is so or not so.
pub(super) const YES_NO: &[&str] = &["true", "false"];

pub(super) fn yes_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_other| "it is neither".to_owned())
}

/// Widths of renditions.
pub(super) fn widths(text: &str) -> Result<Vec<u32>, String> {
    let widths: Option<Vec<u32>> = text.split(',').map(|width| width.trim().parse().ok()).collect();
    let widths = widths.ok_or("it holds what is not a whole number")?;
    if widths.len() > 12 || !widths.iter().all(|width| (16..=8192).contains(width)) {
        return Err("it holds too many widths, or one that is out of bounds".to_owned());
    }
    if !widths.is_sorted_by(|a, b| a < b) {
        return Err("it does not ascend".to_owned());
    }
    Ok(widths)
}

/// Proportions of crops, in lowest terms.
pub(super) fn ratios(text: &str) -> Result<Vec<(u32, u32)>, String> {
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| (1..=100).contains(side));
    let ratio = |text: &str| {
        let (width, height) = text.split_once(':')?;
        let (width, height) = (side(width)?, side(height)?);
        let common = (1..=width).rev().find(|n| width % n == 0 && height % n == 0)?;
        Some((width / common, height / common))
    };
    let ratios: Option<Vec<_>> = text.split(',').map(ratio).collect();
    let few = ratios.filter(|ratios| ratios.len() <= 24);
    few.ok_or_else(|| "it holds what is not a proportion, or too many".to_owned())
}

/// What the findings are called that a newsroom can have keep an article from being published.
const FINDINGS: &[&str] = &[
    "missing_byline",
    "missing_alt",
    "headline_too_long",
    "heading_skipped",
    "unresolved_link",
];

/// Codes of findings; none where the text is empty.
pub(super) fn findings(text: &str) -> Result<Vec<String>, String> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let known = |word: &str| {
        let refusal = || format!("`{word}` is no finding that can keep an article from being published");
        let found = FINDINGS.iter().find(|known| **known == word);
        found.map(|word| (*word).to_owned()).ok_or_else(refusal)
    };
    words.map(known).collect()
}

/// Paths as `robots.txt` has them; none where the text is empty.
pub(super) fn robot_paths(text: &str) -> Result<Vec<String>, String> {
    let paths: Vec<String> = text
        .split(',')
        .map(|path| path.trim().to_owned())
        .filter(|path| !path.is_empty())
        .collect();
    let fits = |path: &String| {
        let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
        path.starts_with('/') && path.len() <= 2000 && plain
    };
    match paths.iter().find(|path| !fits(path)) {
        Some(odd) => Err(format!("`{}` is no path that a rule can name", odd.escape_debug())),
        None if paths.len() > 100 => Err("it holds more than 100 paths".to_owned()),
        None => Ok(paths),
    }
}

/// Numbers as they are written.
pub(super) fn list(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Proportions as they are written.
pub(super) fn shown_ratios(ratios: &[(u32, u32)]) -> String {
    let all: Vec<String> = ratios
        .iter()
        .map(|(width, height)| format!("{width}:{height}"))
        .collect();
    all.join(",")
}

const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

/// Levels by target. A bare word must be a level: taken for a target, as the tracing crates would, a mistyped `info`
/// would switch everything else off.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    for part in text.split(',') {
        let (target, level) = part.split_once('=').unwrap_or(("copydesk", part));
        if !LEVELS.contains(&level) {
            return Err(format!("`{level}` is not a level"));
        }
        let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        if target.is_empty() || !target.chars().all(known) {
            return Err(format!("`{target}` is not a target"));
        }
    }
    Ok(text.to_owned())
}
