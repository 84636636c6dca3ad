//! Photos that reports and steps name: arrived, one's own, used once, few enough.

use crate::samples::{path, send};
use app::id::PhotoId;
use app::problem::{Code, FieldCode};
use serde_json::{Value, json};
use server::db::query;
use tests::county::{self, LAMP, MARKET};
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    a_photo_that_has_not_arrived_is_named,
    a_photo_that_is_not_yours_is_named,
    a_photo_belongs_to_one_report_or_step,
    photos_are_few_and_different,
    two_reports_at_once_do_not_share_a_photo,
);

fn with(app: &TestApp, photos: &[PhotoId]) -> Value {
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!(photos);
    sent
}

fn new_issue() -> String {
    format!("/api/issues/{}", scene::new_id())
}

async fn a_photo_that_has_not_arrived_is_named(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let here = inspector.photo(1).await;
    let [late, later] = [scene::new_id(), scene::new_id()].map(PhotoId);
    let address = new_issue();
    let sent = with(&app, &[late, here, later]);
    let problem = inspector.put(&address, &sent).await.problem(Code::PhotoMissing);
    assert_eq!(problem.photo_ids, [late, later]);
    let (issues,): (i64,) =
        app.state.db.fetch_one(query("select count(*) from event")).await.expect("counted");
    assert_eq!(issues, 0, "all or nothing");
    // Once they have arrived, the very same report is taken, and the photo that was there is still free.
    for (id, seed) in [(late, 2), (later, 3)] {
        let _ = send(&inspector, id.0, "image/jpeg", &jpeg(seed)).await.expect(201);
    }
    let taken = inspector.put(&address, &sent).await.expect(201).value();
    assert_eq!(taken["photo_ids"], json!([late, here, later]), "in the order they were named");

    let order = taken["order"]["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an order");
    let _ = app.liaison().step(order.into(), json!({ "step": "accept" })).await;
    let missing = PhotoId(scene::new_id());
    let reply = json!({ "step": "reply", "photo_ids": [missing] });
    let problem = app.liaison().try_step(order.into(), &reply).await.problem(Code::PhotoMissing);
    assert_eq!(problem.photo_ids, [missing]);
    // After-photos of what was fixed at once are looked for as well.
    let mut fixed = with(&app, &[inspector.photo(4).await]);
    fixed["fixed_on_spot"] = json!({ "photo_ids": [missing] });
    let problem = inspector.put(&new_issue(), &fixed).await.problem(Code::PhotoMissing);
    assert_eq!(problem.photo_ids, [missing]);
}

async fn a_photo_that_is_not_yours_is_named(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, other) = (app.inspector(), app.other_inspector());
    let (mine, theirs) = (inspector.photo(1).await, other.photo(2).await);
    // One that may not be seen is missing, as one that never was.
    let problem = inspector.put(&new_issue(), &with(&app, &[mine, theirs])).await.problem(Code::PhotoMissing);
    assert_eq!(problem.photo_ids, [theirs]);
    other.get(&path(mine)).await.problem(Code::NotFound);
    let _ = inspector.put(&new_issue(), &with(&app, &[mine])).await.expect(201);
    let _ = other.put(&new_issue(), &with(&app, &[theirs])).await.expect(201);
    // The office sees both, and may use neither.
    let problem = app.manager().put(&new_issue(), &with(&app, &[mine, theirs])).await;
    assert_eq!(problem.problem(Code::PhotoNotYours).photo_ids, [mine, theirs]);
}

async fn a_photo_belongs_to_one_report_or_step(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let photo = inspector.photo(1).await;
    let address = new_issue();
    let taken = inspector.put(&address, &with(&app, &[photo])).await.expect(201).value();
    let problem = inspector.put(&new_issue(), &with(&app, &[photo])).await.problem(Code::PhotoNotYours);
    assert_eq!(problem.photo_ids, [photo]);
    let again = inspector.put(&address, &with(&app, &[photo])).await.expect(200).value();
    assert_eq!(taken, again);

    // Nor may the unit show the before-photo, or its photo of another order, as what it did.
    let order = taken["order"]["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an order");
    let liaison = app.liaison();
    let _ = liaison.step(order.into(), json!({ "step": "accept" })).await;
    let reply = |photo: PhotoId| json!({ "step": "reply", "photo_ids": [photo] });
    liaison.try_step(order.into(), &reply(photo)).await.problem(Code::PhotoNotYours);
    let after = liaison.photo(2).await;
    let _ = liaison.step(order.into(), reply(after)).await;
    let second = inspector.report(MARKET, LAMP, app.state.clock.now()).await.order.expect("dispatched").id;
    let _ = liaison.step(second, json!({ "step": "accept" })).await;
    let problem = liaison.try_step(second, &reply(after)).await.problem(Code::PhotoNotYours);
    assert_eq!(problem.photo_ids, [after]);
}

async fn photos_are_few_and_different(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let mut photos = Vec::new();
    for seed in 0..13 {
        photos.push(inspector.photo(seed).await);
    }
    let field = |problem: app::problem::Problem| {
        let it = problem.fields.first().expect("a field");
        (it.field.clone(), it.code)
    };
    let refused = inspector.put(&new_issue(), &with(&app, &photos)).await.problem(Code::InvalidFields);
    assert_eq!(field(refused), ("photo_ids".to_owned(), FieldCode::TooLong));
    let twice = with(&app, &[photos[0], photos[1], photos[0]]);
    let refused = inspector.put(&new_issue(), &twice).await.problem(Code::InvalidFields);
    assert_eq!(field(refused), ("photo_ids".to_owned(), FieldCode::Repeated));
    let mut both = with(&app, &photos[..1]);
    both["fixed_on_spot"] = json!({ "photo_ids": photos[..1] });
    let refused = inspector.put(&new_issue(), &both).await.problem(Code::InvalidFields);
    assert_eq!(field(refused), ("fixed_on_spot.photo_ids".to_owned(), FieldCode::Repeated));
    let none = inspector.put(&new_issue(), &with(&app, &[])).await.problem(Code::InvalidFields);
    assert_eq!(field(none), ("photo_ids".to_owned(), FieldCode::Required));
    // Twelve are taken, so none of the refused reports kept any.
    let _ = inspector.put(&new_issue(), &with(&app, &photos[..12])).await.expect(201);
}

async fn two_reports_at_once_do_not_share_a_photo(app: TestApp) {
    county::lay(&app.state).await;
    for round in 0..4 {
        let photo = app.inspector().photo(round).await;
        let tasks = [(); 6].map(|()| {
            let (inspector, sent) = (app.inspector(), with(&app, &[photo]));
            tokio::spawn(async move { inspector.put(&new_issue(), &sent).await })
        });
        let mut statuses = Vec::new();
        for task in tasks {
            let reply = task.await.expect("answered");
            if reply.status == 422 {
                assert_eq!(reply.problem(Code::PhotoNotYours).photo_ids, [photo]);
            }
            statuses.push(reply.status);
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422, 422, 422]);
    }
}
