//! Out and back again.

use proptest::prelude::*;

use super::{any, bare, from_html, from_markdown};
use crate::exchange::{html, markdown};

proptest! {
    #[test]
    fn blocks_come_back_from_html_with_their_ids(body in any::body()) {
        let written = html::write(&body);
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
