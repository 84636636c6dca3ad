//! One issue: the page of it, and the pieces of it that other pages show as well.

pub mod assignment;
pub mod detail;
pub mod due;
pub mod history;
pub mod mark;
pub mod paged;
pub mod photos;
pub mod provenance;
pub mod row;
