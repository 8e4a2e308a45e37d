//! What tells one state of a media's renditions from another.

use sha2::{Digest as _, Sha256};

use super::Media;
use crate::domain::text::{CreditLine, UsageTerms, hex};

/// Moves when renditions would come out otherwise for the same picture and the same words.
const GENERATION: &str = "1";

impl Media {
    /// 16 hexadecimal digits that change whenever the bytes of a rendition would: with the file, with what is written into
    /// renditions of who made and owns it, and with the point that crops keep in sight.
    pub fn version(&self) -> String {
        let said = &self.description;
        let words = [&said.creator, &said.credit, &said.copyright].map(|text| text.as_ref().map(CreditLine::as_str));
        let terms = said.usage_terms.as_ref().map(UsageTerms::as_str);
        let focus = said.focal_point.map(|point| (point.x.to_bits(), point.y.to_bits()));
        let all = format!("{GENERATION} {} {words:?} {terms:?} {focus:?}", self.file.sha256);
        let digest = Sha256::digest(all);
        hex(digest.get(..8).unwrap_or(&digest))
    }
}
