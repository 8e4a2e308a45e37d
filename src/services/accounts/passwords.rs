//! Passwords: hashed with argon2id at the cost that OWASP names first, a few at once, never on a server thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use argon2::Block;
use tokio::sync::oneshot;

use super::phc::{self, HashError};
use crate::domain::account::Password;
use crate::services::{App, Error, Refusal};

/// Hashes that may wait; at some 25 ms each on a core, who comes later is told to come again.
const QUEUE: usize = 64;

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// The threads that hash, one a core, each in memory of its own: a hash takes 19 MiB, and taking that anew each time made
/// a server grow by gigabytes. The work is bounded whether or not clients wait for the answer.
pub(in crate::services) struct Hashers {
    queue: SyncSender<Job>,
}

impl Hashers {
    pub(in crate::services) fn start() -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || work(&jobs))?;
        }
        Ok(Self { queue })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| drop(answer.send(work(memory))));
        self.queue
            .try_send(job)
            .map_err(|_full| Error::Refused(Refusal::Overloaded))?;
        answered.await.map_err(|lost| Error::Broken(lost.into()))?
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

/// The text that is stored of a password.
pub(super) async fn hash(app: &App, password: Password) -> Result<String, Error> {
    let hash = move |memory: &mut Vec<Block>| phc::make(password.as_bytes(), memory).map_err(broken);
    app.hashers.run(hash).await
}

/// Whether a password is the hashed one. Without a hash the same work is done and the answer is no, so that the time
/// taken does not tell who has an account.
pub(super) async fn verify(app: &App, password: Password, hash: Option<String>) -> Result<bool, Error> {
    let verify = move |memory: &mut Vec<Block>| match hash {
        Some(hash) => phc::is_of(password.as_bytes(), &hash, memory).map_err(broken),
        None => phc::make(password.as_bytes(), memory)
            .map(|_same_work| false)
            .map_err(broken),
    };
    app.hashers.run(verify).await
}

/// The hash of a password that was right at the cost of today, where the one that is kept has another.
pub(super) async fn stronger(app: &App, password: Password, kept: &str) -> Result<Option<String>, Error> {
    if phc::is_current(kept) {
        return Ok(None);
    }
    hash(app, password).await.map(Some)
}

fn broken(error: HashError) -> Error {
    Error::Broken(error.into())
}
