//! Backups: one moment of the database with every photo it names, made while the server runs, and proved before anything
//! is restored from it.
//!
//! A folder holds one backup: `manifest.json`, the database's copy, a list of photo files in the form of `sha256sum`, and
//! the photos. The manifest names the other two and is written last, under another name until it is on the disk. Until
//! then the backup before is whole. A folder without it is visibly unfinished.

pub mod create;
pub mod disk;
pub mod manifest;
pub mod postgres;
pub mod prove;
pub mod restore;
mod scratch;

pub use create::create;
pub use manifest::Manifest;
pub use postgres::Programs;
pub use prove::prove;
pub use restore::restore;
