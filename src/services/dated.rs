//! Since when pages are made as they are made now.
//!
//! What a page looks like is told by its edition, by the configuration and by this program. An edition says since when it is live; so that nobody who
//! asks by date alone is told that they have what they had from another configuration or version, the database remembers which made pages last, and since
//! when.

use super::{App, Error};
use crate::domain::time::Timestamp;
use crate::store::{DbConn, setting};

/// What made pages last, and since when.
const KEY: &str = "pages_made";

impl App {
    /// Looks since when pages are made as this process makes them, and remembers it where that is since now. For the start of a server.
    ///
    /// # Errors
    /// A fault of the database; the date is that of now then.
    pub async fn date_pages(&self) -> Result<(), Error> {
        let delivery = self.delivery();
        let (mark, now) = (delivery.mark(), self.now());
        let look = move |tx: &mut DbConn| {
            let known = setting::get(tx, KEY)?;
            let known = known.as_deref().and_then(|text| text.split_once(' '));
            let known = known.filter(|(made, _)| *made == mark);
            if let Some(since) = known.and_then(|(_, since)| Timestamp::parse(since).ok()) {
                return Ok(since);
            }
            setting::set(tx, KEY, &format!("{mark} {now}"))?;
            Ok::<_, Error>(now)
        };
        let found = self.store.write(look).await;
        delivery.date_pages(found.as_ref().ok().copied().unwrap_or(now));
        found.map(drop)
    }
}
