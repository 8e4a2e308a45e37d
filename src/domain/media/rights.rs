//! What must be known of media before readers see them.

use super::{Media, MediaKind};
use crate::domain::body::MediaAt;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::time::Timestamp;

/// What is asked of media that are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// That somebody is named beside every picture.
    pub credit: bool,
    /// That nobody's permission has run out.
    pub valid: bool,
}

impl Rights {
    /// What is missing of `places`, each at its pointer; `media` are those that they name.
    pub fn lacking(self, places: &[MediaAt], media: &[Media], now: Timestamp) -> Invalids {
        let mut flaws = Invalids::default();
        for place in places {
            let Some(found) = media.iter().find(|one| one.id == place.media_id) else {
                continue;
            };
            let said = &found.description;
            let uncredited = place.credit.is_none() && said.credit.is_none();
            if self.credit && uncredited && found.file.mime.kind() == MediaKind::Image {
                let flaw = Flaw::new(Rule::Required, "the picture has no credit, neither here nor of its own");
                flaws.add(flaw.at(format!("{}/credit", place.pointer)));
            }
            if found.file.mime.kind() == MediaKind::Image && !found.file.renders {
                let message = format!(
                    "no renditions are made of this {}; readers would see nothing",
                    found.file.mime.as_str()
                );
                flaws.add(Flaw::new(Rule::NotAllowed, message).at(format!("{}/media_id", place.pointer)));
            }
            if let Some(end) = said.rights_expire_at.filter(|end| self.valid && *end <= now) {
                let flaw = Flaw::new(Rule::NotAllowed, format!("the rights to it expired at {end}"));
                flaws.add(flaw.at(format!("{}/media_id", place.pointer)));
            }
        }
        flaws
    }
}
