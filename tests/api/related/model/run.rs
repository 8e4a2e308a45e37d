//! One sequence as it is played.

use serde_json::Value;

use super::Dice;
use super::ask::{Ask, What};
use super::state::{Block, Holds, Model, Story, UNTOLD};
use super::steps;
use crate::support::{Client, Reply, TestApp};

/// A sequence that the server and the model did not agree on.
pub(super) struct Failure {
    pub(super) told: Vec<String>,
    pub(super) why: String,
}

pub(super) struct Run<'a> {
    app: &'a TestApp,
    pub(super) editor: Client<'a>,
    admin: Client<'a>,
    pub(super) reader: Client<'a>,
    pub(super) model: Model,
    pub(super) told: Vec<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            editor: app.editor(),
            admin: app.admin(),
            reader: app.anon(),
            model: Model::default(),
            told: Vec::new(),
        }
    }

    pub(super) async fn step(&mut self, seed: u64) -> Result<(), String> {
        self.app.clock.advance(1);
        self.model.now += 1;
        let ask = steps::ask(&self.model, seed);
        self.told.push(format!(
            "{:?} of story {}, stale: {}",
            ask.what, ask.story, ask.is_stale
        ));
        let request = self.model.request(&ask);
        let expected = self.model.apply(&ask);
        let who = if request.by_admin { &self.admin } else { &self.editor };
        let mut call = who.call(request.method, request.path);
        if let Some(revision) = request.revision {
            call = call.if_match(revision);
        }
        if let Some(json) = &request.json {
            call = call.json(json);
        }
        let reply = call.await;
        if let Some(told) = self.told.last_mut() {
            told.push_str(&format!(" -> {expected}"));
        }
        if reply.status() != expected {
            return Err(format!("expected {expected}, got {}: {}", reply.status(), reply.text()));
        }
        self.learn(&ask, &reply).await?;
        if expected < 300 {
            self.answered(&ask, &reply)?;
        }
        self.compare(&mut Dice::of(seed)).await
    }

    /// Takes over the ids that the server made. Reads what was touched, and holds it against the model.
    async fn learn(&mut self, ask: &Ask, reply: &Reply) -> Result<(), String> {
        if let (What::Create { .. }, 201) = (&ask.what, reply.status()) {
            let text = |name: &str| reply[name].as_str().unwrap_or_default().to_owned();
            let story = &mut self.model.stories[ask.story];
            (story.id, story.short_id) = (text("id"), text("short_id"));
        }
        for number in self.model.touched.clone() {
            if self.model.stories[number].is_gone {
                continue;
            }
            let path = format!("/api/v1/editor/articles/{}", self.model.stories[number].id);
            let copy = self.editor.get(path).await;
            let mut fresh = self.model.stories[number].clone();
            name_links(&mut fresh, copy["related"].as_array().map_or(&[], Vec::as_slice));
            name_blocks(&mut fresh.body, copy["body"].as_array().map_or(&[], Vec::as_slice));
            for link in &fresh.links {
                let is_new = self.model.stories[number].link(&link.id).is_none();
                if is_new && !self.model.ids.insert(link.id.clone()) {
                    return Err(format!("the id {} of a link is given twice", link.id));
                }
            }
            self.model.stories[number] = fresh;
            self.compare_copy(number, copy.json())?;
        }
        Ok(())
    }
}

/// Links whose ids were not told have those of the links at their places.
fn name_links(story: &mut Story, there: &[Value]) {
    let places = story.links.clone().into_iter().zip(there);
    for (link, told) in places.filter(|(link, _)| link.id.starts_with(UNTOLD)) {
        story.rename(&link.id, told["id"].as_str().unwrap_or_default());
    }
}

fn name_blocks(blocks: &mut [Block], there: &[Value]) {
    for (block, told) in blocks.iter_mut().zip(there) {
        if block.id.starts_with(UNTOLD) {
            told["id"].as_str().unwrap_or_default().clone_into(&mut block.id);
        }
        if let Holds::Box(inner) = &mut block.holds {
            name_blocks(inner, told["blocks"].as_array().map_or(&[], Vec::as_slice));
        }
    }
}
