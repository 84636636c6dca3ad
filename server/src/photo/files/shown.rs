//! A rendition on its way to somebody: read piece by piece, as fast as they take it.
//!
//! Whoever hangs up drops it, and with it the one piece in memory and the open file or request behind it.

use super::{BEGIN, END};
use anyhow::{Context, Result};
use axum::body::{Body, Bytes};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt, once, try_unfold};
use object_store::path::Path;
use object_store::{Error, GetResult, GetResultPayload, ObjectStore, ObjectStoreExt};
use std::fs::File;
use std::io::{Read, Result as IoResult};

/// Bytes of a piece. What is no longer is read whole: most thumbnails are.
const PIECE_BYTES: u64 = 64 * 1024;

/// A rendition that is there to its end.
pub struct Shown {
    /// Bytes.
    pub length: u64,
    pieces: BoxStream<'static, IoResult<Bytes>>,
}

impl Shown {
    /// The body of an answer. It breaks off where the store fails on the way.
    pub fn into_body(self) -> Body {
        Body::from_stream(self.pieces)
    }
}

/// Opens a rendition; `None` when it is not there, or was cut off.
pub(super) async fn open(store: &dyn ObjectStore, path: &Path) -> Result<Option<Shown>> {
    let found = match store.get(path).await {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(anyhow::Error::from(error).context("reading a photo")),
    };
    let length = found.meta.size;
    if length <= PIECE_BYTES {
        let whole = found.bytes().await.context("reading a photo")?;
        let is_whole = whole.starts_with(&BEGIN) && whole.ends_with(&END);
        return Ok(is_whole.then(|| Shown { length, pieces: once(async { Ok(whole) }).boxed() }));
    }
    // The same file as is open already: a photo that is written anew has the same bytes.
    let ends = [0..2, length - 2..length];
    let [begin, end] = match store.get_ranges(path, &ends).await {
        Ok(ends) => <[Bytes; 2]>::try_from(ends).ok().context("reading a photo")?,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(anyhow::Error::from(error).context("reading a photo")),
    };
    let is_whole = begin[..] == BEGIN && end[..] == END;
    Ok(is_whole.then(|| Shown { length, pieces: pieces(found) }))
}

fn pieces(found: GetResult) -> BoxStream<'static, IoResult<Bytes>> {
    match found.payload {
        GetResultPayload::File(file, _) => {
            let next = |file: File| async { tokio::task::spawn_blocking(move || piece(file)).await? };
            try_unfold(file, next).boxed()
        }
        GetResultPayload::Stream(pieces) => pieces.map_err(std::io::Error::from).boxed(),
    }
}

/// The next piece of a file, and the file to go on with.
fn piece(mut file: File) -> IoResult<Option<(Bytes, File)>> {
    let mut bytes = Vec::new();
    file.by_ref().take(PIECE_BYTES).read_to_end(&mut bytes)?;
    Ok((!bytes.is_empty()).then(|| (bytes.into(), file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::PutPayload;
    use object_store::memory::InMemory;

    /// A picture by its first and last bytes.
    fn picture(length: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).expect("small")).collect();
        bytes[..2].copy_from_slice(&BEGIN);
        bytes[length - 2..].copy_from_slice(&END);
        bytes
    }

    /// What is shown of these bytes by a store that is no folder, as S3 is none.
    async fn shown(bytes: &[u8]) -> Option<Shown> {
        let (store, path) = (InMemory::new(), Path::from("a/photo.jpg"));
        store.put(&path, PutPayload::from(bytes.to_vec())).await.expect("kept");
        open(&store, &path).await.expect("read")
    }

    #[tokio::test]
    async fn a_store_that_is_no_folder_shows_the_same() {
        for length in [4, 1000, 65_536, 65_537, 300_000] {
            let bytes = picture(length);
            let shown = shown(&bytes).await.expect("there");
            assert_eq!(shown.length, bytes.len() as u64);
            let pieces: Vec<Bytes> = shown.pieces.try_collect().await.expect("read");
            assert_eq!(pieces.concat(), bytes);
        }
        assert!(open(&InMemory::new(), &Path::from("none")).await.expect("asked").is_none());
    }

    #[tokio::test]
    async fn a_store_that_is_no_folder_shows_nothing_that_was_cut_off() {
        for length in [1000, 300_000] {
            let bytes = picture(length);
            assert!(shown(&bytes[..length - 1]).await.is_none());
            assert!(shown(&bytes[1..]).await.is_none());
        }
    }
}
