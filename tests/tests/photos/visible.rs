//! Who sees a photo: whoever sent it, and whoever may see its issue at that moment; nobody else, ever.

use crate::samples::path;
use app::id::PhotoId;
use app::problem::Code;
use app::time::HOUR;
use serde_json::json;
use tests::county::{self, LAMP, MARKET, STALL};
use tests::scene::{OTHER_UNIT, PEOPLE};
use tests::work::report;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    before_it_is_named_only_the_sender_sees_it,
    an_issues_photos_are_seen_by_whoever_sees_the_issue,
    a_unit_that_lost_the_order_sees_only_its_own,
    the_pools_photos_are_the_offices,
);

/// Exactly these people see the photo, in both sizes.
#[track_caller]
fn seen_by<'a>(app: &'a TestApp, photo: PhotoId, expected: &'a [&str]) -> impl Future<Output = ()> + 'a {
    let at = std::panic::Location::caller();
    async move {
        for (username, ..) in PEOPLE {
            for size in ["thumb", "full"] {
                let reply = app.client(username).get(&format!("{}?size={size}", path(photo))).await;
                let wanted = if expected.contains(&username) { 200 } else { 404 };
                assert_eq!(reply.status, wanted, "{username} at {at}");
                if wanted == 404 {
                    reply.problem(Code::NotFound);
                }
            }
        }
        app.anonymous().get(&path(photo)).await.problem(Code::NotSignedIn);
    }
}

async fn before_it_is_named_only_the_sender_sees_it(app: TestApp) {
    county::lay(&app.state).await;
    let photo = app.inspector().photo(1).await;
    seen_by(&app, photo, &["inspector"]).await;
    let photo = app.liaison().photo(1).await;
    seen_by(&app, photo, &["liaison"]).await;
    // One that does not exist is answered alike, so that ids cannot be tried out.
    let none = app.inspector().get(&path(scene::new_id())).await;
    let others = app.other_inspector().get(&path(photo)).await;
    assert_eq!((none.status, none.bytes), (others.status, others.bytes));
}

async fn an_issues_photos_are_seen_by_whoever_sees_the_issue(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let before = issue.photo_ids[0];
    let order = issue.order.expect("dispatched").id;
    let working = ["inspector", "liaison", "manager", "manager2", "admin"];
    seen_by(&app, before, &working).await;
    let liaison = app.liaison();
    let _ = liaison.step(order, json!({ "step": "accept" })).await;
    let after = liaison.photo(2).await;
    seen_by(&app, after, &["liaison"]).await;
    let _ = liaison.step(order, json!({ "step": "reply", "photo_ids": [after] })).await;
    seen_by(&app, after, &working).await;
    // While it waits for a re-check, whoever may do that sees both.
    let _ = liaison.step(order, json!({ "step": "confirm" })).await;
    let everybody = ["inspector", "inspector2", "liaison", "manager", "manager2", "admin"];
    seen_by(&app, before, &everybody).await;
    seen_by(&app, after, &everybody).await;
    // The re-checker keeps seeing it once it is closed.
    let _ = app.other_inspector().step(order, json!({ "step": "pass" })).await;
    seen_by(&app, after, &everybody).await;
}

async fn a_unit_that_lost_the_order_sees_only_its_own(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let before = issue.photo_ids[0];
    let order = issue.order.expect("dispatched").id;
    let proof = app.liaison().photo(3).await;
    let returned = json!({ "step": "return", "note": "不属于我单位", "photo_ids": [proof] });
    let _ = app.liaison().step(order, returned).await;
    seen_by(&app, before, &["inspector", "liaison", "manager", "manager2", "admin"]).await;
    app.state.clock.advance(HOUR);
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    let _ = app.manager().step(order, ruling).await;
    seen_by(&app, before, &["inspector", "liaison2", "manager", "manager2", "admin"]).await;
    let own = app.liaison().get(&path(proof)).await.expect(200);
    assert!(!own.bytes.is_empty(), "what one sent oneself stays to be seen");
    // The id of the first unit's photo is in nothing the second is told.
    let told = app.other_liaison().get(&format!("/api/issues/{}", issue.id)).await.expect(200);
    assert!(!told.text().contains(&proof.to_string()), "{}", told.text());
}

async fn the_pools_photos_are_the_offices(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let (before, after) = (inspector.photo(1).await, inspector.photo(2).await);
    let mut sent = report(STALL, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([before]);
    let _ = inspector.put(&format!("/api/issues/{}", scene::new_id()), &sent).await.expect(201);
    seen_by(&app, before, &["inspector", "manager", "manager2", "admin"]).await;
    sent["photo_ids"] = json!([after]);
    let after_fixing = inspector.photo(4).await;
    sent["fixed_on_spot"] = json!({ "photo_ids": [after_fixing] });
    let _ = inspector.put(&format!("/api/issues/{}", scene::new_id()), &sent).await.expect(201);
    seen_by(&app, after_fixing, &["inspector", "manager", "manager2", "admin"]).await;
}
