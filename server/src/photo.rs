//! Photos: taken in, made harmless, kept, and shown to whoever may see them.

pub mod files;
pub mod pipeline;
pub mod quota;
pub mod receive;
pub mod routes;
pub mod spool;
pub mod store;
pub mod sweep;

pub use files::Files;

use crate::crew::turns::{Bounds, Turn, Turns};
use crate::crew::{Asker, Crew};
use crate::error::{Error, Result};
use crate::limit::BODIES_PER_ACCOUNT;
use app::id::UserId;
use app::problem::{Code, Problem};
use pipeline::{Limits, Processed, Refused};

/// Decodes photos off the async threads, a few at a time.
#[derive(Debug, Clone)]
pub struct Darkroom {
    /// What one photo may cost.
    pub limits: Limits,
    decoding: Crew,
    /// Mebibytes of photos that may be in memory at once as they were sent.
    reading: Turns<UserId>,
}

/// Mebibytes of photos, as they were sent, that are in memory at once; others wait in their files.
const READING_MIB: usize = 128;
/// Photos that may wait: of one account as many as may be under way, of all what is done in some twenty seconds.
const WAITING: Bounds = Bounds { each: BODIES_PER_ACCOUNT, all: 512 };
/// Whoever has a turn at the memory waits for a thread as long as it takes.
const WITH_A_TURN: Bounds = Bounds { each: usize::MAX, all: usize::MAX };
const MIB: usize = 1024 * 1024;

impl Default for Darkroom {
    fn default() -> Self {
        // Decoding is work for a core: more at once would only take memory.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            limits: Limits::default(),
            decoding: Crew::new(cores, WITH_A_TURN),
            reading: Turns::new(READING_MIB, WAITING),
        }
    }
}

impl Darkroom {
    /// Waits, in turn with other accounts, until a photo of so many bytes may be in memory; as long as the turn is held.
    ///
    /// # Errors
    /// `too_many_requests` or `unavailable` when too many wait already.
    pub async fn turn(&self, account: UserId, bytes: usize) -> Result<Turn<UserId>> {
        let mebibytes = bytes.div_ceil(MIB).clamp(1, READING_MIB);
        Ok(self.reading.take(&account, mebibytes).await?)
    }

    /// Decodes, turns upright, strips and reduces one photo, in turn with other accounts.
    ///
    /// # Errors
    /// What the pipeline refuses, as a problem.
    pub async fn develop(&self, account: UserId, bytes: axum::body::Bytes) -> Result<Processed> {
        let limits = self.limits;
        self.decoding
            .run(Asker::new(&account), move || pipeline::process(&bytes, &limits))
            .await?
            .map_err(Error::from)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::TooLarge => Code::PayloadTooLarge,
            Refused::TooManyPixels => Code::TooManyPixels,
            Refused::Empty
            | Refused::NotAnImage
            | Refused::Unsupported(_)
            | Refused::Animated
            | Refused::Truncated
            | Refused::Undecodable => Code::NotAnImage,
        };
        Problem::new(code).with_detail(refused.to_string()).into()
    }
}
