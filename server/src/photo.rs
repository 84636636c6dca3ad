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
    /// Mebibytes that photos may take at once, as they were sent and while they are decoded.
    memory: Turns<UserId>,
}

/// Mebibytes of memory for photos, as they were sent and while they are decoded; others wait in their files. The
/// dearest takes nearly all of it: [`Limits::max_bytes`] and [`Limits::max_memory`].
const MEMORY_MIB: usize = 160;
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
            memory: Turns::new(MEMORY_MIB, WAITING),
        }
    }
}

impl Darkroom {
    /// Waits, in turn with other accounts, until there is memory for a photo of so many bytes and for so many more while
    /// it is decoded. The turn is held until it is developed.
    ///
    /// # Errors
    /// `too_many_requests` or `unavailable` when too many wait already.
    pub async fn turn(&self, account: UserId, bytes: usize, decoding: u64) -> Result<Turn<UserId>> {
        let needed = bytes.saturating_add(usize::try_from(decoding).unwrap_or(usize::MAX));
        let mebibytes = needed.div_ceil(MIB).clamp(1, MEMORY_MIB);
        Ok(self.memory.take(&account, mebibytes).await?)
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
