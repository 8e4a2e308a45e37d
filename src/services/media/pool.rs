//! Where pictures are worked on: a few at once, within a budget of memory, so that the rest of the server stays quick.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Pictures;
use crate::config::MediaConfig;
use crate::services::{Error, Refusal};

/// The unit in which memory is given out.
const PIECE: u64 = 1024 * 1024;
/// Memory that the allocator keeps for a moment after it was freed, though libwebp, which has another, may want it next: so
/// much or more is given back when that moment is over.
const LARGE: usize = 64;
const MOMENT: Duration = Duration::from_secs(1);
/// How long work may wait for its turn; whoever asked has less patience than that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Threads and memory for pictures. Cheap to clone.
#[derive(Clone)]
pub(in crate::services) struct Pool {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    /// What is left when each thread holds the largest file that there may be, and as many pictures are kept as may be.
    memory: Arc<Semaphore>,
    pieces: u32,
}

/// The right to work, until it is dropped. It covers the bytes of one file; what else the work needs is asked for.
pub(in crate::services) struct Turn {
    pool: Pool,
    #[expect(dead_code, reason = "held, not looked at")]
    thread: OwnedSemaphorePermit,
    memory: Option<OwnedSemaphorePermit>,
    /// Whether what was freed is given back a moment later.
    lingers: bool,
}

impl Pool {
    pub(in crate::services) fn new(config: &MediaConfig) -> Self {
        let threads = config.threads.max(1);
        let files = u64::try_from(threads)
            .unwrap_or(1)
            .saturating_mul(config.max_image_bytes);
        let kept = Pictures::most(config);
        let pieces = pieces(config.memory_bytes.saturating_sub(files).saturating_sub(kept));
        Self {
            places: Arc::new(Semaphore::new(config.queue + threads)),
            turns: Arc::new(Semaphore::new(threads)),
            memory: Arc::new(Semaphore::new(usize::try_from(pieces).unwrap_or(1))),
            pieces,
        }
    }

    /// The most that one piece of work can have, in bytes.
    pub(in crate::services) fn memory(&self) -> u64 {
        u64::from(self.pieces) * PIECE
    }

    /// Waits for a thread, behind those who came before.
    ///
    /// # Errors
    /// `Overloaded` when too many wait already, or when the turn does not come in time.
    pub(super) async fn turn(&self) -> Result<Turn, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let _place = place.map_err(|_full| Error::from(Refusal::Overloaded))?;
        let thread = in_time(Arc::clone(&self.turns).acquire_owned()).await?;
        Ok(Turn {
            pool: self.clone(),
            thread,
            memory: None,
            lingers: false,
        })
    }
}

impl Turn {
    /// Waits for `cost` bytes of memory. Who holds some of it already waits for nothing, so this comes to an end.
    ///
    /// # Errors
    /// `Overloaded` when it is not free in time; `MediaRefused` for more than there is, as of a picture that was taken when
    /// there was more.
    pub(super) async fn with(mut self, cost: u64) -> Result<Self, Error> {
        let wanted = pieces(cost);
        if wanted > self.pool.pieces {
            let why = "The picture takes more memory than pictures may.";
            return Err(Refusal::MediaRefused(why.to_owned()).into());
        }
        self.memory = Some(in_time(Arc::clone(&self.pool.memory).acquire_many_owned(wanted)).await?);
        Ok(self)
    }

    /// For work whose memory is nearly all pixels, which the allocator keeps for a moment.
    pub(super) fn lingering(mut self) -> Self {
        self.lingers = true;
        self
    }

    /// Does `work` on a thread of its own, and gives the turn back with what came of it. The work goes on, and keeps its
    /// memory, when nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(T, Self), Error> {
        let done = tokio::task::spawn_blocking(move || (work(), self));
        done.await.map_err(|lost| Error::Broken(lost.into()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let large = |memory: &OwnedSemaphorePermit| memory.num_permits() >= LARGE;
        let Some(memory) = self.memory.take().filter(large).filter(|_| self.lingers) else {
            return;
        };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(MOMENT).await;
                drop(memory);
            });
        }
    }
}

async fn in_time<T, E>(waited: impl Future<Output = Result<T, E>>) -> Result<T, Error> {
    let got = tokio::time::timeout(PATIENCE, waited).await;
    let got = got.ok().and_then(Result::ok);
    got.ok_or_else(|| Refusal::Overloaded.into())
}

fn pieces(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize, queue: usize) -> Pool {
        Pool::new(&MediaConfig {
            threads,
            queue,
            max_image_bytes: PIECE,
            memory_bytes: 4 * PIECE,
            ..MediaConfig::default()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn work_beyond_the_queue_is_refused_and_work_in_it_waits_so_long_and_no_longer() {
        let pool = pool(1, 1);
        let first = pool.turn().await;
        assert!(first.is_ok());
        let (second, third) = tokio::join!(pool.turn(), pool.turn());
        assert!(matches!(third, Err(Error::Refused(Refusal::Overloaded))));
        assert!(matches!(second, Err(Error::Refused(Refusal::Overloaded))));
        drop(first);
        assert!(pool.turn().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_needs_all_memory_has_it_alone_and_what_needs_more_is_refused() {
        let pool = pool(2, 8);
        let (first, second) = (pool.turn().await.ok().unwrap(), pool.turn().await.ok().unwrap());
        assert_eq!(pool.memory(), 2 * PIECE);
        let first = first.with(pool.memory()).await.ok().unwrap();
        assert_eq!(pool.memory.available_permits(), 0);
        assert!(matches!(
            second.with(PIECE).await,
            Err(Error::Refused(Refusal::Overloaded))
        ));
        let (seven, first) = first.run(|| 7).await.ok().unwrap();
        assert_eq!(seven, 7);
        drop(first);
        assert_eq!(pool.memory.available_permits(), 2);
        let beyond = pool.turn().await.ok().unwrap().with(pool.memory() + 1).await;
        assert!(matches!(beyond, Err(Error::Refused(Refusal::MediaRefused(_)))));
        assert_eq!(pool.memory.available_permits(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn much_memory_is_given_back_after_a_moment() {
        let pool = Pool::new(&MediaConfig {
            max_image_bytes: PIECE,
            ..MediaConfig::default()
        });
        let all = pool.memory.available_permits();
        let turn = pool.turn().await.ok().unwrap();
        drop(turn.with(64 * PIECE).await.ok().unwrap());
        assert_eq!(pool.memory.available_permits(), all);
        let turn = pool.turn().await.ok().unwrap().lingering();
        drop(turn.with(64 * PIECE).await);
        assert_eq!(pool.memory.available_permits(), all - 64);
        let turn = pool.turn().await.ok().unwrap().lingering();
        drop(turn.with(63 * PIECE).await);
        assert_eq!(pool.memory.available_permits(), all - 64);
        tokio::time::sleep(2 * MOMENT).await;
        assert_eq!(pool.memory.available_permits(), all);
    }
}
