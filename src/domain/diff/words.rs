//! Two texts, word by word.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;
use utoipa::ToSchema;

use crate::domain::invalid::words;

words! {
    /// Which of two texts words stand in.
    WordRunKind {
        Same = "same",
        Removed = "removed",
        Added = "added",
    }
}

/// Words that follow each other, with what is between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordRun {
    pub kind: WordRunKind,
    pub text: String,
}

/// Compares texts, as far as its budget goes: texts that have little in common take time by the product of their lengths.
/// What is beyond it is told as a whole, removed and added.
#[derive(Debug)]
pub struct Words {
    /// Pairs of words that may still be compared.
    budget: usize,
}

impl Default for Words {
    fn default() -> Self {
        Self { budget: Self::BUDGET }
    }
}

impl Words {
    /// A text of a thousand words that was written anew, and any number of those of which some words changed.
    const BUDGET: usize = 4_000_000;

    /// The words of both, in order, as Unicode parts them (UAX #29).
    pub fn between(&mut self, from: &str, to: &str) -> Vec<WordRun> {
        let old: Vec<&str> = from.split_word_bounds().collect();
        let new: Vec<&str> = to.split_word_bounds().collect();
        let same = |(a, b): &(&&str, &&str)| a == b;
        let head = old.iter().zip(&new).take_while(same).count();
        let (rest_of_old, rest_of_new) = (after(&old, head), after(&new, head));
        let tail = rest_of_old
            .iter()
            .rev()
            .zip(rest_of_new.iter().rev())
            .take_while(same)
            .count();
        let (removed, kept) = rest_of_old.split_at(rest_of_old.len() - tail);
        let added = before(rest_of_new, rest_of_new.len() - tail);
        let mut runs = Runs::default();
        runs.push(WordRunKind::Same, before(&old, head));
        if let Some(left) = self.budget.checked_sub(removed.len().saturating_mul(added.len())) {
            self.budget = left;
            for op in capture_diff_slices(Algorithm::Myers, removed, added) {
                runs.add(op, removed, added);
            }
        } else {
            runs.push(WordRunKind::Removed, removed);
            runs.push(WordRunKind::Added, added);
        }
        runs.push(WordRunKind::Same, kept);
        runs.0
    }
}

fn before<'a, 'b>(words: &'b [&'a str], end: usize) -> &'b [&'a str] {
    words.get(..end).unwrap_or_default()
}

fn after<'a, 'b>(words: &'b [&'a str], start: usize) -> &'b [&'a str] {
    words.get(start..).unwrap_or_default()
}

#[derive(Default)]
struct Runs(Vec<WordRun>);

impl Runs {
    fn add(&mut self, op: DiffOp, old: &[&str], new: &[&str]) {
        let before = old.get(op.old_range()).unwrap_or_default();
        let after = new.get(op.new_range()).unwrap_or_default();
        match op {
            DiffOp::Equal { .. } => self.push(WordRunKind::Same, before),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                self.push(WordRunKind::Removed, before);
                self.push(WordRunKind::Added, after);
            }
        }
    }

    fn push(&mut self, kind: WordRunKind, words: &[&str]) {
        if words.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.kind == kind => last.text.extend(words.iter().copied()),
            _ => self.0.push(WordRun {
                kind,
                text: words.concat(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(from: &str, to: &str) -> String {
        let mark = |run: &WordRun| match run.kind {
            WordRunKind::Same => run.text.clone(),
            WordRunKind::Removed => format!("[-{}-]", run.text),
            WordRunKind::Added => format!("{{+{}+}}", run.text),
        };
        Words::default().between(from, to).iter().map(mark).collect()
    }

    #[test]
    fn words_are_told_apart() {
        for (from, to, expected) in [
            ("", "", ""),
            ("the ferry sails", "the ferry sails", "the ferry sails"),
            ("the ferry sails", "the old ferry sails", "the {+old +}ferry sails"),
            ("the ferry sails", "the train sails", "the [-ferry-]{+train+} sails"),
            ("", "new", "{+new+}"),
            ("a b", "", "[-a b-]"),
        ] {
            assert_eq!(told(from, to), expected, "{from} / {to}");
        }
    }

    fn side(runs: &[WordRun], other: WordRunKind) -> String {
        let of = runs.iter().filter(|run| run.kind != other);
        of.map(|run| run.text.as_str()).collect()
    }

    proptest! {
        /// Whatever the budget, both texts can be read off.
        #[test]
        fn both_texts_are_there(from in "[ab ]{0,30}", to in "[ab ]{0,30}", budget in 0_usize..400) {
            let runs = Words { budget }.between(&from, &to);
            prop_assert_eq!(side(&runs, WordRunKind::Added), from);
            prop_assert_eq!(side(&runs, WordRunKind::Removed), to);
        }
    }
}
