//! What a backup asks of the engines: one moment of a database that is in use, and whether a place for a copy is empty.

use super::{Error, Query, Row, migrations, misuse, query, value};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Postgres, Sqlite};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// How long a read waits for a lock of SQLite's.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which of the two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Kind {
    /// The engine a URL is for.
    ///
    /// # Errors
    /// When it is for neither.
    pub fn of(url: &str) -> Result<Self, Error> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(misuse("the database URL must begin with sqlite: or postgres:")),
        }
    }

    /// The newest migration this binary knows.
    ///
    /// # Errors
    /// When a migration cannot be read.
    pub fn newest_schema(self) -> Result<i64, sqlx::migrate::MigrateError> {
        let engine = match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        };
        let known = migrations::for_engine(engine)?;
        Ok(known.iter().map(|migration| migration.version).max().unwrap_or_default())
    }
}

/// The file behind a `sqlite:` URL.
///
/// # Errors
/// When it is not such a URL.
pub fn sqlite_file(url: &str) -> Result<PathBuf, Error> {
    Ok(SqliteConnectOptions::from_str(url)?.get_filename().to_owned())
}

/// Where PostgreSQL's own programs find a database, as their environment says it. Nobody sees an environment in the
/// list of processes, and no log has it.
///
/// # Errors
/// When it is not such a URL.
pub fn postgres_environment(url: &str) -> Result<Vec<(&'static str, String)>, Error> {
    let options = PgConnectOptions::from_str(url)?;
    let host =
        options.get_socket().map_or_else(|| options.get_host().to_owned(), |at| at.display().to_string());
    let mut environment = vec![
        ("PGHOST", host),
        ("PGPORT", options.get_port().to_string()),
        ("PGUSER", options.get_username().to_owned()),
        ("PGDATABASE", options.get_database().unwrap_or(options.get_username()).to_owned()),
        ("PGAPPNAME", "spotfix".to_owned()),
    ];
    if let Some(options) = options.get_options() {
        environment.push(("PGOPTIONS", options.to_owned()));
    }
    // Where the URL has none, the programs look where they always look: PGPASSWORD, PGPASSFILE.
    if let Some(password) = password(url) {
        environment.push(("PGPASSWORD", password));
    }
    Ok(environment)
}

fn password(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let told = authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .map(|(_, password)| percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned());
    told.or_else(|| {
        let pairs = form_urlencoded::parse(rest.split_once('?')?.1.as_bytes());
        pairs.into_iter().find(|(name, _)| name == "password").map(|(_, value)| value.into_owned())
    })
}

/// A database at one moment: what is written meanwhile is not seen.
#[derive(Debug)]
pub struct Snapshot(Inner);

#[derive(Debug)]
enum Inner {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

impl Snapshot {
    /// Opens a SQLite file that nobody writes, without leaving a trace on it.
    ///
    /// # Errors
    /// When it is not there or no database.
    pub async fn of_file(file: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
        Ok(Self(Inner::Sqlite(sqlx::SqliteConnection::connect_with(&options).await?)))
    }

    /// Opens a PostgreSQL database as it is now.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn of_postgres(url: &str) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url)?.application_name("spotfix");
        let mut connection = sqlx::PgConnection::connect_with(&options).await?;
        sqlx::query("begin isolation level repeatable read read only").execute(&mut connection).await?;
        Ok(Self(Inner::Postgres(connection)))
    }

    /// Makes a SQLite file for a while, which need not outlive a crash.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn scratch(file: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let options = options.pragma("journal_mode", "off").pragma("synchronous", "off");
        Ok(Self(Inner::Sqlite(sqlx::SqliteConnection::connect_with(&options).await?)))
    }

    /// Runs a statement on a scratch file.
    ///
    /// # Errors
    /// When the database fails; PostgreSQL is only read here and refuses.
    pub async fn execute(&mut self, query: Query) -> Result<(), Error> {
        let Query { sql, values } = query;
        let Inner::Sqlite(connection) = &mut self.0 else { return Err(misuse("a snapshot is only read")) };
        sqlx::query_with(AssertSqlSafe(sql), value::sqlite(values)?).execute(connection).await?;
        Ok(())
    }

    /// Every row of a statement that only reads.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fetch_all<T: Row>(&mut self, query: Query) -> Result<Vec<T>, Error> {
        let Query { sql, values } = query;
        let sql = AssertSqlSafe(sql);
        match &mut self.0 {
            Inner::Sqlite(connection) => {
                sqlx::query_as_with::<Sqlite, T, _>(sql, value::sqlite(values)?).fetch_all(connection).await
            }
            Inner::Postgres(connection) => {
                sqlx::query_as_with::<Postgres, T, _>(sql, value::postgres(values)?)
                    .fetch_all(connection)
                    .await
            }
        }
    }

    /// The one row of a statement that only reads.
    ///
    /// # Errors
    /// When the database fails or there is none.
    pub async fn fetch_one<T: Row>(&mut self, query: Query) -> Result<T, Error> {
        self.fetch_all(query).await?.pop().ok_or(Error::RowNotFound)
    }

    /// The newest migration that was applied.
    ///
    /// # Errors
    /// When the database fails or is none of ours.
    pub async fn schema(&mut self) -> Result<i64, Error> {
        let (version,): (i64,) =
            self.fetch_one(query("select max(version) from _sqlx_migrations where success")).await?;
        Ok(version)
    }

    /// SQLite's own examination of the whole file: `ok`, or the first fault it finds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn integrity(&mut self) -> Result<String, Error> {
        let (verdict,): (String,) = match &mut self.0 {
            Inner::Sqlite(connection) => {
                sqlx::query_as("pragma integrity_check(1)").fetch_one(connection).await?
            }
            Inner::Postgres(_) => ("ok".to_owned(),),
        };
        Ok(verdict)
    }

    /// The moment's name for `pg_dump`, the schema in use, and the server's version (15).
    ///
    /// # Errors
    /// When the database fails, or is not PostgreSQL.
    pub async fn export(&mut self) -> Result<(String, String, i64), Error> {
        self.fetch_one(query(
            "select pg_export_snapshot(), current_schema()::text,
                (current_setting('server_version_num')::bigint / 10000)",
        ))
        .await
    }
}

/// Copies a SQLite database that is in use, as it is at one moment, into a new file. Readers and writers go on.
///
/// # Errors
/// When the database is not there, or the new file cannot be written.
pub async fn copy_sqlite(url: &str, to: &Path) -> Result<(), Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(PATIENCE)
        .pragma("temp_store", "memory");
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
    sqlx::query("vacuum into $1").bind(to.display().to_string()).execute(&mut connection).await?;
    connection.close().await
}

/// Whether nothing is in the schema that a PostgreSQL URL names; and its name.
///
/// # Errors
/// When the database does not answer.
pub async fn postgres_is_empty(url: &str) -> Result<(bool, String), Error> {
    let mut target = Snapshot::of_postgres(url).await?;
    let (tables, schema): (i64, String) = target
        .fetch_one(query(
            "select (select count(*) from information_schema.tables where table_schema = current_schema()),
                current_schema()::text",
        ))
        .await?;
    Ok((tables == 0, schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_travel_in_the_environment_as_they_are() {
        let told = |url: &str| {
            let environment = postgres_environment(url).expect("a URL");
            environment.into_iter().find(|(name, _)| *name == "PGPASSWORD").map(|(_, value)| value)
        };
        assert_eq!(told("postgres://me:a%40b+c%3Ad@127.0.0.1:5433/x").as_deref(), Some("a@b+c:d"));
        assert_eq!(told("postgres://me@127.0.0.1/x?password=p%26q").as_deref(), Some("p&q"));
        assert_eq!(told("postgres://me@127.0.0.1/x"), None);
    }
}
