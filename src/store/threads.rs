//! The threads that wait for the database.
//!
//! There are as many as connections. Were there one for each request, most would wait for a connection, and those that have one
//! would take turns on the cores, each with memory that is cold: of articles that are read at 32 requests at once it costs a
//! quarter.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::error::{Result, StoreError};

/// Threads that take what comes in the order in which it came.
pub(super) struct Threads {
    /// `None` once it is dropped. Nothing runs on it but what blocks.
    runtime: Option<Runtime>,
    patience: Duration,
}

impl Threads {
    /// Work that is not begun within `patience` is given up.
    pub(super) fn new(count: u32, patience: Duration) -> io::Result<Self> {
        let count = usize::try_from(count).map_err(io::Error::other)?;
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(count.max(1))
            .thread_name("store")
            .build()?;
        Ok(Self {
            runtime: Some(runtime),
            patience,
        })
    }

    /// What `work` answers, which is told how long its caller waits still. It is not begun for one who has gone.
    ///
    /// # Errors
    /// `Busy` where no thread was free in time, and a fault where the work panicked.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(Duration) -> T + Send + 'static) -> Result<T> {
        let runtime = self.runtime.as_ref();
        let runtime = runtime.ok_or_else(|| StoreError::broken("the store is closed"))?;
        let turn = Turn::default();
        let (begun, came, patience) = (turn.clone(), Instant::now(), self.patience);
        let work = move || work(patience.saturating_sub(came.elapsed()));
        let mut task = runtime.spawn_blocking(move || begun.take().then(work));
        let _leaving = GivenUp(&turn);
        let done = match timeout(self.patience, &mut task).await {
            Ok(done) => done,
            Err(_) if turn.take() => {
                tracing::warn!("No thread was free in time to ask the database");
                return Err(StoreError::Busy);
            }
            Err(_) => task.await,
        };
        done.map_err(StoreError::broken)?.ok_or(StoreError::Busy)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Waits for nothing: whoever drops the last handle may be answering a request, or be work of these threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Taken once: by the thread that begins the work, or by the caller who gives it up.
#[derive(Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Gives the work up, if it has not begun, with the future that waits for it.
struct GivenUp<'a>(&'a Turn);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        self.0.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{self, Sender};

    /// One thread that works until the sender is dropped, and what it answers then.
    async fn at_work(threads: &Threads) -> (Sender<()>, impl Future<Output = Result<u8>>) {
        let (go, goes) = mpsc::channel::<()>();
        let (begins, has_begun) = mpsc::channel::<()>();
        let mut first = Box::pin(threads.run(move |_| {
            drop(begins);
            let _gone = goes.recv();
            1
        }));
        tokio::select! {
            biased;
            _ = &mut first => unreachable!("it waits for us"),
            () = std::future::ready(()) => {}
        }
        let _began = has_begun.recv();
        (go, first)
    }

    /// Waits until all that came before has had its turn, without a clock.
    async fn all_had_their_turn(threads: &Threads) {
        let last = threads.runtime.as_ref().unwrap().spawn_blocking(|| ());
        last.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_told_so_and_who_began_is_answered() {
        let threads = Threads::new(1, Duration::from_secs(5)).unwrap();
        let (go, first) = at_work(&threads).await;
        let second = Turn::default();
        let ran = second.clone();
        let told = threads.run(move |_| ran.take()).await;
        assert!(matches!(told, Err(StoreError::Busy)));
        drop(go);
        assert_eq!(first.await.unwrap(), 1);
        all_had_their_turn(&threads).await;
        assert!(second.take(), "it was given up and begun");
    }

    #[tokio::test(start_paused = true)]
    async fn work_of_who_left_is_not_begun() {
        let threads = Threads::new(1, Duration::from_secs(5)).unwrap();
        let (go, first) = at_work(&threads).await;
        let second = Turn::default();
        let ran = second.clone();
        tokio::select! {
            biased;
            _ = threads.run(move |_| ran.take()) => unreachable!("the thread is at work"),
            () = std::future::ready(()) => {}
        }
        drop(go);
        first.await.unwrap();
        all_had_their_turn(&threads).await;
        assert!(second.take(), "its caller had gone");
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer() {
        let threads = Threads::new(1, Duration::from_mins(1)).unwrap();
        let told = threads
            .run(|_| assert!(std::hint::black_box(false), "on purpose"))
            .await;
        assert!(matches!(told, Err(StoreError::Broken(_))), "{told:?}");
        assert_eq!(threads.run(|_| 7).await.unwrap(), 7);
    }
}
