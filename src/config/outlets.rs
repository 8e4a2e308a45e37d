//! What search engines are told.

/// Sitemaps and `robots.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutletsConfig {
    /// Most addresses of a file of the sitemap.
    pub sitemap_addresses: usize,
    /// Whether search engines may read the site.
    pub index: bool,
    /// Paths that they may not read.
    pub disallow: Vec<String>,
}

impl Default for OutletsConfig {
    fn default() -> Self {
        Self {
            sitemap_addresses: 10_000,
            index: true,
            disallow: Vec::new(),
        }
    }
}
