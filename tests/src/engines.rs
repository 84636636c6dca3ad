//! A database per test: a copy of one that was migrated and furnished once per process.

use crate::scene;
use server::clock::Clock;
use server::config::Settings;
use server::db::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::OnceCell;

/// One of the two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// The server that `SPOTFIX_TEST_POSTGRES` names, as a URL of somebody who may create databases.
    Postgres,
}

/// A database of one test.
#[derive(Debug)]
pub struct Database {
    /// What [`Db::connect`] takes.
    pub url: String,
    /// A folder of its own, for photos and the like.
    pub folder: PathBuf,
    postgres: Option<String>,
    /// Where PostgreSQL keeps it, if not with the others.
    tablespace: Option<String>,
}

const POSTGRES: &str = "SPOTFIX_TEST_POSTGRES";
/// In front of the name of every database made here.
const PREFIX: &str = "spotfix_test_";

impl Engine {
    /// Whether tests can run on it. Left out only where somebody works without PostgreSQL by hand.
    ///
    /// # Panics
    /// When PostgreSQL is missing in CI.
    #[must_use]
    pub fn is_there(self) -> bool {
        if self == Self::Sqlite || std::env::var_os(POSTGRES).is_some() {
            return true;
        }
        let how = format!("set {POSTGRES}, or run `cargo xtask test`, which starts one");
        assert!(std::env::var_os("CI").is_none(), "no PostgreSQL: {how}");
        eprintln!("left out, no PostgreSQL: {how}");
        false
    }

    /// A place for a database, with nothing in it.
    pub async fn empty(self) -> Database {
        let folder = self.folder();
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        match self {
            Self::Sqlite => {
                let url = format!("sqlite:{}", folder.join("spotfix.db").display());
                Database { url, folder, postgres: None, tablespace: None }
            }
            Self::Postgres => {
                let name = format!("{PREFIX}{}_{}", std::process::id(), number());
                postgres(&format!("create database {name}")).await;
                Database { url: postgres_url(&name), folder, postgres: Some(name), tablespace: None }
            }
        }
    }

    /// A folder nobody else has.
    fn folder(self) -> PathBuf {
        folder().join(format!("{self:?}-{}", number()))
    }

    /// A new database, migrated and furnished.
    pub async fn create(self) -> Database {
        self.create_in(self.folder(), None).await
    }

    /// A new database whose files, also those of PostgreSQL, lie in this folder: on a disk of its own.
    pub async fn create_on(self, disk: &Path) -> Database {
        let mut tablespace = None;
        if self == Self::Postgres {
            let space = disk.join("postgres");
            std::fs::create_dir_all(&space).expect("a folder for PostgreSQL");
            // As the tests' PostgreSQL does: where we are root, it is not.
            let owner = Command::new("chown").arg("postgres").arg(&space).status();
            assert!(owner.is_ok_and(|status| status.success()), "the folder can be given to PostgreSQL");
            let name = format!("{PREFIX}{}_{}", std::process::id(), number());
            postgres(&format!("create tablespace {name} location '{}'", space.display())).await;
            tablespace = Some(name);
        }
        self.create_in(disk.join("data"), tablespace).await
    }

    async fn create_in(self, folder: PathBuf, tablespace: Option<String>) -> Database {
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        match self {
            Self::Sqlite => {
                static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
                let template = TEMPLATE.get_or_init(sqlite_template).await;
                let file = folder.join("spotfix.db");
                std::fs::copy(template, &file).expect("the template can be copied");
                Database { url: format!("sqlite:{}", file.display()), folder, postgres: None, tablespace }
            }
            Self::Postgres => {
                static TEMPLATE: OnceCell<String> = OnceCell::const_new();
                let template = TEMPLATE.get_or_init(postgres_template).await;
                let name = format!("{PREFIX}{}_{}", std::process::id(), number());
                let place = tablespace.as_ref().map(|name| format!(" tablespace {name}")).unwrap_or_default();
                postgres(&format!("create database {name} template {template}{place}")).await;
                Database { url: postgres_url(&name), folder, postgres: Some(name), tablespace }
            }
        }
    }
}

impl Database {
    /// Takes it away. Its connections must be closed.
    pub async fn remove(&self) {
        if let Some(name) = &self.postgres {
            postgres(&format!("drop database if exists {name} with (force)")).await;
        }
        if let Some(name) = &self.tablespace {
            postgres(&format!("drop tablespace {name}")).await;
        }
        // What is left goes with the process's folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A number that no other database of this process has.
fn number() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

async fn sqlite_template() -> PathBuf {
    let file = folder().join("template.db");
    let db = Db::connect(&format!("sqlite:{}", file.display())).await.expect("a new file opens");
    furnish(db).await;
    file
}

async fn postgres_template() -> String {
    drop_left_overs().await;
    let name = format!("{PREFIX}{}_template", std::process::id());
    postgres(&format!("create database {name}")).await;
    furnish(Db::connect(&postgres_url(&name)).await.expect("a new database opens")).await;
    name
}

async fn furnish(db: Db) {
    db.migrate().await.expect("the migrations fit this engine");
    let photos = folder().join("template-photos").display().to_string();
    let settings = Settings { photos, ..Settings::default() };
    let state = crate::app::state(db, Clock::set_to(scene::now()), settings);
    scene::lay(&state).await;
    state.db.close().await;
}

/// Databases of processes that are gone.
async fn drop_left_overs() {
    let mut connection = admin().await;
    let names: Vec<(String,)> =
        sqlx::query_as("select datname from pg_database where datname like 'spotfix\\_test\\_%'")
            .fetch_all(&mut connection)
            .await
            .expect("databases can be listed");
    for (name,) in names {
        let pid = name.trim_start_matches(PREFIX).split('_').next().unwrap_or_default();
        if !Path::new("/proc").join(pid).exists() {
            // Another process may be doing the same.
            let _ = connection.execute(AssertSqlSafe(format!("drop database if exists {name}"))).await;
        }
    }
}

async fn postgres(statement: &str) {
    admin()
        .await
        .execute(AssertSqlSafe(statement))
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

async fn admin() -> PgConnection {
    let url = std::env::var(POSTGRES).expect("checked before");
    PgConnection::connect(&url).await.unwrap_or_else(|error| panic!("{POSTGRES}: {error}"))
}

/// The administrator's URL with another database name.
fn postgres_url(name: &str) -> String {
    let url = std::env::var(POSTGRES).expect("checked before");
    let (base, options) = url.split_once('?').map_or((url.as_str(), None), |(base, rest)| (base, Some(rest)));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{name}{options}", &base[..end])
}

/// This process's folder; folders of processes that are gone are removed.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let all = std::env::temp_dir().join("spotfix-tests");
        for old in std::fs::read_dir(&all).into_iter().flatten().flatten() {
            if !Path::new("/proc").join(old.file_name()).exists() {
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        let folder = all.join(std::process::id().to_string());
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        folder
    })
}
