//! Out and back again.

use proptest::prelude::*;

use super::{any, bare, from_html, from_markdown};
use crate::domain::body::{Block, Body, Mark, Span};
use crate::exchange::{html, markdown};

proptest! {
    #[test]
    fn blocks_come_back_from_html_with_their_ids(body in any::body()) {
        let written = html::write(&body, super::SITE);
        let read = from_html(&written);
        prop_assert_eq!(serde_json::to_value(&read.body).unwrap(), serde_json::to_value(&body).unwrap(), "{}", written);
        prop_assert!(read.warnings.0.is_empty(), "{:?}", read.warnings);
    }

    #[test]
    fn blocks_come_back_from_markdown(body in any::body()) {
        let written = markdown::write(&body);
        let read = from_markdown(&written);
        prop_assert_eq!(bare(&read.body), bare(&body), "{}", written);
        prop_assert!(read.warnings.0.is_empty(), "{:?}", read.warnings);
    }

    #[test]
    fn ids_outlive_a_trip_through_markdown(body in any::body()) {
        let mut read = from_markdown(&markdown::write(&body)).body;
        read.adopt_ids(&body);
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(&body).unwrap());
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}", signs in "[<>a-z=\"'/!&;*_`|\\[\\]()#\n -]{0,200}") {
        for text in [text, signs] {
            let _ = html::read(&text, super::SITE);
            let _ = markdown::read(&text, super::SITE);
        }
    }
}

/// A reader who makes links of bare addresses takes everything up to the next blank for one, a tick too.
#[test]
fn code_behind_an_address_stays_code() {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.render.r#unsafe = true;
    for code in [
        "a [click](javascript:alert(1)) b",
        "![x](https://a.example/x.gif)",
        "*a*",
        "a`b",
    ] {
        for address in ["https://x.example/", "www.x.example/", "(https://x.example"] {
            let code = Span {
                marks: vec![Mark::Code],
                ..Span::plain(code)
            };
            let spans = vec![Span::plain(address), code.clone(), Span::plain(" and "), code];
            let body = Body::checked(vec![Block::paragraph(spans)], "").unwrap();
            let written = markdown::write(&body);
            assert_eq!(from_markdown(&written).body, body, "{written}");
            let rendered = comrak::markdown_to_html(&written, &options);
            assert!(
                !rendered.contains("href=\"javascript") && !rendered.contains("<img") && !rendered.contains("<em>"),
                "{rendered}"
            );
        }
    }
}

#[test]
fn a_tab_that_begins_a_line_makes_no_code() {
    let body = Body::checked(vec![Block::paragraph(vec![Span::plain("\tHello\n\t# there")])], "").unwrap();
    let read = from_markdown(&markdown::write(&body)).body;
    assert_eq!(read.plain_text(), "Hello\n# there");
    assert_eq!(read.blocks()[0].kind(), "paragraph");
}
