//! What is said of a picture's rights, written back into its renditions as one small packet of XMP (ISO 16684-1), in the
//! properties that the IPTC Photo Metadata Standard names for them.

use bytes::Bytes;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_VP8X, CHUNK_XMP, WebP};
use img_parts::{ImageEXIF, ImageICC};
use quick_xml::escape::escape;

/// What is written into a rendition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said<'a> {
    /// `dc:creator`
    pub creator: Option<&'a str>,
    /// `photoshop:Credit`
    pub credit: Option<&'a str>,
    /// `dc:rights`
    pub copyright: Option<&'a str>,
    /// `xmpRights:UsageTerms`; one that is an address is `xmpRights:WebStatement` too.
    pub usage_terms: Option<&'a str>,
}

/// Of the packet in a JPEG segment (XMP Part 3 §1.1.3).
const JPEG_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// What a segment holds beside its length.
const JPEG_MOST: usize = 65_533;
/// The flag of the chunk VP8X that there is XMP (RFC 9649 §2.7).
const WEBP_HAS_XMP: u8 = 0b100;

impl Said<'_> {
    /// The packet; `None` where nothing is said.
    fn packet(&self) -> Option<String> {
        let mut properties = String::new();
        let mut add = |value: Option<&str>, before: &str, after: &str| {
            if let Some(value) = value {
                properties.push_str(&format!("{before}{}{after}", text(value)));
            }
        };
        let address = |terms: &&str| terms.starts_with("https://") && !terms.contains(char::is_whitespace);
        add(
            self.creator,
            "<dc:creator><rdf:Seq><rdf:li>",
            "</rdf:li></rdf:Seq></dc:creator>",
        );
        add(
            self.copyright,
            "<dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">",
            "</rdf:li></rdf:Alt></dc:rights>",
        );
        add(self.credit, "<photoshop:Credit>", "</photoshop:Credit>");
        add(
            self.usage_terms,
            "<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang=\"x-default\">",
            "</rdf:li></rdf:Alt></xmpRights:UsageTerms>",
        );
        add(
            self.usage_terms.filter(address),
            "<xmpRights:WebStatement>",
            "</xmpRights:WebStatement>",
        );
        let whole = format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
            <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
            <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
            xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" \
            xmlns:xmpRights=\"http://ns.adobe.com/xap/1.0/rights/\">{properties}</rdf:Description></rdf:RDF></x:xmpmeta>\
            <?xpacket end=\"r\"?>"
        );
        (!properties.is_empty()).then_some(whole)
    }

    /// The content of the segment APP1 of a JPEG.
    pub(super) fn jpeg_segment(&self) -> Option<Vec<u8>> {
        let segment = [JPEG_PREFIX, self.packet()?.as_bytes()].concat();
        (segment.len() <= JPEG_MOST).then_some(segment)
    }

    /// A WebP with the packet in it.
    pub(super) fn into_webp(self, file: Vec<u8>) -> Vec<u8> {
        let Some(packet) = self.packet() else {
            return file;
        };
        let file = Bytes::from(file);
        let Ok(mut webp) = WebP::from_bytes(file.clone()) else {
            return file.into();
        };
        let chunk = RiffChunk::new(CHUNK_XMP, RiffContent::Data(packet.into()));
        webp.chunks_mut().push(chunk);
        // With neither EXIF nor a profile to set, this has the library write the chunk VP8X that XMP needs.
        webp.set_exif(None);
        webp.set_icc_profile(None);
        let extended = webp.chunks_mut().iter_mut().find(|chunk| chunk.id() == CHUNK_VP8X);
        if let Some(RiffContent::Data(data)) = extended.map(RiffChunk::content_mut) {
            let mut flags = data.to_vec();
            flags.iter_mut().take(1).for_each(|flags| *flags |= WEBP_HAS_XMP);
            *data = flags.into();
        }
        webp.encoder().bytes().into()
    }
}

/// Text of XML: escaped, without what XML 1.0 §2.2 forbids.
fn text(value: &str) -> String {
    let allowed = |c: &char| matches!(*c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    let plain: String = value.chars().filter(allowed).collect();
    escape(plain).into_owned()
}
