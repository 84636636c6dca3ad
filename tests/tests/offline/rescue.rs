//! A phone's rescue file, taken in by the operator: everything exactly once, by the same rules, or nothing at all.

mod file;
mod refused;

use app::id::{IssueId, OrderId, PhotoId};
use app::issue::IssueAnswer;
use app::order::State;
use app::problem::{Code, FieldCode};
use file::{Phone, events, photos, take_in};
use serde_json::json;
use server::db::query;
use server::outbox::{Outcome, Sum};
use tests::county::{self, LAMP, LITTER, MARKET, MINOR};
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    everything_comes_in_once,
    what_the_phone_sent_before_is_known,
    steps_go_in_the_order_in_which_they_were_made,
    a_refused_one_holds_up_what_follows_it_only,
    a_damaged_photo_is_missing,
    what_is_told_of_a_photo_is_no_reason_to_lose_it,
    the_rules_are_those_of_the_api,
);

async fn everything_comes_in_once(app: TestApp) {
    county::lay(&app.state).await;
    let mut phone = Phone::of(&app, "inspector").await;
    let (shot, copy, issue, other) =
        (scene::new_id(), scene::new_id(), IssueId(scene::new_id()), IssueId(scene::new_id()));
    let meta = json!({
        "captured_at": "2026-03-02T08:40:00+08:00", "lng": county::AT.0, "lat": county::AT.1,
        "accuracy_m": 12, "source": "camera", "shot_sha256": "ab".repeat(32), "copy_of": null,
    });
    phone.photo(shot, &jpeg(1), meta);
    phone.photo(copy, &jpeg(2), json!({ "copy_of": shot, "source": "camera" }));
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([shot, copy]);
    phone.report(issue, &sent, &[shot, copy]);
    let mut minor = report(MARKET, MINOR, app.state.clock.now());
    minor["severity"] = json!("minor");
    phone.report(other, &minor, &[]);
    phone.draft("半张草稿");
    let path = phone.write(&app);

    let first = take_in(&app, &path).await.expect("whole");
    assert_eq!(first.sum, Sum { taken_in: 2, drafts: 1, ..Sum::default() });
    assert_eq!(first.drafts, ["半张草稿"]);
    let (events_then, photos_then) = (events(&app).await, photos(&app).await);
    assert_eq!((events_then, photos_then), (4, 2));
    let answer = app.inspector().issue(issue).await;
    assert_eq!(answer.photo_ids, [PhotoId(shot), PhotoId(copy)]);
    assert_eq!(serde_json::to_value(&answer.reporter).expect("plain data")["kind"], "me");
    assert_eq!(answer.order.expect("dispatched").unit_id, scene::UNIT);

    // Again: nothing changes.
    app.state.clock.advance(app::time::DAY);
    let second = take_in(&app, &path).await.expect("whole");
    assert_eq!(second.sum, Sum { were_here: 2, drafts: 1, ..Sum::default() });
    // And the phone, which has found its network after all.
    let photo = app.inspector().put_bytes(&format!("/api/photos/{shot}"), "image/jpeg", jpeg(1)).await;
    let _ = photo.expect(200);
    let reply = app.inspector().put(&format!("/api/issues/{issue}"), &sent).await.expect(200);
    assert_eq!(reply.json::<IssueAnswer>().id, issue);
    assert_eq!((events(&app).await, photos(&app).await), (events_then, photos_then));
    assert_eq!(server::rate::store::recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn what_the_phone_sent_before_is_known(app: TestApp) {
    county::lay(&app.state).await;
    let mut phone = Phone::of(&app, "inspector").await;
    let inspector = app.inspector();
    let [whole, half, none] = [(); 3].map(|()| (IssueId(scene::new_id()), scene::new_id()));
    for (seed, (issue, photo)) in [whole, half, none].into_iter().enumerate() {
        let bytes = jpeg(u8::try_from(seed).expect("few"));
        let mut sent = report(MARKET, LAMP, app.state.clock.now());
        sent["photo_ids"] = json!([photo]);
        if photo != none.1 {
            let address = format!("/api/photos/{photo}");
            let _ = inspector.put_bytes(&address, "image/jpeg", bytes.clone()).await.expect(201);
        }
        if issue == whole.0 {
            let _ = inspector.put(&format!("/api/issues/{issue}"), &sent).await.expect(201);
        }
        // A photo whose receipt came is not on the phone any more, and so not in the file.
        if photo != half.1 {
            phone.photo(photo, &bytes, json!({}));
        }
        phone.report(issue, &sent, &[photo]);
    }
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    assert_eq!(done.sum, Sum { taken_in: 2, were_here: 1, ..Sum::default() });
    assert!(matches!(done.outcomes[0].1, Outcome::WasHere));
    assert_eq!((events(&app).await, photos(&app).await), (6, 3));
}

/// An issue that waits for its unit.
async fn dispatched(app: &TestApp, clause: &str) -> (IssueId, OrderId) {
    let issue = app.inspector().report(MARKET, clause, app.state.clock.now()).await;
    (issue.id, issue.order.expect("dispatched").id)
}

async fn steps_go_in_the_order_in_which_they_were_made(app: TestApp) {
    county::lay(&app.state).await;
    let (issue, order) = dispatched(&app, LAMP).await;
    let mut phone = Phone::of(&app, "liaison").await;
    let after = scene::new_id();
    phone.step(issue, order, &json!({ "step": "confirm" }), &[], 9.0);
    phone.photo(after, &jpeg(7), json!({ "source": "gallery" }));
    let reply = json!({ "step": "reply", "note": "已整改", "photo_ids": [after] });
    phone.step(issue, order, &reply, &[after], 5.0);
    phone.step(issue, order, &json!({ "step": "accept" }), &[], 2.0);
    let path = phone.write(&app);
    let done = take_in(&app, &path).await.expect("whole");
    assert_eq!(done.sum, Sum { taken_in: 3, ..Sum::default() });
    let seen = app.liaison().issue(issue).await;
    assert_eq!(seen.state, State::Confirmed);
    assert_eq!(seen.order.expect("ours").reply_photo_ids, [PhotoId(after)]);
    let again = take_in(&app, &path).await.expect("whole");
    assert_eq!(again.sum, Sum { were_here: 3, ..Sum::default() });
}

async fn a_refused_one_holds_up_what_follows_it_only(app: TestApp) {
    county::lay(&app.state).await;
    let (gone, gone_order) = dispatched(&app, LAMP).await;
    let (there, there_order) = dispatched(&app, LAMP).await;
    // The office was quicker.
    let _ = app.manager().step(gone_order, json!({ "step": "void", "note": "重复" })).await;
    let mut phone = Phone::of(&app, "liaison").await;
    let after = scene::new_id();
    phone.step(gone, gone_order, &json!({ "step": "accept" }), &[], 1.0);
    phone.photo(after, &jpeg(7), json!({}));
    let reply = json!({ "step": "reply", "note": "已整改", "photo_ids": [after] });
    phone.step(gone, gone_order, &reply, &[after], 2.0);
    phone.step(there, there_order, &json!({ "step": "accept" }), &[], 3.0);
    let before = photos(&app).await;
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    assert_eq!(done.sum, Sum { taken_in: 1, refused: 1, held_back: 1, ..Sum::default() });
    let Outcome::Refused(problem) = &done.outcomes[0].1 else { panic!("{:?}", done.outcomes) };
    assert_eq!((problem.code, problem.allowed.as_deref()), (Code::StepNotAllowed, Some(&[][..])));
    assert!(matches!(done.outcomes[1].1, Outcome::HeldBack));
    assert_eq!(app.liaison().issue(there).await.state, State::Accepted);
    assert_eq!(photos(&app).await, before, "what only held back ones name is not kept");
}

async fn a_damaged_photo_is_missing(app: TestApp) {
    county::lay(&app.state).await;
    let mut phone = Phone::of(&app, "inspector").await;
    let make = |phone: &mut Phone, damage: &str| {
        let (issue, photo) = (IssueId(scene::new_id()), scene::new_id());
        phone.photo(photo, &jpeg(3), json!({}));
        match damage {
            "bytes" => phone.change(|line| line["bytes"] = json!(file::base64(&jpeg(4)))),
            "base64" => phone.change(|line| line["bytes"] = json!("no base64 at all")),
            "none" => phone.change(|line| line["bytes"] = json!(null)),
            "size" => phone.change(|line| line["photo"]["size"] = json!(3)),
            _ => {}
        }
        let mut sent = report(MARKET, LAMP, app.state.clock.now());
        sent["photo_ids"] = json!([photo]);
        phone.report(issue, &sent, &[photo]);
        photo
    };
    let damaged: Vec<PhotoId> =
        ["bytes", "base64", "none", "size"].map(|how| PhotoId(make(&mut phone, how))).into();
    let _ = make(&mut phone, "");
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    assert_eq!(done.sum, Sum { taken_in: 1, refused: 4, ..Sum::default() });
    assert_eq!(
        done.damaged,
        damaged.iter().zip([2, 4, 6, 8]).map(|(id, line)| (line, *id)).collect::<Vec<_>>()
    );
    for ((_, outcome), photo) in done.outcomes.iter().zip(damaged) {
        let Outcome::Refused(problem) = outcome else { panic!("{outcome:?}") };
        assert_eq!((problem.code, problem.photo_ids.as_slice()), (Code::PhotoMissing, &[photo][..]));
    }
    assert_eq!(photos(&app).await, 1);
}

async fn what_is_told_of_a_photo_is_no_reason_to_lose_it(app: TestApp) {
    county::lay(&app.state).await;
    let mut phone = Phone::of(&app, "inspector").await;
    let told = [
        json!({ "source": "camera", "captured_at": "2026-03-02T00:40:00Z" }),
        // As the page keeps it: with what it notes for itself.
        json!({ "source": "camera", "captured_at": "2026-03-02T00:40:00Z", "marked_spot": "城东农贸市场" }),
        json!({ "source": "film" }),
        json!({ "source": "camera", "lng": 113.7 }),
    ];
    for (seed, meta) in told.into_iter().enumerate() {
        let shot = scene::new_id();
        phone.photo(shot, &jpeg(u8::try_from(seed).expect("few")), meta);
        let mut sent = report(MARKET, LAMP, app.state.clock.now());
        sent["photo_ids"] = json!([shot]);
        phone.report(IssueId(scene::new_id()), &sent, &[shot]);
    }
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    assert_eq!(done.sum, Sum { taken_in: 4, ..Sum::default() });
    let kept = query("select source, shot_at from photo order by id");
    let kept: Vec<(Option<String>, Option<i64>)> = app.state.db.fetch_all(kept).await.expect("read");
    let (told, nothing) = ((Some("camera".to_owned()), Some(1_772_412_000_000)), (None, None));
    assert_eq!(kept, [told.clone(), told, nothing.clone(), nothing]);
}

async fn the_rules_are_those_of_the_api(app: TestApp) {
    county::lay(&app.state).await;
    let (issue, order) = dispatched(&app, LITTER).await;
    let now = app.state.clock.now();
    let mut sent = report(MARKET, MINOR, now);
    sent["severity"] = json!("minor");
    let with = |field: &str, value: serde_json::Value| {
        let mut sent = sent.clone();
        sent[field] = value;
        sent
    };
    let mut phone = Phone::of(&app, "inspector").await;
    let id = || IssueId(scene::new_id());
    phone.report(id(), &with("colour", json!("red")), &[]);
    phone.report(id(), &with("description", json!("长".repeat(2_001))), &[]);
    phone.report(id(), &with("severity", json!("general")), &[]);
    phone.report(id(), &with("description", json!("x".repeat(1024 * 1024))), &[]);
    phone.report(issue, &sent, &[]);
    phone.raw_report(id(), "not JSON");
    let picture = scene::new_id();
    phone.photo(picture, b"not a picture", json!({}));
    phone.report(id(), &with("photo_ids", json!([picture])), &[picture]);
    // Another unit's order has none of one's steps.
    phone.step(issue, order, &json!({ "step": "accept" }), &[], 20.0);
    phone.lanes_apart();
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    let problems: Vec<_> = done
        .outcomes
        .iter()
        .map(|(_, outcome)| match outcome {
            Outcome::Refused(problem) => (problem.code, problem.fields.first().map(|it| it.code)),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        (Code::UnknownField, Some(FieldCode::Unknown)),
        (Code::InvalidFields, Some(FieldCode::TooLong)),
        (Code::InvalidFields, Some(FieldCode::Required)),
        (Code::PayloadTooLarge, None),
        (Code::IdTaken, None),
        (Code::InvalidJson, None),
        (Code::NotAnImage, None),
        (Code::Forbidden, None),
    ];
    assert_eq!(problems, expected);

    let mut phone = Phone::of(&app, "liaison").await;
    phone.report(id(), &sent, &[]);
    phone.step(issue, order, &json!({ "step": "assign", "unit_id": scene::UNIT }), &[], 2.0);
    phone.step(issue, OrderId(scene::new_id()), &json!({ "step": "accept" }), &[], 3.0);
    phone.lanes_apart();
    let done = take_in(&app, &phone.write(&app)).await.expect("whole");
    let codes = done.outcomes.iter().map(|(_, outcome)| match outcome {
        Outcome::Refused(problem) => problem.code,
        other => panic!("{other:?}"),
    });
    assert_eq!(codes.collect::<Vec<_>>(), [Code::Forbidden, Code::InvalidFields, Code::NotFound]);
    assert_eq!((events(&app).await, photos(&app).await), (2, 1));
}
