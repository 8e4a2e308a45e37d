//! Links as editors write them: a whole list, one more, a change of one.

use std::collections::{BTreeSet, HashSet};

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::ToSchema;

use super::place::ListPlace;
use super::{Placement, Related, RelatedKind, RelatedLink, Target};
use crate::domain::change::{Change, patch};
use crate::domain::id::{ArticleId, BlockId, IdSource, RelatedLinkId};
use crate::domain::invalid::{Flaw, Invalids, Rule, refuse};
use crate::domain::text::{LinkLabel, LinkSource, LinkTitle};
use crate::domain::web::WebUrl;

patch! {
    /// A link in a whole list. One that is there already is named by its `id`, and keeps what is not said again; a new one
    /// needs `article_id`, or `url` and `title`.
    pub struct RelatedItem {
        id: RelatedLinkId,
        /// `related` for a new link unless given.
        kind: RelatedKind,
        /// `list` for a new link unless given. One that shows in the body gets a block at its end where it has none.
        placement: Placement,
        /// The article that it leads to.
        article_id: ArticleId,
        /// A page elsewhere that it leads to.
        url: WebUrl,
        /// What the page elsewhere is called.
        title: LinkTitle,
        /// Who published the page elsewhere.
        source: Option<LinkSource>,
        /// Stands in place of the headline or the title.
        label_override: Option<LinkLabel>,
    }
}

patch! {
    /// A new link: it needs `article_id`, or `url` and `title`.
    pub struct RelatedNew {
        /// `related` unless given.
        kind: RelatedKind,
        /// `list` unless given.
        placement: Placement,
        /// The article that it leads to.
        article_id: ArticleId,
        /// A page elsewhere that it leads to.
        url: WebUrl,
        /// What the page elsewhere is called.
        title: LinkTitle,
        /// Who published the page elsewhere.
        source: Option<LinkSource>,
        /// Stands in place of the headline or the title.
        label_override: Option<LinkLabel>,
        /// Where in the list; `end` unless given.
        position: ListPlace,
        /// Where it shows in the body: the block that its own comes after; the end unless given.
        after_block: BlockId,
        /// With `true` the target gets a link back, where it has none.
        reciprocal: bool,
    }
}

patch! {
    /// What to change of a link. Where it leads does not change: another target is another link.
    pub struct RelatedPatch {
        kind: RelatedKind,
        placement: Placement,
        title: LinkTitle,
        source: Option<LinkSource>,
        label_override: Option<LinkLabel>,
        /// Where in the list.
        position: ListPlace,
        /// Where a link that begins to show in the body does: the block that its own comes after; the end unless given.
        after_block: BlockId,
    }
}

/// The links of an article as a whole list.
#[derive(Debug, Clone, PartialEq, Default, ToSchema)]
#[schema(value_type = Vec<RelatedItem>, max_items = 200)]
pub struct RelatedItems(pub Vec<RelatedItem>);

impl RelatedItem {
    /// The page elsewhere that a new link is given by.
    pub fn page(&self) -> Option<&WebUrl> {
        match (&self.id, &self.url) {
            (Change::Keep, Change::Set(url)) => Some(url),
            _ => None,
        }
    }

    /// Has it lead to the article that the page is.
    pub fn lead_to(&mut self, article: ArticleId) {
        (self.url, self.title, self.source) = (Change::Keep, Change::Keep, Change::Keep);
        self.article_id = Change::Set(article);
    }

    /// The target that is named, if any.
    fn target(&self) -> Result<Option<Target>, Flaw> {
        match (&self.article_id, &self.url) {
            (Change::Set(id), Change::Keep) => Ok(Some(Target::Article(*id))),
            (Change::Keep, Change::Set(url)) => Ok(Some(Target::Elsewhere(url.clone()))),
            (Change::Keep, Change::Keep) => Ok(None),
            (Change::Set(_), Change::Set(_)) => Err(Flaw::new(
                Rule::Malformed,
                "needs either `article_id` or `url`, not both",
            )),
        }
    }

    /// A new link, or the field that it lacks or must not have.
    fn make(self, id: RelatedLinkId, target: Target) -> Result<RelatedLink, (&'static str, Flaw)> {
        let mut link = RelatedLink {
            id,
            kind: RelatedKind::Related,
            placement: Placement::List,
            target,
            title: None,
            source: None,
            label_override: None,
        };
        self.change(&mut link)?;
        match link.target.refuses(link.title.as_ref()) {
            Some(flaw) => Err(flaw),
            None => Ok(link),
        }
    }

    /// Changes a link, but not where it leads.
    fn change(self, link: &mut RelatedLink) -> Result<(), (&'static str, Flaw)> {
        let of_elsewhere = |field: &'static str| {
            let message = "only a page elsewhere has one; `label_override` says what a link to an article is called";
            (field, Flaw::new(Rule::NotAllowed, message))
        };
        if link.target.url().is_none() {
            if self.title != Change::Keep {
                return Err(of_elsewhere("title"));
            }
            if matches!(self.source, Change::Set(Some(_))) {
                return Err(of_elsewhere("source"));
            }
        }
        self.kind.apply(&mut link.kind);
        self.placement.apply(&mut link.placement);
        if let Change::Set(title) = self.title {
            link.title = Some(title);
        }
        self.source.apply(&mut link.source);
        self.label_override.apply(&mut link.label_override);
        Ok(())
    }
}

impl From<RelatedNew> for RelatedItem {
    fn from(new: RelatedNew) -> Self {
        Self {
            id: Change::Keep,
            kind: new.kind,
            placement: new.placement,
            article_id: new.article_id,
            url: new.url,
            title: new.title,
            source: new.source,
            label_override: new.label_override,
        }
    }
}

impl From<RelatedPatch> for RelatedItem {
    fn from(patch: RelatedPatch) -> Self {
        Self {
            kind: patch.kind,
            placement: patch.placement,
            title: patch.title,
            source: patch.source,
            label_override: patch.label_override,
            ..Self::default()
        }
    }
}

impl Related {
    /// The list that takes the place of this one.
    ///
    /// # Errors
    /// Every flaw, at its place below `at`.
    pub fn replaced(&self, items: RelatedItems, at: &str, ids: &dyn IdSource) -> Result<Self, Invalids> {
        let mut flaws = Invalids::default();
        let mut used = HashSet::new();
        let named = items.0.iter().filter_map(|item| match item.id {
            Change::Set(id) => Some(id),
            Change::Keep => None,
        });
        let named: HashSet<RelatedLinkId> = named.collect();
        let mut links = Vec::with_capacity(items.0.len());
        for (index, item) in items.0.into_iter().enumerate() {
            match self.replacing(item, &named, &mut used, ids) {
                Ok(link) => links.push(link),
                Err((field, flaw)) => {
                    let slash = if field.is_empty() { "" } else { "/" };
                    flaws.add(flaw.at(format!("{at}/{index}{slash}{field}")));
                }
            }
        }
        flaws.into_result().map(|()| Self(links))
    }

    /// The link that an item of a new list stands for: the one that it names, one that says the same, or a new one.
    fn replacing(
        &self,
        item: RelatedItem,
        named: &HashSet<RelatedLinkId>,
        used: &mut HashSet<RelatedLinkId>,
        ids: &dyn IdSource,
    ) -> Result<RelatedLink, (&'static str, Flaw)> {
        let target = item.target().map_err(|flaw| ("", flaw))?;
        let found = match &item.id {
            Change::Set(id) => {
                let found = self.get(*id);
                let unknown = Flaw::new(Rule::UnknownReference, "no link of this article has this id");
                Some(found.ok_or(("id", unknown))?)
            }
            Change::Keep => {
                let kind = item.kind;
                let same = |link: &&RelatedLink| {
                    let fits = matches!(kind, Change::Keep) || kind == Change::Set(link.kind);
                    let is_free = !used.contains(&link.id) && !named.contains(&link.id);
                    fits && is_free && Some(&link.target) == target.as_ref()
                };
                self.0.iter().find(same)
            }
        };
        let Some(found) = found else {
            let needs = || Flaw::new(Rule::Required, "a new link needs `article_id` or `url`");
            let target = target.ok_or_else(|| ("", needs()))?;
            return item.make(RelatedLinkId(ids.uuid()), target);
        };
        if !used.insert(found.id) {
            return Err(("id", Flaw::new(Rule::Duplicate, "stands in the list already")));
        }
        // A list that was read before a target was deleted for good still says where that was.
        let is_lost = matches!(found.target, Target::Deleted(_));
        if target.is_some_and(|target| !is_lost && target != found.target) {
            let message = "the link leads elsewhere; another target is another link";
            return Err(("", Flaw::new(Rule::NotAllowed, message)));
        }
        let mut link = found.clone();
        item.change(&mut link)?;
        Ok(link)
    }

    /// Puts one more link at its place, and tells its id.
    ///
    /// # Errors
    /// Every flaw, at its field.
    pub fn add(&mut self, item: RelatedItem, place: ListPlace, ids: &dyn IdSource) -> Result<RelatedLinkId, Invalids> {
        let target = item.target().map_err(|flaw| flaw.at(""))?;
        let target = target.ok_or_else(|| Flaw::new(Rule::Required, "needs `article_id` or `url`").at(""))?;
        let link = item
            .make(RelatedLinkId(ids.uuid()), target)
            .map_err(|(field, flaw)| flaw.at(format!("/{field}")))?;
        let id = link.id;
        self.put(link, place)?;
        Ok(id)
    }

    /// Changes a link, and moves it where that is asked for.
    ///
    /// # Errors
    /// The flaw, at its field.
    pub fn patch(&mut self, id: RelatedLinkId, patch: RelatedPatch) -> Result<(), Invalids> {
        let place = patch.position;
        let Some(at) = self.0.iter().position(|link| link.id == id) else {
            return Ok(());
        };
        let mut link = self.0.remove(at);
        let changed = RelatedItem::from(patch).change(&mut link);
        changed.map_err(|(field, flaw)| flaw.at(format!("/{field}")))?;
        match place {
            Change::Keep => self.0.insert(at, link),
            Change::Set(place) => self.put(link, place)?,
        }
        Ok(())
    }

    fn put(&mut self, link: RelatedLink, place: ListPlace) -> Result<(), Invalids> {
        let find = |id: RelatedLinkId, field: &str| {
            let found = self.0.iter().position(|link| link.id == id);
            let unknown = Flaw::new(Rule::UnknownReference, "no other link of this article has this id");
            found.ok_or_else(|| unknown.at(format!("/position/{field}")))
        };
        let at = match place {
            ListPlace::Start => 0,
            ListPlace::End => self.0.len(),
            ListPlace::Before(id) => find(id, "before")?,
            ListPlace::After(id) => find(id, "after")? + 1,
        };
        self.0.insert(at, link);
        Ok(())
    }

    /// What no list of links may have, each at its place below `at`. `own` is the article that they stand in.
    pub fn check(&self, own: Option<ArticleId>, at: &str) -> Invalids {
        let mut flaws = Invalids::default();
        if self.0.len() > Self::MAX {
            let message = format!("has {} links; at most {} are allowed", self.0.len(), Self::MAX);
            flaws.add(Flaw::new(Rule::TooMany, message).at(at));
        }
        let mut seen = BTreeSet::new();
        for (index, link) in self.0.iter().enumerate() {
            let here = || format!("{at}/{index}");
            if own.is_some() && link.target.article() == own {
                flaws.add(Flaw::new(Rule::NotAllowed, "an article cannot link to itself").at(here()));
            }
            let is_lost = matches!(link.target, Target::Deleted(_));
            if !is_lost && !seen.insert((&link.target, link.kind.as_str())) {
                let message = "another link of this kind leads there";
                flaws.add(Flaw::new(Rule::Duplicate, message).at(here()));
            }
        }
        flaws
    }
}

impl Deserr<Invalids> for RelatedItems {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let items = Self(Vec::deserialize_from_value(value, at)?);
        if items.0.len() > Related::MAX {
            let message = format!("has {} links; at most {} are allowed", items.0.len(), Related::MAX);
            return refuse(Flaw::new(Rule::TooMany, message), at);
        }
        Ok(items)
    }
}
