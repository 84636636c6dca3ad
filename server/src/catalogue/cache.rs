//! The catalogue in memory, as fresh as the number in the database says.

use super::{Loaded, setting, store};
use crate::db::{self, Db};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How long the number in the database is believed without looking again: a change made by another process is seen
/// after at most this long.
const BELIEVED_FOR: Duration = Duration::from_secs(2);

/// Holds the catalogue. Cheap to clone; clones share what they hold.
#[derive(Debug, Clone)]
pub struct Cache {
    db: Db,
    held: Arc<RwLock<Option<Held>>>,
    /// Held by whoever is looking, so that a hundred requests at once load it once.
    looking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Clone)]
struct Held {
    loaded: Arc<Loaded>,
    looked_at: Instant,
}

impl Cache {
    /// A cache that has not looked yet.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, held: Arc::default(), looking: Arc::default() }
    }

    /// The catalogue, at most two seconds old. Costs no statement most of the time and one the rest of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self) -> Result<Arc<Loaded>, db::Error> {
        if let Some(held) = self.believed() {
            return Ok(held);
        }
        let _looking = self.looking.lock().await;
        // Somebody else may have looked while this one waited.
        if let Some(held) = self.believed() {
            return Ok(held);
        }
        let looked_at = Instant::now();
        let held = self.held();
        let loaded = match held {
            Some(held) if setting::version((&self.db).into()).await? == held.loaded.version => held.loaded,
            _ => Arc::new(store::load(&self.db).await?),
        };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Held { loaded: Arc::clone(&loaded), looked_at });
        Ok(loaded)
    }

    /// Looks again at the next [`Self::get`]: for whoever has just changed the catalogue.
    pub fn forget(&self) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn believed(&self) -> Option<Arc<Loaded>> {
        self.held().filter(|held| held.looked_at.elapsed() < BELIEVED_FOR).map(|held| held.loaded)
    }

    fn held(&self) -> Option<Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
