//! Photos nobody named are gone after a day, and can be sent again.

use crate::samples::{files, path, send};
use app::problem::Code;
use app::time::DAY;
use serde_json::json;
use server::photo::sweep::sweep;
use tests::county::{self, LAMP, MARKET};
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(orphans_go_after_a_day_and_not_before, a_swept_photo_can_be_sent_again);

/// How many photos a sweep removes; none may fail.
async fn swept(app: &TestApp) -> usize {
    let swept = sweep(&app.state).await.expect("swept");
    assert_eq!(swept.failed, 0);
    swept.removed
}

async fn orphans_go_after_a_day_and_not_before(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let orphan = inspector.photo(1).await;
    let named = inspector.report(MARKET, LAMP, app.state.clock.now()).await.photo_ids[0];
    app.state.clock.advance(DAY - 1);
    let younger = inspector.photo(3).await;
    assert_eq!(files(&app).len(), 6);
    assert_eq!(swept(&app).await, 0, "not yet a day");
    app.state.clock.advance(1);
    assert_eq!(swept(&app).await, 0, "a day, not more");
    app.state.clock.advance(1);
    assert_eq!(swept(&app).await, 1);
    assert_eq!(swept(&app).await, 0);
    inspector.get(&path(orphan)).await.problem(Code::NotFound);
    let names: Vec<String> = files(&app).iter().map(|file| file.display().to_string()).collect();
    assert_eq!(names.len(), 4, "its files are gone: {names:?}");
    assert!(names.iter().all(|name| !name.contains(&orphan.0.simple().to_string())), "{names:?}");
    for kept in [named, younger] {
        let _ = inspector.get(&path(kept)).await.expect(200);
    }
    // What belongs to an issue stays for good.
    app.state.clock.advance(10 * DAY);
    assert_eq!(swept(&app).await, 1);
    let _ = inspector.get(&path(named)).await.expect(200);
}

async fn a_swept_photo_can_be_sent_again(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, id) = (app.inspector(), scene::new_id());
    let _ = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(201);
    app.state.clock.advance(DAY + 1);
    assert_eq!(swept(&app).await, 1);
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([id]);
    let address = format!("/api/issues/{}", scene::new_id());
    inspector.put(&address, &sent).await.problem(Code::PhotoMissing);
    let _ = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(201);
    let _ = inspector.put(&address, &sent).await.expect(201);
    app.state.clock.advance(DAY + 1);
    assert_eq!(swept(&app).await, 0);
    let _ = inspector.get(&path(id)).await.expect(200);
}
