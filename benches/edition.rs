//! What a publish builds and what a read writes: an edition with its words, the JSON of a page and of a list.
//!
//! `cargo bench --bench edition`; what it gave stands in `docs/performance.md`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark ends where it cannot go on"
)]

use std::hint::black_box;

use copydesk::domain::article::{Article, Content};
use copydesk::domain::contributor::Contributor;
use copydesk::domain::correction::Corrections;
use copydesk::domain::edition::{Edition, Summary, Surroundings};
use copydesk::domain::id::{ArticleId, EditionId, ShortId, TranslationGroup, UserId};
use copydesk::domain::locale::Locale;
use copydesk::domain::permalink::Site;
use copydesk::domain::search::SearchText;
use copydesk::domain::section::Section;
use copydesk::domain::slug::Slug;
use copydesk::domain::tag::Tag;
use copydesk::domain::taxon::{Stamp, Taxon};
use copydesk::domain::terms::terms;
use copydesk::domain::text::Name;
use copydesk::domain::time::Timestamp;
use copydesk::domain::workflow::Status;
use copydesk::exchange::html;
use criterion::{Criterion, criterion_group, criterion_main};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Stories on a page of a list.
const ITEMS: usize = 20;

fn now() -> Timestamp {
    Timestamp::parse("2026-02-16T09:30:00Z").expect("a time")
}

fn taxon<T: Taxon>(number: u128, name: &str) -> T {
    let made = Name::parse(name).expect("a name");
    let slug = Slug::from_text(name, T::NOUN);
    T::new(
        Uuid::from_u128(number),
        made,
        slug,
        Stamp::new(UserId(Uuid::nil()), now()),
    )
}

/// A story of some 3,500 characters by two people, with five tags in a section of a section.
fn story() -> (Article, Surroundings<'static>) {
    let paragraph = "<p>The first <em>ferry</em> in nine days left Port Aldous on Monday morning, its decks full of islanders who \
        had waited on the wrong shore since the storm, and two dozen lorries waited on the quay for the next one.</p>";
    let text = format!("{}<h2>A long wait</h2>{}", paragraph.repeat(8), paragraph.repeat(8));
    let contributors: Vec<Contributor> = vec![taxon(1, "Meridian Wire"), taxon(2, "Northlight Pictures")];
    let tags: Vec<Tag> = (0..5)
        .map(|number| taxon(10 + number, &format!("Tag {number}")))
        .collect();
    let mut sections: Vec<Section> = vec![taxon(21, "The Islands"), taxon(20, "World")];
    sections[0].parent_id = Some(sections[1].id);
    let credits = contributors.iter().zip(["author", "photographer"]);
    let credits: Vec<_> = credits
        .map(|(one, role)| json!({"contributor_id": one.id, "role": role}))
        .collect();
    let content: Content = serde_json::from_value(json!({
        "kind": "news", "locale": "en", "headline": "Ferry service resumes across the strait after nine days",
        "short_headline": null, "seo_title": null, "seo_description": null, "kicker": "Transport", "original_url": null,
        "deck": "The first crossing left Port Aldous with every seat taken.", "distributor": null, "dateline": null,
        "byline": {"contributors": credits, "override": null}, "section_id": sections[0].id,
        "tag_ids": tags.iter().map(|tag| tag.id).collect::<Vec<_>>(), "lead_media": null, "internal_note": null,
        "body": html::read(&text, "https://news.example").expect("the story is taken").body,
        "related": [], "embargo_until": null, "custom": {},
    }))
    .expect("the content is read");
    let site: &'static Site = Box::leak(Box::new(Site {
        name: "Port Aldous News".to_owned(),
        url: "https://news.example".to_owned(),
        permalink: "/{year}/{month}/{day}/{slug}-{short_id}".to_owned(),
        locale: Locale::parse("en").expect("a language"),
    }));
    let article = Article {
        id: ArticleId(Uuid::from_u128(30)),
        short_id: ShortId::new([7; 16]),
        status: Status::Published,
        revision: 2,
        live_revision: Some(2),
        translation_group: TranslationGroup(Uuid::from_u128(30)),
        slug: Slug::from_text(content.headline.as_str(), "news"),
        word_count: content.body.word_count(),
        content,
        first_published_at: Some(now()),
        published_at: Some(now()),
        created_at: now(),
        created_by: UserId(Uuid::nil()),
        updated_at: now(),
        updated_by: UserId(Uuid::nil()),
        deleted_at: None,
        corrections: Corrections::default(),
        lock: None,
        schedule: None,
        schedule_failure: None,
        moved_at: None,
    };
    let around = Surroundings {
        site,
        sections,
        contributors,
        tags,
        media: Vec::new(),
    };
    (article, around)
}

/// A page as delivery shows it.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    translations: [(); 0],
    body: &'a RawValue,
}

#[derive(Serialize)]
struct List<'a> {
    items: Vec<&'a Summary>,
    next_cursor: Option<String>,
}

fn editions(criterion: &mut Criterion) {
    let (article, around) = story();
    let build = || Edition::new(EditionId(Uuid::nil()), &article, &around, now()).expect("an edition");
    let edition = build();
    let kept = serde_json::to_string(&edition.summary).expect("a summary");
    let page = Page {
        summary: &edition.summary,
        translations: [],
        body: &edition.body,
    };
    let list = List {
        items: vec![&edition.summary; ITEMS],
        next_cursor: None,
    };
    let mut group = criterion.benchmark_group("a story of 3,500 characters");
    group.bench_function("build its edition", |bench| bench.iter(&build));
    group.bench_function("find its words and terms", |bench| {
        bench.iter(|| {
            let text = SearchText::of(black_box(&edition)).expect("words");
            terms(text.words())
        });
    });
    group.bench_function("write its page as JSON", |bench| {
        bench.iter(|| serde_json::to_vec(black_box(&page)));
    });
    group.finish();
    let mut group = criterion.benchmark_group("a list of 20 stories");
    group.bench_function("read their summaries", |bench| {
        bench.iter(|| {
            let read = || serde_json::from_str::<Summary>(black_box(&kept));
            (0..ITEMS).map(|_| read().expect("a summary")).collect::<Vec<_>>()
        });
    });
    group.bench_function("write it as JSON", |bench| {
        bench.iter(|| serde_json::to_vec(black_box(&list)));
    });
    group.finish();
}

criterion_group!(benches, editions);
criterion_main!(benches);
