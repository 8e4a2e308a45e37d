//! What happens without anybody asking: stories go live and are taken down at their times, the trash is emptied,
//! answers and sessions of the past are forgotten, it is written when API keys were used, and looked for other signing keys.
//!
//! Every process of a newsroom does this; what is done is done by one of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::domain::time::Timestamp;
use crate::services::{App, accounts, articles, forget_answers};

/// How often it looks for times that another process was told of.
const LOOK: Duration = Duration::from_millis(200);
/// How soon it looks again after what is due and could not be done, because somebody else was at it.
const SOON: Duration = Duration::from_millis(20);
/// How often it looks for what was kept long enough.
const SWEEP: Duration = Duration::from_hours(1);
/// How often it is written when API keys were used, and looked for other signing keys.
const USES: Duration = Duration::from_mins(1);

/// The work, until it is stopped.
pub struct Worker {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 3],
}

type Stopped = watch::Receiver<bool>;

impl Worker {
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let due = tokio::spawn(do_what_is_due(Arc::clone(&app), stopped.clone()));
        let uses = tokio::spawn(write_uses(Arc::clone(&app), stopped.clone()));
        let tidy = tokio::spawn(tidy(app, stopped));
        Self {
            stop,
            tasks: [due, uses, tidy],
        }
    }

    /// Ends it, when what is being done is done.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            // A panic is all that can be wrong with one.
            if task.await.is_err() {
                tracing::error!("A worker ended by a panic");
            }
        }
    }
}

async fn do_what_is_due(app: Arc<App>, mut stopped: Stopped) {
    loop {
        let next = articles::run_due(&app).await;
        if rests(&mut stopped, until(next, app.now())).await {
            return;
        }
    }
}

/// One article after the other, so that it can be stopped between two.
async fn tidy(app: Arc<App>, mut stopped: Stopped) {
    loop {
        forget_answers(&app).await;
        accounts::sessions::forget(&app).await;
        articles::forget_previews(&app).await;
        for id in articles::expired(&app).await {
            if *stopped.borrow() {
                return;
            }
            articles::purge(&app, id).await;
        }
        if rests(&mut stopped, SWEEP).await {
            return;
        }
    }
}

/// A last time when it is stopped.
async fn write_uses(app: Arc<App>, mut stopped: Stopped) {
    loop {
        let is_last = rests(&mut stopped, USES).await;
        accounts::api_keys::write_uses(&app).await;
        app.look_for_keys();
        if is_last {
            return;
        }
    }
}

/// Waits; true when it was stopped meanwhile.
async fn rests(stopped: &mut Stopped, pause: Duration) -> bool {
    let stop = stopped.wait_for(|stopped| *stopped);
    // Nobody is left to stop it when the sender is gone, which is as good as being stopped.
    tokio::time::timeout(pause, stop).await.is_ok()
}

/// How long to wait for what is next.
fn until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(next) = next else {
        return LOOK;
    };
    let micros = next.micros().saturating_sub(now.micros());
    // A moment is told to the millisecond; one more, and it has come.
    let wait = u64::try_from(micros).map(|micros| Duration::from_micros(micros + 1000));
    wait.map_or(SOON, |wait| wait.min(LOOK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_wakes_for_what_is_next_and_looks_around_in_between() {
        let now = Timestamp::parse("2026-02-16T09:30:00Z").unwrap();
        let at = |text: &str| Some(Timestamp::parse(text).unwrap());
        for (next, expected) in [
            (None, LOOK),
            (at("2026-02-17T09:30:00Z"), LOOK),
            (at("2026-02-16T09:30:00.050Z"), Duration::from_millis(51)),
            (at("2026-02-16T09:30:00Z"), Duration::from_millis(1)),
            (at("2026-02-16T09:29:59Z"), SOON),
        ] {
            assert_eq!(until(next, now), expected, "{next:?}");
        }
    }
}
