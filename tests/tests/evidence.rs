//! What an issue was called on its day stays, and where its photos come from is kept and told to those who may know.

use app::bundle::Work;
use app::clock::Limit;
use app::issue::{Flag, IssueAnswer, IssuePage};
use app::photo::{Oddity, PhotoSource};
use app::problem::{Code, FieldCode};
use app::time::{DAY, HOUR, Timestamp};
use serde_json::{Value, json};
use server::db::query;
use tests::county::{self, LAMP, MARKET};
use tests::work::{jpeg, report};
use tests::{Client, TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    a_catalogue_of_another_day_renames_no_issue,
    an_issue_without_kept_names_has_todays,
    where_a_photo_comes_from_is_kept_with_the_event,
    an_old_after_photo_is_pointed_at,
    a_recheck_shows_where_and_what,
    a_common_problem_is_the_title_everywhere,
);

/// Everything in the catalogue gets another name, and every clause another limit.
async fn rename_everything(app: &TestApp) {
    for sql in [
        "update spot set name = '新' || name, address = '新址'",
        "update clause set text = '新' || text, limit_value = 7, limit_kind = 'calendar_day'",
        "update unit set name = '新' || name",
    ] {
        app.state.db.execute(query(sql)).await.expect("renamed");
    }
    app.state.catalogue.forget();
}

/// What every way of looking at it shows: the page, the list and the phone.
async fn seen(client: &Client, id: Uuid) -> (IssueAnswer, Value) {
    let page: IssuePage = client.get("/api/issues").await.expect(200).json();
    let row = page.items.into_iter().find(|row| row.id.0 == id).expect("in the list");
    let named = json!([row.spot_name, row.clause_text, row.unit_name, row.limit]);
    (client.issue(id).await, named)
}

async fn a_catalogue_of_another_day_renames_no_issue(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let before = seen(&app.manager(), issue.id.0).await;
    let work: Work = app.liaison().get("/api/field-bundle?part=work").await.expect(200).json();
    let limit: Option<Limit> = issue.order.as_ref().map(|order| order.limit);
    assert_eq!(before.1[3], json!(limit));
    rename_everything(&app).await;
    assert_eq!(seen(&app.manager(), issue.id.0).await, before);
    let later: Work = app.liaison().get("/api/field-bundle?part=work").await.expect(200).json();
    assert_eq!(later, work);
    // A later step keeps them, too.
    let _ = app.liaison().step(issue.order.expect("dispatched").id, json!({ "step": "accept" })).await;
    assert_eq!(seen(&app.manager(), issue.id.0).await.1, before.1);
}

async fn an_issue_without_kept_names_has_todays(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let forget =
        "update issue set spot_name = null, clause_text = null, unit_name = null, order_limit = null";
    app.state.db.execute(query(forget)).await.expect("forgotten");
    rename_everything(&app).await;
    let (_, row) = seen(&app.manager(), issue.id.0).await;
    for (at, name) in row.as_array().expect("a list").iter().take(3).enumerate() {
        assert!(name.as_str().is_some_and(|name| name.starts_with('新')), "{at} {name}");
    }
    assert_eq!(row[3], json!({ "value": 7, "kind": "calendar_day" }));
}

/// A moment as it stands in an address.
fn told(at: Timestamp) -> String {
    json!(at).as_str().expect("a text").replace('+', "%2B")
}

/// Sends a photo with what the device tells of it.
async fn send(client: &Client, told: &str) -> Uuid {
    let id = scene::new_id();
    let path = format!("/api/photos/{id}?{told}");
    let _ = client.put_bytes(&path, "image/jpeg", jpeg(9)).await.expect(201);
    id
}

async fn where_a_photo_comes_from_is_kept_with_the_event(app: TestApp) {
    county::lay(&app.state).await;
    let (lng, lat) = county::AT;
    let at = app.state.clock.now().plus(-HOUR);
    // Some 1.1 kilometres to the north.
    let place = format!("lng={lng}&lat={}&accuracy_m=5", lat + 0.01);
    let shot = send(&app.inspector(), &format!("source=camera&captured_at={}&{place}", told(at))).await;
    let chosen = send(&app.inspector(), "source=gallery").await;
    let mut sent = report(MARKET, LAMP, at);
    sent["photo_ids"] = json!([shot, chosen]);
    sent.as_object_mut().expect("an object").remove("observed_at");
    sent.as_object_mut().expect("an object").remove("location");
    let path = format!("/api/issues/{}", scene::new_id());
    let issue: IssueAnswer = app.inspector().put(&path, &sent).await.expect(201).json();
    assert_eq!(issue.flags, [Flag::NoPosition, Flag::NoTime, Flag::FromGallery]);
    let office = app.manager().issue(issue.id).await;
    assert_eq!((office.observed_at, office.photos.len()), (None, 2));
    let [by_camera, from_gallery] = &office.photos[..] else { panic!("two photos") };
    assert_eq!((by_camera.source, by_camera.taken_at), (Some(PhotoSource::Camera), Some(at)));
    assert!(by_camera.distance_m.is_some_and(|m| (1_105..1_120).contains(&m)), "{by_camera:?}");
    assert_eq!(by_camera.oddities, [Oddity::FarFromSpot]);
    assert_eq!(from_gallery.oddities, [Oddity::FromGallery, Oddity::NoTime]);
    let unit = app.liaison().issue(issue.id).await;
    assert!(
        unit.photos.is_empty() && unit.flags.is_empty(),
        "what phones of the campaign say is not the unit's"
    );
}

async fn an_old_after_photo_is_pointed_at(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let old = app.state.clock.now().plus(-3 * DAY);
    let photo = send(&app.liaison(), &format!("source=gallery&captured_at={}", told(old))).await;
    let _ =
        app.liaison().step(order, json!({ "step": "reply", "note": "已整改", "photo_ids": [photo] })).await;
    let _ = app.liaison().step(order, json!({ "step": "confirm" })).await;
    for client in [app.other_inspector(), app.manager(), app.liaison()] {
        let shown = client.issue(issue.id).await.photos;
        let note = shown.iter().find(|note| note.id.0 == photo).expect("told");
        assert_eq!(note.oddities, [Oddity::FromGallery, Oddity::TakenBefore]);
    }
    let work: Work = app.other_inspector().get("/api/field-bundle?part=work").await.expect(200).json();
    assert!(work.items[0].photos.iter().any(|note| note.oddities.contains(&Oddity::TakenBefore)));
}

async fn a_common_problem_is_the_title_everywhere(app: TestApp) {
    county::lay(&app.state).await;
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([app.inspector().photo(1).await]);
    for (code, why) in [("T02a", FieldCode::NotFound), ("T01", FieldCode::NotFound)] {
        sent["phrase_code"] = json!(code);
        let reply = app.inspector().put(&format!("/api/issues/{}", scene::new_id()), &sent).await;
        let fields = reply.problem(Code::InvalidFields).fields;
        assert_eq!(
            fields.iter().map(|it| (it.field.as_str(), it.code)).collect::<Vec<_>>(),
            [("phrase_code", why)]
        );
    }
    sent["phrase_code"] = json!("T01a");
    let path = format!("/api/issues/{}", scene::new_id());
    let issue: IssueAnswer = app.inspector().put(&path, &sent).await.expect(201).json();
    assert_eq!(issue.named.title(), "常见问题T01");
    // The catalogue's words change; those of the issue do not.
    let reword = "update clause set phrases = replace(phrases, '常见', '换了说法')";
    app.state.db.execute(query(reword)).await.expect("changed");
    app.state.catalogue.forget();
    for client in [app.manager(), app.liaison(), app.inspector()] {
        let page: IssuePage = client.get("/api/issues?q=常见问题t01").await.expect(200).json();
        assert_eq!(page.items.iter().map(|row| row.title()).collect::<Vec<_>>(), ["常见问题T01"]);
        assert_eq!(client.issue(issue.id).await.named.title(), "常见问题T01");
    }
    let work: Work = app.liaison().get("/api/field-bundle?part=work").await.expect(200).json();
    assert_eq!(work.items[0].named.title(), "常见问题T01");
}

async fn a_recheck_shows_where_and_what(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    let _ = app.liaison().step(order, json!({ "step": "accept" })).await;
    let _ = app.liaison().answer(order).await;
    let bare = json!({ "step": "pass" });
    let refused = app.other_inspector().try_step(order, &bare).await.problem(Code::InvalidFields);
    assert_eq!(
        refused.fields.iter().map(|it| (it.field.as_str(), it.code)).collect::<Vec<_>>(),
        [("photo_ids", FieldCode::Required)]
    );
    let (lng, lat) = county::AT;
    let location = json!({ "lng": lng, "lat": lat + 0.003_24, "accuracy_m": 5.0, "source": "device" });
    let _ = app.other_inspector().step(order, json!({ "step": "pass", "location": location })).await;
    let last = |issue: IssueAnswer| issue.timeline.last().cloned().expect("an entry").flags;
    assert_eq!(last(app.manager().issue(issue.id).await), [Flag::FarFromSpot]);
    assert_eq!(last(app.liaison().issue(issue.id).await), []);
}
