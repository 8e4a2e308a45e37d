//! What a newsroom does. A step may be refused, such as publishing what is in the trash; then readers see what they saw.

use copydesk::domain::time::Clock as _;
use copydesk::services::articles;
use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Dice, Person, Reply, TestApp};

/// A few, so that one story takes the slug that another gave up.
const SLUGS: [&str; 4] = ["ferry-sails", "harbour-closed", "storm-warning", "strait-crossed"];
const MOST: usize = 6;
const FORMS: [&str; 4] = [
    "",
    "&body=html",
    "&body=none&include=related",
    "&include=related,backlinks",
];

pub(super) struct Newsroom<'a> {
    app: &'a TestApp,
    dice: Dice,
    stories: Vec<Made>,
    sections: Vec<Made>,
    tags: Vec<Made>,
    contributors: Vec<Made>,
    photo: Made,
    steps: usize,
    pub(super) told: Vec<String>,
}

impl<'a> Newsroom<'a> {
    pub(super) async fn open(app: &'a TestApp, dice: Dice) -> Self {
        let world = make::section(app, "World").await;
        let strait = make::subsection(app, "The Strait", &world).await;
        let tags = vec![make::tag(app, "Ferries").await, make::tag(app, "Storms").await];
        let contributors = vec![
            make::contributor(app, "Ansa Kivi", "person").await,
            make::contributor(app, "Meridian Wire", "organisation").await,
        ];
        Self {
            app,
            dice,
            stories: Vec::new(),
            sections: vec![world, strait],
            tags,
            contributors,
            photo: make::photo(app, Person::Editor).await,
            steps: 0,
            told: Vec::new(),
        }
    }

    /// What readers ask after a step. Sections, tags and contributors go by the slugs of today, so those do not change here.
    pub(super) fn questions(&mut self) -> Vec<String> {
        let mut questions = Vec::new();
        for story in &self.stories {
            let form = FORMS[self.dice.below(FORMS.len())];
            let name = [story.id(), story.short_id()][self.dice.below(2)];
            questions.push(format!("/api/v1/articles/{name}?{}", form.trim_start_matches('&')));
        }
        let slug = SLUGS[self.dice.below(SLUGS.len())];
        questions.push(format!("/api/v1/articles/{slug}?"));
        let list = |query: &str| format!("/api/v1/articles?{query}");
        questions.push(list("count=true&include=related"));
        questions.push(list("limit=2"));
        let filtered = [
            "section=world&count=true",
            "section=the-strait",
            "tag=ferries&count=true",
            "tag=ferries&tag=storms&limit=1",
            "contributor=ansa-kivi",
            "locale=fr&include=related",
            "kind=opinion&kind=feature",
            "published_after=2026-02-16T10:30:00Z",
            "published_before=2026-02-16T10:30:00Z",
        ];
        questions.push(list(filtered[self.dice.below(filtered.len())]));
        questions
    }

    pub(super) async fn step(&mut self) {
        self.steps += 1;
        // Now and then two things happen in one moment.
        if !self.dice.one_in(5) {
            let seconds = 1 + self.dice.below(200);
            self.app.clock.advance(i64::try_from(seconds).unwrap());
        }
        articles::run_due(&self.app.services).await;
        if self.stories.len() < 2 || (self.stories.len() < MOST && self.dice.one_in(6)) {
            return self.begin().await;
        }
        let at = self.dice.below(self.stories.len());
        let story = self.stories[at].again(self.app).await;
        let (what, reply) = match self.dice.below(20) {
            0..=6 => ("edits and publishes", self.edit(&story).await),
            7 => ("publishes", self.act(&story, "publish").await),
            8 => ("takes down", self.act(&story, "unpublish").await),
            9 => ("retracts", self.act(&story, "retract").await),
            10 => ("trashes", self.trash(&story).await),
            11 => ("restores", self.act(&story, "restore").await),
            12 | 13 => ("renames", self.rename().await),
            14 => ("corrects", self.correct(&story).await),
            15 => ("says another caption", self.caption().await),
            16 => ("translates", self.translate(&story).await),
            17 => ("schedules", self.schedule(&story).await),
            18 => ("merges tags", self.merge().await),
            _ => ("writes and does not publish", self.write(&story).await),
        };
        assert!(reply.status() < 500, "{what}: {}", reply.text());
        let told = format!(
            "{} {}: {what}, {}",
            self.app.clock.now(),
            story.short_id(),
            reply.status()
        );
        self.told.push(told);
    }

    async fn begin(&mut self) {
        let mut draft = make::draft(self.app, "x");
        draft.body = self.content();
        draft.body.as_object_mut().unwrap().remove("slug");
        let made = draft.published().await;
        self.told
            .push(format!("{} {}: begins", self.app.clock.now(), made.short_id()));
        self.stories.push(made);
    }

    /// Something of all that a story can have.
    fn content(&mut self) -> Value {
        let number = self.steps;
        let mut body = vec![make::paragraph(&format!("Words of step {number}."))];
        let mut related = Vec::new();
        let others: Vec<String> = self.stories.iter().map(|one| one.id().to_owned()).collect();
        for _ in 0..2 {
            let Some(other) = self.dice.pick(&others) else { break };
            match self.dice.below(4) {
                0 => body.push(json!({"type": "paragraph", "text": [
                    {"text": "See "}, {"text": "this", "link": {"article_id": other}},
                ]})),
                1 => body.push(json!({"type": "related_article", "article_id": other})),
                2 => related.push(json!({"article_id": other, "kind": "background"})),
                _ => related.push(json!({"url": "https://harbour.example/12", "title": "Notice"})),
            }
        }
        related.dedup();
        if self.dice.one_in(3) {
            body.push(json!({"type": "image", "media_id": self.photo.id()}));
        }
        let section = self.sections[self.dice.below(2)].id().to_owned();
        let tags = self.tags.len();
        let kept = self.dice.below(tags + 1);
        let tags: Vec<&str> = self.tags.iter().take(kept).map(Made::id).collect();
        let lead = json!({"media_id": self.photo.id()});
        let kind = ["news", "opinion", "feature"][self.dice.below(3)];
        json!({
            "headline": format!("Headline {number}"),
            "deck": self.dice.one_in(2).then(|| format!("Deck {number}")),
            "kind": kind,
            "slug": SLUGS[self.dice.below(SLUGS.len())],
            "section_id": section,
            "tag_ids": tags,
            "byline": {"contributors": [{"contributor_id": self.contributors[self.dice.below(2)].id()}]},
            "lead_media": self.dice.one_in(2).then_some(lead),
            "related": related,
            "body": body,
        })
    }

    async fn write(&mut self, story: &Made) -> Reply {
        let content = self.content();
        let call = self.app.editor().patch(story.path()).if_match(story.revision());
        let reply = call.json(&content).await;
        if reply.code() != "slug_taken" {
            return reply;
        }
        let mut content = content;
        content.as_object_mut().unwrap().remove("slug");
        let call = self.app.editor().patch(story.path()).if_match(story.revision());
        call.json(&content).await
    }

    async fn edit(&mut self, story: &Made) -> Reply {
        let reply = self.write(story).await;
        if reply.status() == 200 {
            return self.act(&Made::article(reply.json()), "publish").await;
        }
        reply
    }

    async fn act(&self, story: &Made, verb: &str) -> Reply {
        let call = self.app.editor().post(story.action(verb));
        call.if_match(story.revision()).await
    }

    async fn trash(&self, story: &Made) -> Reply {
        let call = self.app.editor().delete(story.path());
        call.if_match(story.revision()).await
    }

    async fn rename(&mut self) -> Reply {
        let all = [&self.sections, &self.tags, &self.contributors];
        let of = all[self.dice.below(all.len())];
        let one = of[self.dice.below(of.len())].again(self.app).await;
        let call = self.app.editor().patch(one.path()).if_match(one.revision());
        call.json(&json!({"name": format!("Name {}", self.steps)})).await
    }

    async fn correct(&self, story: &Made) -> Reply {
        let call = self.app.editor().post(format!("{}/corrections", story.path()));
        let text = json!({"text": format!("Correction {}.", self.steps)});
        call.if_match(story.revision()).json(&text).await
    }

    async fn caption(&self) -> Reply {
        let photo = self.photo.again(self.app).await;
        let call = self.app.editor().patch(photo.path()).if_match(photo.revision());
        call.json(&json!({"caption": format!("Caption {}.", self.steps)})).await
    }

    async fn translate(&mut self, story: &Made) -> Reply {
        let call = self.app.editor().post(format!("{}/translations", story.path()));
        let reply = call.json(&json!({"locale": "fr"})).await;
        if reply.status() != 201 {
            return reply;
        }
        let french = Made::article(reply.json());
        self.stories.push(french.clone());
        self.act(&french, "publish").await
    }

    async fn schedule(&self, story: &Made) -> Reply {
        let at = self.app.clock.now().plus_seconds(100);
        let call = self
            .app
            .editor()
            .post(story.action("schedule"))
            .if_match(story.revision());
        let times = json!({"publish_at": at.to_string(), "unpublish_at": at.plus_seconds(300).to_string()});
        call.json(&times).await
    }

    /// Two tags are one from now on; the one that goes was made for that.
    async fn merge(&mut self) -> Reply {
        self.app.clock.advance(1);
        let spare = make::tag(self.app, &format!("Spare {}", self.steps)).await;
        let story = self.stories[0].again(self.app).await;
        let call = self.app.editor().patch(story.path()).if_match(story.revision());
        let reply = call.json(&json!({"tag_ids": [spare.id()]})).await;
        if reply.status() == 200 {
            self.act(&Made::article(reply.json()), "publish").await;
            let seconds = self.dice.below(2);
            self.app.clock.advance(i64::try_from(seconds).unwrap());
        }
        let call = self.app.editor().post(spare.action("merge")).if_match(spare.revision());
        call.json(&json!({"into": self.tags[0].id()})).await
    }
}
