//! What a failed statement says of the database: refused as it should be, full, or away.

use super::Error;
use sqlx::error::ErrorKind;
use std::io;

/// What is wrong when the database fails, as far as whoever asked must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The disk takes nothing more.
    Full,
    /// It does not answer, is too busy, or takes no writes: worth another try.
    Away,
    /// Our own mistake, or a broken database.
    Fault,
}

/// Classes of SQLSTATE, and whole states, in which PostgreSQL is not to be had right now. In order: connections,
/// resources, an operator's intervention, a standby that only reads, and two transactions in each other's way (three).
const POSTGRES_AWAY: [&str; 7] = ["08", "53", "57", "25006", "40001", "40P01", "55P03"];
/// `disk_full`
const POSTGRES_FULL: &str = "53100";

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;

/// What this error says.
#[must_use]
pub fn failure(error: &Error) -> Failure {
    match error {
        Error::Io(error) if is_full(error) => Failure::Full,
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => Failure::Away,
        Error::Database(error) => {
            error.code().map_or(Failure::Fault, |code| match code.parse().ok().filter(|_| code.len() != 5) {
                Some(code) => of_sqlite(code),
                None => of_postgres(&code),
            })
        }
        _ => Failure::Fault,
    }
}

/// Whether the disk or the quota is used up.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether the statement was refused by a rule of the schema, which says nothing about the connection.
pub(super) fn is_ordinary(error: &Error) -> bool {
    error.as_database_error().is_some_and(|error| !matches!(error.kind(), ErrorKind::Other))
        || matches!(error, Error::RowNotFound)
}

/// Whether SQLite says that it could not use a file, without saying why.
pub(super) fn is_of_the_file(error: &Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code: Option<u32> = code.and_then(|code| code.parse().ok());
    matches!(code.map(|code| code & 0xff), Some(SQLITE_IOERR | SQLITE_CANTOPEN | SQLITE_READONLY))
}

fn of_sqlite(code: u32) -> Failure {
    match code & 0xff {
        SQLITE_FULL => Failure::Full,
        SQLITE_BUSY | SQLITE_LOCKED | SQLITE_READONLY | SQLITE_IOERR | SQLITE_CANTOPEN => Failure::Away,
        _ => Failure::Fault,
    }
}

fn of_postgres(state: &str) -> Failure {
    match state {
        POSTGRES_FULL => Failure::Full,
        state if POSTGRES_AWAY.iter().any(|away| state.starts_with(away)) => Failure::Away,
        _ => Failure::Fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_codes_of_sqlite_are_of_their_kind() {
        assert_eq!(of_sqlite(13), Failure::Full);
        assert_eq!(of_sqlite(517), Failure::Away, "busy: another connection wrote since the snapshot");
        assert_eq!(of_sqlite(778), Failure::Away, "a write that failed");
        assert_eq!(of_sqlite(11), Failure::Fault, "a broken file does not mend itself");
        assert_eq!(of_sqlite(1), Failure::Fault, "wrong SQL");
    }

    #[test]
    fn states_of_postgres_are_of_their_class() {
        assert_eq!(of_postgres("53100"), Failure::Full);
        for away in ["57P01", "57P03", "53300", "08006", "25006", "40P01"] {
            assert_eq!(of_postgres(away), Failure::Away, "{away}");
        }
        assert_eq!(of_postgres("42601"), Failure::Fault, "wrong SQL");
    }

    #[test]
    fn a_full_disk_and_a_lost_connection_are_told_apart() {
        let io = |kind: io::ErrorKind| failure(&Error::Io(kind.into()));
        assert_eq!(io(io::ErrorKind::StorageFull), Failure::Full);
        assert_eq!(io(io::ErrorKind::QuotaExceeded), Failure::Full);
        assert_eq!(io(io::ErrorKind::ConnectionReset), Failure::Away);
        assert_eq!(failure(&Error::RowNotFound), Failure::Fault);
    }
}
