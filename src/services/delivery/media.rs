//! Media as readers get them: what live pages and contributors show.

use super::Delivery;
use crate::domain::id::MediaId;
use crate::domain::media::Media;
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public;

impl Delivery {
    /// A media that readers see somewhere.
    ///
    /// # Errors
    /// `NotFound` for one that they do not.
    pub async fn shown_media(&self, id: MediaId) -> Result<Media, Error> {
        let read = move |conn: &mut PublicConn| public::shown_media(conn, id)?.ok_or_else(|| Refusal::NotFound.into());
        self.store.read(read).await
    }
}
