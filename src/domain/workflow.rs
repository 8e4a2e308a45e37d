//! The states of an article, the moves between them, and who may make them: one table, which docs/WORKFLOW.md shows.

use super::account::Role;
use super::invalid::words;

words! {
    /// Where an article stands.
    Status {
        /// Never published.
        Draft = "draft",
        /// Its author is done, and an editor is to look at it.
        InReview = "in_review",
        /// Goes live at its time.
        Scheduled = "scheduled",
        /// Has a live edition.
        Published = "published",
        /// Was live and was taken down.
        Unpublished = "unpublished",
        /// Was live and was taken back, because it should never have been.
        Retracted = "retracted",
    }
}

words! {
    /// What moves an article.
    Move {
        Submit = "submit",
        Reject = "reject",
        Schedule = "schedule",
        Unschedule = "unschedule",
        Publish = "publish",
        Unpublish = "unpublish",
        Retract = "retract",
    }
}

/// Whether a move depends on the article having been live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Once {
    /// It does not.
    Any,
    Live,
    Never,
}

/// From where, what, to where, and who may at least; a contributor only with their own articles.
const MOVES: &[(Status, Move, Status, Once, Role)] = {
    use Move::{Publish, Reject, Retract, Schedule, Submit, Unpublish, Unschedule};
    use Once::{Any, Live, Never};
    use Role::{Contributor, Editor};
    use Status::{Draft, InReview, Published, Retracted, Scheduled, Unpublished};
    &[
        (Draft, Submit, InReview, Any, Contributor),
        (Draft, Schedule, Scheduled, Any, Editor),
        (Draft, Publish, Published, Any, Editor),
        (InReview, Reject, Draft, Any, Editor),
        (InReview, Schedule, Scheduled, Any, Editor),
        (InReview, Publish, Published, Any, Editor),
        (Scheduled, Schedule, Scheduled, Any, Editor),
        (Scheduled, Unschedule, Draft, Never, Editor),
        (Scheduled, Unschedule, Unpublished, Live, Editor),
        (Scheduled, Publish, Published, Any, Editor),
        (Published, Schedule, Published, Any, Editor),
        (Published, Unschedule, Published, Any, Editor),
        (Published, Publish, Published, Any, Editor),
        (Published, Unpublish, Unpublished, Any, Editor),
        (Published, Retract, Retracted, Any, Editor),
        (Unpublished, Schedule, Scheduled, Any, Editor),
        (Unpublished, Publish, Published, Any, Editor),
        (Unpublished, Retract, Retracted, Any, Editor),
        (Retracted, Publish, Published, Any, Editor),
    ]
};

impl Status {
    /// Where `step` leads, or `None` where it is not allowed. `was_live` tells whether the article ever was.
    pub fn step(self, step: Move, was_live: bool) -> Option<Self> {
        let fits = |once| match once {
            Once::Any => true,
            Once::Live => was_live,
            Once::Never => !was_live,
        };
        let mut moves = MOVES.iter();
        moves
            .find(|(from, how, _, once, _)| *from == self && *how == step && fits(*once))
            .map(|(_, _, to, _, _)| *to)
    }

    /// The moves that somebody of this role can make from here, each once.
    pub fn moves(self, role: Role) -> Vec<Move> {
        let from_here = MOVES
            .iter()
            .filter(|(from, _, _, _, least)| *from == self && role >= *least);
        let mut moves: Vec<Move> = from_here.map(|(_, how, _, _, _)| *how).collect();
        moves.dedup();
        moves
    }

    /// Where an article stands that is neither live nor waits for anything.
    pub fn at_rest(was_live: bool) -> Self {
        if was_live { Self::Unpublished } else { Self::Draft }
    }
}

impl Move {
    /// Who may make it at least, from wherever it can be made.
    pub fn least_role(self) -> Role {
        let rows = MOVES.iter().filter(|(_, how, _, _, _)| *how == self);
        rows.map(|(_, _, _, _, role)| *role).min().unwrap_or(Role::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_lead_where_the_table_says() {
        for (from, step, was_live, to) in [
            (Status::Draft, Move::Publish, false, Some(Status::Published)),
            (Status::Draft, Move::Unpublish, false, None),
            (Status::Scheduled, Move::Unschedule, false, Some(Status::Draft)),
            (Status::Scheduled, Move::Unschedule, true, Some(Status::Unpublished)),
            (Status::Published, Move::Publish, true, Some(Status::Published)),
            (Status::Published, Move::Unpublish, true, Some(Status::Unpublished)),
            (Status::Unpublished, Move::Publish, true, Some(Status::Published)),
            (Status::Unpublished, Move::Unpublish, true, None),
            (Status::Unpublished, Move::Submit, true, None),
        ] {
            assert_eq!(from.step(step, was_live), to, "{from:?} {step:?}");
        }
        assert_eq!(Status::Draft.moves(Role::Contributor), [Move::Submit]);
        assert_eq!(
            Status::Scheduled.moves(Role::Editor),
            [Move::Schedule, Move::Unschedule, Move::Publish]
        );
    }

    #[test]
    fn one_role_makes_a_move_from_wherever_it_is_made() {
        for (from, step, _, _, role) in MOVES {
            assert_eq!(step.least_role(), *role, "{from:?} {step:?}");
        }
    }

    #[test]
    fn the_page_shows_this_table() {
        let page = include_str!("../../docs/WORKFLOW.md");
        for (from, step, to, _, role) in MOVES {
            let (from, step, to) = (from.as_str(), step.as_str(), to.as_str());
            let row = format!("| `{from}` | {step} | `{to}` | {} |", role.as_str());
            assert!(page.contains(&row), "docs/WORKFLOW.md lacks {row}");
        }
        let shown = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(shown, MOVES.len(), "docs/WORKFLOW.md shows moves that there are not");
    }
}
