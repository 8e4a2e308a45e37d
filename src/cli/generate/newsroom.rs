//! What stories name: sections, contributors, tags and pictures, all of them invented.

use std::sync::Arc;

use bytes::Bytes;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use serde_json::{Value, json};

use super::super::demo::PICTURES;
use super::super::{Failure, told};
use super::words::{Vocabulary, capitalized, name};
use crate::domain::access::Actor;
use crate::domain::audit::{Origin, Via};
use crate::domain::contributor::Contributor;
use crate::domain::id::{ContributorId, MediaId, SectionId, TagId};
use crate::domain::invalid::Invalids;
use crate::domain::section::Section;
use crate::domain::tag::Tag;
use crate::domain::text::Filename;
use crate::services::media::{Incoming, Uploaded};
use crate::services::{App, Ctx, media, taxonomy};

/// Each with the one above it, which comes first; the ones with the most stories first, too.
pub(super) const SECTIONS: &[(&str, Option<usize>)] = &[
    ("World", None),
    ("The Islands", Some(0)),
    ("Business", None),
    ("The Mainland", Some(0)),
    ("Sport", None),
    ("Markets", Some(2)),
    ("Culture", None),
    ("Harbours", Some(1)),
    ("Science", None),
    ("Sailing", Some(4)),
    ("Transport", None),
    ("Music", Some(6)),
    ("Opinion", None),
    ("Ferries", Some(10)),
    ("The Outer Reach", Some(1)),
    ("Weather", Some(8)),
    ("Books", Some(6)),
    ("Rail", Some(10)),
    ("Rowing", Some(4)),
    ("Letters", Some(12)),
];
pub(super) const AGENCIES: [&str; 10] = [
    "Lodestar Wire",
    "Causeway News Agency",
    "Farshore Press",
    "Pilot Boat Service",
    "Tidewatch",
    "North Mole Agency",
    "Beacon and Buoy",
    "Saltmarsh Wire",
    "Halyard Pictures",
    "Slipway Photos",
];
pub(super) const CONTRIBUTORS: usize = 50;
pub(super) const TAGS: usize = 200;

/// The ids of what was made.
pub(super) struct Made {
    pub(super) sections: Vec<SectionId>,
    pub(super) contributors: Vec<ContributorId>,
    pub(super) tags: Vec<TagId>,
    pub(super) media: Vec<MediaId>,
}

/// How many pictures so many stories share.
pub(super) fn pictures(articles: usize) -> usize {
    (articles / 100).clamp(PICTURES.len(), 200)
}

/// A context for what is done now.
pub(super) fn ctx(app: &Arc<App>, actor: Actor) -> Ctx {
    Ctx::new(Arc::clone(app), actor, Origin::of(Via::Command))
}

pub(super) fn read<T: deserr::Deserr<Invalids>>(body: Value) -> Result<T, Failure> {
    deserr::deserialize(body).map_err(|flaws: Invalids| format!("what was made up is refused: {flaws:?}").into())
}

/// Makes all of them.
pub(super) async fn make(ctx: &Ctx, seed: u64, pictures: usize, words: &Vocabulary) -> Result<Made, Failure> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut sections: Vec<SectionId> = Vec::new();
    for (position, (name, parent)) in SECTIONS.iter().enumerate() {
        let parent = parent.and_then(|parent| sections.get(parent));
        let body = read(json!({"name": name, "parent_id": parent, "position": position}))?;
        sections.push(taxonomy::create::<Section>(ctx, body).await.map_err(told)?.one.id);
    }
    let mut contributors = Vec::new();
    for number in 0..CONTRIBUTORS {
        let (name, kind) = match AGENCIES.get(number) {
            Some(agency) => ((*agency).to_owned(), "organisation"),
            None => (format!("{} {}", name(&mut random), name(&mut random)), "person"),
        };
        let body = read(json!({"name": name, "kind": kind, "bio": "Made up by a program."}))?;
        contributors.push(taxonomy::create::<Contributor>(ctx, body).await.map_err(told)?.one.id);
    }
    let mut tags = Vec::new();
    for _ in 0..TAGS {
        let first = words.subject(&mut random, words.english());
        let body = read(json!({"name": format!("{} {}", capitalized(first), name(&mut random))}))?;
        tags.push(taxonomy::create::<Tag>(ctx, body).await.map_err(told)?.one.id);
    }
    let mut media = Vec::new();
    for number in 0..pictures {
        media.push(picture(ctx, &mut random, number).await?);
    }
    Ok(Made {
        sections,
        contributors,
        tags,
        media,
    })
}

/// A media of its own, whose bytes several others have.
async fn picture(ctx: &Ctx, random: &mut Pcg64, number: usize) -> Result<MediaId, Failure> {
    let drawn = PICTURES.get(number % PICTURES.len());
    let (file, bytes) = drawn.ok_or("there are no pictures")?;
    let agency = AGENCIES.get(random.random_range(0..AGENCIES.len())).copied();
    let mut incoming = Incoming::begin(ctx).await.map_err(told)?;
    incoming.write(Bytes::from_static(bytes)).await.map_err(told)?;
    let received = incoming.finish().await.map_err(told)?;
    let with = Uploaded {
        filename: Filename::parse(file).ok(),
        patch: read(json!({
            "alt": format!("A drawing that was made for a demonstration, number {number}."),
            "caption": format!("{} seen from {}.", name(random), name(random)),
            "credit": agency,
        }))?,
        duplicate: true,
    };
    Ok(media::upload(ctx, received, with).await.map_err(told)?.view.media.id)
}
