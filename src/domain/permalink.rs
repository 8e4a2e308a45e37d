//! The public address of an article, by the pattern that the site sets.

use super::id::ShortId;
use super::locale::Locale;
use super::slug::Slug;
use super::time::Timestamp;

/// Where a site is and how its articles are addressed.
#[derive(Debug, Clone)]
pub struct Site {
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

    pub fn canonical(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The short id that ends an address of an article of this site; `None` for any other, and for one with a query or a
    /// fragment.
    pub fn short_id(&self, url: &str) -> Option<ShortId> {
        let path = url.strip_prefix(&self.url)?;
        let name = path.strip_prefix('/')?.rsplit('/').next()?;
        ShortId::parse(name.rsplit('-').next()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_follows_the_pattern() -> Result<(), super::super::invalid::Flaw> {
        let site = Site {
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
}
