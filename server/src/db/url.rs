//! The URL of a database, looked at before anything is opened.

use super::copy::Kind;
use super::{Error, misuse};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::str::FromStr;

/// Whether a URL is one that [`Db::connect`](super::Db::connect) can open: the engine, then what that engine demands.
///
/// # Errors
/// [`Error::Configuration`] with what is wrong, in words that do not repeat the URL.
pub fn check(url: &str) -> Result<(), Error> {
    let kind = Kind::of(url).map_err(|_| misuse("must begin with sqlite: or postgres:"))?;
    let is_memory = url.contains(":memory:") || url.contains("mode=memory");
    let fault = match kind {
        Kind::Sqlite if is_memory => {
            Some("must name a file: readers and the writer are separate connections")
        }
        Kind::Sqlite => {
            let path = SqliteConnectOptions::from_str(url).map(|options| options.get_filename().to_owned());
            let is_file = path.is_ok_and(|path| !path.as_os_str().is_empty() && !path.is_dir());
            (!is_file).then_some("must be sqlite: and the path of a file")
        }
        Kind::Postgres => PgConnectOptions::from_str(url)
            .is_err()
            .then_some("must be postgres://USER:PASSWORD@HOST/NAME, with % codes for special characters"),
    };
    fault.map_or(Ok(()), |fault| Err(misuse(fault)))
}
