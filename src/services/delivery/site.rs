//! The site itself, as a front end needs it for its frame.

use super::Delivery;
use crate::domain::permalink::Site;
use crate::domain::section::Section;
use crate::services::Error;
use crate::store::PublicConn;
use crate::store::public;

/// What a front end puts around every page.
#[derive(Debug)]
pub struct PublishedSite {
    pub site: Site,
    /// All sections, in their order among siblings.
    pub sections: Vec<Section>,
}

impl Delivery {
    /// The site and its sections.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn site(&self) -> Result<PublishedSite, Error> {
        let read = |conn: &mut PublicConn| Ok::<_, Error>(public::sections(conn)?);
        Ok(PublishedSite {
            site: Site::clone(&self.places.site),
            sections: self.store.read(read).await?,
        })
    }
}
