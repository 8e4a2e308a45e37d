//! The bytes that addresses under `/media/` stand for: renditions, made when they are first asked for and kept beside
//! their original, and originals themselves.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};
use tokio::sync::Semaphore;

use super::signature::Signed;
use super::upload::refused;
use crate::domain::id::MediaId;
use crate::domain::media::{FocalPoint, Media, Rendition, Window};
use crate::domain::text::{CreditLine, UsageTerms};
use crate::imaging::{self, Picture, Said};
use crate::services::{App, Error, Refusal};
use crate::storage::{Blobs, Key};
use crate::store::{self, DbConn};

/// How many may wait for one rendition, on average, that is made or waits to be made.
const WAITING: usize = 4;

/// What an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The bytes as they were sent.
    Original,
    Rendition(Rendition),
}

/// Stored bytes, to be read in parts.
#[derive(Clone)]
pub struct Stored {
    blobs: Blobs,
    key: Key,
    pub length: u64,
    /// What tells these bytes from others, without quotes.
    pub tag: String,
}

/// Renditions that are being made: who comes second waits for the first.
#[derive(Clone)]
pub(in crate::services) struct Making {
    under_way: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
    places: Arc<Semaphore>,
}

/// A media whose bytes a signed address gives a right to.
///
/// # Errors
/// `NotFound` for what is not ours, not of this media, or no longer good.
pub async fn signed_media(app: &App, id: MediaId, signed: &Signed) -> Result<Media, Error> {
    if !app.signer.admits(id, signed, app.now()) {
        return Err(Refusal::NotFound.into());
    }
    let read = move |conn: &mut DbConn| store::media::by_id(conn, id)?.ok_or_else(|| Refusal::NotFound.into());
    app.store.read(read).await
}

/// The bytes of a media in a form, made now if there are none yet.
///
/// # Errors
/// `NotFound` for a rendition of what none are made of; `Overloaded`; `StorageFull`.
pub async fn stored(app: &Arc<App>, media: Media, form: Form) -> Result<Stored, Error> {
    let Form::Rendition(rendition) = form else {
        return Ok(Stored {
            blobs: app.blobs.clone(),
            key: Key::original(&media.file.sha256),
            length: media.file.bytes,
            tag: media.file.sha256,
        });
    };
    let (true, Some(width), Some(height)) = (media.file.renders, media.file.width, media.file.height) else {
        return Err(Refusal::NotFound.into());
    };
    let wanted = Order::new(app, media, (width, height), rendition);
    if wanted.size.0.max(wanted.size.1) > Window::LONGEST {
        return Err(Refusal::NotFound.into());
    }
    let length = if let Some(length) = app.blobs.size(&wanted.key).await? {
        length
    } else {
        let (app, wanted) = (Arc::clone(app), wanted.clone());
        // It is finished and kept although whoever asked may have gone: others will ask.
        let made = tokio::spawn(async move { once(&app, wanted).await });
        made.await.map_err(|lost| Error::Broken(lost.into()))??
    };
    Ok(Stored {
        blobs: app.blobs.clone(),
        length,
        tag: format!("{}-{}", wanted.version, wanted.name),
        key: wanted.key,
    })
}

impl Stored {
    /// The bytes of a part.
    pub fn read(&self, range: Range<u64>) -> BoxStream<'static, Result<bytes::Bytes, Error>> {
        let (blobs, key) = (self.blobs.clone(), self.key.clone());
        let opened = async move { Ok::<_, Error>(blobs.read(&key, range).await?.map_err(Error::from)) };
        opened.try_flatten_stream().boxed()
    }
}

/// A rendition to be made.
#[derive(Clone)]
struct Order {
    media: Media,
    rendition: Rendition,
    focus: FocalPoint,
    /// In pixels, as it will be.
    size: (u32, u32),
    version: String,
    name: String,
    key: Key,
}

impl Order {
    /// Whatever is wider than the picture comes in the picture's own width, and is kept once.
    fn new(app: &App, media: Media, size: (u32, u32), mut rendition: Rendition) -> Self {
        let focus = media.description.focal_point.unwrap_or(FocalPoint::CENTRE);
        let window = Window::of(size, rendition.ratio, focus);
        let widths = &app.config.media.widths;
        if let Some(enough) = widths.iter().copied().find(|width| *width >= window.width) {
            rendition.width = rendition.width.min(enough);
        }
        let version = media.version();
        let crop = rendition
            .ratio
            .map_or(String::new(), |r| format!("-{}x{}", r.width, r.height));
        let name = format!("{}{crop}.{}", rendition.width, rendition.format.extension());
        let key = Key::rendition(&media.file.sha256, &version, &name);
        Self {
            media,
            rendition,
            focus,
            size: window.fitted(rendition.width),
            version,
            name,
            key,
        }
    }

    /// Whether a picture that was reduced still has the pixels that this needs.
    fn is_served_by(&self, picture: &Picture) -> bool {
        picture.needed(self.rendition, self.focus) <= picture.size().0
    }
}

/// Makes it unless somebody else did meanwhile; its length.
async fn once(app: &Arc<App>, order: Order) -> Result<u64, Error> {
    let place = Arc::clone(&app.making.places).try_acquire_owned();
    let _place = place.map_err(|_full| Error::from(Refusal::Overloaded))?;
    let path = order.key.to_string();
    let turn = app.making.turn(&path);
    let held = turn.lock().await;
    let length = match app.blobs.size(&order.key).await {
        Ok(Some(length)) => Ok(length),
        Ok(None) => make(app, &order).await,
        Err(error) => Err(error.into()),
    };
    drop(held);
    app.making.done(&path, &turn);
    length
}

async fn make(app: &Arc<App>, order: &Order) -> Result<u64, Error> {
    let file = &order.media.file;
    let mut turn = app.pool.turn().await?;
    let kept = app
        .pictures
        .get(&file.sha256)
        .filter(|picture| order.is_served_by(picture));
    let (cost, original) = if let Some(picture) = &kept {
        (picture.cost(order.rendition, order.focus), bytes::Bytes::new())
    } else {
        let original = app.blobs.load(&Key::original(&file.sha256)).await?;
        let cost = imaging::cost(file.mime, &original, &app.limits()).map_err(refused)?;
        turn = turn.lingering();
        (cost, original)
    };
    let (work, own) = (order.clone(), Arc::clone(app));
    let render = move || render(&own, &work, kept, &original);
    let (rendered, _) = turn.with(cost).await?.run(render).await?;
    let bytes = rendered?;
    app.pictures.watch();
    let length = bytes.len() as u64;
    app.blobs.put(&order.key, bytes.into()).await?;
    Ok(length)
}

fn render(app: &App, order: &Order, kept: Option<Arc<Picture>>, original: &[u8]) -> Result<Vec<u8>, Error> {
    let Media { file, description, .. } = &order.media;
    let picture = if let Some(picture) = kept {
        picture
    } else {
        let whole = Picture::decode(file.mime, original, &app.limits()).map_err(refused)?;
        let reduced = app.pictures.put(&file.sha256, &whole);
        if order.is_served_by(&reduced) {
            reduced
        } else {
            Arc::new(whole)
        }
    };
    let said = Said {
        creator: description.creator.as_ref().map(CreditLine::as_str),
        credit: description.credit.as_ref().map(CreditLine::as_str),
        copyright: description.copyright.as_ref().map(CreditLine::as_str),
        usage_terms: description.usage_terms.as_ref().map(UsageTerms::as_str),
    };
    let drawn = picture.draw(order.rendition, order.focus).map_err(refused)?;
    // Writing takes as much memory again; it was reckoned with without the picture.
    drop(picture);
    Ok(drawn.written(&said).map_err(refused)?.bytes)
}

impl Making {
    pub(in crate::services) fn new(queue: usize) -> Self {
        Self {
            under_way: Arc::default(),
            places: Arc::new(Semaphore::new(queue.max(1) * WAITING)),
        }
    }

    fn turn(&self, path: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(path.to_owned()).or_default())
    }

    /// Forgets it when nobody else waits.
    fn done(&self, path: &str, turn: &Arc<tokio::sync::Mutex<()>>) {
        let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        // One count is the map's, one the caller's.
        if Arc::strong_count(turn) <= 2 {
            all.remove(path);
        }
    }
}
