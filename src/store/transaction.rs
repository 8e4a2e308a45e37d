//! A transaction that stays open between steps, so that several things that one request does stand or fall together.

use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::conn::{DbConn, Mode, PublicConn};
use super::error::{Result, StoreError};
use super::watch::Watch;

/// How long it waits for the next step. On SQLite nobody else writes meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);

/// What may be committed after it, and what may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stepped {
    Well,
    Badly,
}

type Step = Box<dyn FnOnce(&mut DbConn) -> Stepped + Send>;

enum Message {
    Step(Step),
    Commit(oneshot::Sender<Result<()>>),
    Rollback(oneshot::Sender<()>),
}

/// The transaction, for who takes the steps. It is rolled back when this is dropped, when a step fails, and when no step comes in
/// time.
pub struct Transaction {
    steps: mpsc::Sender<Message>,
}

/// How it ends, and who waits to hear that it was undone.
enum End {
    Done,
    Undone(Option<oneshot::Sender<()>>),
}

/// The transaction, for the thread that has the connection.
pub(super) struct Steps(mpsc::Receiver<Message>);

pub(super) fn pair() -> (Transaction, Steps) {
    let (steps, taken) = mpsc::channel();
    (Transaction { steps }, Steps(taken))
}

impl Transaction {
    /// Reads or writes, and sees what the steps before it wrote.
    pub async fn step<T, E>(&self, f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let step = Box::new(move |conn: &mut DbConn| {
            let outcome = f(conn);
            let how = if outcome.is_ok() { Stepped::Well } else { Stepped::Badly };
            // Nobody left to hear it means that nobody is left to commit.
            let _ = answer.send(outcome);
            how
        });
        self.send(Message::Step(step))?;
        answered.await.map_err(|_gone| broke())?
    }

    /// Makes everything last, or nothing where a step failed.
    pub async fn commit(self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.send(Message::Commit(answer))?;
        answered.await.map_err(|_gone| broke())?
    }

    /// Undoes everything, and waits until it is: what it held is free then.
    pub async fn rollback(self) {
        let (undone, is_undone) = oneshot::channel();
        // One that has ended was undone.
        if self.send(Message::Rollback(undone)).is_ok() {
            let _ = is_undone.await;
        }
    }

    fn send(&self, message: Message) -> Result<()> {
        // It took too long between two steps.
        self.steps.send(message).map_err(|_gone| StoreError::Busy)
    }
}

fn broke() -> StoreError {
    StoreError::broken("a panic ended the transaction")
}

impl Steps {
    /// Begins the transaction, takes steps and ends it, on the thread that has the connection.
    pub(super) fn take(self, conn: &mut PublicConn, began: oneshot::Sender<Result<()>>) {
        let PublicConn(conn, watch) = conn;
        if let Err(why) = conn.begin(Mode::Write) {
            let _ = began.send(Err(why.into()));
            return;
        }
        let end = if began.send(Ok(())).is_ok() {
            self.until_end(conn, watch)
        } else {
            End::Undone(None)
        };
        if let End::Undone(told) = end {
            // What failed may have ended the transaction already; a connection that is left in one is replaced.
            let _ = conn.rollback();
            // Nobody need be left to hear it.
            let _ = told.map(|told| told.send(()));
        }
    }

    fn until_end(self, conn: &mut DbConn, watch: &Watch) -> End {
        let mut so_far = Stepped::Well;
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(Message::Step(step)) => {
                    let stepped = std::panic::catch_unwind(AssertUnwindSafe(|| step(conn)));
                    let Ok(stepped) = stepped else {
                        return End::Undone(None);
                    };
                    if stepped == Stepped::Badly {
                        so_far = Stepped::Badly;
                    }
                }
                Ok(Message::Commit(answer)) if so_far == Stepped::Well => {
                    let committed = watch.commit(conn).map_err(StoreError::at_commit);
                    let end = if committed.is_ok() {
                        End::Done
                    } else {
                        End::Undone(None)
                    };
                    let _ = answer.send(committed);
                    return end;
                }
                Ok(Message::Commit(answer)) => {
                    let _ = answer.send(Err(StoreError::broken("a step failed, and was to be committed")));
                    return End::Undone(None);
                }
                Ok(Message::Rollback(undone)) => return End::Undone(Some(undone)),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    tracing::warn!("A transaction waited too long for its next step, and was rolled back");
                    return End::Undone(None);
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return End::Undone(None),
            }
        }
    }
}
