//! What the database knows of photos.

use crate::access::{Granted, Scope, SendsPhotos};
use crate::db::{Db, Error, Tx, is_taken, query};
use crate::issue::store::photo_in_scope;
use crate::photo::files::Key;
use crate::photo::pipeline::Processed;
use app::device_time::Skew;
use app::id::{PhotoId, UserId};
use app::photo::{PhotoAnswer, PhotoSource, Provenance, Sent, Shot};
use app::spot::{Location, LocationSource, Spot, distance_m};
use app::time::{SHANGHAI, Timestamp};
use uuid::Uuid;

/// A photo that was taken in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kept {
    id: Uuid,
    uploader_id: Uuid,
    sha256: String,
    created_at: i64,
    width: i64,
    height: i64,
}

impl Kept {
    /// Whether this person sent these very bytes before.
    #[must_use]
    pub fn is_same(&self, uploader: UserId, sha256: &str) -> bool {
        self.uploader_id == uploader.0 && self.sha256 == sha256
    }

    /// What its files are found by.
    #[must_use]
    pub fn key(&self) -> Key {
        key((self.id, self.sha256.clone(), self.created_at))
    }

    /// What the sender is told.
    #[must_use]
    pub fn answer(self) -> PhotoAnswer {
        let pixels = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        PhotoAnswer {
            id: PhotoId(self.id),
            sha256: self.sha256,
            width: pixels(self.width),
            height: pixels(self.height),
        }
    }
}

/// How a photo came to us.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// Who sent it.
    pub uploader: UserId,
    /// When.
    pub at: Timestamp,
    /// How many bytes it was.
    pub bytes: usize,
    /// What the device told of it.
    pub shot: &'a Shot,
    /// How far the device's clock was ahead of ours, where it told.
    pub skew: Option<Skew>,
}

/// The photo under this id, whoever sent it.
pub async fn find_kept(db: &Db, id: PhotoId, _: &Granted<SendsPhotos>) -> Result<Option<Kept>, Error> {
    db.fetch_optional(
        query("select id, uploader_id, sha256, created_at, width, height from photo where id = $1").bind(id),
    )
    .await
}

/// Keeps a photo; `false` when the id was taken in the meantime, and the transaction is then of no more use.
pub async fn create(
    tx: &mut Tx,
    id: PhotoId,
    photo: &Processed,
    arrival: Arrival<'_>,
    _: &Granted<SendsPhotos>,
) -> Result<bool, Error> {
    let position = photo.facts.position;
    let Arrival { uploader, at, bytes, shot, skew } = arrival;
    let sql = query(
        "insert into photo (id, uploader_id, created_at, sha256, perceptual_hash, width, height, bytes, captured_at,
            captured_lng, captured_lat, shot_at, shot_lng, shot_lat, shot_accuracy_m, source, shot_sha256, copy_of,
            clock_skew_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(id)
    .bind(uploader)
    .bind(at)
    .bind(&photo.sha256)
    .bind(photo.fingerprint.as_i64())
    .bind(photo.width)
    .bind(photo.height)
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .bind(photo.facts.captured_at.map(|at| at.unix_ms(SHANGHAI)))
    .bind(position.map(|at| at.lng))
    .bind(position.map(|at| at.lat))
    .bind(shot.captured_at)
    .bind(shot.lng)
    .bind(shot.lat)
    .bind(shot.accuracy_m)
    .bind(shot.source.map(PhotoSource::code))
    .bind(shot.shot_sha256.as_ref().map(|text| text.to_ascii_lowercase()))
    .bind(shot.copy_of)
    .bind(skew.map(Skew::millis));
    match tx.execute(sql).await {
        Ok(_) => Ok(true),
        Err(error) if is_taken(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What this account has sent since a moment and is still there.
pub async fn sum_sent(
    db: &Db,
    uploader: UserId,
    since: Timestamp,
    _: &Granted<SendsPhotos>,
) -> Result<Sent, Error> {
    let sums = query(
        "select count(*), cast(coalesce(sum(bytes), 0) as bigint) from photo
         where uploader_id = $1 and created_at >= $2",
    );
    let (photos, bytes): (i64, i64) = db.fetch_one(sums.bind(uploader).bind(since)).await?;
    Ok(Sent { photos: u64::try_from(photos).unwrap_or(0), bytes: u64::try_from(bytes).unwrap_or(0) })
}

/// What the device and the camera told of a photo.
#[derive(sqlx::FromRow)]
struct Told {
    id: Uuid,
    source: Option<String>,
    shot_at: Option<i64>,
    clock_skew_ms: Option<i64>,
    captured_at: Option<i64>,
    shot_lng: Option<f64>,
    shot_lat: Option<f64>,
    shot_accuracy_m: Option<f64>,
    captured_lng: Option<f64>,
    captured_lat: Option<f64>,
}

impl Told {
    /// The device's own word comes before what the file says: the page has read the file, too.
    fn provenance(self, spot: &Spot) -> Provenance {
        let source = self.source.as_deref().and_then(PhotoSource::from_code);
        let by_camera = self.captured_at.map(Timestamp::from_millis);
        let by_device = self.shot_at.map(Timestamp::from_millis).map(|at| match self.clock_skew_ms {
            // The time of a chosen file is not by the clock of now.
            Some(skew) if source == Some(PhotoSource::Camera) => at.plus(skew.saturating_neg()),
            _ => at,
        });
        let is_chosen = source == Some(PhotoSource::Gallery);
        let device_place = self.shot_lng.zip(self.shot_lat).map(|(lng, lat)| {
            let source = if is_chosen { LocationSource::Photo } else { LocationSource::Device };
            Location { lng, lat, accuracy_m: self.shot_accuracy_m.unwrap_or(0.0), source }
        });
        let file_place = self.captured_lng.zip(self.captured_lat).map(|(lng, lat)| Location {
            lng,
            lat,
            accuracy_m: 0.0,
            source: LocationSource::Photo,
        });
        let place = device_place.or(file_place).map(Location::to_kept);
        Provenance {
            id: PhotoId(self.id),
            source,
            taken_at: by_device.or(by_camera),
            place,
            distance_m: place.map(|at| metres(distance_m((at.lng, at.lat), (spot.lng, spot.lat)))),
        }
    }
}

/// Whole metres; no two places on earth are farther apart than this bound.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what the earth allows"
)]
fn metres(distance: f64) -> u32 {
    distance.clamp(0.0, 40_000_000.0).round() as u32
}

/// Where these photos of this person come from, and how far from the spot.
pub async fn provenance(
    tx: &mut Tx,
    ids: &[PhotoId],
    uploader: UserId,
    spot: &Spot,
) -> Result<Vec<Provenance>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = query(
        "select id, source, shot_at, clock_skew_ms, captured_at, shot_lng, shot_lat, shot_accuracy_m, captured_lng, captured_lat
         from photo where uploader_id = $1",
    )
    .bind(uploader);
    sql.push(" and id in ").push_list(ids.iter().copied());
    let rows: Vec<Told> = tx.fetch_all(sql).await?;
    let mut found: Vec<Provenance> = rows.into_iter().map(|told| told.provenance(spot)).collect();
    // In the order in which they are named, so that an event reads the same on every engine.
    found.sort_by_key(|photo| ids.iter().position(|id| *id == photo.id));
    Ok(found)
}

/// What a photo's files are found by, if this person may see it.
pub async fn find_visible(db: &Db, id: PhotoId, viewer: UserId, scope: &Scope) -> Result<Option<Key>, Error> {
    let mut sql = query(
        "select p.id, p.sha256, p.created_at from photo p left join issue i on i.id = p.issue_id
         where p.id = $1",
    )
    .bind(id);
    photo_in_scope(&mut sql, viewer, scope);
    let row: Option<(Uuid, String, i64)> = db.fetch_optional(sql).await?;
    Ok(row.map(key))
}

/// The keys of these photos, of those that exist.
pub async fn find_keys(db: &Db, ids: impl IntoIterator<Item = PhotoId>) -> Result<Vec<Key>, Error> {
    let mut sql = query("select id, sha256, created_at from photo where id in ");
    sql.push_list(ids);
    let rows: Vec<(Uuid, String, i64)> = db.fetch_all(sql).await?;
    Ok(rows.into_iter().map(key).collect())
}

/// Takes photos out of the database that nothing has named since `before`, and says which.
pub async fn delete_orphans(db: &Db, before: Timestamp) -> Result<Vec<Key>, Error> {
    let mut tx = db.begin().await?;
    let rows: Vec<(Uuid, String, i64)> = tx
        .fetch_all(
            query("delete from photo where issue_id is null and created_at < $1 returning id, sha256, created_at")
                .bind(before),
        )
        .await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(key).collect())
}

pub(crate) fn key((id, sha256, created_at): (Uuid, String, i64)) -> Key {
    Key { id: PhotoId(id), sha256, kept_at: Timestamp::from_millis(created_at) }
}
