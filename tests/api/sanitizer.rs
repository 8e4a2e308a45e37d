//! Collections of cross-site scripting, sent in every way that a text can come in: in nothing that goes out does a parser of
//! HTML5 find anything that runs.

use std::collections::BTreeSet;

use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

use crate::make;
use crate::samples::samples;
use crate::support::TestApp;

const ARTICLES: &str = "/api/v1/editor/articles";
/// Attributes that our HTML has.
const OURS: &[&str] = &[
    "alt",
    "aria-label",
    "cite",
    "class",
    "controls",
    "data-article-id",
    "data-block-id",
    "data-media-id",
    "data-provider",
    "data-size",
    "height",
    "href",
    "loading",
    "preload",
    "rel",
    "scope",
    "sizes",
    "src",
    "srcset",
    "width",
];
const ELEMENTS: &[&str] = &[
    "a",
    "aside",
    "audio",
    "blockquote",
    "body",
    "br",
    "caption",
    "code",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "head",
    "hr",
    "html",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "video",
];
/// What a renderer of Markdown writes besides.
const RENDERED: &[&str] = &["align", "del", "start"];

/// Every line of the collections.
fn vectors() -> Option<Vec<String>> {
    let folder = samples("xss")?;
    let mut lines = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        lines.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    }
    Some(lines.into_iter().collect())
}

/// Everything in a text that is not what we write, when it is read as HTML.
fn dangers(html: &str) -> Vec<String> {
    use html5ever::tendril::TendrilSink as _;
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut found = Vec::new();
    look(&dom.document, &mut found);
    found
}

fn look(node: &Handle, found: &mut Vec<String>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let element = &*name.local;
        if !ELEMENTS.contains(&element) && !RENDERED.contains(&element) {
            found.push(format!("<{element}>"));
        }
        for attribute in attrs.borrow().iter() {
            let (name, value) = (&*attribute.name.local, &*attribute.value);
            if !OURS.contains(&name) && !RENDERED.contains(&name) {
                found.push(format!("{element} {name}={value}"));
            }
            // A byte of another host would tell it who reads.
            let is_media = matches!(name, "src" | "srcset");
            if is_media && !value.split(", ").all(|address| address.starts_with("/media/")) {
                found.push(format!("{element} {name}={value}"));
            }
            let is_address = matches!(name, "href" | "cite");
            if is_address && !scheme(value).is_some_and(|it| ["http", "https", "mailto", "tel"].contains(&it.as_str()))
            {
                found.push(format!("{element} {name}={value}"));
            }
        }
    }
    if matches!(
        node.data,
        NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. }
    ) {
        found.push("a comment".to_owned());
    }
    node.children.borrow().iter().for_each(|child| look(child, found));
}

/// What a lenient browser could take for the scheme: blanks and control characters do not count.
fn scheme(address: &str) -> Option<String> {
    let seen: String = address
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !c.is_control() && !"\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".contains(*c)
        })
        .collect();
    Some(seen.split_once(':')?.0.to_lowercase())
}

#[test]
fn a_danger_that_is_planted_is_seen() {
    for planted in [
        "<p onclick=x>a</p>",
        "<script>x</script>",
        "<a href='java\u{a0}script:x'>a</a>",
        "<a href=' data:x'>a</a>",
        "<a href=x>a</a>",
        "<img src=x>",
        "<img src=https://a.example/x.gif>",
        "<img srcset='/media/x 1w, //a.example/x 2w'>",
        "<video src=x></video>",
        "<p style=x>a</p>",
        "<svg></svg>",
        "<iframe></iframe>",
        "<!-- x -->",
    ] {
        assert!(!dangers(planted).is_empty(), "{planted}");
    }
    let ours = "<p data-block-id=\"a\"><a href=\"https://a.example/\" rel=\"external noopener\">b</a></p>";
    assert_eq!(dangers(ours), Vec::<String>::new());
}

/// Reads an article in the forms that become markup, and judges them.
async fn judge(app: &TestApp, path: &str, vector: &str) {
    let html = app.editor().get(format!("{path}?body=html")).await.expect(200);
    let found = dangers(html["body_html"].as_str().unwrap());
    assert!(found.is_empty(), "{vector}\n{found:?}\n{}", html["body_html"]);
    let markdown = app.editor().get(format!("{path}?body=markdown")).await.expect(200);
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.r#unsafe = true;
    let text = markdown["body_markdown"].as_str().unwrap();
    let found = dangers(&comrak::markdown_to_html(text, &options));
    assert!(found.is_empty(), "{vector}\n{found:?}\n{text}");
}

/// Sends a body; refusals are told with a place and never a fault.
async fn kept(app: &TestApp, body: &Value) -> Option<String> {
    let reply = app.editor().post(ARTICLES).json(body).await;
    if reply.status() == 201 {
        return Some(reply["id"].as_str().unwrap().to_owned());
    }
    let refused = reply.refused(422, "invalid_body");
    assert!(!refused.flaws().is_empty());
    None
}

#[actix_web::test]
async fn nothing_runs_that_came_as_html() {
    let Some(vectors) = vectors() else { return };
    let app = TestApp::start().await;
    let mut tried = 0;
    for vector in &vectors {
        let body = json!({"headline": "Sent as HTML", "body_html": format!("<p>Plain.</p>{vector}")});
        if let Some(id) = kept(&app, &body).await {
            let path = format!("{ARTICLES}/{id}");
            judge(&app, &path, vector).await;
            app.editor()
                .post(format!("{path}/actions/publish"))
                .if_match(1)
                .await
                .expect(200);
            judge(&app, &format!("/api/v1/articles/{id}"), vector).await;
        }
        tried += 1;
    }
    eprintln!("{tried} vectors were sent as HTML");
    assert!(tried > 1000, "{tried}");
}

#[actix_web::test]
async fn nothing_runs_that_came_as_markdown() {
    let Some(vectors) = vectors() else { return };
    let app = TestApp::start().await;
    for vector in &vectors {
        let ways = [
            format!("Plain.\n\n{vector}\n"),
            format!("[a]({vector}) <{vector}> ![b]({vector})"),
        ];
        for body in ways.map(|text| json!({"headline": "Sent as Markdown", "body_markdown": text})) {
            if let Some(id) = kept(&app, &body).await {
                judge(&app, &format!("{ARTICLES}/{id}"), vector).await;
            }
        }
    }
    eprintln!("{} vectors were sent as Markdown", vectors.len());
}

#[actix_web::test]
async fn nothing_runs_that_came_as_words_of_blocks() {
    let Some(vectors) = vectors() else { return };
    let app = TestApp::start().await;
    for vector in &vectors {
        let text = json!([{"text": vector}, {"text": vector, "marks": ["code"]}, {"text": vector, "marks": ["em"]}]);
        let cells = json!([[{"text": text}]]);
        let body = json!({"headline": "Sent as words", "body": [
            {"type": "paragraph", "text": text},
            {"type": "heading", "level": 2, "text": text},
            {"type": "quote", "text": text},
            {"type": "list", "items": [{"text": text}]},
            {"type": "table", "rows": cells},
            {"type": "code", "text": vector},
        ]});
        match kept(&app, &body).await {
            Some(id) => judge(&app, &format!("{ARTICLES}/{id}"), vector).await,
            None => assert!(vector.chars().any(char::is_control), "{vector} is refused"),
        }
    }
    eprintln!("{} vectors were sent as words of blocks", vectors.len());
}

#[actix_web::test]
async fn nothing_runs_that_came_as_a_plain_field_or_an_address() {
    let Some(vectors) = vectors() else { return };
    let app = TestApp::start().await;
    let picture = make::picture(&app, json!({})).await;
    let media = picture.id();
    let (mut plain, mut addresses) = (0, 0);
    for vector in &vectors {
        let word = json!([{"text": "a"}]);
        let line: String = vector.chars().take(120).collect();
        let body = json!({
            "headline": line, "short_headline": line, "seo_title": line, "seo_description": line, "deck": line,
            "internal_note": vector, "byline": {"override": line}, "distributor": {"name": line, "usage_terms": vector},
            "dateline": {"text": line}, "custom": {"own": vector},
            "lead_media": {"media_id": media, "alt": line, "caption": line, "credit": line},
            "body": [
                {"type": "quote", "text": word, "attribution": line},
                {"type": "pull_quote", "text": word, "attribution": line},
                {"type": "table", "rows": [[{"text": word}]], "caption": line},
                {"type": "fact_box", "title": line, "blocks": []},
                {"type": "embed", "provider": "other", "url": "https://a.example/", "title": line},
                {"type": "image", "media_id": media, "alt": line, "caption": line, "credit": line},
                {"type": "gallery", "title": line, "items": [{"media_id": media, "alt": line, "caption": line}]},
                {"type": "video", "embed_url": "https://a.example/", "alt": line, "caption": line, "credit": line},
            ],
        });
        if let Some(id) = kept(&app, &body).await {
            plain += 1;
            judge(&app, &format!("{ARTICLES}/{id}"), vector).await;
        }
        for place in [
            json!([{"type": "paragraph", "text": [{"text": "a", "link": {"url": vector}}]}]),
            json!([{"type": "quote", "text": word, "url": vector}]),
            json!([{"type": "embed", "provider": "other", "url": vector}]),
            json!([{"type": "audio", "embed_url": vector}]),
            json!([{"type": "code", "text": "a", "language": vector}]),
            json!([{"type": "paragraph", "id": vector, "text": word}]),
        ] {
            if let Some(id) = kept(&app, &json!({"headline": "Sent as an address", "body": place})).await {
                addresses += 1;
                judge(&app, &format!("{ARTICLES}/{id}"), vector).await;
            }
        }
    }
    eprintln!(
        "{} vectors were sent as fields ({plain} kept) and as addresses ({addresses} kept)",
        vectors.len()
    );
    assert!(plain > 1000, "{plain}");
}
