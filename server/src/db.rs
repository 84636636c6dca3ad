//! The database: the only file that knows there are two engines.
//!
//! A store writes one SQL text with `$1` binds and gets rows of any `#[derive(sqlx::FromRow)]` struct (or tuple) back:
//!
//! ```ignore
//! let spots: Vec<SpotRow> = db.fetch_all(query("select id, name from spot where type = $1").bind(kind)).await?;
//! ```
//!
//! [`Query`] keeps its values in [`Value`], which both engines can bind, so the two arms of every `match` stay inside
//! this file. Columns are `uuid`, `text`, `bigint`, `double precision` and `boolean`; rows name ids `Uuid` and times
//! `i64`, or convert with `#[sqlx(try_from = "Uuid")]`.
//!
//! SQLite has a pool of read-only connections and one writer. Nothing but the database is waited for inside a
//! transaction.

pub mod copy;
mod failure;
mod file;
mod migrations;
mod transaction;
pub mod url;
mod value;

pub use failure::{Failure, failure, is_full};
pub use transaction::Tx;
pub use value::{Query, Value, query};

use file::DatabaseFile;
use transaction::{Connection, uncut};

use app::time::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, FromRow, Postgres, Sqlite};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What a database call fails with.
pub type Error = sqlx::Error;

/// A row that either engine can fill: anything with `#[derive(sqlx::FromRow)]`.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    statements: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Engine {
    Sqlite { read: SqlitePool, write: SqlitePool, file: Arc<DatabaseFile> },
    Postgres(PgPool),
}

/// Where a store function that fits both reads: the database, or a transaction under way.
#[derive(Debug)]
pub enum On<'a> {
    /// Outside any transaction.
    Db(&'a Db),
    /// Inside this one.
    Tx(&'a mut Tx),
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}

/// How long a statement waits for a connection, and a SQLite writer for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Expands one body for both engines, outside and inside a transaction.
macro_rules! on_either {
    ($on:expr, $query:expr, $method:ident as $row:ty) => {{
        let Query { sql, values } = $query;
        let sql = AssertSqlSafe(sql);
        match $on {
            On::Db(db) => {
                db.statements.fetch_add(1, Ordering::Relaxed);
                match &db.engine {
                    Engine::Sqlite { read, .. } => {
                        sqlx::query_as_with::<Sqlite, $row, _>(sql, value::sqlite(values)?)
                            .$method(read)
                            .await
                    }
                    Engine::Postgres(pool) => {
                        sqlx::query_as_with::<Postgres, $row, _>(sql, value::postgres(values)?)
                            .$method(pool)
                            .await
                    }
                }
            }
            On::Tx(tx) => {
                tx.statements.fetch_add(1, Ordering::Relaxed);
                let mut lease = tx.lease.take().ok_or(Error::PoolClosed)?;
                let (lease, outcome) = uncut(async move {
                    let outcome = match lease.connection()? {
                        Connection::Sqlite(connection) => {
                            sqlx::query_as_with::<Sqlite, $row, _>(sql, value::sqlite(values)?)
                                .$method(&mut **connection)
                                .await
                        }
                        Connection::Postgres(connection) => {
                            sqlx::query_as_with::<Postgres, $row, _>(sql, value::postgres(values)?)
                                .$method(&mut **connection)
                                .await
                        }
                    };
                    let outcome = lease.judge(outcome);
                    Ok((lease, outcome))
                })
                .await?;
                tx.lease = Some(lease);
                outcome
            }
        }
    }};
}

impl On<'_> {
    /// Every row.
    pub async fn fetch_all<T: Row>(&mut self, query: Query) -> Result<Vec<T>, Error> {
        on_either!(self, query, fetch_all as T)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Row>(&mut self, query: Query) -> Result<Option<T>, Error> {
        on_either!(self, query, fetch_optional as T)
    }

    /// The first row; [`sqlx::Error::RowNotFound`] when there is none.
    pub async fn fetch_one<T: Row>(&mut self, query: Query) -> Result<T, Error> {
        on_either!(self, query, fetch_one as T)
    }
}

impl Db {
    /// Opens the database behind a `sqlite:` or `postgres:` URL. A SQLite file is created where there is none.
    ///
    /// # Errors
    /// When the URL is neither, or the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_with(url, PATIENCE).await
    }

    /// [`Db::connect`], where a statement waits this long for a connection, and a SQLite writer for its turn.
    ///
    /// # Errors
    /// As [`Db::connect`].
    pub async fn connect_with(url: &str, patience: Duration) -> Result<Self, Error> {
        let engine = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(url, patience).await?,
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url)?.application_name("spotfix");
                Engine::Postgres(
                    PgPoolOptions::new()
                        .max_connections(16)
                        .acquire_timeout(patience)
                        .connect_with(options)
                        .await?,
                )
            }
            _ => return Err(misuse("the database URL must begin with sqlite: or postgres:")),
        };
        Ok(Self { engine, statements: Arc::default() })
    }

    /// Brings the schema up to date. Safe to run from several processes at once.
    ///
    /// # Errors
    /// When a migration fails, or one that was already applied has changed since.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        match &self.engine {
            Engine::Sqlite { write, .. } => migrations::for_engine("sqlite")?.run(write).await,
            Engine::Postgres(pool) => migrations::for_engine("postgres")?.run(pool).await,
        }
    }

    /// Whether the database answers and every migration this binary knows has been applied.
    pub async fn is_ready(&self) -> bool {
        let applied = query("select count(*) from _sqlx_migrations where success");
        let known = match self.engine {
            Engine::Sqlite { .. } => migrations::for_engine("sqlite"),
            Engine::Postgres(_) => migrations::for_engine("postgres"),
        };
        match (self.fetch_one::<(i64,)>(applied).await, known) {
            (Ok((applied,)), Ok(known)) => usize::try_from(applied).is_ok_and(|n| n >= known.iter().count()),
            _ => false,
        }
    }

    /// Proves that the database takes and keeps a write.
    ///
    /// # Errors
    /// When it does not.
    pub async fn prove(&self, at: Timestamp) -> Result<(), Error> {
        let beat = query(
            "insert into heartbeat (id, beat_at) values (1, $1)
             on conflict (id) do update set beat_at = excluded.beat_at",
        );
        self.execute(beat.bind(at)).await?;
        Ok(())
    }

    /// Begins a transaction that may write. SQLite gives it the writer at once and to nobody else until it ends.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let lease = uncut(self.engine.clone().begin()).await?;
        Ok(Tx { lease: Some(lease), statements: Arc::clone(&self.statements) })
    }

    /// Every row of a statement that only reads.
    pub async fn fetch_all<T: Row>(&self, query: Query) -> Result<Vec<T>, Error> {
        On::Db(self).fetch_all(query).await
    }

    /// The first row of a statement that only reads, if there is one.
    pub async fn fetch_optional<T: Row>(&self, query: Query) -> Result<Option<T>, Error> {
        On::Db(self).fetch_optional(query).await
    }

    /// The first row of a statement that only reads; [`sqlx::Error::RowNotFound`] when there is none.
    pub async fn fetch_one<T: Row>(&self, query: Query) -> Result<T, Error> {
        On::Db(self).fetch_one(query).await
    }

    /// Runs one statement that writes, as its own transaction; how many rows it touched.
    pub async fn execute(&self, query: Query) -> Result<u64, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        uncut(self.engine.clone().execute(query)).await
    }

    /// How many statements this database has been sent since it was opened, for tests that count them.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Waits for what is under way and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Every row.
    pub async fn fetch_all<T: Row>(&mut self, query: Query) -> Result<Vec<T>, Error> {
        On::Tx(self).fetch_all(query).await
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Row>(&mut self, query: Query) -> Result<Option<T>, Error> {
        On::Tx(self).fetch_optional(query).await
    }

    /// The first row; [`sqlx::Error::RowNotFound`] when there is none.
    pub async fn fetch_one<T: Row>(&mut self, query: Query) -> Result<T, Error> {
        On::Tx(self).fetch_one(query).await
    }
}

async fn open_sqlite(url: &str, patience: Duration) -> Result<Engine, Error> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(misuse(
            "a SQLite database must be a file: readers and the writer are separate connections",
        ));
    }
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        // A phone deletes its copy once it has our answer, so an answer must survive the plug being pulled: every
        // commit is synced. NORMAL would be quicker and could lose the last commits.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(patience)
        .foreign_keys(true)
        .pragma("cache_size", "-4096")
        .pragma("temp_store", "memory");
    if let Some(folder) = options.get_filename().parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let path = options.get_filename().to_owned();
    // The writer first: it creates the file and sets its journal mode, which a read-only connection cannot.
    let opened: Arc<OnceLock<Arc<DatabaseFile>>> = Arc::default();
    let reopened = Arc::clone(&opened);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(patience)
        .after_connect(move |_, _| {
            if let Some(file) = reopened.get() {
                file.reopened();
            }
            Box::pin(async { Ok(()) })
        })
        .connect_with(options.clone().create_if_missing(true))
        .await?;
    let file = Arc::new(DatabaseFile::opened(&path)?);
    opened.set(Arc::clone(&file)).ok();
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(patience)
        .connect_lazy_with(options.read_only(true));
    Ok(Engine::Sqlite { read, write, file })
}

/// Whether the statement failed because a unique value is taken.
#[must_use]
pub fn is_taken(error: &Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether the statement failed because it names a row that does not exist.
#[must_use]
pub fn is_dangling(error: &Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}

fn misuse(message: &'static str) -> Error {
    Error::Configuration(message.into())
}
