//! Long lists, a page at a time.

use serde::{Deserialize, Serialize};

/// Items a page holds where nobody says how many.
pub const PAGE_ITEMS: u32 = 50;
/// Items a page holds at most.
pub const PAGE_ITEMS_MAX: u32 = 200;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Asks for the next page as `cursor`; missing on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
