//! What both surfaces show, held against the model.

use serde_json::{Value, json};

use super::Dice;
use super::ask::{Ask, What};
use super::look::difference;
use super::run::Run;
use super::state::Story;
use crate::support::Reply;

const EDITOR: &str = "/api/v1/editor/articles";
const READER: &str = "/api/v1/articles";

impl Run<'_> {
    /// The answer to a step that was done says what there is after it.
    pub(super) fn answered(&self, ask: &Ask, reply: &Reply) -> Result<(), String> {
        let story = &self.model.stories[ask.story];
        match ask.what {
            What::Destroy => Ok(()),
            What::Add { .. } | What::Replace { by_patch: false, .. } | What::Alter { .. } | What::Remove { .. } => {
                let revision = format!("\"{}\"", story.revision);
                difference(&json!(revision), &json!(reply.etag()), "the ETag")?;
                difference(&self.model.list(story), reply.json(), "the answer")
            }
            What::Unpublish | What::Retract | What::Trash => {
                let referring = self.model.referring_anywhere(ask.story);
                difference(&referring, &reply["referrers"], "the referrers of the answer")?;
                self.compare_copy(ask.story, reply.json())
            }
            _ => self.compare_copy(ask.story, reply.json()),
        }
    }

    /// A working copy with its body.
    pub(super) fn compare_copy(&self, number: usize, there: &Value) -> Result<(), String> {
        let story = &self.model.stories[number];
        let at = format!("the working copy of story {number}");
        difference(&self.model.copy(story), there, &at)?;
        let blocks = self.model.blocks(story, &story.body);
        difference(&blocks, &there["body"], &format!("{at}: /body"))
    }

    /// Everything that there is; of what takes a request for each story, a few.
    pub(super) async fn compare(&self, dice: &mut Dice) -> Result<(), String> {
        for trashed in [false, true] {
            let fits = |story: &&Story| !story.is_gone && story.is_trashed == trashed;
            let stories = self.model.stories.iter().filter(fits);
            let expected: Vec<Value> = stories.map(|story| self.model.copy(story)).collect();
            if trashed && expected.is_empty() {
                // What is there against the model is missing among the others.
                continue;
            }
            let path = format!("{EDITOR}?limit=100&trashed={trashed}");
            let there = self.editor.get(path).await;
            by_id(
                expected,
                &there,
                if trashed { "the trash" } else { "the working copies" },
            )?;
        }
        let pages = self.model.stories.iter().filter_map(|story| self.model.page(story));
        let there = self.reader.get(format!("{READER}?limit=100&include=related")).await;
        by_id(pages.collect(), &there, "the live articles")?;

        let live = |story: &&(usize, &Story)| story.1.live.is_some();
        let stories: Vec<(usize, &Story)> = self.model.stories.iter().enumerate().collect();
        let pages: Vec<_> = stories.iter().copied().filter(|story| live(&story)).collect();
        if let Some((number, story)) = dice.pick(&pages) {
            self.compare_page(number, story).await?;
        }
        let copies: Vec<_> = stories.iter().copied().filter(|(_, story)| !story.is_gone).collect();
        let Some((number, story)) = dice.pick(&copies) else {
            return Ok(());
        };
        let there = self.editor.get(format!("{EDITOR}/{}", story.id)).await;
        self.compare_copy(number, there.json())?;
        let path = format!("{EDITOR}/{}/backlinks?limit=100", story.id);
        let there = self.editor.get(path).await;
        let at = format!("what links to story {number}");
        difference(&self.model.referring(number), &there["items"], &at)
    }

    /// A live page: its body, and what links to it.
    async fn compare_page(&self, number: usize, story: &Story) -> Result<(), String> {
        let page = self.reader.get(format!("{READER}/{}?include=related", story.id)).await;
        let at = format!("the page of story {number}");
        let expected = self.model.page(story).unwrap_or_default();
        difference(&expected, page.json(), &at)?;
        let body = self.model.shown_body(story).unwrap_or_default();
        difference(&body, &page["body"], &format!("{at}: /body"))?;
        let path = format!("{READER}/{}/backlinks?limit=100", story.id);
        let there = self.reader.get(path).await;
        let at = format!("the live pages that link to story {number}");
        difference(&self.model.backlinks(number), &there["items"], &at)
    }
}

/// A page of a list, whatever its order is.
fn by_id(mut expected: Vec<Value>, there: &Reply, at: &str) -> Result<(), String> {
    let mut there = there.items().to_vec();
    for list in [&mut expected, &mut there] {
        list.sort_by_key(|one| one["id"].to_string());
    }
    let ids = |list: &[Value]| list.iter().map(|one| one["id"].clone()).collect::<Value>();
    if ids(&expected) != ids(&there) {
        return Err(format!("{at} are {}, expected {}", ids(&there), ids(&expected)));
    }
    difference(&Value::Array(expected), &Value::Array(there), at)
}
