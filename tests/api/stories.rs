//! Real stories and real addresses, in by the API and out by it.

use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

use crate::samples::{read_json, samples};
use crate::support::TestApp;

const ARTICLES: &str = "/api/v1/editor/articles";

/// The words of a page, its head left out.
fn words_of_html(html: &str) -> Vec<String> {
    use html5ever::tendril::TendrilSink as _;
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut text = String::new();
    gather(&dom.document, &mut text);
    words(&text)
}

fn gather(node: &Handle, text: &mut String) {
    match &node.data {
        NodeData::Element { name, .. } if &*name.local == "head" => return,
        NodeData::Element { name, .. } if matches!(&*name.local, "p" | "h1" | "h2" | "h3" | "h4" | "li" | "br") => {
            text.push(' ');
        }
        NodeData::Text { contents } => text.push_str(&contents.borrow()),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| gather(child, text));
}

fn words(text: &str) -> Vec<String> {
    let composed = icu_normalizer::ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned();
    composed.split_ascii_whitespace().map(str::to_owned).collect()
}

/// The texts of all spans, block by block.
fn words_of_blocks(body: &Value) -> Vec<String> {
    let texts = body.as_array().unwrap().iter().map(|block| {
        let spans = block["text"].as_array().unwrap_or_else(|| panic!("{block}"));
        spans
            .iter()
            .map(|span| span["text"].as_str().unwrap())
            .collect::<String>()
    });
    words(&texts.collect::<Vec<_>>().join(" "))
}

#[actix_web::test]
async fn a_real_story_comes_out_with_its_words_in_their_order() {
    let Some(folder) = samples("news-fr") else { return };
    let app = TestApp::start().await;
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display();
        let source = std::fs::read_to_string(&path).unwrap();
        let expected = words_of_html(&source);
        assert!(expected.len() > 50, "{name}");
        let body = json!({"headline": "Une histoire", "locale": "fr", "body_html": source});
        let made = app.editor().post(ARTICLES).json(&body).await.expect(201);
        assert_eq!(words_of_blocks(&made["body"]), expected, "{name}");
        let headings = made["body"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|block| block["type"] == "heading");
        assert!(headings.count() >= 1, "{name}");
        let path = made.header("Location").unwrap().to_owned();
        app.editor()
            .post(format!("{path}/actions/publish"))
            .if_match(1)
            .await
            .expect(200);
        let public = format!("/api/v1/articles/{}", made["id"].as_str().unwrap());
        for path in [path, public] {
            let shown = |form: &str| app.editor().get(format!("{path}?body={form}"));
            let html = shown("html").await.expect(200);
            assert_eq!(words_of_html(html["body_html"].as_str().unwrap()), expected, "{name}");
            let markdown = shown("markdown").await.expect(200);
            let rendered =
                comrak::markdown_to_html(markdown["body_markdown"].as_str().unwrap(), &comrak::Options::default());
            assert_eq!(words_of_html(&rendered), expected, "{name}");
            let text = shown("text").await.expect(200);
            assert_eq!(words(text["body_text"].as_str().unwrap()), expected, "{name}");
        }
        // The same story by way of Markdown.
        let markdown = app
            .editor()
            .get(format!("{}?body=markdown", made.header("Location").unwrap()))
            .await
            .expect(200);
        let again = json!({"headline": "Une histoire", "locale": "fr", "body_markdown": markdown["body_markdown"]});
        let again = app.editor().post(ARTICLES).json(&again).await.expect(201);
        assert_eq!(words_of_blocks(&again["body"]), expected, "{name}");
        tried += 1;
    }
    eprintln!("{tried} real stories were sent");
    assert_eq!(tried, 20);
}

#[actix_web::test]
async fn a_link_is_taken_or_refused_as_the_url_standard_says() {
    let Some(file) = samples("url/urltestdata.json") else {
        return;
    };
    let app = TestApp::start().await;
    let mut tried = 0;
    for case in read_json(&file)
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case.is_object())
    {
        if !matches!(case["base"].as_str(), None | Some("about:blank")) {
            continue;
        }
        let input = case["input"].as_str().unwrap();
        let ours = ["http:", "https:", "mailto:", "tel:"];
        let good = case["failure"] != true && case["protocol"].as_str().is_some_and(|it| ours.contains(&it));
        // Where the standard drops characters, a newsroom is told of them.
        let good = good && !input.chars().any(char::is_control);
        let link = json!([{"type": "paragraph", "text": [{"text": "a", "link": {"url": input}}]}]);
        let reply = app
            .editor()
            .post(ARTICLES)
            .json(&json!({"headline": "Linked", "body": link}))
            .await;
        if good {
            // The contract of the test client holds the address against RFC 3986.
            reply.expect(201);
        } else {
            let refused = reply.refused(422, "invalid_body");
            assert_eq!(refused.flaws()[0].0, "/body/0/text/0/link/url", "{input:?}");
        }
        tried += 1;
    }
    eprintln!("{tried} addresses were tried");
    assert!(tried > 300, "{tried}");
}
