//! What there is on the site, for search engines.
//!
//! A file is a range of time, so reading one reads what is in it and no more. Which files there are is known by walking the index of
//! live editions once; afterwards only its end is looked at. A month that is over loses stories and gains none, so that what is known of it
//! stays right: a file of it may become shorter. It is walked anew now and then, for the names to follow that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Delivery;
use crate::domain::id::ArticleId;
use crate::domain::shelf::ArticleSort;
use crate::domain::sitemap::{SitemapFile, news_language};
use crate::domain::time::Timestamp;
use crate::feeds::robots::{self, Robots};
use crate::feeds::sitemap::{self, File, Language, NewsPage, Page};
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public::{self, Asked, LiveAddress, PublicFilter};

/// Seconds after which what is known of the files is forgotten.
const KNOWN: i64 = 3600;
/// Changes among which a file looks for its last one.
const CHANGES: usize = 1000;
/// Seconds for which a story is news.
const NEWS: i64 = 48 * 3600;
/// Stories of the sitemap of news (Google).
const MOST_NEWS: usize = 1000;
/// Stories that went live last among which those are looked for: what was published again is no news.
const LOOKED_AT: usize = 2 * MOST_NEWS;

/// The files of the sitemap, the oldest first, and since when they are known.
#[derive(Debug, Default)]
pub(super) struct Files(Mutex<Option<(Timestamp, Vec<SitemapFile>)>>);

impl Files {
    fn known(&self, now: Timestamp) -> (Timestamp, Vec<SitemapFile>) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.as_ref().filter(|(since, _)| since.plus_seconds(KNOWN) > now);
        fresh.cloned().unwrap_or((now, Vec::new()))
    }

    fn keep(&self, since: Timestamp, files: Vec<SitemapFile>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((since, files));
    }

    /// One turned out to be empty: if it is one of them, they are walked anew.
    fn found_empty(&self, file: SitemapFile) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_some_and(|(_, files)| files.contains(&file)) {
            *known = None;
        }
    }
}

impl Delivery {
    /// Which files the sitemap has.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn sitemap_index(&self) -> Result<Vec<u8>, Error> {
        let (since, known) = self.files.known(self.clock.now());
        let most = self.outlets.sitemap_addresses;
        let (files, last) = self
            .store
            .read(move |conn: &mut PublicConn| {
                let files = files(conn, known, most)?;
                let last = public::last_changes(conn, CHANGES)?;
                Ok::<_, Error>((files, last))
            })
            .await?;
        let changed = changes(&files, &last);
        let skipped = files.len().saturating_sub(SitemapFile::MOST);
        let shown: Vec<File> = files
            .iter()
            .skip(skipped)
            .map(|file| File {
                url: self.canonical(&format!("/sitemaps/{}.xml", file.name())),
                changed_at: changed.get(file).copied(),
            })
            .collect();
        self.files.keep(since, files);
        sitemap::index(&shown).map_err(|why| Error::Broken(why.into()))
    }

    /// One file of the sitemap.
    ///
    /// # Errors
    /// `NotFound` where nothing is in it.
    pub async fn sitemap_file(&self, name: &str) -> Result<Vec<u8>, Error> {
        let file = SitemapFile::parse(name).ok_or(Refusal::NotFound)?;
        let (most, places) = (self.outlets.sitemap_addresses, Arc::clone(&self.places));
        let read = move |conn: &mut PublicConn| {
            let found = public::live_addresses(conn, file.from, file.until(), most)?;
            let Some(last) = found.last() else {
                return Ok(Vec::new());
            };
            let mut others: HashMap<ArticleId, Vec<Language>> = HashMap::new();
            for other in public::other_languages(conn, file.from, last.published_at)? {
                others.entry(other.of).or_default().push(Language {
                    tag: other.locale,
                    url: places.site.canonical(&other.path),
                });
            }
            let page = |one: LiveAddress| {
                let url = places.site.canonical(&one.path);
                let mut languages = others.remove(&one.article_id).unwrap_or_default();
                if !languages.is_empty() {
                    languages.push(Language {
                        tag: one.locale,
                        url: url.clone(),
                    });
                    languages.sort_by(|one, other| one.tag.cmp(&other.tag));
                }
                Page {
                    url,
                    changed_at: one.live_from,
                    languages,
                }
            };
            let pages: Vec<Page> = found.into_iter().map(page).collect();
            sitemap::pages(&pages).map_err(|why| Error::Broken(why.into()))
        };
        let text = self.store.read(read).await?;
        if text.is_empty() {
            self.files.found_empty(file);
            return Err(Refusal::NotFound.into());
        }
        Ok(text)
    }

    /// The stories that were first published in the last two days, the latest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn news_sitemap(&self) -> Result<Vec<u8>, Error> {
        let since = self.clock.now().plus_seconds(-NEWS);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let filter = PublicFilter {
                published_after: Some(since),
                ..PublicFilter::default()
            };
            let asked = Asked {
                sort: ArticleSort::Newest,
                from: None,
                limit: LOOKED_AT,
            };
            let listed = public::list(conn, &filter, &asked)?;
            // In their order; they are not kept: nobody asks for a thousand stories but this.
            let mut summaries = public::summaries(conn, &listed)?;
            let summaries = listed.iter().filter_map(|id| summaries.remove(id));
            let new = summaries.filter(|summary| summary.first_published_at > since);
            let pages: Vec<NewsPage> = new
                .take(MOST_NEWS)
                .map(|summary| NewsPage {
                    url: places.site.canonical(&summary.path),
                    language: news_language(summary.locale.as_str()),
                    published_at: summary.first_published_at,
                    title: summary.headline.as_str().to_owned(),
                })
                .collect();
            sitemap::news(&places.site.name, &pages).map_err(|why| Error::Broken(why.into()))
        };
        self.store.read(read).await
    }

    /// What programs that read the site by themselves may read.
    pub fn robots(&self) -> String {
        robots::write(&Robots {
            index: self.outlets.index,
            disallow: &self.outlets.disallow,
            sitemaps: &["/sitemap.xml", "/sitemap-news.xml"].map(|path| self.canonical(path)),
        })
    }
}

/// The files, where `known` are the first of them: from the last one on, a look-up for each month and for each file.
fn files(conn: &mut PublicConn, known: Vec<SitemapFile>, most: usize) -> Result<Vec<SitemapFile>, Error> {
    let mut files = known;
    loop {
        let next = match files.last() {
            None => public::first_published(conn, Timestamp::FIRST)?.map(SitemapFile::of),
            Some(last) => match public::published_behind(conn, most, last.from, last.until())? {
                // Of one millisecond there are no more than fit into a file; were there, the rest is left out.
                Some(next) if next <= last.from => {
                    public::first_published(conn, last.from.next())?.map(|next| last.then(next))
                }
                Some(next) => Some(last.then(next)),
                None => public::first_published(conn, last.until())?.map(SitemapFile::of),
            },
        };
        match next {
            Some(next) => files.push(next),
            None => return Ok(files),
        }
    }
}

/// When something of each file last changed, where one of these changes was of it.
fn changes(files: &[SitemapFile], last: &[(Timestamp, Timestamp)]) -> HashMap<SitemapFile, Timestamp> {
    let mut changed = HashMap::new();
    for (changed_at, published_at) in last {
        let behind = files.partition_point(|file| file.from <= *published_at);
        if let Some(file) = behind.checked_sub(1).and_then(|at| files.get(at)) {
            // The latest comes first.
            changed.entry(*file).or_insert(*changed_at);
        }
    }
    changed
}
