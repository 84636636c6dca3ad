//! The pages, by who works on them.

pub mod gallery;
