//! The public address of an article, by the pattern that the site sets.

use url::Url;

use super::id::ShortId;
use super::invalid::{Flaw, Rule};
use super::locale::Locale;
use super::slug::Slug;
use super::time::Timestamp;

/// Where a site is and how its articles are addressed.
#[derive(Debug, Clone)]
pub struct Site {
    /// What readers know it as.
    pub name: String,
    /// Without a slash at the end.
    pub url: String,
    /// `/{year}/{month}/{day}/{slug}-{short_id}`: the short id at the end is what resolves.
    pub permalink: String,
    /// The language of articles that name none.
    pub locale: Locale,
}

/// What an address is made of.
pub struct Parts<'a> {
    pub first_published_at: Timestamp,
    pub slug: &'a Slug,
    pub short_id: &'a ShortId,
    pub section: Option<&'a Slug>,
    pub locale: &'a Locale,
}

impl Site {
    /// The path of an article, from its first date, so that a later edition does not move it.
    pub fn path(&self, parts: &Parts<'_>) -> String {
        let date = parts.first_published_at.date();
        self.permalink
            .replace("{year}", &format!("{:04}", date.year()))
            .replace("{month}", &format!("{:02}", u8::from(date.month())))
            .replace("{day}", &format!("{:02}", date.day()))
            .replace("{section}", parts.section.map_or("news", Slug::as_str))
            .replace("{locale}", parts.locale.as_str())
            .replace("{slug}", parts.slug.as_str())
            .replace("{short_id}", parts.short_id.as_str())
    }

    /// Whether an article's address changes with the slug of its section.
    pub fn names_section(&self) -> bool {
        self.permalink.contains("{section}")
    }

    pub fn canonical(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The short id that ends an address of an article of this site; `None` for any other, and for one with a query or a
    /// fragment, which says more than that.
    pub fn short_id(&self, url: &str) -> Option<ShortId> {
        if url.contains(['?', '#']) {
            return None;
        }
        self.read_address(url).ok()?.short_id()
    }

    /// Reads an address as a browser was sent to it: a path, or a whole address of this site. What follows a `?` or `#` is
    /// no part of it.
    pub fn read_address(&self, text: &str) -> Result<Address, Flaw> {
        if text.chars().count() > Address::MAX {
            let message = format!("is longer than {} characters", Address::MAX);
            return Err(Flaw::new(Rule::TooLong, message));
        }
        let home = Url::parse(&self.url).ok();
        let path = if text.starts_with('/') {
            text.split(['?', '#']).next().unwrap_or_default().to_owned()
        } else {
            path_within(text, home.as_ref())?
        };
        let inner = path.strip_prefix('/').unwrap_or(&path);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if path != "/" && inner.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            return Err(Flaw::new(Rule::Malformed, "holds an empty, `.` or `..` segment"));
        }
        let folder = home.as_ref().map_or("", |home| home.path().trim_end_matches('/'));
        let within = path.strip_prefix(folder).filter(|rest| rest.starts_with('/'));
        let within = within.filter(|_| !folder.is_empty()).map(str::to_owned);
        Ok(Address {
            forms: [Some(path), within].into_iter().flatten().collect(),
        })
    }
}

/// The path of a web address that is one of the site's.
fn path_within(text: &str, home: Option<&Url>) -> Result<String, Flaw> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        let message = "is neither a path that begins with `/` nor a web address";
        return Err(Flaw::new(Rule::Malformed, message));
    };
    let place = |url: &Url| (url.host_str().map(str::to_owned), url.port());
    if home.map(place) != Some(place(&url)) {
        return Err(Flaw::new(Rule::NotAllowed, "is an address of another site"));
    }
    Ok(url.path().to_owned())
}

/// A path that somebody asked for, whether or not it is one of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// As it was given and, where the site is in a folder and the path begins with that, without the folder.
    forms: Vec<String>,
}

impl Address {
    /// Browsers send no longer ones.
    pub const MAX: usize = 2048;

    /// Whether it is this path, to the letter.
    pub fn is(&self, path: &str) -> bool {
        self.forms.iter().any(|form| form == path)
    }

    /// The paths that it may mean: a slash at the end is not counted.
    pub fn forms(&self) -> Vec<&str> {
        self.forms.iter().map(|form| form.trim_end_matches('/')).collect()
    }

    /// The short id that it ends with, whatever stands before.
    pub fn short_id(&self) -> Option<ShortId> {
        let path = self.forms.first()?.trim_end_matches('/');
        let start = path.len().checked_sub(ShortId::LENGTH)?;
        ShortId::parse(path.get(start..)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_follows_the_pattern() -> Result<(), super::super::invalid::Flaw> {
        let site = Site {
            name: "The Strait Courier".to_owned(),
            url: "https://news.example".into(),
            permalink: "/{locale}/{section}/{year}/{month}/{day}/{slug}-{short_id}".into(),
            locale: Locale::parse("en")?,
        };
        let parts = Parts {
            first_published_at: Timestamp::parse("2026-02-16T23:59:59Z")?,
            slug: &Slug::parse("ferry-resumes")?,
            short_id: &ShortId::parse("7gk2m9qx")?,
            section: None,
            locale: &Locale::parse("pt-BR")?,
        };
        let path = site.path(&parts);
        assert_eq!(
            site.canonical(&path),
            "https://news.example/pt-BR/news/2026/02/16/ferry-resumes-7gk2m9qx"
        );
        assert_eq!(site.short_id(&site.canonical(&path)).as_ref(), Some(parts.short_id));
        for other in [
            "https://news.example.org/a-7gk2m9qx",
            "https://news.example/a-7gk2m9qx#b",
            "https://news.example",
        ] {
            assert_eq!(site.short_id(other), None, "{other}");
        }
        Ok(())
    }

    fn site(url: &str) -> Result<Site, Flaw> {
        Ok(Site {
            name: "The Strait Courier".to_owned(),
            url: url.into(),
            permalink: "/{slug}-{short_id}".into(),
            locale: Locale::parse("en")?,
        })
    }

    #[test]
    fn an_address_is_read_however_it_comes() -> Result<(), Flaw> {
        let root = site("https://news.example")?;
        let folder = site("https://example.com:8443/news")?;
        for (site, text, forms) in [
            (&root, "/a-7gk2m9qx", vec!["/a-7gk2m9qx"]),
            (&root, "/a-7gk2m9qx?utm_source=x#top", vec!["/a-7gk2m9qx"]),
            (&root, "https://news.example/a-7gk2m9qx#top", vec!["/a-7gk2m9qx"]),
            (&root, "HTTP://NEWS.example/a-7gk2m9qx", vec!["/a-7gk2m9qx"]),
            (&root, "https://news.example", vec!["/"]),
            (&root, "/caf%C3%A9/\u{e9}", vec!["/caf%C3%A9/\u{e9}"]),
            (&folder, "/a-7gk2m9qx", vec!["/a-7gk2m9qx"]),
            (&folder, "/news/a-7gk2m9qx", vec!["/news/a-7gk2m9qx", "/a-7gk2m9qx"]),
            (&folder, "https://example.com:8443/news/a", vec!["/news/a", "/a"]),
            (&folder, "/newsroom", vec!["/newsroom"]),
        ] {
            assert_eq!(
                site.read_address(text).map(|address| address.forms),
                Ok(forms.into_iter().map(str::to_owned).collect()),
                "{text}"
            );
        }
        for (text, rule) in [
            ("", Rule::Malformed),
            ("a-7gk2m9qx", Rule::Malformed),
            ("//news.example/a", Rule::Malformed),
            ("/a//b", Rule::Malformed),
            ("//", Rule::Malformed),
            ("/a//", Rule::Malformed),
            ("/a/../b", Rule::Malformed),
            ("/.", Rule::Malformed),
            ("javascript:alert(1)", Rule::Malformed),
            ("ftp://news.example/a", Rule::Malformed),
            ("https://other.example/a", Rule::NotAllowed),
            ("https://news.example:444/a", Rule::NotAllowed),
            ("https://news.example.other.example/a", Rule::NotAllowed),
        ] {
            assert_eq!(root.read_address(text).map_err(|flaw| flaw.rule), Err(rule), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_short_id_is_found_at_the_end_only() -> Result<(), Flaw> {
        let site = site("https://news.example")?;
        for (text, found) in [
            ("/2026/any-words-7gk2m9qx", Some("7gk2m9qx")),
            ("/7gk2m9qx/", Some("7gk2m9qx")),
            ("/7gk2m9qx/comments", None),
            ("/Slug-7GK2M9QX", None),
            ("/\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", None),
            ("/", None),
        ] {
            let address = site.read_address(text)?;
            assert_eq!(address.short_id().as_ref().map(ShortId::as_str), found, "{text}");
        }
        Ok(())
    }
}
