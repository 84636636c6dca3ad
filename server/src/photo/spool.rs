//! Photos as they arrive: in files, so that whoever sends slowly takes a descriptor and no memory.
//!
//! The files have no name: whatever ends the request or the process, nothing is left to be cleared away.

use crate::error::Result;
use crate::extract::broken;
use crate::photo::pipeline::{Header, Limits};
use anyhow::Context;
use app::problem::Code;
use axum::body::{Body, Bytes};
use hyper::body::Body as _;
use std::fs::File;
use std::future::poll_fn;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Bytes of one photo in memory while it arrives.
const BUFFER_BYTES: usize = 64 * 1024;

/// Where photos arrive: the folder of those that are kept, whose disk must have room for them anyway. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: Arc<PathBuf>,
}

/// A photo that has arrived whole.
#[derive(Debug)]
pub struct Spooled {
    file: File,
    bytes: usize,
}

impl Spool {
    /// In this folder, which is there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Arc::new(folder.into()) }
    }

    /// Takes in a body to its end.
    ///
    /// # Errors
    /// `payload_too_large` beyond `most` bytes; `timeout` when nothing comes for too long; `invalid_body` when it breaks
    /// off; when the disk is full.
    pub async fn take_in(&self, mut body: Body, most: usize) -> Result<Spooled> {
        let folder = Arc::clone(&self.folder);
        let made = tokio::task::spawn_blocking(move || tempfile::tempfile_in(&*folder)).await?;
        let mut file = tokio::fs::File::from_std(made.context("making a file for a photo that arrives")?);
        file.set_max_buf_size(BUFFER_BYTES);
        let mut bytes = 0;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|error| broken(&error))?;
            let Some(data) = frame.data_ref() else { continue };
            bytes += data.len();
            if bytes > most {
                return Err(Code::PayloadTooLarge.into());
            }
            file.write_all(data).await.context("keeping a photo that arrives")?;
        }
        // What was written last may fail as late as here.
        file.flush().await.context("keeping a photo that arrives")?;
        Ok(Spooled { file: file.into_std().await, bytes })
    }
}

impl Spooled {
    /// How many bytes it has.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Itself, and how many bytes of memory developing it takes beside its own. Nothing for what is refused anyway.
    ///
    /// # Errors
    /// When the server is going down.
    pub async fn weighed(mut self, limits: Limits) -> Result<(Self, u64)> {
        let weigh = move || {
            let memory = Header::read(&mut self.file).map(|header| header.memory(&limits));
            (self, memory.ok().filter(|&memory| memory <= limits.max_memory).unwrap_or(0))
        };
        Ok(tokio::task::spawn_blocking(weigh).await?)
    }

    /// The whole of it, in memory.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn read(mut self) -> Result<Bytes> {
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::with_capacity(self.bytes);
            self.file.rewind()?;
            self.file.read_to_end(&mut bytes)?;
            std::io::Result::Ok(bytes)
        });
        Ok(read.await?.context("reading a photo that has arrived")?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_arrives_has_no_name_and_is_read_whole() {
        let folder = std::env::temp_dir();
        let folder = folder.join(format!("spotfix-spool-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let spool = Spool::new(&folder);
        let sent: Vec<u8> = (0..300_000_u32).map(|at| u8::try_from(at % 251).expect("small")).collect();
        let spooled = spool.take_in(sent.clone().into(), sent.len()).await.expect("taken in");
        assert_eq!(std::fs::read_dir(&folder).expect("readable").count(), 0);
        assert_eq!(spooled.bytes(), sent.len());
        assert_eq!(spooled.read().await.expect("read"), sent);
        let refused = spool.take_in(sent.clone().into(), sent.len() - 1).await.expect_err("too much");
        assert_eq!(refused.into_problem().code, Code::PayloadTooLarge);
        std::fs::remove_dir(&folder).expect("empty");
    }

    #[tokio::test]
    async fn a_disk_that_is_away_is_no_fault_of_ours() {
        let gone = std::env::temp_dir().join(format!("spotfix-spool-gone-{}", std::process::id()));
        let failed = Spool::new(gone).take_in("x".into(), 1).await.expect_err("no folder");
        assert_eq!(failed.into_problem().code, Code::Unavailable);
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let failed = anyhow::Error::from(full).context("keeping a photo that arrives");
        assert_eq!(crate::Error::from(failed).into_problem().code, Code::StorageFull);
    }
}
