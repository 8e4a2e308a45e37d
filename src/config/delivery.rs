//! How long answers to readers may be kept, and by whom.

use std::fmt;

/// What delivery answers, as far as it is kept differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Article,
    List,
    Taxonomy,
    Search,
    Feed,
    Sitemap,
    Site,
}

impl Answered {
    const ALL: &'static [(&'static str, Self)] = &[
        ("article", Self::Article),
        ("list", Self::List),
        ("taxonomy", Self::Taxonomy),
        ("search", Self::Search),
        ("feed", Self::Feed),
        ("sitemap", Self::Sitemap),
        ("site", Self::Site),
    ];
}

/// For how long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// By anybody, in seconds.
    pub max_age: u32,
    /// By what stands between, such as a CDN, in seconds; the same unless set.
    pub shared: Option<u32>,
    /// For how many seconds after that it may be shown while it is asked for again.
    pub stale_while_revalidate: u32,
}

impl Keeping {
    pub fn cache_control(&self) -> String {
        let shared = self
            .shared
            .map_or(String::new(), |seconds| format!(", s-maxage={seconds}"));
        format!(
            "public, max-age={}{shared}, stale-while-revalidate={}",
            self.max_age, self.stale_while_revalidate
        )
    }
}

/// How readers are answered.
#[derive(Debug, Clone)]
pub struct DeliveryConfig {
    /// Of what has nothing of its own.
    pub keeping: Keeping,
    pub own: Vec<(Answered, Keeping)>,
    /// Memory for answers that are kept ready, in MiB; 0 keeps none.
    pub cache_mb: u32,
    /// Memory for what is made of editions to show them, in MiB; 0 keeps none.
    pub editions_mb: u32,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            keeping: Keeping {
                max_age: 30,
                shared: None,
                stale_while_revalidate: 300,
            },
            own: Vec::new(),
            cache_mb: 64,
            editions_mb: 32,
        }
    }
}

impl DeliveryConfig {
    /// For how long an answer of this sort may be kept.
    pub fn keeping(&self, answered: Answered) -> Keeping {
        let own = self.own.iter().find(|(of, _)| *of == answered);
        own.map_or(self.keeping, |(_, keeping)| *keeping)
    }
}

/// What `delivery.keep` takes.
pub(super) const KEEP: &str = "entries of the form `WHAT MAX_AGE [S_MAXAGE] STALE_WHILE_REVALIDATE`, in seconds, with commas between; WHAT is \
     `article`, `list`, `taxonomy`, `search`, `feed`, `sitemap` or `site`";

/// Reads them.
///
/// # Errors
/// What is wrong with it, in words.
pub fn keep(text: &str) -> Result<Vec<(Answered, Keeping)>, String> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let mut own: Vec<(Answered, Keeping)> = Vec::new();
    for entry in entries {
        let (what, keeping) = read(entry).ok_or_else(|| format!("`{entry}` is not of that form"))?;
        if own.iter().any(|(of, _)| *of == what) {
            return Err(format!("`{entry}` is about what another entry is about"));
        }
        own.push((what, keeping));
    }
    Ok(own)
}

fn read(entry: &str) -> Option<(Answered, Keeping)> {
    let mut words = entry.split_whitespace();
    let name = words.next()?;
    let (_, what) = Answered::ALL.iter().find(|(word, _)| *word == name)?;
    let seconds: Option<Vec<u32>> = words.map(seconds).collect();
    let (max_age, shared, stale_while_revalidate) = match *seconds?.as_slice() {
        [age, stale] => (age, None, stale),
        [age, shared, stale] => (age, Some(shared), stale),
        _ => return None,
    };
    let keeping = Keeping {
        max_age,
        shared,
        stale_while_revalidate,
    };
    Some((*what, keeping))
}

fn seconds(text: &str) -> Option<u32> {
    let seconds: u32 = text.parse().ok()?;
    (u64::from(seconds) <= super::SECONDS_A_YEAR).then_some(seconds)
}

/// The entries, for who is shown what is in force.
pub(super) struct Entries<'a>(pub(super) &'a [(Answered, Keeping)]);

impl fmt::Display for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (of, keeping)) in self.0.iter().enumerate() {
            let name = Answered::ALL
                .iter()
                .find(|(_, what)| what == of)
                .map_or("", |(name, _)| name);
            let shared = keeping.shared.map_or(String::new(), |seconds| format!(" {seconds}"));
            let (before, age, stale) = (
                if at == 0 { "" } else { ", " },
                keeping.max_age,
                keeping.stale_while_revalidate,
            );
            write!(f, "{before}{name} {age}{shared} {stale}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_how_long_is_read_and_shown() {
        let text = "article 30 600 60, feed 300 3600";
        let own = keep(text).unwrap();
        assert_eq!(Entries(&own).to_string(), text);
        let config = DeliveryConfig {
            own,
            ..DeliveryConfig::default()
        };
        for (what, expected) in [
            (
                Answered::Article,
                "public, max-age=30, s-maxage=600, stale-while-revalidate=60",
            ),
            (Answered::Feed, "public, max-age=300, stale-while-revalidate=3600"),
            (Answered::List, "public, max-age=30, stale-while-revalidate=300"),
        ] {
            assert_eq!(config.keeping(what).cache_control(), expected);
        }
        assert_eq!(keep(""), Ok(Vec::new()));
        for wrong in [
            "article",
            "article 1",
            "page 1 2",
            "article 1 2 3 4",
            "article -1 2",
            "list 1 2, list 1 2",
            "list 1 31536001",
        ] {
            assert!(keep(wrong).is_err(), "{wrong}");
        }
    }
}
