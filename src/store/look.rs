//! One look at the database for all who asked before it.
//!
//! A transaction costs as much as one of the statements in it. When others wait while a question is answered, the transaction stays open, and
//! answers each of them who came before it began: what was committed when they asked, it sees. Whoever came later may have been told of
//! something newer, and gets the next.

use std::time::{Duration, Instant};

use diesel::r2d2::PooledConnection;

use super::conn::{Mode, Opener, PublicConn};
use super::error::{Result, StoreError};
use super::pool::{Connections, caught, transact};
use super::threads::{AtHand, Begun};

/// How long a look is good for others. SQLite begins its log anew when nobody looks at an old state of it, for which there must be times without a
/// look; and questions that take longer than this gain nothing by sharing one. A test may take its time.
const LONGEST: Duration = Duration::from_millis(if cfg!(test) { 60_000 } else { 1 });

/// What a thread that asks has at hand.
pub(super) struct Look {
    connections: Connections,
    open: Option<Open>,
}

/// A transaction that reads.
struct Open {
    conn: PooledConnection<Opener>,
    /// Before it began.
    since: Instant,
}

impl Open {
    fn serves(&self, came: Instant) -> bool {
        came <= self.since && self.is_good()
    }

    fn is_good(&self) -> bool {
        self.since.elapsed() < LONGEST
    }
}

impl Look {
    pub(super) fn over(connections: Connections) -> Self {
        Self {
            connections,
            open: None,
        }
    }

    /// Runs `f` in a transaction that began after it came, with others who did. A panic in it costs this one answer.
    pub(super) fn read<T, E: From<StoreError>>(
        &mut self,
        begun: Begun,
        f: impl FnOnce(&mut PublicConn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut open = match self.open.take() {
            Some(open) if open.serves(begun.came) => open,
            before => {
                end(before);
                self.begin(begun.left)?
            }
        };
        let read = caught(|| f(&mut open.conn));
        if read.is_err() {
            // On PostgreSQL a transaction in which a statement failed answers nobody; so `f` must not keep that to itself.
            let _ = open.conn.0.rollback();
        } else if begun.others_wait && open.is_good() {
            self.open = Some(open);
        } else {
            end(Some(open));
        }
        read
    }

    /// Runs `f` in a transaction of its own.
    pub(super) fn write<T, E: From<StoreError>>(
        &mut self,
        begun: Begun,
        f: impl FnOnce(&mut PublicConn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.put_away();
        transact(&mut *self.connections.free_within(begun.left)?, f)
    }

    fn begin(&self, patience: Duration) -> Result<Open> {
        let mut conn = self.connections.free_within(patience)?;
        let since = Instant::now();
        conn.0.begin(Mode::Read)?;
        Ok(Open { conn, since })
    }
}

impl AtHand for Look {
    fn put_away(&mut self) {
        end(self.open.take());
    }
}

/// Nothing was written, so what was read holds even where the end of it is not told; a connection that is left in a transaction is replaced.
fn end(open: Option<Open>) {
    if let Some(mut open) = open
        && let Err(why) = open.conn.0.commit()
    {
        tracing::warn!(error = %why, "A transaction that read could not be ended");
        let _ = open.conn.0.rollback();
    }
}
