//! Transactions and single writes that nobody can cut in half.
//!
//! Whoever hangs up drops the future of the request, wherever it is. `sqlx` 0.9 counts on its own side how deep in
//! transactions a connection is. A future dropped amid `begin`, or a rollback that fails, leaves that count wrong. The
//! connection then returns to the pool, and later writes are answered and never kept.
//!
//! So nothing here counts. Each statement of a transaction, and each single write, runs in a task of its own. A
//! connection returns to the pool only after its own `commit` or `rollback` succeeded. Any other is closed, and the pool
//! opens a new one.

use super::failure::is_ordinary;
use super::file::DatabaseFile;
use super::{Engine, Error, value};
use super::{Query, query};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Postgres, Sqlite};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a connection that failed has to say goodbye before it is simply dropped.
const GOODBYE: Duration = Duration::from_secs(5);

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    /// `None` only while a statement of a caller that went away is being finished.
    pub(super) lease: Option<Lease>,
    pub(super) statements: Arc<AtomicU64>,
}

/// A connection that is in use. Dropped, its transaction is rolled back and the connection returned, or closed where
/// that cannot be proved.
#[derive(Debug)]
pub(super) struct Lease {
    /// `None` once it has been given back.
    connection: Option<Connection>,
    /// Whether every statement was answered, if only by "taken".
    is_sound: bool,
    file: Option<Arc<DatabaseFile>>,
}

#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Runs to the end, whatever becomes of whoever waits for it.
///
/// # Errors
/// [`sqlx::Error::PoolClosed`] when the runtime is stopping.
pub(super) async fn uncut<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    match tokio::spawn(work).await {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::PoolClosed),
        },
    }
}

impl Engine {
    /// A connection that may write: on SQLite the only one.
    async fn writer(&self) -> Result<Lease, Error> {
        let (connection, file) = match self {
            Self::Sqlite { write, file, .. } => {
                let connection = write.acquire().await.map_err(|error| file.explain(error))?;
                (Connection::Sqlite(connection), Some(Arc::clone(file)))
            }
            Self::Postgres(pool) => (Connection::Postgres(pool.acquire().await?), None),
        };
        Ok(Lease { connection: Some(connection), is_sound: true, file })
    }

    /// Begins a transaction.
    pub(super) async fn begin(self) -> Result<Lease, Error> {
        let mut lease = self.writer().await?;
        let begin = match self {
            // Immediate: it waits for its turn instead of failing when it first writes.
            Self::Sqlite { .. } => "begin immediate",
            Self::Postgres(_) => "begin",
        };
        lease.execute(query(begin)).await?;
        Ok(lease)
    }

    /// Runs one statement as a transaction of its own.
    pub(super) async fn execute(self, statement: Query) -> Result<u64, Error> {
        let mut lease = self.writer().await?;
        let outcome = lease.execute(statement).await;
        if lease.is_sound {
            // Nothing was begun, so there is nothing to end.
            lease.release();
        }
        let touched = outcome?;
        lease.check_file()?;
        Ok(touched)
    }
}

impl Lease {
    pub(super) fn connection(&mut self) -> Result<&mut Connection, Error> {
        self.connection.as_mut().ok_or(Error::PoolClosed)
    }

    /// Runs a statement; how many rows it touched.
    pub(super) async fn execute(&mut self, statement: Query) -> Result<u64, Error> {
        let Query { sql, values } = statement;
        let sql = AssertSqlSafe(sql);
        let outcome = match self.connection()? {
            Connection::Sqlite(connection) => sqlx::query_with(sql, value::sqlite(values)?)
                .execute(&mut **connection)
                .await
                .map(|done| done.rows_affected()),
            Connection::Postgres(connection) => sqlx::query_with(sql, value::postgres(values)?)
                .execute(&mut **connection)
                .await
                .map(|done| done.rows_affected()),
        };
        self.judge(outcome)
    }

    /// Remembers a failure that the connection may not have survived, and names its cause.
    pub(super) fn judge<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        let error = match outcome {
            Err(error) if !is_ordinary(&error) => error,
            other => return other,
        };
        self.is_sound = false;
        Err(match &self.file {
            Some(file) => file.explain(error),
            None => error,
        })
    }

    /// Ends the transaction so that it is kept.
    async fn commit(mut self) -> Result<(), Error> {
        self.execute(query("commit")).await?;
        self.release();
        self.check_file()
    }

    /// A commit into a file that nobody can find any more is none.
    fn check_file(&self) -> Result<(), Error> {
        self.file.as_ref().map_or(Ok(()), |file| file.check())
    }

    /// Gives the connection back to the pool, which is right only outside a transaction.
    fn release(&mut self) {
        self.connection = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let lease = Self { connection: None, is_sound: self.is_sound, file: self.file.take() };
        runtime.spawn(end(lease, connection));
    }
}

/// Rolls back and returns the connection, or closes it.
async fn end(mut lease: Lease, connection: Connection) {
    lease.connection = Some(connection);
    if lease.is_sound && lease.execute(query("rollback")).await.is_ok() {
        lease.release();
        return;
    }
    let Some(connection) = lease.connection.take() else { return };
    tracing::warn!("a database connection that failed is closed");
    let goodbye = async {
        match connection {
            Connection::Sqlite(connection) => connection.close().await,
            Connection::Postgres(connection) => connection.close().await,
        }
    };
    // Whatever it says: it is not used again.
    tokio::time::timeout(GOODBYE, goodbye).await.ok();
}

impl Tx {
    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, statement: Query) -> Result<u64, Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let mut lease = self.lease.take().ok_or(Error::PoolClosed)?;
        let (lease, outcome) = uncut(async move {
            let outcome = lease.execute(statement).await;
            Ok((lease, outcome))
        })
        .await?;
        self.lease = Some(lease);
        outcome
    }

    /// Makes every other transaction that locks the same thing wait until this one ends. Take it before reading what
    /// is about to be changed: on SQLite it costs nothing, because this transaction is the only writer anyway.
    pub async fn lock(&mut self, thing: impl Into<uuid::Uuid>) -> Result<(), Error> {
        let is_alone = self.lease.as_ref().is_some_and(|lease| lease.file.is_some());
        if is_alone {
            return Ok(());
        }
        // The random half of a UUIDv7; a clash only makes two strangers wait for each other.
        let (_, key) = thing.into().as_u64_pair();
        self.execute(query("select pg_advisory_xact_lock($1)").bind(key.cast_signed())).await?;
        Ok(())
    }

    /// Makes it so.
    ///
    /// # Errors
    /// When the database cannot promise that it is kept; then nothing has happened, or it is not known.
    pub async fn commit(mut self) -> Result<(), Error> {
        let lease = self.lease.take().ok_or(Error::PoolClosed)?;
        uncut(lease.commit()).await
    }
}
