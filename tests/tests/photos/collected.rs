//! Files that belong to no photo: collected when they are old, and nothing else is.

use crate::samples::{files, path, send};
use app::id::PhotoId;
use app::photo::PhotoSize;
use app::time::{DAY, HOUR, Timestamp};
use server::db::query;
use server::photo::files::{Key, Name};
use server::photo::sweep::{Swept, collect, collect_some, sweep};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, Instant, UNIX_EPOCH};
use tests::county::{self, LAMP, MARKET};
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    files_without_a_row_go_after_a_day,
    a_file_that_cannot_be_removed_holds_up_no_other,
    a_sender_who_hangs_up_leaves_no_file_without_its_row,
    a_photo_that_cannot_be_kept_leaves_no_file,
    the_hours_of_a_day_reach_every_folder,
);

/// The time of day that a file is told to have been written; the test's clock is not the disk's.
fn date(path: &Path, at: Timestamp) {
    let since = Duration::from_millis(u64::try_from(at.millis()).expect("after 1970"));
    File::open(path).expect("there").set_modified(UNIX_EPOCH + since).expect("dated");
}

fn place(app: &TestApp, key: &Key, size: PhotoSize) -> PathBuf {
    app.state.files.local(&Name::new(key, size))
}

async fn all(app: &TestApp) -> Swept {
    collect(&app.state, 0..=255).await.expect("collected")
}

async fn files_without_a_row_go_after_a_day(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, now) = (app.inspector(), app.state.clock.now());
    let named = inspector.report(MARKET, LAMP, now).await.photo_ids[0];
    let unnamed = inspector.photo(2).await;
    // What a kill leaves: files whose row was never written, one that was being written, and what is not ours.
    let key = Key { id: PhotoId(scene::new_id()), sha256: "ab".repeat(32), kept_at: now };
    app.state.files.put_both(&key, jpeg(3), jpeg(4)).await.expect("kept");
    let full = place(&app, &key, PhotoSize::Full);
    let temporary = PathBuf::from(format!("{}#1", full.display()));
    let strange = full.with_file_name("notes.txt");
    for file in [&temporary, &strange] {
        std::fs::write(file, "x").expect("written");
    }
    let photos = Path::new(&app.state.settings.photos).to_owned();
    std::fs::write(photos.join("readme"), "x").expect("written");
    for file in files(&app) {
        date(&file, now);
    }
    assert_eq!(files(&app).len(), 9);
    app.state.clock.advance(DAY);
    assert_eq!(all(&app).await, Swept::default(), "a day, not more");
    app.state.clock.advance(1);
    // By the disk it is younger than by its name: its row may still come.
    date(&full, now.plus(1));
    assert_eq!(all(&app).await, Swept { removed: 2, failed: 0 });
    assert!(full.exists() && !temporary.exists());
    app.state.clock.advance(1);
    assert_eq!(all(&app).await, Swept { removed: 1, failed: 0 });
    let left: Vec<PathBuf> = files(&app);
    assert_eq!(left.len(), 6, "{left:?}");
    assert!(left.contains(&strange) && left.contains(&photos.join("readme")));
    for photo in [named, unnamed] {
        let _ = inspector.get(&path(photo)).await.expect(200);
        let _ = inspector.get(&format!("{}?size=thumb", path(photo))).await.expect(200);
    }
}

async fn a_file_that_cannot_be_removed_holds_up_no_other(app: TestApp) {
    let inspector = app.inspector();
    let now = app.state.clock.now();
    let ids = [inspector.photo(1).await, inspector.photo(2).await, inspector.photo(3).await];
    // A folder in the place of a file: even the superuser cannot remove it as a file.
    let first = files(&app).into_iter().find(|file| file.to_string_lossy().contains("thumb")).expect("there");
    std::fs::remove_file(&first).expect("removed");
    std::fs::create_dir(&first).expect("made");
    std::fs::write(first.join("x"), "x").expect("written");
    app.state.clock.advance(DAY + 1);
    assert_eq!(sweep(&app.state).await.expect("swept"), Swept { removed: ids.len() - 1, failed: 1 });
    assert_eq!(files(&app), [first.join("x")], "all others are gone");
    // Once it can be removed, the collector does what the sweep could not.
    std::fs::remove_dir_all(&first).expect("removed");
    std::fs::write(&first, jpeg(1)).expect("written");
    date(&first, now);
    assert_eq!(all(&app).await, Swept { removed: 1, failed: 0 });
    assert!(files(&app).is_empty());
}

async fn a_sender_who_hangs_up_leaves_no_file_without_its_row(app: TestApp) {
    let (inspector, id) = (app.inspector(), scene::new_id());
    let until = Instant::now() + Duration::from_secs(30);
    {
        let picture = jpeg(1);
        let mut sending = pin!(send(&inspector, id, "image/jpeg", &picture));
        // Dropped as soon as the first file is on the disk, or when it was too quick for us.
        while files(&app).is_empty() && Instant::now() < until {
            if tokio::time::timeout(Duration::from_micros(50), &mut sending).await.is_ok() {
                break;
            }
        }
    }
    let mut count = 0;
    while count == 0 && Instant::now() < until {
        let row = query("select count(*) from photo where id = $1").bind(id);
        (count,) = app.state.db.fetch_one::<(i64,)>(row).await.expect("counted");
    }
    assert_eq!((count, files(&app).len()), (1, 2));
    app.state.clock.advance(1);
    let _ = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(200);
    assert_eq!(files(&app).len(), 2);
}

async fn a_photo_that_cannot_be_kept_leaves_no_file(app: TestApp) {
    use sha2::{Digest, Sha256};
    let (inspector, id) = (app.inspector(), scene::new_id());
    let sha256 = hex::encode(Sha256::digest(jpeg(1)));
    let key = Key { id: PhotoId(id), sha256, kept_at: app.state.clock.now() };
    let blocked = place(&app, &key, PhotoSize::Full);
    std::fs::create_dir_all(&blocked).expect("made");
    std::fs::write(blocked.join("x"), "x").expect("written");
    let refused = send(&inspector, id, "image/jpeg", &jpeg(1)).await;
    assert!(refused.status >= 500, "{}", refused.text());
    assert_eq!(files(&app), [blocked.join("x")]);
    std::fs::remove_dir_all(&blocked).expect("removed");
    let _ = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(201);
    assert_eq!(files(&app).len(), 2);
}

async fn the_hours_of_a_day_reach_every_folder(app: TestApp) {
    let now = app.state.clock.now();
    for last in 0..=255 {
        let mut id = scene::new_id().into_bytes();
        id[15] = last;
        let id = PhotoId(uuid::Uuid::from_bytes(id));
        let file = place(&app, &Key { id, sha256: "ab".repeat(32), kept_at: now }, PhotoSize::Full);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, "x").expect("written");
        date(&file, now);
    }
    // What a proof of the store leaves when it is cut off.
    let probe = app.state.files.probes().join("x");
    std::fs::create_dir_all(app.state.files.probes()).expect("made");
    std::fs::write(&probe, "x").expect("written");
    date(&probe, now);
    app.state.clock.advance(DAY + 1);
    let mut removed = 0;
    for _ in 0..24 {
        let swept = collect_some(&app.state).await.expect("collected");
        assert_eq!(swept.failed, 0);
        removed += swept.removed;
        app.state.clock.advance(HOUR);
    }
    assert_eq!((removed, files(&app).len()), (257, 0));
}
