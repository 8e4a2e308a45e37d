//! Lists as a word processor pastes them: paragraphs whose style says the level, with the bullet as text.

use super::flow::Walk;
use super::inline::Joint;
use super::run::Style;
use super::tree::{Id, Kind};
use crate::domain::body::{Block, Body, List, ListItem, Span, Sublist};

struct Point {
    level: usize,
    ordered: bool,
    text: Vec<Span>,
}

/// The list that begins with the first of these siblings, if it says anything, and how many of them it takes; `None` where
/// there is no such list.
pub(super) fn list(walk: &mut Walk<'_>, siblings: &[Id]) -> Option<(Option<Block>, usize)> {
    let (name, _) = place(walk, *siblings.first()?)?;
    let mut points = Vec::new();
    let mut taken = 0;
    for (at, id) in siblings.iter().copied().enumerate() {
        if let Some((_, level)) = place(walk, id).filter(|(list, _)| *list == name) {
            let ordered = bullet(walk, id).is_some_and(|sign| is_number(&sign));
            walk.handlers(id);
            let text = walk.text_of(id, &Style::default(), Joint::Blank);
            points.push(Point { level, ordered, text });
            taken = at + 1;
        } else if !is_blank(walk, id) {
            break;
        }
    }
    points.retain(|point| !point.text.is_empty());
    let Some(ordered) = points.first().map(|point| point.ordered) else {
        return Some((None, taken));
    };
    let mut points = points.into_iter().peekable();
    let mut items = Vec::new();
    while points.peek().is_some() {
        items.extend(at_level(&mut points, 1));
    }
    Some((Some(List::make(ordered, items).into()), taken))
}

/// The points of a level and, below each, those of the next.
fn at_level(points: &mut std::iter::Peekable<std::vec::IntoIter<Point>>, level: usize) -> Vec<ListItem> {
    let mut items: Vec<ListItem> = Vec::new();
    while let Some(next) = points.peek() {
        if next.level < level {
            break;
        }
        if next.level > level && level < Body::MAX_LEVELS && !items.is_empty() {
            let ordered = next.ordered;
            let below = at_level(points, level + 1);
            if let Some(last) = items.last_mut() {
                last.list = Some(Sublist { ordered, items: below });
            }
        } else if let Some(point) = points.next() {
            items.push(ListItem {
                text: point.text,
                list: None,
            });
        }
    }
    items
}

/// `mso-list:l0 level2 lfo1` is the second level of the list `l0`.
fn place(walk: &Walk<'_>, id: Id) -> Option<(String, usize)> {
    if walk.name(id) != Some("p") {
        return None;
    }
    let style = walk.tree.attribute(id, "style")?.to_ascii_lowercase();
    let list = style.split(';').find_map(|one| one.trim().strip_prefix("mso-list:"))?;
    let mut words = list.split_ascii_whitespace();
    let name = words.next()?.to_owned();
    let level = words.find_map(|word| word.strip_prefix("level"))?;
    let level = level.parse().ok().filter(|level| *level > 0)?;
    Some((name, level))
}

/// Whether an element only shows the bullet.
pub(super) fn is_bullet(walk: &Walk<'_>, id: Id) -> bool {
    let style = walk.tree.attribute(id, "style").unwrap_or_default();
    let mut declarations = style.split(';').map(|one| one.replace(' ', "").to_ascii_lowercase());
    declarations.any(|one| one.trim() == "mso-list:ignore")
}

fn bullet(walk: &Walk<'_>, id: Id) -> Option<String> {
    walk.tree.children(id).find_map(|child| {
        if is_bullet(walk, child) {
            Some(walk.tree.text(child))
        } else {
            bullet(walk, child)
        }
    })
}

/// "1." or "a)".
fn is_number(sign: &str) -> bool {
    let sign = sign.trim_matches(|c: char| c.is_whitespace());
    let Some(number) = sign.strip_suffix(['.', ')']) else {
        return false;
    };
    let number = number.trim_start_matches('(');
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let letters = number.len() <= 4 && number.bytes().all(|b| b.is_ascii_alphabetic());
    !number.is_empty() && (digits || letters)
}

pub(super) fn is_blank(walk: &Walk<'_>, id: Id) -> bool {
    match walk.tree.node(id).map(|node| &node.kind) {
        Some(Kind::Text(text)) => text.trim().is_empty(),
        Some(Kind::Comment) => true,
        _ => false,
    }
}
