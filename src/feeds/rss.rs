//! RSS 2.0, with the whole text (`content:encoded`), names (`dc:creator`) and pictures (`media:content`).

use std::collections::BTreeMap;

use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Guid};

use super::{Feed, Image, Item, escaped, plain};
use crate::domain::time::Timestamp;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// The document.
pub fn write(feed: &Feed) -> String {
    let mut channel = Channel {
        title: plain(&feed.title),
        link: feed.home.clone(),
        description: escaped(feed.description.as_deref().unwrap_or(&feed.title)),
        language: Some(feed.language.clone()),
        last_build_date: feed.updated_at().map(Timestamp::http_date),
        generator: Some("Copydesk".to_owned()),
        items: feed.items.iter().map(item).collect(),
        ..Channel::default()
    };
    channel.namespaces = [("atom", ATOM), ("media", MEDIA)]
        .map(|(prefix, address)| (prefix.to_owned(), address.to_owned()))
        .into();
    let this = element(
        "atom:link",
        &[
            ("href", feed.address.clone()),
            ("rel", "self".to_owned()),
            ("type", "application/rss+xml".to_owned()),
        ],
    );
    channel.extensions = extensions("atom", "link", this);
    channel.to_string()
}

fn item(item: &Item) -> rss::Item {
    let names = DublinCoreExtension {
        creators: item.named().map(|(name, _)| name).collect(),
        ..DublinCoreExtension::default()
    };
    rss::Item {
        title: Some(plain(&item.title)),
        link: Some(item.url.clone()),
        // Readers take it for HTML.
        description: item.summary.as_deref().map(escaped),
        content: item.content(),
        guid: Some(Guid {
            value: item.urn(),
            permalink: false,
        }),
        pub_date: Some(item.published_at.http_date()),
        categories: item.categories.iter().map(|name| category(name)).collect(),
        dublin_core_ext: (!names.creators.is_empty()).then_some(names),
        extensions: item.image.as_ref().map(picture).unwrap_or_default(),
        ..rss::Item::default()
    }
}

fn category(name: &str) -> Category {
    Category {
        name: plain(name),
        domain: None,
    }
}

fn picture(image: &Image) -> ExtensionMap {
    let mut about = vec![
        ("url", image.url.clone()),
        ("medium", "image".to_owned()),
        ("type", image.mime.to_owned()),
    ];
    about.extend(image.width.map(|width| ("width", width.to_string())));
    about.extend(image.height.map(|height| ("height", height.to_string())));
    let mut content = element("media:content", &about);
    for (name, text) in [("description", &image.alt), ("credit", &image.credit)] {
        if let Some(text) = text {
            let mut child = element(&format!("media:{name}"), &[]);
            child.value = Some(plain(text));
            content.children.insert(name.to_owned(), vec![child]);
        }
    }
    extensions("media", "content", content)
}

fn element(name: &str, attributes: &[(&str, String)]) -> Extension {
    let attrs: BTreeMap<String, String> = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), plain(value)))
        .collect();
    Extension {
        name: name.to_owned(),
        attrs,
        ..Extension::default()
    }
}

fn extensions(prefix: &str, name: &str, one: Extension) -> ExtensionMap {
    let named = BTreeMap::from([(name.to_owned(), vec![one])]);
    ExtensionMap::from([(prefix.to_owned(), named)])
}
