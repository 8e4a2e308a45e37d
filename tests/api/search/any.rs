//! Whatever is typed is a result or a refusal that names `q`.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::{address, found, publish, search, story};
use crate::support::{Dice, TestApp};

/// What means something to the databases, to addresses or to us.
const PIECES: &[&str] = &[
    "\"",
    "*",
    "-",
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "NEAR(a b, 2)",
    ":",
    "^",
    "'",
    "\\",
    "{",
    "}",
    "+",
    "<->",
    "<2>",
    "!",
    "&",
    "|",
    ":*",
    ":A",
    "--",
    ";",
    "%",
    "_",
    "=",
    "=k",
    "headline:",
    "{text} :",
    " ",
    "ferry",
    "Ferry's",
    "l'été",
    "3.5",
    "1,000",
    "U.S.",
    "東京",
    "水",
    "부산",
    "ไทย",
    "e\u{301}",
    "\u{fdfa}",
    "\u{2474}",
    "\u{1f6a2}",
    "\u{200b}",
    "\u{202e}",
    "ß",
    "İ",
    "\u{a0}",
];

async fn ask(app: &TestApp, typed: &str) {
    let reply = app.anon().get(address(typed, "&facets=month")).await;
    match reply.status() {
        200 => {}
        400 => assert_eq!(
            (reply.code(), reply.flaws()[0].0.as_str()),
            ("invalid_parameter", "q"),
            "{typed}"
        ),
        other => panic!("{other} for {typed:?}: {}", reply.text()),
    }
}

#[actix_web::test]
async fn any_text_is_a_result_or_a_refusal_of_q() {
    let app = TestApp::start().await;
    publish(&app, story(&app, "Ferry l'été", "東京 ไทย 3.5 U.S. e\u{301}")).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..150 {
        let typed = "\\PC{0,60}".new_tree(&mut runner).unwrap().current();
        ask(&app, &typed).await;
    }
    let mut dice = Dice::of(7);
    for _ in 0..300 {
        let pieces = (0..=dice.below(7)).filter_map(|_| dice.pick(PIECES));
        ask(&app, &pieces.collect::<String>()).await;
    }
}

#[actix_web::test]
async fn what_looks_like_a_language_of_a_database_is_words() {
    let app = TestApp::start().await;
    publish(&app, story(&app, "Ferry", "It sails near or not.")).await;
    assert_eq!(
        found(&app, "ferry OR train").await,
        Vec::<String>::new(),
        "`or` is a word"
    );
    assert_eq!(found(&app, "ferry OR sails").await, ["Ferry"]);
    assert_eq!(found(&app, "ferry NOT sails").await, ["Ferry"]);
    assert_eq!(found(&app, "headline:ferry").await, Vec::<String>::new());
    // What filters go by is no word.
    for typed in ["=knews", "knews", "news", "=kn*", "len", "len*", "kne*"] {
        let reply = app.anon().get(address(typed, "")).await.expect(200);
        assert_eq!(reply.items().len(), 0, "{typed}");
    }
}

#[actix_web::test]
async fn what_cannot_be_looked_for_is_refused() {
    let app = TestApp::start().await;
    let many: Vec<String> = (0..17).map(|number| format!("w{number}")).collect();
    for (typed, rule) in [
        ("", "too_short"),
        ("-ferry", "too_short"),
        ("\u{1f6a2} !?", "too_short"),
        ("a\u{0}b", "control_character"),
        (&"x".repeat(201), "too_long"),
        (&many.join(" "), "too_many"),
    ] {
        let refusal = app
            .anon()
            .get(address(typed, ""))
            .await
            .refused(400, "invalid_parameter");
        assert_eq!(refusal.flaws(), [("q".to_owned(), rule.to_owned())], "{typed}");
    }
    let missing = app.anon().get("/api/v1/search").await.refused(400, "invalid_parameter");
    assert_eq!(missing.flaws(), [("q".to_owned(), "required".to_owned())]);
    for (more, code) in [
        ("&sort=oldest", "invalid_parameter"),
        ("&facets=section,colour", "invalid_parameter"),
        ("&include=related", "unknown_parameter"),
        ("&tag=nowhere", "invalid_parameter"),
    ] {
        app.anon().get(address("ferry", more)).await.refused(400, code);
    }
    // As it is pasted from a table.
    search(&app, "ferry\tstrait\r\n", "").await;
    // The longest of both sides.
    search(&app, &many[..16].join(" "), "").await;
    search(&app, &"x".repeat(200), "").await;
    search(&app, &format!("\"{}\"", "x ".repeat(99)), "").await;
}
