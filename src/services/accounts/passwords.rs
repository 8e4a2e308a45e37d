//! Passwords: hashed with argon2id at the cost that OWASP names first, a few at once, never on a server thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::oneshot;

use crate::domain::account::Password;
use crate::services::{App, Error, Refusal};

/// 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::Broken(error.to_string().into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes that may wait; at some 25 ms each on a core, who comes later is told to come again.
const QUEUE: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// The threads that hash, one a core. Each hash takes 19 MiB, which an allocator keeps for the thread that took it, so
/// threads of their own bound the memory as well as the work, whether or not clients wait for the answer.
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
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || drop(answer.send(work())));
        self.queue
            .try_send(job)
            .map_err(|_full| Error::Refused(Refusal::Overloaded))?;
        answered.await.map_err(|lost| Error::Broken(lost.into()))?
    }
}

/// Works until nobody can send any more. A panic costs one hash, not the thread.
fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let Ok(job) = jobs.lock().map(|jobs| jobs.recv()) else {
            return;
        };
        let Ok(job) = job else { return };
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

/// The PHC string of a password, with a salt of its own.
pub(super) async fn hash(app: &App, password: Password) -> Result<String, Error> {
    app.hashers
        .run(move || {
            let hash = argon2()?.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string())
                .map_err(|error| Error::Broken(error.to_string().into()))
        })
        .await
}

/// Whether a password is the hashed one. Without a hash the same work is done and the answer is no, so that the time
/// taken does not tell who has an account.
pub(super) async fn verify(app: &App, password: Password, hash: Option<String>) -> Result<bool, Error> {
    app.hashers
        .run(move || {
            let argon2 = argon2()?;
            let Some(hash) = hash else {
                let _same_work = argon2.hash_password(password.as_bytes());
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(|error| Error::Broken(error.to_string().into()))?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
}
