//! Photos that no report and no step ever named are removed after a day.

use crate::AppState;
use crate::error::Result;
use crate::photo::store;
use app::time::DAY;

/// How long a photo may wait for the report that names it. A phone that comes back later sends it again.
const ORPHANED_AFTER: i64 = DAY;

/// Removes orphans; how many.
///
/// # Errors
/// When the database or the files fail. The row goes first: a file that stays behind harms nobody, a row without its
/// file would.
pub async fn sweep(state: &AppState) -> Result<usize> {
    let orphans = store::delete_orphans(&state.db, state.clock.now().plus(-ORPHANED_AFTER)).await?;
    for key in &orphans {
        state.files.delete(key).await?;
    }
    Ok(orphans.len())
}
