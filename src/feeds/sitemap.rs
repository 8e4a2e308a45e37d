//! What a site has, for search engines: sitemaps (sitemaps.org 0.9), with the languages of a page and with the extension for news.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::plain;
use crate::domain::time::Timestamp;

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// A file of the sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub url: String,
    /// When something of it last changed, where that is known.
    pub changed_at: Option<Timestamp>,
}

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub url: String,
    pub changed_at: Timestamp,
    /// The page in each of its languages, its own included; empty where there is one only.
    pub languages: Vec<Language>,
}

/// A page in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    pub tag: String,
    pub url: String,
}

/// A story of the last days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsPage {
    pub url: String,
    /// Two or three letters.
    pub language: String,
    pub published_at: Timestamp,
    pub title: String,
}

type Xml = Writer<Vec<u8>>;

/// Which files there are.
pub fn index(files: &[File]) -> io::Result<Vec<u8>> {
    document("sitemapindex", &[], |xml| {
        for file in files {
            xml.create_element("sitemap").write_inner_content(|xml| {
                text(xml, "loc", &file.url)?;
                match file.changed_at {
                    Some(at) => text(xml, "lastmod", &at.to_string()),
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    })
}

/// One file. What is of another namespace stands last in a page: the schema has it there.
pub fn pages(pages: &[Page]) -> io::Result<Vec<u8>> {
    document("urlset", &[("xmlns:xhtml", XHTML)], |xml| {
        for page in pages {
            xml.create_element("url").write_inner_content(|xml| {
                text(xml, "loc", &page.url)?;
                text(xml, "lastmod", &page.changed_at.to_string())?;
                for language in &page.languages {
                    xml.create_element("xhtml:link")
                        .with_attributes([
                            ("rel", "alternate"),
                            ("hreflang", language.tag.as_str()),
                            ("href", language.url.as_str()),
                        ])
                        .write_empty()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })
}

/// The stories of the last days, of the publication of this name.
pub fn news(publication: &str, pages: &[NewsPage]) -> io::Result<Vec<u8>> {
    document("urlset", &[("xmlns:news", NEWS)], |xml| {
        for page in pages {
            xml.create_element("url").write_inner_content(|xml| {
                text(xml, "loc", &page.url)?;
                xml.create_element("news:news").write_inner_content(|xml| {
                    xml.create_element("news:publication").write_inner_content(|xml| {
                        text(xml, "news:name", publication)?;
                        text(xml, "news:language", &page.language)
                    })?;
                    text(xml, "news:publication_date", &page.published_at.to_string())?;
                    text(xml, "news:title", &page.title)
                })?;
                Ok(())
            })?;
        }
        Ok(())
    })
}

fn document(
    root: &str,
    namespaces: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element(root)
        .with_attribute(("xmlns", SITEMAP))
        .with_attributes(namespaces.iter().copied())
        .write_inner_content(inner)?;
    Ok(xml.into_inner())
}

fn text(xml: &mut Xml, name: &str, words: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(&plain(words)))?;
    Ok(())
}
