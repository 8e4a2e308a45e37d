//! What programs that read a site by themselves may read (RFC 9309).

/// What they are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots<'a> {
    /// Whether they may read anything.
    pub index: bool,
    /// Paths, each with all that begins with it, that they may not.
    pub disallow: &'a [String],
    /// Whole addresses of what names the pages of the site.
    pub sitemaps: &'a [String],
}

/// The file. A site that is not to be read has no sitemap to tell of.
pub fn write(robots: &Robots<'_>) -> String {
    let mut lines = vec!["User-agent: *".to_owned()];
    if !robots.index {
        lines.push("Disallow: /".to_owned());
        return lines.join("\n") + "\n";
    }
    if robots.disallow.is_empty() {
        // A group has a rule, and one without a path forbids nothing.
        lines.push("Disallow:".to_owned());
    }
    lines.extend(robots.disallow.iter().map(|path| format!("Disallow: {path}")));
    lines.push(String::new());
    lines.extend(robots.sitemaps.iter().map(|url| format!("Sitemap: {url}")));
    lines.join("\n") + "\n"
}
