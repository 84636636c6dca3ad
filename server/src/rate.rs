//! Rates: counters kept where orders change, and read with the orders that are past due now.

pub mod routes;
pub mod store;
