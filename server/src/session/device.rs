//! Known devices in the database: where somebody has signed in with the right password.

use crate::db::{self, Tx, query};
use app::id::UserId;
use app::time::{DAY, Timestamp};

/// Days without a sign-in after which a device is no longer known; browsers keep no cookie longer.
pub(super) const KNOWN_DAYS: u64 = 400;

/// Devices of one account that are known at the same time. A program that keeps no cookies is a new one at every sign-in.
const PER_ACCOUNT: i64 = 20;

/// The moment by which a device that is known at `now` must have been used.
pub(crate) const fn known_since(now: Timestamp) -> Timestamp {
    now.plus(-(KNOWN_DAYS.cast_signed() * DAY))
}

/// Gives a device a new token, for everybody it is known to: one that somebody else had put there is worth nothing.
pub(super) async fn rename(tx: &mut Tx, old_hash: &str, new_hash: &str) -> Result<(), db::Error> {
    tx.execute(
        query("update known_device set device_hash = $2 where device_hash = $1")
            .bind(old_hash)
            .bind(new_hash),
    )
    .await?;
    Ok(())
}

/// Makes a device known to an account.
pub(super) async fn create(
    tx: &mut Tx,
    user_id: UserId,
    device_hash: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(
        query(
            "insert into known_device (device_hash, user_id, used_at) values ($1, $2, $3)
             on conflict (device_hash, user_id) do update set used_at = excluded.used_at",
        )
        .bind(device_hash)
        .bind(user_id)
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Forgets those of an account that were used longest ago, where there are too many.
pub(super) async fn delete_surplus(tx: &mut Tx, user_id: UserId) -> Result<(), db::Error> {
    tx.execute(
        query(
            "delete from known_device where user_id = $1 and device_hash not in (
                 select device_hash from known_device where user_id = $1
                 order by used_at desc, device_hash limit $2)",
        )
        .bind(user_id)
        .bind(PER_ACCOUNT),
    )
    .await?;
    Ok(())
}
