//! What happens without anybody asking: stories go live and are taken down at their times, and the trash is emptied.
//!
//! Every process of a newsroom does this; what is done is done by one of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::domain::time::Timestamp;
use crate::services::{App, articles};

/// How often it looks for times that another process was told of.
const LOOK: Duration = Duration::from_millis(200);
/// How soon it looks again after what is due and could not be done, because somebody else was at it.
const SOON: Duration = Duration::from_millis(20);
/// How often the trash is looked through, in seconds.
const SWEEP: i64 = 60 * 60;

/// The work, until it is stopped.
pub struct Worker {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Worker {
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(work(app, stopped));
        Self { stop, task }
    }

    /// Ends it, when what is being done is done.
    pub async fn stop(self) {
        // It may have ended by a panic, which is all that can be wrong with either.
        let _ = self.stop.send(());
        if self.task.await.is_err() {
            tracing::error!("The worker ended by a panic");
        }
    }
}

async fn work(app: Arc<App>, mut stopped: oneshot::Receiver<()>) {
    let mut sweep_at = app.now();
    loop {
        let next = articles::run_due(&app).await;
        if app.now() >= sweep_at {
            articles::empty_trash(&app).await;
            sweep_at = app.now().plus_seconds(SWEEP);
        }
        tokio::select! {
            _ = &mut stopped => return,
            () = tokio::time::sleep(until(next, app.now())) => {}
        }
    }
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
