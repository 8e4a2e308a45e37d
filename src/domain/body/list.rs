//! Lists, and lists within their items.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::block::{Parts, block, field};
use super::span::{Span, plain};
use crate::domain::invalid::{Flaw, Invalids, Rule};

block! {
    /// Points one under the other.
    List, ListType = "list" {
        /// Whether the items are numbered.
        #[deserr(default)]
        #[schema(default = false)]
        ordered: bool,
        #[schema(min_items = 1)]
        items: Vec<ListItem>,
    }
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct ListItem {
    /// An empty line within parts paragraphs.
    pub text: Vec<Span>,
    /// Points below this one. Absent when there are none.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Sublist, required = false)]
    pub list: Option<Sublist>,
}

/// A list within an item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Sublist {
    /// Whether the items are numbered.
    #[deserr(default)]
    #[schema(default = false)]
    pub ordered: bool,
    #[schema(no_recursion, min_items = 1)]
    pub items: Vec<ListItem>,
}

impl Parts for List {
    fn each_text<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {
        each(&self.items, field("items", &at), see);
    }

    fn each_text_mut(&mut self, change: &mut dyn FnMut(&mut Vec<Span>)) {
        each_mut(&mut self.items, change);
    }

    fn plain_text(&self) -> String {
        let mut lines = Vec::new();
        write(self.ordered, &self.items, 0, &mut lines);
        lines.join("\n")
    }

    fn levels(&self) -> usize {
        levels(&self.items)
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        if has_items(&self.items) {
            Ok(())
        } else {
            Err(("items", Flaw::new(Rule::TooShort, "a list needs at least one item")))
        }
    }
}

fn each<'a>(items: &'a [ListItem], at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {
    for (index, item) in items.iter().enumerate() {
        let here = ValuePointerRef::Index { index, prev: &at };
        see(field("text", &here), &item.text);
        if let Some(list) = &item.list {
            let within = field("list", &here);
            each(&list.items, field("items", &within), see);
        }
    }
}

fn each_mut(items: &mut [ListItem], change: &mut dyn FnMut(&mut Vec<Span>)) {
    for item in items {
        change(&mut item.text);
        if let Some(list) = &mut item.list {
            each_mut(&mut list.items, change);
        }
    }
}

fn levels(items: &[ListItem]) -> usize {
    let below = items
        .iter()
        .filter_map(|item| item.list.as_ref())
        .map(|list| levels(&list.items));
    1 + below.max().unwrap_or(0)
}

fn has_items(items: &[ListItem]) -> bool {
    let mut lists = items.iter().filter_map(|item| item.list.as_ref());
    !items.is_empty() && lists.all(|list| has_items(&list.items))
}

fn write(ordered: bool, items: &[ListItem], level: usize, lines: &mut Vec<String>) {
    for (at, item) in items.iter().enumerate() {
        let sign = if ordered {
            format!("{}.", at + 1)
        } else {
            "•".to_owned()
        };
        lines.push(format!("{}{sign} {}", "  ".repeat(level), plain(&item.text)));
        if let Some(list) = &item.list {
            write(list.ordered, &list.items, level + 1, lines);
        }
    }
}
