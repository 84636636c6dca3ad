//! Photos: taken in, made harmless, kept, and shown to whoever may see them.

pub mod files;
pub mod pipeline;
pub mod receive;
pub mod routes;
pub mod store;
pub mod sweep;

pub use files::Files;

use crate::crew::Crew;
use crate::error::{Error, Result};
use app::problem::{Code, Problem};
use pipeline::{Limits, Processed, Refused};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Decodes photos off the async threads, a few at a time.
#[derive(Debug, Clone)]
pub struct Darkroom {
    /// What one photo may cost.
    pub limits: Limits,
    decoding: Crew,
    /// Mebibytes of bodies that may be in memory at once.
    receiving: Arc<Semaphore>,
}

/// Mebibytes of photos that are being received or decoded at once; more senders wait their turn.
const RECEIVING_MIB: usize = 128;
const MIB: usize = 1024 * 1024;

impl Default for Darkroom {
    fn default() -> Self {
        // Decoding is work for a core: more at once would only take memory.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            limits: Limits::default(),
            decoding: Crew::new(cores),
            receiving: Arc::new(Semaphore::new(RECEIVING_MIB)),
        }
    }
}

impl Darkroom {
    /// Waits for room for a body of so many bytes; it is held until the permit is dropped.
    ///
    /// # Errors
    /// `payload_too_large` before anything is read.
    pub async fn room_for(&self, bytes: usize) -> Result<tokio::sync::OwnedSemaphorePermit> {
        if bytes > self.limits.max_bytes {
            return Err(Code::PayloadTooLarge.into());
        }
        let mebibytes = u32::try_from(bytes.div_ceil(MIB).max(1)).unwrap_or(u32::MAX);
        Arc::clone(&self.receiving)
            .acquire_many_owned(mebibytes)
            .await
            .map_err(|closed| anyhow::Error::from(closed).into())
    }

    /// Decodes, turns upright, strips and reduces one photo.
    ///
    /// # Errors
    /// What the pipeline refuses, as a problem.
    pub async fn develop(&self, bytes: axum::body::Bytes) -> Result<Processed> {
        let limits = self.limits;
        self.decoding.run(move || pipeline::process(&bytes, &limits)).await?.map_err(Error::from)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::TooLarge => Code::PayloadTooLarge,
            Refused::TooManyPixels => Code::TooManyPixels,
            Refused::Empty
            | Refused::NotAnImage
            | Refused::Unsupported
            | Refused::Animated
            | Refused::Truncated
            | Refused::Undecodable => Code::NotAnImage,
        };
        Problem::new(code).with_detail(refused.to_string()).into()
    }
}
