//! The county's catalogue: units, areas, spot types, clauses, spots, routing rules, the calendar and the policy.
//!
//! It is small and read by nearly every request, so each process holds it in memory ([`Cache`]) and looks at one number
//! in the database to learn whether it has changed.

mod answer;
mod cache;
mod loaded;
pub mod lookup;
pub mod routes;
pub mod setting;
pub mod store;
pub mod work;
pub mod write;

pub use answer::Encoded;
pub use cache::Cache;
pub use loaded::Loaded;
