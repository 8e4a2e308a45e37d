use super::*;
use crate::domain::invalid::Rule;
use serde_json::json;

fn read(value: serde_json::Value) -> Result<Body, Vec<(String, Rule)>> {
    deserr::deserialize::<Body, _, Invalids>(value)
        .map_err(|all| all.0.into_iter().map(|one| (one.pointer, one.code)).collect())
}

#[test]
fn every_flaw_of_a_body_is_told_with_its_place() {
    let flaws = read(json!([
        {"type": "paragraph", "text": [{"text": "a\u{0}b"}, {"text": "x", "marks": ["blink"]}]},
        {"type": "heading", "level": 7, "text": []},
        {"type": "marquee"},
        {"type": "paragraph", "text": [{"text": "x", "link": {"url": "javascript:alert(1)"}}], "colour": 1},
    ]));
    let expected = [
        ("/0/text/0/text", Rule::ControlCharacter),
        ("/0/text/1/marks/0", Rule::NotAllowed),
        ("/1/level", Rule::OutOfRange),
        ("/2/type", Rule::NotAllowed),
        ("/3/colour", Rule::Unknown),
        ("/3/text/0/link/url", Rule::NotAllowed),
    ];
    assert_eq!(flaws, Err(expected.map(|(at, rule)| (at.to_owned(), rule)).to_vec()));
}

#[test]
fn neighbours_that_look_alike_become_one_span() {
    let body = read(json!([{"type": "paragraph", "id": "p1", "text": [
        {"text": "One "}, {"text": "two", "marks": []}, {"text": ""}, {"text": "!", "marks": ["strong", "em", "strong"]},
    ]}]));
    let written = serde_json::to_value(body.unwrap()).unwrap();
    assert_eq!(
        written,
        json!([{"id": "p1", "type": "paragraph", "text": [
            {"text": "One two"}, {"text": "!", "marks": ["em", "strong"]},
        ]}])
    );
}

#[test]
fn two_blocks_cannot_have_one_id() {
    let block = json!({"type": "paragraph", "id": "p1", "text": [{"text": "x"}]});
    assert_eq!(
        read(json!([block, block])),
        Err(vec![("/1".to_owned(), Rule::Duplicate)])
    );
}
