//! Orders: moving them a step, looking at one.

pub mod routes;
