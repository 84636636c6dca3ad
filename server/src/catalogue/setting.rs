//! Settings in the database: one JSON value per key.

use crate::access::{Granted, ManagesCatalogue};
use crate::db::{self, On, Tx, query};
use app::calendar::{Calendar, WorkingHours};
use app::issue::Policy;
use app::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The key of the number that every change of the catalogue moves on.
const VERSION: &str = "catalogue_version";
/// The key of the calendar in force, by its version.
pub(super) const CALENDAR: &str = "calendar";
/// The key of the working hours.
pub(super) const WORKING_HOURS: &str = "working_hours";
/// The key of the policy.
pub(super) const POLICY: &str = "policy";

/// Which state the catalogue is in.
pub async fn version(mut on: On<'_>) -> Result<i64, db::Error> {
    let found: Option<(String,)> =
        on.fetch_optional(query("select value from setting where key = $1").bind(VERSION)).await?;
    match found {
        None => Ok(0),
        Some((value,)) => value.parse().map_err(|error| db::Error::Decode(Box::new(error))),
    }
}

/// Says that the catalogue has changed. Every function that changes it is followed by this, in the same transaction.
pub async fn move_version_on(tx: &mut Tx, _: &Granted<ManagesCatalogue>) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into setting (key, value) values ($1, '1')
             on conflict (key) do update set value = cast(cast(setting.value as bigint) + 1 as text)",
        )
        .bind(VERSION),
    )
    .await?;
    Ok(())
}

/// The version of the calendar in force; `None` where it is the one built in.
pub async fn calendar_in_force(mut on: On<'_>) -> Result<Option<String>, db::Error> {
    let found: Option<(String,)> =
        on.fetch_optional(query("select value from setting where key = $1").bind(CALENDAR)).await?;
    read(found)
}

/// The working hours and the policy, where they were settled.
pub async fn settled(mut on: On<'_>) -> Result<(Option<WorkingHours>, Option<Policy>), db::Error> {
    let find = |key: &'static str| query("select value from setting where key = $1").bind(key);
    let hours: Option<(String,)> = on.fetch_optional(find(WORKING_HOURS)).await?;
    let policy: Option<(String,)> = on.fetch_optional(find(POLICY)).await?;
    Ok((read(hours)?, read(policy)?))
}

fn read<T: DeserializeOwned>(found: Option<(String,)>) -> Result<Option<T>, db::Error> {
    let value = found.map(|(value,)| serde_json::from_str(&value)).transpose();
    value.map_err(|error| db::Error::Decode(Box::new(error)))
}

/// Settles the working hours.
pub async fn update_working_hours(
    tx: &mut Tx,
    granted: &Granted<ManagesCatalogue>,
    hours: &WorkingHours,
) -> Result<(), db::Error> {
    update(tx, granted, WORKING_HOURS, hours).await
}

/// Settles the policy.
pub async fn update_policy(
    tx: &mut Tx,
    granted: &Granted<ManagesCatalogue>,
    policy: &Policy,
) -> Result<(), db::Error> {
    update(tx, granted, POLICY, policy).await
}

/// Keeps an edition of the calendar and puts it in force.
pub async fn update_calendar(
    tx: &mut Tx,
    granted: &Granted<ManagesCatalogue>,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into calendar (version, years, imported_at) values ($1, $2, $3)
             on conflict (version) do update set years = excluded.years, imported_at = excluded.imported_at",
        )
        .bind(calendar.version())
        .bind(to_json(calendar)?)
        .bind(now),
    )
    .await?;
    update(tx, granted, CALENDAR, calendar.version()).await
}

async fn update<T: Serialize + ?Sized>(
    tx: &mut Tx,
    _: &Granted<ManagesCatalogue>,
    key: &'static str,
    value: &T,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into setting (key, value) values ($1, $2)
             on conflict (key) do update set value = excluded.value",
        )
        .bind(key)
        .bind(to_json(value)?),
    )
    .await?;
    Ok(())
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, db::Error> {
    serde_json::to_string(value).map_err(|error| db::Error::Encode(Box::new(error)))
}
