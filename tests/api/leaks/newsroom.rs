//! A newsroom with fifty articles and a marker in every field of what readers must not see.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::TestApp;

/// In every text of what readers must not see.
pub(super) const MARKER: &str = "qzxvleak";

/// A body with the marker in every field that takes a text.
fn marked(number: usize) -> Value {
    let m = |what: &str| format!("{MARKER} {what} {number}");
    let m = &m;
    let word = format!("{MARKER}-{number}");
    let address = format!("https://{MARKER}.example/{number}");
    json!({
        "headline": m("headline"), "short_headline": m("short"), "seo_title": m("seo"), "seo_description": m("seo text"),
        "deck": m("deck"), "kicker": m("kicker"), "slug": word, "original_url": address,
        "byline": {"override": m("byline")},
        "distributor": {"name": m("agency"), "category": "wires", "item_id": word, "usage_terms": m("terms")},
        "dateline": {"city": m("city"), "source": m("source"), "text": m("dateline")},
        "lead_media": {"alt": m("alt"), "caption": m("caption"), "credit": m("credit")},
        "related": [{
            "url": address, "title": m("title"), "source": m("source"), "label_override": m("label"), "placement": "both",
        }],
        "internal_note": m("note"), "custom": {MARKER: m("value"), "plain": [m("nested")]},
        "body": [
            {"type": "heading", "id": format!("{word}-h"), "level": 2, "text": [{"text": m("heading")}]},
            {"type": "paragraph", "id": word, "text": [
                {"text": m("text"), "marks": ["em"]}, {"text": m("link"), "link": {"url": address}},
            ]},
        ],
    })
}

/// An article that readers never saw, or see no longer.
pub(super) struct Hidden {
    pub(super) article: Made,
    /// Readers once saw it, and are told that it is gone.
    pub(super) gone: bool,
}

pub(super) struct Newsroom {
    pub(super) hidden: Vec<Hidden>,
    pub(super) live: Vec<Made>,
}

/// A picture that no live page shows, and one that some do, with what readers are not told of it.
async fn pictures(app: &TestApp) -> (Made, Made) {
    let secret = json!({"alt": MARKER, "caption": MARKER, "credit": MARKER, "creator": MARKER, "source": MARKER});
    let face = json!({"credit": "Northlight Pictures", "usage_terms": MARKER, "filename": format!("{MARKER}.jpg")});
    (make::picture(app, secret).await, make::picture(app, face).await)
}

pub(super) async fn newsroom(app: &TestApp) -> Newsroom {
    let world = make::section(app, "World").await;
    let strait = make::subsection(app, "The Strait", &world).await;
    // One tag and one contributor that live pages show too, one of each that none does.
    let (shown, unseen) = (make::tag(app, "Shown").await, make::tag(app, "Unseen").await);
    let wire = make::contributor(app, "Meridian Wire", "organisation").await;
    let source = make::contributor(app, "Unseen Source", "person").await;
    let (secret, face) = pictures(app).await;
    wire.patch(app, json!({"avatar_media_id": face.id()})).await;
    let (mut hidden, mut live) = (Vec::new(), Vec::new());
    for number in 0..50 {
        let mut body = marked(number);
        body["lead_media"]["media_id"] = json!(secret.id());
        let image = json!({"type": "image", "media_id": secret.id(), "caption": format!("{MARKER} under")});
        body["body"].as_array_mut().unwrap().push(image);
        body["section_id"] = json!(strait.id());
        body["tag_ids"] = json!([unseen.id(), shown.id()]);
        body["byline"]["contributors"] = json!([{"contributor_id": source.id()}, {"contributor_id": wire.id()}]);
        let mut story = make::draft(app, "x");
        story.body = body.clone();
        app.clock.advance(1);
        match number % 5 {
            0 => hidden.push(Hidden {
                article: waiting(app, story, number).await,
                gone: false,
            }),
            1 => hidden.push(Hidden {
                article: story.ready().await.trash(app).await,
                gone: false,
            }),
            2 => hidden.push(Hidden {
                article: story.published().await.act(app, "unpublish").await,
                gone: true,
            }),
            3 => hidden.push(Hidden {
                article: story.published().await.trash(app).await,
                gone: true,
            }),
            _ => {
                // Live with plain words, and with newer ones that are not published.
                let plain = make::draft(app, &format!("Plain {number}"))
                    .set("section_id", world.id())
                    .set("tag_ids", json!([shown.id()]))
                    .set("byline", json!({"contributors": [{"contributor_id": wire.id()}]}))
                    .published()
                    .await;
                live.push(plain.patch(app, body).await);
            }
        }
    }
    // Live, with what readers are not told even so.
    let private = make::draft(app, "Plain and private")
        .set("internal_note", MARKER)
        .set("lead_media", json!({"media_id": face.id()}))
        .set("distributor", json!({"name": "Meridian Wire", "usage_terms": MARKER}));
    live.push(private.published().await);
    // Live, with links to what is not.
    let link = |one: &Hidden| json!({"text": "x", "link": {"article_id": one.article.id()}});
    let links: Vec<Value> = hidden.iter().map(link).collect();
    let linking = make::draft(app, "Plain and linking").set("body", json!([{"type": "paragraph", "text": links}]));
    live.push(linking.published().await);
    relate(app, &mut hidden, &mut live).await;
    Newsroom { hidden, live }
}

/// When the embargoes of hidden articles end.
pub(super) const EMBARGO: &str = "2026-03-01T06:00:00.000Z";

/// A draft, or one that waits under an embargo for its time.
async fn waiting(app: &TestApp, story: make::Story<'_>, number: usize) -> Made {
    if number.is_multiple_of(2) {
        return story.ready().await;
    }
    let made = story.set("embargo_until", EMBARGO).ready().await;
    let call = app.editor().post(made.action("schedule")).if_match(made.revision());
    Made::article(call.json(&json!({ "publish_at": EMBARGO })).await.expect(200).json())
}

/// Related links from what readers see to what they do not, in the list and in the body, and the other way.
async fn relate(app: &TestApp, hidden: &mut [Hidden], live: &mut Vec<Made>) {
    let related = |one: &Hidden| json!({"article_id": one.article.id()});
    let shown = |one: &Hidden| json!({"type": "related_article", "article_id": one.article.id()});
    let (listed, inline) = hidden.split_at(hidden.len() / 2);
    let body: Vec<Value> = inline.iter().map(shown).chain([make::paragraph("Words.")]).collect();
    let relating = make::draft(app, "Plain and related")
        .set("related", listed.iter().map(related).collect::<Vec<_>>())
        .set("body", body);
    live.push(relating.published().await);
    let target = json!({"article_id": live[0].id(), "label_override": MARKER});
    for one in hidden.iter_mut().filter(|one| one.article.json["deleted_at"].is_null()) {
        one.article = one.article.patch(app, json!({"related": [target]})).await;
    }
}
