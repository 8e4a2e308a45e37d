use image::ImageFormat;

use super::super::sniff;
use super::draw;
use crate::domain::media::MediaType;

#[test]
fn a_file_is_what_its_bytes_are() {
    let picture = draw::quarters(16, 16);
    let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".to_vec();
    webm.resize(300, 0);
    let files: &[(&[u8], Option<MediaType>)] = &[
        (&draw::jpeg(&picture, &[]), Some(MediaType::Jpeg)),
        (&draw::png(&picture), Some(MediaType::Png)),
        (&draw::gif(1), Some(MediaType::Gif)),
        (
            &draw::file(&picture.clone().into(), ImageFormat::WebP),
            Some(MediaType::Webp),
        ),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", Some(MediaType::Avif)),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf", Some(MediaType::Avif)),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", None),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", Some(MediaType::Mp4)),
        (b"\0\0\0\x14ftypiso9\0\0\0\0mp41", Some(MediaType::Mp4)),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", None),
        (b"\0\0\0\x14ftypM4A \0\0\0\0isom", None),
        (&webm, Some(MediaType::Webm)),
        (b"ID3\x04\0\0\0\0\0\0", Some(MediaType::Mp3)),
        (b"\xff\xfb\x90\x64\0\0\0\0", Some(MediaType::Mp3)),
        (b"\xff\xfe\x41\0", None),
        (b"RIFF\x24\0\0\0WAVEfmt ", Some(MediaType::Wav)),
        (
            b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis",
            Some(MediaType::Ogg),
        ),
        (
            b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x2a\x80theora",
            None,
        ),
        (b"%PDF-1.7\n", Some(MediaType::Pdf)),
        (b"\0\0\x01\0\x01\0", None),
        (b"", None),
    ];
    for (bytes, kind) in files {
        assert_eq!(
            sniff(bytes),
            *kind,
            "{:?}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
        );
    }
}

#[test]
fn an_svg_is_told_by_its_root_and_html_is_not_one() {
    for (text, svg) in [
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", true),
        ("\u{feff}<?xml version='1.0'?>\n<!-- a > b --><svg>", true),
        ("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'>\n<svg\n>", true),
        ("<!DOCTYPE svg [ <!ENTITY a '<b>'> ]>  <s:svg xmlns:s='x'>", true),
        ("<!doctype html><svg>", false),
        ("<!DOCTYPE html><html><svg>", false),
        ("<svgs>", false),
        ("<html><svg></svg></html>", false),
        ("text <svg>", false),
        ("<!-- <svg>", false),
        ("<?xml version='1.0'?><rss/>", false),
    ] {
        let found = sniff(text.as_bytes());
        assert_eq!(found, svg.then_some(MediaType::Svg), "{text}");
    }
}
