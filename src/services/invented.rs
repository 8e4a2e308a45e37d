//! Whether a database is empty, holds a newsroom that we invented, or is somebody's work.

use super::{App, Error};
use crate::domain::contributor::Contributor;
use crate::domain::tag::Tag;
use crate::store::{self, TaxonRows as _};

const BEGUN: &str = "begun";
const WHOLE: &str = "whole";

/// Who invents newsrooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Demo,
    Generator,
}

impl Maker {
    /// The setting that its databases have.
    fn mark(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Generator => "generated",
        }
    }
}

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Empty,
    /// All that its maker makes.
    Whole(Maker),
    /// Its maker was stopped before all was made.
    Unfinished(Maker),
    Foreign,
}

pub async fn state(app: &App) -> Result<State, Error> {
    let read = |conn: &mut store::DbConn| {
        for maker in [Maker::Demo, Maker::Generator] {
            match store::setting::get(conn, maker.mark())?.as_deref() {
                Some(WHOLE) => return Ok(State::Whole(maker)),
                Some(_) => return Ok(State::Unfinished(maker)),
                None => {}
            }
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

/// Says whose this database is, before anything is made in it.
pub async fn begin(app: &App, maker: Maker) -> Result<(), Error> {
    mark(app, maker, BEGUN).await
}

/// Says that all was made.
pub async fn finish(app: &App, maker: Maker) -> Result<(), Error> {
    mark(app, maker, WHOLE).await
}

async fn mark(app: &App, maker: Maker, value: &'static str) -> Result<(), Error> {
    app.store
        .write(move |tx| store::setting::set(tx, maker.mark(), value).map_err(Error::from))
        .await
}
