//! Problems that tell of what is there.

use super::{CurrentRevision, FieldsChanged, Problem, Usage};
use crate::domain::lock::Lock;
use crate::domain::workflow::{Move, Status};
use crate::http::codes::Code;
use crate::services::{Current, Use};

pub(super) fn stale(current: Current) -> Problem {
    let detail = format!("It is at revision {} by now.", current.revision);
    let mut problem = Problem::new(Code::StaleRevision, detail);
    problem.0.current = Some(CurrentRevision {
        revision: current.revision,
        updated_at: current.updated_at,
        updated_by: current.updated_by,
        changed: current.changed.map(|fields| FieldsChanged {
            also_yours: fields.also_yours,
            not_yours: fields.not_yours,
        }),
    });
    problem
}

pub(super) fn locked(lock: Lock) -> Problem {
    let mut problem = Problem::plain(Code::Locked);
    problem.0.lock = Some(lock);
    problem
}

pub(super) fn used(code: Code, uses: Vec<Use>) -> Problem {
    let mut problem = Problem::plain(code);
    problem.0.uses = Some(
        uses.into_iter()
            .map(|one| Usage {
                kind: one.kind,
                id: one.id,
                name: one.name,
            })
            .collect(),
    );
    problem
}

pub(super) fn not_allowed(from: Status, step: Move, allowed: &[Move]) -> Problem {
    let detail = format!(
        "`{}` is not possible while the article is {}.",
        step.as_str(),
        from.as_str()
    );
    let mut problem = Problem::new(Code::MoveNotAllowed, detail);
    problem.0.allowed = Some(allowed.to_vec());
    problem
}
