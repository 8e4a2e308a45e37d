//! XMP packets (ISO 16684-1), read as XML. Names are told by their namespaces, whatever prefix a program chose.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};

use super::properties::Properties;
use super::text::cut;
use crate::imaging::limits::XMP;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The prefixes under which properties are named here.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.useplus.org/ldf/xmp/1.0/", "plus"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "stRef"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "stEvt"),
    ("http://xmp.gettyimages.com/gift/1.0/", "getty"),
    ("http://ns.adobe.com/lightroom/1.0/", "lr"),
    ("http://creativecommons.org/ns#", "cc"),
];
/// Those that say something of the picture and its rights come first.
const FIRST: &[&str] = &[
    "dc:",
    "photoshop:",
    "Iptc4xmpCore:",
    "Iptc4xmpExt:",
    "xmpRights:",
    "plus:",
    "exif:",
];
/// Elements in each other; RDF of pictures has ten at most.
const DEEPEST: usize = 40;
/// More elements, attributes and texts than any picture has.
const MOST: usize = 100_000;
/// More bytes of one text than any property has.
const LONGEST: usize = 64 * 1024;

/// Most bytes of one name.
const NAME: usize = 100;

/// An element that is open.
struct Open {
    /// What it adds to the name of a property; RDF's own elements add nothing.
    name: Option<String>,
    text: String,
    /// Whether it holds elements, so that its text is but blanks.
    holds: bool,
    is_default: bool,
}

/// Reads as far as it can be read.
pub(super) fn read(packet: &[u8]) -> Properties {
    let mut properties = Properties::default();
    if packet.len() > XMP {
        return properties;
    }
    let text = String::from_utf8_lossy(packet);
    let mut reader = NsReader::from_str(text.trim_matches(['\0', '\u{feff}']));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut open: Vec<Open> = Vec::new();
    for _ in 0..MOST {
        let Ok(event) = reader.read_event() else { break };
        match event {
            Event::Start(tag) => {
                if open.len() >= DEEPEST {
                    break;
                }
                start(&reader, &tag, &mut open, &mut properties);
            }
            Event::End(_) => end(&mut open, &mut properties),
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => add(&mut open, &referred(&reference)),
            Event::Eof => break,
            // Entities that a document type declares are never looked up.
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    properties.rank(|name| FIRST.iter().any(|prefix| name.starts_with(prefix)));
    properties
}

fn add(open: &mut [Open], text: &str) {
    if let Some(open) = open.last_mut() {
        let room = LONGEST.saturating_sub(open.text.len());
        open.text.push_str(cut(text, room));
    }
}

fn referred(reference: &BytesRef<'_>) -> String {
    let character = reference.resolve_char_ref().ok().flatten();
    let named = || resolve_xml_entity(reference).unwrap_or_default().to_owned();
    character.map_or_else(named, String::from)
}

fn start(reader: &NsReader<&[u8]>, tag: &BytesStart<'_>, open: &mut Vec<Open>, properties: &mut Properties) {
    if let Some(parent) = open.last_mut() {
        parent.holds = true;
    }
    let (namespace, local) = reader.resolver().resolve_element(tag.name());
    let mut opened = Open {
        name: named(&namespace, tag.name(), local.as_ref()),
        text: String::new(),
        holds: false,
        is_default: false,
    };
    let mut given = Vec::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        let local = local.as_ref();
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
            continue;
        };
        match &namespace {
            ResolveResult::Bound(uri) if uri.as_ref() == XML => {
                opened.is_default = local == "lang" && value == "x-default";
            }
            ResolveResult::Bound(uri) if uri.as_ref() == RDF && local == "resource" => opened.text.push_str(&value),
            // The rest of RDF's own has no name.
            ResolveResult::Bound(_) => {
                let value = cut(&value, LONGEST).to_owned();
                given.extend(named(&namespace, attribute.key, local).zip(Some(value)));
            }
            _ => {}
        }
    }
    open.push(opened);
    let path = path(open);
    for (name, value) in given {
        let name = if path.is_empty() {
            name
        } else {
            format!("{path}/{name}")
        };
        properties.add(&name, &value);
    }
}

/// `dc:title`, by our prefix for the namespace or else the one in the file; nothing for RDF and what is around it.
fn named(namespace: &ResolveResult<'_>, name: QName<'_>, local: &str) -> Option<String> {
    let ResolveResult::Bound(uri) = namespace else {
        return None;
    };
    let uri = uri.as_ref();
    // Settings of a raw converter are hundreds, and say nothing of the picture.
    if matches!(
        uri,
        RDF | XML | "adobe:ns:meta/" | "http://ns.adobe.com/camera-raw-settings/1.0/"
    ) {
        return None;
    }
    let ours = NAMESPACES
        .iter()
        .find(|(known, _)| *known == uri)
        .map(|(_, prefix)| *prefix);
    let theirs = name.prefix();
    // A prefix of ours for another namespace is a trap, or a mistake.
    let theirs = theirs.as_ref().map(AsRef::as_ref);
    let theirs = theirs.filter(|theirs| NAMESPACES.iter().all(|(_, prefix)| prefix != theirs));
    let prefix = ours.or(theirs).unwrap_or("other");
    // A longer name is a trap: it would be repeated for all that stands within.
    if prefix.len() + local.len() > NAME {
        return None;
    }
    Some(format!("{prefix}:{local}"))
}

fn path(open: &[Open]) -> String {
    let names: Vec<&str> = open.iter().filter_map(|open| open.name.as_deref()).collect();
    names.join("/")
}

fn end(open: &mut Vec<Open>, properties: &mut Properties) {
    let path = path(open);
    let Some(ended) = open.pop() else { return };
    if ended.holds || path.is_empty() {
        return;
    }
    if ended.is_default {
        properties.add_first(&path, &ended.text);
    } else {
        properties.add(&path, &ended.text);
    }
}
