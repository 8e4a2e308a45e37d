//! Whether a database is empty, the demo's own, or somebody's work.

use super::{App, Error};
use crate::domain::contributor::Contributor;
use crate::domain::tag::Tag;
use crate::store::{self, TaxonRows as _};

const MARK: &str = "demo";
const WHOLE: &str = "whole";

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Empty,
    Demo,
    /// The demo's own, but it was stopped before all was made.
    Unfinished,
    Foreign,
}

pub async fn state(app: &App) -> Result<State, Error> {
    let read = |conn: &mut store::DbConn| {
        match store::setting::get(conn, MARK)?.as_deref() {
            Some(WHOLE) => return Ok(State::Demo),
            Some(_) => return Ok(State::Unfinished),
            None => {}
        }
        let used = store::user::any(conn)?
            || store::article::any(conn)?
            || !store::section::all(conn)?.is_empty()
            || !Contributor::list(conn, None, 1)?.is_empty()
            || !Tag::list(conn, None, 1)?.is_empty();
        Ok(if used { State::Foreign } else { State::Empty })
    };
    app.store.read(read).await
}

/// Says that this database is the demo's own, before anything is made in it.
pub async fn begin(app: &App) -> Result<(), Error> {
    mark(app, "begun").await
}

/// Says that all was made.
pub async fn finish(app: &App) -> Result<(), Error> {
    mark(app, WHOLE).await
}

async fn mark(app: &App, value: &'static str) -> Result<(), Error> {
    app.store
        .write(move |tx| store::setting::set(tx, MARK, value).map_err(Error::from))
        .await
}
