//! The schema's history: `migrations/*.sql` for both engines, `migrations/sqlite` and `migrations/postgres` for what
//! one of them needs alone. Together they are one numbered series.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};
use std::borrow::Cow;

#[derive(rust_embed::RustEmbed)]
#[folder = "../migrations"]
#[include = "*.sql"]
struct Files;

/// What this engine's database has been through, oldest first.
pub(super) fn for_engine(engine: &str) -> Result<Migrator, MigrateError> {
    let migrations = Files::iter()
        .filter(|path| path.rsplit_once('/').is_none_or(|(folder, _)| folder == engine))
        .map(|path| migration(&path))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Migrator::with_migrations(migrations))
}

fn migration(path: &str) -> Result<Migration, MigrateError> {
    let unusable = |why: &str| MigrateError::Source(format!("migration {path}: {why}").into());
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".sql");
    let (number, title) =
        name.split_once('_').ok_or_else(|| unusable("the name must be a number, _ and a title"))?;
    let version = number.parse().map_err(|_| unusable("the name must begin with a number"))?;
    let file = Files::get(path).ok_or_else(|| unusable("gone"))?;
    let sql = String::from_utf8(file.data.into_owned()).map_err(|_| unusable("not UTF-8"))?;
    Ok(Migration::new(
        version,
        Cow::Owned(title.replace('_', " ")),
        MigrationType::Simple,
        AssertSqlSafe(sql).into_sql_str(),
        false,
    ))
}
