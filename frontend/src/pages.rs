//! The pages, by who works on them.

pub mod account;
pub mod field;
pub mod gallery;
pub mod inspector;
pub mod issue;
pub mod manager;
pub mod not_allowed;
pub mod not_found;
pub mod outbox;
mod shooting;
pub mod sign_in;
mod step_item;
pub mod unit;
