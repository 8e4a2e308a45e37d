//! The threads that wait for the database.
//!
//! There are as many as connections. Were there one for each request, most would wait for a connection, and those that have one
//! would take turns on the cores, each with memory that is cold: of articles that are read at 32 requests at once it costs a
//! quarter.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::error::{Result, StoreError};

/// What a thread has at hand for its work.
pub(super) trait AtHand {
    /// There is nothing to do for now, or something broke.
    fn put_away(&mut self);
}

/// What is known of a piece of work when it is begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub(super) came: Instant,
    /// How long its caller waits still.
    pub(super) left: Duration,
    /// Whether other work was waiting then.
    pub(super) others_wait: bool,
}

/// Takes what is at hand, and whether other work waits.
type Work<A> = Box<dyn FnOnce(&mut A, bool) + Send>;

enum Next<A> {
    Work(Work<A>),
    End,
}

/// Threads that take what comes in the order in which it came. They end when this is dropped, and nobody waits for that: whoever drops it
/// may be answering a request, or be work of theirs.
pub(super) struct Threads<A> {
    queue: Sender<Next<A>>,
    count: u32,
    /// Nothing comes from it; it breaks off when all threads have ended.
    ended: Receiver<()>,
    patience: Duration,
}

impl<A: AtHand + 'static> Threads<A> {
    /// Work that is not begun within `patience` is given up.
    pub(super) fn new(
        count: u32,
        patience: Duration,
        at_hand: impl Fn() -> A + Clone + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, waiting) = unbounded();
        let (at_work, ended) = bounded(0);
        for _ in 0..count {
            let (waiting, at_work, at_hand) = (waiting.clone(), at_work.clone(), at_hand.clone());
            let thread = std::thread::Builder::new().name("store".to_owned());
            thread.spawn(move || {
                let _until_it_ends = at_work;
                work(&waiting, at_hand());
            })?;
        }
        Ok(Self {
            queue,
            count,
            ended,
            patience,
        })
    }

    /// Has the threads end when what came before is done, and waits for that, for as long as callers do. What comes later is refused.
    pub(super) fn close(&self) {
        for _ in 0..self.count {
            // Where all have ended there is nobody to tell.
            let _ = self.queue.send(Next::End);
        }
        let _broken_off = self.ended.recv_timeout(self.patience);
    }

    /// What `work` answers. It is not begun for one who has gone.
    ///
    /// # Errors
    /// `Busy` where no thread was free in time, and a fault where the work panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut A, Begun) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = Turn::default();
        let (answer, mut answered) = oneshot::channel();
        let (begun, came, patience) = (turn.clone(), Instant::now(), self.patience);
        let work: Work<A> = Box::new(move |at_hand, others_wait| {
            if begun.take() {
                let left = patience.saturating_sub(came.elapsed());
                // Nobody may be left to hear it.
                let _ = answer.send(work(
                    at_hand,
                    Begun {
                        came,
                        left,
                        others_wait,
                    },
                ));
            }
        });
        let sent = self.queue.send(Next::Work(work));
        sent.map_err(|_gone| StoreError::broken("the store is closed"))?;
        let _leaving = GivenUp(&turn);
        let done = match timeout(self.patience, &mut answered).await {
            Ok(done) => done,
            Err(_) if turn.take() => {
                tracing::warn!("No thread was free in time to ask the database");
                return Err(StoreError::Busy);
            }
            Err(_) => answered.await,
        };
        done.map_err(|_gone| {
            StoreError::broken("what was asked of the database panicked, or came when the store was closed")
        })
    }
}

fn work<A: AtHand>(waiting: &Receiver<Next<A>>, mut at_hand: A) {
    loop {
        let next = waiting.try_recv().or_else(|_none| {
            survives(|| at_hand.put_away());
            waiting.recv()
        });
        let Ok(Next::Work(work)) = next else {
            survives(|| at_hand.put_away());
            return;
        };
        let others_wait = !waiting.is_empty();
        if !survives(|| work(&mut at_hand, others_wait)) {
            survives(|| at_hand.put_away());
        }
    }
}

/// Whether `f` ends without a panic. One is told by the hook that all panics have.
fn survives(f: impl FnOnce()) -> bool {
    std::panic::catch_unwind(AssertUnwindSafe(f)).is_ok()
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

    impl AtHand for () {
        fn put_away(&mut self) {}
    }

    fn threads(patience: Duration) -> Threads<()> {
        Threads::new(1, patience, || ()).unwrap()
    }

    /// One thread that works until the sender is dropped, and what it answers then.
    async fn at_work(threads: &Threads<()>) -> (Sender<()>, impl Future<Output = Result<u8>>) {
        let (go, goes) = mpsc::channel::<()>();
        let (begins, has_begun) = mpsc::channel::<()>();
        let mut first = Box::pin(threads.run(move |(), _| {
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
    async fn all_had_their_turn(threads: &Threads<()>) {
        let (last, had_its_turn) = oneshot::channel();
        let last: Work<()> = Box::new(move |(), _| last.send(()).unwrap());
        threads.queue.send(Next::Work(last)).unwrap();
        had_its_turn.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_told_so_and_who_began_is_answered() {
        let threads = threads(Duration::from_secs(5));
        let (go, first) = at_work(&threads).await;
        let second = Turn::default();
        let ran = second.clone();
        let told = threads.run(move |(), _| ran.take()).await;
        assert!(matches!(told, Err(StoreError::Busy)));
        drop(go);
        assert_eq!(first.await.unwrap(), 1);
        all_had_their_turn(&threads).await;
        assert!(second.take(), "it was given up and begun");
    }

    #[tokio::test(start_paused = true)]
    async fn work_of_who_left_is_not_begun() {
        let threads = threads(Duration::from_secs(5));
        let (go, first) = at_work(&threads).await;
        let second = Turn::default();
        let ran = second.clone();
        tokio::select! {
            biased;
            _ = threads.run(move |(), _| ran.take()) => unreachable!("the thread is at work"),
            () = std::future::ready(()) => {}
        }
        drop(go);
        first.await.unwrap();
        all_had_their_turn(&threads).await;
        assert!(second.take(), "its caller had gone");
    }

    #[tokio::test]
    async fn a_panic_costs_one_answer() {
        let threads = threads(Duration::from_mins(1));
        let told = threads
            .run(|(), _| assert!(std::hint::black_box(false), "on purpose"))
            .await;
        assert!(matches!(told, Err(StoreError::Broken(_))), "{told:?}");
        assert_eq!(threads.run(|(), _| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn who_closes_waits_for_what_came_before_and_what_comes_later_is_refused() {
        let threads = threads(Duration::from_mins(1));
        let before = Turn::default();
        let ran = before.clone();
        let work: Work<()> = Box::new(move |(), _| assert!(ran.take()));
        threads.queue.send(Next::Work(work)).unwrap();
        threads.close();
        assert!(!before.take(), "it was not done");
        let told = threads.run(|(), _| 7).await;
        assert!(matches!(told, Err(StoreError::Broken(_))), "{told:?}");
        threads.close();
    }
}
