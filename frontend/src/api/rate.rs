//! Rates over a period.

use app::rate::Rates;

use super::{Answer, get, with_query};

/// The rates. The query is the API's: `from`, `to`, `basis`, `group_by`.
///
/// # Errors
/// `invalid_parameter`, `forbidden`.
pub async fn find(query: &[(&str, &str)]) -> Answer<Rates> {
    get(&with_query("/api/rates", query)).await
}
