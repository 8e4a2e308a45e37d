//! Reading in pieces.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{GetOptions, GetResultPayload, ObjectStore};

use super::error::{Result, StorageError};
use super::spool::blocking;

/// How much of a file is read at a time. `object_store` would read 8 KiB, each time on another thread.
const PIECE: u64 = 256 * 1024;

pub(super) async fn range(
    store: &dyn ObjectStore,
    path: &Path,
    range: Range<u64>,
) -> Result<BoxStream<'static, Result<Bytes>>> {
    if range.is_empty() {
        return Ok(stream::empty().boxed());
    }
    let options = GetOptions {
        range: Some(range.clone().into()),
        ..GetOptions::default()
    };
    let found = store.get_opts(path, options).await?;
    if found.range != range {
        return Err(StorageError::broken("a file is shorter than it was"));
    }
    Ok(match found.payload {
        GetResultPayload::File(file, _) => of_file(file, range).boxed(),
        GetResultPayload::Stream(pieces) => pieces.map_err(StorageError::from).boxed(),
    })
}

fn of_file(file: File, range: Range<u64>) -> impl stream::Stream<Item = Result<Bytes>> + Send {
    stream::try_unfold((file, range), |(file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let (file, piece) = blocking(move || piece(file, &range).map(|(file, piece)| (file, (piece, range)))).await?;
        let (bytes, range) = piece;
        let next = range.start + bytes.len() as u64..range.end;
        Ok(Some((bytes, (file, next))))
    })
}

fn piece(mut file: File, range: &Range<u64>) -> io::Result<(File, Bytes)> {
    let wanted = (range.end - range.start).min(PIECE);
    file.seek(SeekFrom::Start(range.start))?;
    let mut piece = Vec::new();
    (&mut file).take(wanted).read_to_end(&mut piece)?;
    if (piece.len() as u64) < wanted {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((file, piece.into()))
}
