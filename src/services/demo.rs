//! Whether a database is empty, the demo's own, or somebody's work.

use super::{App, Error};
use crate::store;

const MARK: &str = "demo";

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Empty,
    Demo,
    Foreign,
}

pub async fn state(app: &App) -> Result<State, Error> {
    let read = |conn: &mut store::DbConn| {
        if store::setting::get(conn, MARK)?.is_some() {
            return Ok(State::Demo);
        }
        let used = store::user::any(conn)?
            || store::article::any(conn)?
            || !store::section::all(conn)?.is_empty()
            || !store::contributor::list(conn, None, 1)?.is_empty();
        Ok(if used { State::Foreign } else { State::Empty })
    };
    app.store.read(read).await
}

/// Says that this database is the demo's own.
pub async fn mark(app: &App) -> Result<(), Error> {
    app.store
        .write(|tx| store::setting::set(tx, MARK, "true").map_err(Error::from))
        .await
}
