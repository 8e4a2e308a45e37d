//! Passwords: hashed with argon2id at the cost that OWASP names first, a few at once, never on a server thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use argon2::Block;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::phc::{self, HashError};
use crate::domain::account::Password;
use crate::services::{App, Error, Refusal};

/// Those whose passwords are looked at; at some 25 ms each on a core, who comes later is told to come again.
const PLACES: usize = 64;

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// The threads that hash, one a core, each in memory of its own: a hash takes 19 MiB, and taking that anew each time made
/// a server grow by gigabytes. The work is bounded whether or not clients wait for the answer.
pub(in crate::services) struct Hashers {
    queue: Sender<Job>,
    places: Arc<Semaphore>,
}

/// A place among those whose passwords are looked at. Taken before a try is counted, so that none counts for nothing.
pub struct Hashing {
    queue: Sender<Job>,
    place: Arc<OwnedSemaphorePermit>,
}

impl Hashers {
    pub(in crate::services) fn start() -> std::io::Result<Self> {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || work(&jobs))?;
        }
        let places = Arc::new(Semaphore::new(PLACES));
        Ok(Self { queue, places })
    }
}

impl Hashing {
    /// # Errors
    /// `Overloaded`.
    pub fn begin(app: &App) -> Result<Self, Error> {
        let hashers = &app.hashers;
        let place = Arc::clone(&hashers.places).try_acquire_owned();
        Ok(Self {
            queue: hashers.queue.clone(),
            place: Arc::new(place.map_err(|_full| Refusal::Overloaded)?),
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        // Nobody need wait for the answer any more, and the work is there all the same.
        let place = Arc::clone(&self.place);
        let job: Job = Box::new(move |memory| {
            drop(answer.send(work(memory)));
            drop(place);
        });
        self.queue
            .send(job)
            .map_err(|gone| Error::Broken(gone.to_string().into()))?;
        answered.await.map_err(|lost| Error::Broken(lost.into()))?
    }

    /// The text that is stored of a password.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Error> {
        let hash = move |memory: &mut Vec<Block>| phc::make(password.as_bytes(), memory).map_err(broken);
        self.run(hash).await
    }

    /// Whether a password is the hashed one. Without a hash the same work is done and the answer is no, so that the time
    /// taken does not tell who has an account.
    pub(super) async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, Error> {
        let verify = move |memory: &mut Vec<Block>| match hash {
            Some(hash) => phc::is_of(password.as_bytes(), &hash, memory).map_err(broken),
            None => phc::make(password.as_bytes(), memory)
                .map(|_same_work| false)
                .map_err(broken),
        };
        self.run(verify).await
    }

    /// The hash of a password that was right at the cost of today, where the one that is kept has another.
    pub(super) async fn stronger(&self, password: Password, kept: &str) -> Result<Option<String>, Error> {
        if phc::is_current(kept) {
            return Ok(None);
        }
        self.hash(password).await.map(Some)
    }
}

/// Works until nobody can send any more. A panic costs one hash, not the thread.
fn work(jobs: &Mutex<Receiver<Job>>) {
    let mut memory = Vec::new();
    loop {
        let Ok(job) = jobs.lock().map(|jobs| jobs.recv()) else {
            return;
        };
        let Ok(job) = job else { return };
        drop(catch_unwind(AssertUnwindSafe(|| job(&mut memory))));
    }
}

fn broken(error: HashError) -> Error {
    Error::Broken(error.into())
}
