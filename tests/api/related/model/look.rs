//! What the server is to show of the model.

use serde_json::{Value, json};

use super::state::{Block, Holds, Link, Model, Story, To};

const SITE: &str = "http://127.0.0.1:8080";
/// The clock of a test stays in one day.
const DAY: &str = "2026/02/16";

pub(super) fn page(number: usize) -> (String, String) {
    (format!("https://harbour.example/{number}"), format!("Notice {number}"))
}

impl Model {
    /// A working copy as editors see it, but for its body.
    pub(super) fn copy(&self, story: &Story) -> Value {
        let links = story.links.iter().enumerate();
        json!({
            "id": story.id,
            "headline": story.headline,
            "slug": story.slug,
            "status": story.status,
            "revision": story.revision,
            "live_revision": story.live_revision,
            "has_unpublished_changes": story.live_revision != Some(story.revision),
            "related": links.map(|(at, link)| self.link(at, link)).collect::<Vec<_>>(),
        })
    }

    /// The links of a story, as the routes of the list have them.
    pub(super) fn list(&self, story: &Story) -> Value {
        let copy = self.copy(story);
        json!({"items": copy["related"], "revision": copy["revision"]})
    }

    fn link(&self, at: usize, link: &Link) -> Value {
        let card = self.card(link);
        let target = link.story().map(|number| &self.stories[number]);
        let hidden = match (&link.to, target) {
            (To::Lost(..), _) => Some("target_deleted"),
            (_, Some(story)) if story.is_trashed => Some("target_in_trash"),
            (_, Some(story)) => match story.status {
                "draft" => Some("target_draft"),
                "retracted" => Some("target_retracted"),
                "unpublished" => Some("target_unpublished"),
                _ => None,
            },
            (_, None) => None,
        };
        let named = |story: &Story| match &story.live {
            Some(live) => live.headline.clone(),
            None => story.headline.clone(),
        };
        let (url, title) = match link.to {
            To::Page(number) => (Some(page(number).0), Some(page(number).1)),
            To::Story(_) | To::Lost(..) => (None, None),
        };
        let called = match &link.to {
            To::Lost(_, headline) => Some(headline.clone()),
            To::Story(_) | To::Page(_) => target.map(named).or(title.clone()),
        };
        json!({
            "id": link.id,
            "position": at,
            "kind": link.kind,
            "placement": link.placement,
            "article_id": target.map(|story| &story.id),
            "url": url,
            "title": title,
            "label_override": link.label,
            "label": link.label.clone().or(called),
            "href": card.as_ref().map(|card| &card["url"]),
            "visibility": if hidden.is_none() { "visible" } else { "hidden" },
            "hidden_because": hidden,
            "target": target.map(|story| json!({"headline": named(story), "status": story.status})),
        })
    }

    /// The blocks of a working copy.
    pub(super) fn blocks(&self, story: &Story, blocks: &[Block]) -> Value {
        let one = |block: &Block| match &block.holds {
            Holds::Text => json!({"type": "paragraph", "id": block.id}),
            Holds::Box(inner) => json!({"type": "fact_box", "id": block.id, "blocks": self.blocks(story, inner)}),
            Holds::Many(ids) => json!({"type": "related_list", "id": block.id, "link_ids": ids}),
            Holds::One(id) => {
                let (article, url) = self.target(story.link(id).map(|link| &link.to));
                json!({
                    "type": "related_article", "id": block.id, "link_id": id, "article_id": article, "url": url,
                })
            }
        };
        blocks.iter().map(one).collect()
    }

    /// How a block names what it leads to.
    pub(super) fn target(&self, to: Option<&To>) -> (Option<&str>, Option<String>) {
        match to {
            Some(To::Story(number)) => (Some(&self.stories[*number].id), None),
            Some(To::Page(number)) => (None, Some(page(*number).0)),
            Some(To::Lost(..)) | None => (None, None),
        }
    }

    /// A link as readers see it; `None` where they do not.
    fn card(&self, link: &Link) -> Option<Value> {
        let (called, url, article) = match link.to {
            To::Lost(..) => return None,
            To::Page(number) => (page(number).1, page(number).0, Value::Null),
            To::Story(number) => {
                let story = &self.stories[number];
                let live = story.live.as_ref()?;
                let path = format!("/{DAY}/{}-{}", live.slug, story.short_id);
                let article = json!({"id": story.id, "headline": live.headline, "path": path});
                (live.headline.clone(), format!("{SITE}{path}"), article)
            }
        };
        Some(json!({
            "id": link.id,
            "kind": link.kind,
            "placement": link.placement,
            "label": link.label.clone().unwrap_or(called),
            "url": url,
            "article": article,
        }))
    }

    /// A live page with the links of its list, as readers have it; `None` for a story that is not live.
    pub(super) fn page(&self, story: &Story) -> Option<Value> {
        let live = story.live.as_ref()?;
        let listed = live.links.iter().filter(|link| link.is_in_list());
        Some(json!({
            "id": story.id,
            "headline": live.headline,
            "slug": live.slug,
            "related": listed.filter_map(|link| self.card(link)).collect::<Vec<_>>(),
        }))
    }

    /// The body of a live page.
    pub(super) fn shown_body(&self, story: &Story) -> Option<Value> {
        let live = story.live.as_ref()?;
        Some(self.shown_blocks(&live.links, &live.body))
    }

    fn shown_blocks(&self, links: &[Link], blocks: &[Block]) -> Value {
        let card = |id: &String| {
            links
                .iter()
                .find(|link| link.id == *id)
                .and_then(|link| self.card(link))
        };
        let one = |block: &Block| match &block.holds {
            Holds::Text => Some(json!({"type": "paragraph", "id": block.id})),
            Holds::Box(inner) => {
                let inner = self.shown_blocks(links, inner);
                Some(json!({"type": "fact_box", "id": block.id, "blocks": inner}))
            }
            Holds::Many(ids) => {
                let cards: Vec<Value> = ids.iter().filter_map(card).collect();
                let ids: Vec<&Value> = cards.iter().map(|card| &card["id"]).collect();
                let shown = json!({"type": "related_list", "id": block.id, "link_ids": ids, "links": cards});
                (!cards.is_empty()).then_some(shown)
            }
            Holds::One(id) => {
                let card = card(id)?;
                Some(json!({"type": "related_article", "id": block.id, "link_id": id, "link": card}))
            }
        };
        blocks.iter().filter_map(one).collect()
    }

    /// The live pages that link to one, the latest published first.
    pub(super) fn backlinks(&self, to: usize) -> Value {
        let mut found = Vec::new();
        for story in &self.stories {
            let live = story.live.iter();
            let links = live
                .flat_map(|live| &live.links)
                .filter(|link| link.story() == Some(to));
            let kinds: Vec<&str> = links.map(|link| link.kind).collect();
            if !kinds.is_empty() {
                found.push((story.published, json!({"kinds": kinds, "article": {"id": story.id}})));
            }
        }
        found.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
        found.into_iter().map(|(_, item)| item).collect()
    }

    /// What links to a story from working copies.
    pub(super) fn referring(&self, to: usize) -> Value {
        self.referrers(to).into_iter().map(referrer).collect()
    }

    /// The same, and then what links to it from live pages whose working copies have given the link up.
    pub(super) fn referring_anywhere(&self, to: usize) -> Value {
        let kept: Vec<&str> = self
            .stories
            .iter()
            .flat_map(|one| &one.links)
            .map(|link| link.id.as_str())
            .collect();
        let links = self.stories.iter().flat_map(|story| {
            let live = story.live.iter().flat_map(|edition| &edition.links);
            live.map(move |link| (story, link))
        });
        let is_left = |link: &Link| link.story() == Some(to) && !kept.contains(&link.id.as_str());
        let mut live: Vec<_> = links.filter(|(_, link)| is_left(link)).collect();
        live.sort_by(|(a, one), (b, two)| (b.updated, &two.id).cmp(&(a.updated, &one.id)));
        self.referrers(to).into_iter().chain(live).map(referrer).collect()
    }
}

fn referrer((story, link): (&Story, &Link)) -> Value {
    json!({
        "article_id": story.id, "headline": story.headline, "status": story.status, "link_id": link.id,
        "kind": link.kind, "placement": link.placement,
    })
}

/// Where what is there is not what is expected, which may say less.
pub(super) fn difference(expected: &Value, there: &Value, at: &str) -> Result<(), String> {
    match (expected, there) {
        (Value::Object(fields), _) => {
            for (name, value) in fields {
                difference(value, &there[name], &format!("{at}/{name}"))?;
            }
            Ok(())
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.try_for_each(|(n, (item, other))| difference(item, other, &format!("{at}/{n}")))
        }
        _ if expected == there => Ok(()),
        _ => Err(format!("{at}: expected {expected}, there is {there}")),
    }
}
