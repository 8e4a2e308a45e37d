//! Atom (RFC 4287).

use atom_syndication::{Category, Content, Entry, FixedDateTime, Generator, Link, Person, Text};

use super::{Feed, Image, Item, plain};
use crate::domain::time::Timestamp;

/// The document.
pub fn write(feed: &Feed) -> String {
    let document = atom_syndication::Feed {
        title: Text::plain(plain(&feed.title)),
        subtitle: feed.description.as_deref().map(|text| Text::plain(plain(text))),
        id: feed.address.clone(),
        // Nothing was ever in it: the start of 1970.
        updated: feed.updated_at().map(moment).unwrap_or_default(),
        links: vec![
            link(&feed.address, "self", Some("application/atom+xml")),
            link(&feed.home, "alternate", None),
        ],
        // An entry without one of its own has that of the feed (§4.1.1 there).
        authors: vec![person(&feed.title, Some(&feed.home))],
        generator: Some(Generator {
            value: "Copydesk".to_owned(),
            ..Generator::default()
        }),
        lang: Some(feed.language.clone()),
        entries: feed.items.iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    };
    document.to_string()
}

fn entry(item: &Item) -> Entry {
    let mut links = vec![link(&item.url, "alternate", Some("text/html"))];
    links.extend(item.image.as_ref().map(picture));
    Entry {
        title: text(item, &item.title),
        id: item.urn(),
        updated: moment(item.updated_at),
        published: Some(moment(item.published_at)),
        authors: item.named().map(|(name, url)| person(&name, url)).collect(),
        categories: item.categories.iter().map(|name| category(name)).collect(),
        links,
        summary: item.summary.as_deref().map(|summary| text(item, summary)),
        content: item.content().map(|content| Content {
            value: Some(content),
            content_type: Some("html".to_owned()),
            lang: Some(item.language.clone()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// Words in the language of the story.
fn text(item: &Item, words: &str) -> Text {
    Text {
        lang: Some(item.language.clone()),
        ..Text::plain(plain(words))
    }
}

fn moment(at: Timestamp) -> FixedDateTime {
    at.to_string().parse().unwrap_or_default()
}

fn link(address: &str, relation: &str, mime: Option<&str>) -> Link {
    Link {
        href: plain(address),
        rel: relation.to_owned(),
        mime_type: mime.map(str::to_owned),
        ..Link::default()
    }
}

fn picture(image: &Image) -> Link {
    Link {
        title: image.alt.as_deref().map(plain),
        ..link(&image.url, "enclosure", Some(image.mime))
    }
}

fn person(name: &str, url: Option<&str>) -> Person {
    Person {
        name: plain(name),
        uri: url.map(plain),
        ..Person::default()
    }
}

fn category(name: &str) -> Category {
    Category {
        term: plain(name),
        ..Category::default()
    }
}
