//! From a first draft to readers and back, and the end.

use super::ask::Item;
use super::rules::Refused;
use super::state::{Block, Edition, Holds, Model, Story, To};

impl Model {
    pub(super) fn create(&mut self, headline: &str, links: &[Item]) -> Result<u16, Refused> {
        let number = self.stories.len();
        let block = Block {
            id: "b0".to_owned(),
            holds: Holds::Text,
        };
        self.stories.push(Story {
            id: String::new(),
            short_id: String::new(),
            headline: headline.to_owned(),
            slug: headline.to_lowercase().replace(' ', "-"),
            status: "draft",
            revision: 0,
            live_revision: None,
            updated: 0,
            published: 0,
            is_trashed: false,
            is_gone: false,
            links: Vec::new(),
            body: vec![block],
            live: None,
        });
        let listed = self.listed(number, links)?;
        self.write(number, Some(listed), None, None)?;
        if self.stories[number].revision == 0 {
            self.touch(number);
        }
        Ok(201)
    }

    pub(super) fn publish(&mut self, number: usize) -> Result<(), Refused> {
        let story = &mut self.stories[number];
        if !has_text(&story.body) {
            return Err(422);
        }
        if story.live_revision == Some(story.revision) {
            return Ok(());
        }
        if story.live.is_none() {
            story.published = self.now;
        }
        story.status = "published";
        story.live = Some(Edition {
            headline: story.headline.clone(),
            slug: story.slug.clone(),
            links: story.links.clone(),
            body: story.body.clone(),
        });
        story.live_revision = Some(story.revision + 1);
        self.touch(number);
        Ok(())
    }

    pub(super) fn take_down(&mut self, number: usize, from: &[&str], to: &'static str) -> Result<(), Refused> {
        let story = &mut self.stories[number];
        if !from.contains(&story.status) {
            return Err(409);
        }
        story.status = to;
        story.end();
        self.touch(number);
        Ok(())
    }

    pub(super) fn trash(&mut self, number: usize, into: bool) {
        let story = &mut self.stories[number];
        if story.is_trashed == into {
            return;
        }
        story.is_trashed = into;
        if story.live.is_some() {
            story.status = "unpublished";
            story.end();
        }
        self.touch(number);
    }

    pub(super) fn address(&mut self, number: usize, slug: &str) -> Result<(), Refused> {
        if self.stories[number].slug == slug {
            return Ok(());
        }
        let mut others = self
            .stories
            .iter()
            .enumerate()
            .filter(|(at, story)| *at != number && !story.is_gone);
        let has = |story: &Story| story.slug == slug || story.live.as_ref().is_some_and(|live| live.slug == slug);
        if others.any(|(_, story)| has(story)) {
            return Err(409);
        }
        slug.clone_into(&mut self.stories[number].slug);
        self.touch(number);
        Ok(())
    }

    pub(super) fn destroy(&mut self, number: usize) {
        let headline = self.stories[number].headline.clone();
        self.stories[number].is_gone = true;
        self.stories[number].end();
        self.stories[number].links.clear();
        let mut touched = Vec::new();
        for (at, story) in self.stories.iter_mut().enumerate() {
            for link in story.links.iter_mut().filter(|link| link.to == To::Story(number)) {
                link.to = To::Lost(number, headline.clone());
                touched.push(at);
            }
        }
        // Their revisions stay, but what they show is another.
        self.touched.extend(touched);
        self.touched.dedup();
    }
}

impl Story {
    /// Readers have it no more.
    fn end(&mut self) {
        self.live = None;
        self.live_revision = None;
    }
}

/// Links are not text, but the title of a box is.
fn has_text(body: &[Block]) -> bool {
    body.iter()
        .any(|block| matches!(block.holds, Holds::Text | Holds::Box(_)))
}
