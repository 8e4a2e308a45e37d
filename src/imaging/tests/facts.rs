use md5::{Digest, Md5};
use serde_json::json;

use super::super::{Examined, examine_image};
use super::LIMITS;
use super::draw::{self, Entry};
use crate::domain::media::MediaType;

fn examined(segments: &[(u8, Vec<u8>)]) -> Examined {
    examine_image(MediaType::Jpeg, &draw::jpeg(&draw::quarters(16, 16), segments), &LIMITS).unwrap()
}

macro_rules! said {
    ($examined:expr, $field:ident) => {
        $examined
            .facts
            .$field
            .as_ref()
            .map(|fact| fact.as_str().to_owned())
            .as_deref()
    };
}

fn alt(text: &str) -> String {
    format!("<rdf:Alt><rdf:li xml:lang='fr'>Autre</rdf:li><rdf:li xml:lang='x-default'>{text}</rdf:li></rdf:Alt>")
}

#[test]
fn iptc_is_read_in_the_encodings_of_newsrooms() {
    for (what, sets) in [
        ("Latin-1", vec![(2, 105, b"Caf\xe9 ferm\xe9 \x96 Qu\xe9bec" as &[u8])]),
        ("MacRoman", vec![(2, 105, b"Caf\x8e ferm\x8e \xd0 Qu\x8ebec")]),
        (
            "UTF-8 by its mark",
            vec![(1, 90, b"\x1b%G"), (2, 105, "Café fermé – Québec".as_bytes())],
        ),
        ("UTF-8 without it", vec![(2, 105, "Café fermé – Québec".as_bytes())]),
    ] {
        let examined = examined(&[draw::iim_segment(&sets)]);
        assert_eq!(said!(examined, headline), Some("Café fermé – Québec"), "{what}");
    }
}

#[test]
fn iptc_goes_on_over_segments_and_extended_data_sets() {
    let mut iim = b"\x1c\x02\x78\x80\x04\0\0\0\x0bA long text".to_vec();
    iim.extend(draw::iim(&[
        (2, 80, b"Mirel Dahn"),
        (2, 80, b"Ada Ro"),
        (2, 25, b"ferry"),
        (2, 40, b"NOT FOR PRINT"),
    ]));
    let resources = [draw::resource(0x03ed, b"odd"), draw::resource(0x0404, &iim)].concat();
    let (first, second) = resources.split_at(40);
    let examined = examined(&[draw::photoshop_segment(first), draw::photoshop_segment(second)]);
    assert_eq!(said!(examined, caption), Some("A long text"));
    assert_eq!(said!(examined, creator), Some("Mirel Dahn, Ada Ro"));
    let iptc = &examined.extracted["iptc"];
    assert_eq!(iptc["Keywords"], "ferry");
    assert_eq!(iptc["SpecialInstructions"], "NOT FOR PRINT");
    assert_eq!(iptc["By-line"], json!(["Mirel Dahn", "Ada Ro"]));
    assert!(!format!("{:?}", examined.facts).contains("PRINT"));
}

#[test]
fn xmp_is_read_by_namespaces_as_elements_and_as_attributes() {
    let packet = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:Description \
        xmlns:p='http://ns.adobe.com/photoshop/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/' p:Headline='One &amp; two' \
        xmlns:dc='http://other.example/' dc:creator='Nobody'><d:creator><r:Seq><r:li>Mirel &#68;ahn</r:li><r:li>Ada</r:li>\
        </r:Seq></d:creator></r:Description></r:RDF>";
    let segment = (1, [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat());
    let examined = examined(&[segment]);
    assert_eq!(said!(examined, headline), Some("One & two"));
    assert_eq!(said!(examined, creator), Some("Mirel Dahn, Ada"));
}

#[test]
fn all_that_a_picture_says_finds_its_field() {
    let properties = format!(
        "<photoshop:Headline>Head</photoshop:Headline><dc:description>{}</dc:description>\
        <core:AltTextAccessibility>{}</core:AltTextAccessibility><photoshop:Credit>Northlight</photoshop:Credit>\
        <photoshop:Source>Wire</photoshop:Source><dc:rights>{}</dc:rights>\
        <xmpRights:UsageTerms>{}</xmpRights:UsageTerms><photoshop:DateCreated>2026-02-16T09:30:00+02:00</photoshop:DateCreated>\
        <ext:LocationCreated><rdf:Bag><rdf:li rdf:parseType='Resource'><ext:City>Port Aldous</ext:City>\
        <ext:CountryName>Meridia</ext:CountryName></rdf:li></rdf:Bag></ext:LocationCreated>",
        alt("The first ferry"),
        alt("Alternative"),
        alt("© Northlight"),
        alt("Online only")
    );
    let examined = examined(&[draw::xmp_segment(&properties)]);
    let facts = &examined.facts;
    assert_eq!(said!(examined, headline), Some("Head"));
    assert_eq!(said!(examined, caption), Some("The first ferry"));
    assert_eq!(said!(examined, alt), Some("Alternative"));
    assert_eq!(said!(examined, credit), Some("Northlight"));
    assert_eq!(said!(examined, source), Some("Wire"));
    assert_eq!(said!(examined, copyright), Some("© Northlight"));
    assert_eq!(said!(examined, usage_terms), Some("Online only"));
    assert_eq!(facts.taken_at.unwrap().to_string(), "2026-02-16T07:30:00.000Z");
    let place = facts.location.as_ref().unwrap();
    assert_eq!(place.city.as_ref().unwrap().as_str(), "Port Aldous");
    assert_eq!(place.country.as_ref().unwrap().as_str(), "Meridia");
    assert_eq!(
        examined.extracted["xmp"]["dc:description"],
        json!(["The first ferry", "Autre"])
    );
}

fn conflicting(digest: Option<&[u8]>) -> Examined {
    let iim = draw::iim(&[(2, 105, b"By IPTC"), (2, 95, b"A province with a long")]);
    let mut resources = draw::resource(0x0404, &iim);
    match digest {
        Some(b"same") => resources.extend(draw::resource(0x0425, &Md5::digest(&iim))),
        Some(other) => resources.extend(draw::resource(0x0425, other)),
        None => {}
    }
    let properties = "<photoshop:Headline>By XMP</photoshop:Headline>\
        <photoshop:State>A province with a long name</photoshop:State>";
    examined(&[draw::photoshop_segment(&resources), draw::xmp_segment(properties)])
}

#[test]
fn xmp_is_taken_before_iptc_unless_iptc_was_changed_since() {
    for (digest, headline) in [
        (None, "By XMP"),
        (Some(b"same" as &[u8]), "By XMP"),
        (Some(&[0; 16]), "By XMP"),
        (Some(&[7; 16]), "By IPTC"),
    ] {
        let examined = conflicting(digest);
        assert_eq!(said!(examined, headline), Some(headline), "{digest:?}");
        // What IIM cut off is no change.
        let state = examined.facts.location.unwrap().state.unwrap();
        assert_eq!(state.as_str(), "A province with a long name");
        assert_eq!(examined.extracted["iptc"]["Headline"], "By IPTC");
        assert_eq!(examined.extracted["xmp"]["photoshop:Headline"], "By XMP");
    }
}

#[test]
fn exif_is_taken_before_both_where_it_says_more() {
    let tiff = |description: &'static str, artist: &'static str| {
        draw::exif_segment(&draw::exif(
            &[(0x010e, Entry::Text(description)), (0x013b, Entry::Text(artist))],
            &[],
            &[],
        ))
    };
    let xmp = draw::xmp_segment(&format!(
        "<dc:description>{}</dc:description><dc:creator><rdf:Seq><rdf:li>Mirel Dahn</rdf:li><rdf:li>Ada Ro</rdf:li>\
        </rdf:Seq></dc:creator>",
        alt("Café on the quay")
    ));
    let ours = examined(&[tiff("By EXIF", "Another"), xmp.clone()]);
    assert_eq!(
        (said!(ours, caption), said!(ours, creator)),
        (Some("By EXIF"), Some("Another"))
    );
    let flattened = examined(&[tiff("Caf? on the", "Mirel Dahn"), xmp.clone()]);
    assert_eq!(said!(flattened, caption), Some("Café on the quay"));
    assert_eq!(said!(flattened, creator), Some("Mirel Dahn, Ada Ro"));
    let junk = examined(&[tiff("OLYMPUS DIGITAL CAMERA         ", "   "), xmp]);
    assert_eq!(said!(junk, caption), Some("Café on the quay"));
}

#[test]
fn what_says_nothing_is_not_a_fact() {
    for text in [
        "OLYMPUS DIGITAL CAMERA",
        "SONY DSC",
        "Default",
        "untitled",
        "Exif_JPEG_PICTURE",
        "   ",
        "---",
        "\0\0",
    ] {
        let segment = draw::exif_segment(&draw::exif(&[(0x010e, Entry::Text(text))], &[], &[]));
        assert_eq!(said!(examined(&[segment]), caption), None, "{text:?}");
    }
}

#[test]
fn the_time_taken_is_by_exif_with_its_offset_or_else_utc() {
    let at = |day: &'static str, offset: &'static str| {
        let own = [
            (0x9003, Entry::Text(day)),
            (0x9011, Entry::Text(offset)),
            (0x9291, Entry::Text("25")),
        ];
        draw::exif_segment(&draw::exif(&[], &own, &[]))
    };
    let iim = draw::iim_segment(&[(2, 55, b"20240530"), (2, 60, b"120000-0500")]);
    for (what, segments, taken) in [
        (
            "an offset",
            vec![at("2020:07:08 09:49:13", "+02:00"), iim.clone()],
            "2020-07-08T07:49:13.250Z",
        ),
        (
            "no offset",
            vec![at("2020:07:08 09:49:13", "   :  "), iim.clone()],
            "2020-07-08T09:49:13.250Z",
        ),
        (
            "no date",
            vec![at("0000:00:00 00:00:00", ""), iim.clone()],
            "2024-05-30T17:00:00.000Z",
        ),
        (
            "a day alone",
            vec![draw::iim_segment(&[(2, 55, b"20240530")])],
            "2024-05-30T00:00:00.000Z",
        ),
        (
            "minutes",
            vec![draw::xmp_segment(
                "<photoshop:DateCreated>2024-05-30T08:15Z</photoshop:DateCreated>",
            )],
            "2024-05-30T08:15:00.000Z",
        ),
    ] {
        let found = examined(&segments).facts.taken_at.map(|at| at.to_string());
        assert_eq!(found.as_deref(), Some(taken), "{what}");
    }
    for nonsense in ["2024", "2024-13-45", "soon", "²024-05-30", "2024-05-30T99:99:99"] {
        let properties = format!("<photoshop:DateCreated>{nonsense}</photoshop:DateCreated>");
        assert_eq!(
            examined(&[draw::xmp_segment(&properties)]).facts.taken_at,
            None,
            "{nonsense}"
        );
    }
}

#[test]
fn a_position_is_told_in_degrees_and_is_no_fact() {
    let gps = [
        (1, Entry::Text("S")),
        (2, Entry::Angle([43, 30, 0])),
        (3, Entry::Text("E")),
        (4, Entry::Angle([11, 0, 36])),
    ];
    let examined = examined(&[draw::exif_segment(&draw::exif(&[], &[], &gps))]);
    assert_eq!(examined.extracted["exif"]["GPSPosition"], "-43.50000, 11.01000");
    assert_eq!(examined.facts.location, None);
}

#[test]
fn what_is_extracted_is_bounded_and_free_of_control_characters() {
    let many: String = (0..400)
        .map(|n| format!("<dc:p{n}>{}\u{7}\u{b}</dc:p{n}>", "é".repeat(60)))
        .collect();
    let examined = examined(&[
        draw::xmp_segment(&many),
        draw::iim_segment(&[(2, 120, &b"x".repeat(20_000)), (2, 105, b"a\0b\x01c\nd")]),
    ]);
    let shown = examined.extracted.to_string();
    assert!(shown.len() < 100_000, "{} bytes", shown.len());
    assert!(!shown.contains("\\u00"), "{shown}");
    assert_eq!(examined.extracted["xmp"].as_object().unwrap().len(), 200);
    assert_eq!(
        examined.extracted["iptc"]["Caption-Abstract"].as_str().unwrap().len(),
        4096
    );
    assert_eq!(said!(examined, headline), Some("a b c d"));
    assert_eq!(said!(examined, caption).map(str::len), Some(5000));
}

#[test]
fn entities_of_a_packet_are_not_expanded() {
    let packet = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>".to_owned()
        + &draw::xmp("<photoshop:Headline>Head&b;&lt;&unknown;</photoshop:Headline>");
    let segment = (1, [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat());
    assert_eq!(said!(examined(&[segment]), headline), Some("Head<"));
}

#[test]
fn metadata_is_read_from_png_and_webp_too() {
    let tiff = draw::exif(&[(0x0112, Entry::Short(6)), (0x010e, Entry::Text("By EXIF"))], &[], &[]);
    let xmp = draw::xmp("<photoshop:Headline>Head</photoshop:Headline>");
    let png = draw::png(&draw::quarters(32, 16));
    let chunk = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        // A wrong check sum of what is not needed to draw is no reason to refuse.
        [&length, name, content, &[0; 4]].concat()
    };
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0", xmp.as_bytes()].concat();
    let png = [&png[..33], &chunk(b"eXIf", &tiff), &chunk(b"iTXt", &text), &png[33..]].concat();
    let any = draw::quarters(32, 16).into();
    let webp = draw::file(&any, image::ImageFormat::WebP);
    let webp = extended(
        &webp,
        &[
            (b"EXIF", [b"Exif\0\0", tiff.as_slice()].concat()),
            (b"XMP ", xmp.into_bytes()),
        ],
    );
    for (kind, bytes) in [(MediaType::Png, png), (MediaType::Webp, webp)] {
        let examined = examine_image(kind, &bytes, &LIMITS).unwrap();
        assert_eq!((examined.width, examined.height), (Some(16), Some(32)), "{kind:?}");
        assert_eq!(said!(examined, headline), Some("Head"), "{kind:?}");
        assert_eq!(said!(examined, caption), Some("By EXIF"), "{kind:?}");
    }
}

/// A lossless WebP of 32 by 16 with more chunks.
fn extended(webp: &[u8], chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut content = b"WEBPVP8X\x0a\0\0\0\x0c\0\0\0\x1f\0\0\x0f\0\0".to_vec();
    content.extend(&webp[12..]);
    for (name, data) in chunks {
        content.extend(*name);
        content.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        content.extend(data);
        content.resize(content.len().next_multiple_of(2), 0);
    }
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [b"RIFF", &length, content.as_slice()].concat()
}

#[test]
fn names_that_are_made_to_be_long_are_not_kept() {
    let long = "a".repeat(20_000);
    let many: String = (0..500).map(|number| format!(" photoshop:n{number}=\"1\"")).collect();
    let examined = examined(&[draw::xmp_segment(&format!("<dc:{long}><dc:b{many}/></dc:{long}>"))]);
    let kept = examined.extracted["xmp"].as_object().unwrap();
    assert!(kept.keys().all(|name| name.len() <= 200) && kept.len() <= 400);
}
