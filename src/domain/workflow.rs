//! The states of an article and the moves between them. docs/WORKFLOW.md shows this table.

use super::invalid::words;

words! {
    /// Where an article stands.
    Status {
        /// Never published.
        Draft = "draft",
        /// Has a live edition.
        Published = "published",
        /// Was live and was taken down.
        Unpublished = "unpublished",
        /// Was live and was taken back, because it should never have been.
        Retracted = "retracted",
    }
}

/// What moves an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Publish,
    Unpublish,
    Retract,
}

impl Status {
    /// The moves that lead on from here.
    pub fn moves(self) -> &'static [(Move, Status)] {
        match self {
            Self::Draft | Self::Retracted => &[(Move::Publish, Self::Published)],
            Self::Published => &[
                (Move::Publish, Self::Published),
                (Move::Unpublish, Self::Unpublished),
                (Move::Retract, Self::Retracted),
            ],
            Self::Unpublished => &[(Move::Publish, Self::Published), (Move::Retract, Self::Retracted)],
        }
    }

    /// Where `step` leads, or `None` where it is not allowed.
    pub fn step(self, step: Move) -> Option<Status> {
        self.moves()
            .iter()
            .find(|(allowed, _)| *allowed == step)
            .map(|(_, to)| *to)
    }
}

impl Move {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Retract => "retract",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_live_can_be_taken_down() {
        for (from, step, to) in [
            (Status::Draft, Move::Publish, Some(Status::Published)),
            (Status::Draft, Move::Unpublish, None),
            (Status::Published, Move::Publish, Some(Status::Published)),
            (Status::Published, Move::Unpublish, Some(Status::Unpublished)),
            (Status::Unpublished, Move::Publish, Some(Status::Published)),
            (Status::Unpublished, Move::Unpublish, None),
        ] {
            assert_eq!(from.step(step), to, "{from:?} {step:?}");
        }
    }

    #[test]
    fn the_page_shows_this_table() {
        let page = include_str!("../../docs/WORKFLOW.md");
        let mut rows = 0;
        for from in Status::ALL {
            for (step, to) in from.moves() {
                let row = format!("| `{}` | {} | `{}`", from.as_str(), step.as_str(), to.as_str());
                assert!(page.contains(&row), "docs/WORKFLOW.md lacks {row}");
                rows += 1;
            }
        }
        let shown = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(shown, rows, "docs/WORKFLOW.md shows moves that there are not");
    }
}
