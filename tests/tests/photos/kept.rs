//! What is kept of a photo, and what the same id means when it is sent again.

use crate::samples::{
    application_segments, assert_stripped, black_png, exif, files, holds, path, send, size, with_exif,
};
use app::photo::PhotoAnswer;
use app::problem::Code;
use axum::body::Body;
use axum::http::header;
use server::db::query;
use sha2::{Digest, Sha256};
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    nothing_the_camera_wrote_comes_out,
    every_orientation_is_turned_upright,
    what_it_is_decides_not_what_it_is_called,
    the_same_photo_may_be_sent_again,
    two_senders_at_once_keep_one_photo,
    a_photo_is_fetched_once,
);

async fn nothing_the_camera_wrote_comes_out(app: TestApp) {
    let inspector = app.inspector();
    let sent = with_exif(&jpeg(1), &exif(1));
    assert!(holds(&sent, b"Exif") && application_segments(&sent).contains(&1), "the sample carries EXIF");
    let id = scene::new_id();
    let answer: PhotoAnswer = send(&inspector, id, "image/jpeg", &sent).await.expect(201).json();
    assert_eq!(answer.sha256, hex::encode(Sha256::digest(&sent)));
    for query in ["", "?size=full", "?size=thumb"] {
        let shown = inspector.get(&format!("{}{query}", path(id))).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
        assert_stripped(&shown.bytes);
    }
    let kept = files(&app);
    assert_eq!(kept.len(), 2, "{kept:?}");
    for file in kept {
        assert_stripped(&std::fs::read(file).expect("read"));
    }
    // What it said is known to the office, beside the picture.
    let facts: (Option<f64>, Option<f64>) = app
        .state
        .db
        .fetch_one(query("select captured_lng, captured_lat from photo where id = $1").bind(id))
        .await
        .expect("kept");
    let (lng, lat) = (facts.0.expect("a longitude"), facts.1.expect("a latitude"));
    assert!((lng - 113.72).abs() < 1e-9 && (lat - 33.56).abs() < 1e-9, "{lng} {lat}");
}

async fn every_orientation_is_turned_upright(app: TestApp) {
    let inspector = app.inspector();
    for orientation in 1..=8 {
        let id = scene::new_id();
        let sent = with_exif(&jpeg(1), &exif(orientation));
        let answer: PhotoAnswer = send(&inspector, id, "image/jpeg", &sent).await.expect(201).json();
        let upright = if orientation >= 5 { (240, 320) } else { (320, 240) };
        assert_eq!((answer.width, answer.height), upright, "orientation {orientation}");
        let shown = inspector.get(&path(id)).await.expect(200);
        let (width, height) = size(&shown.bytes);
        assert_eq!((u32::from(width), u32::from(height)), upright, "orientation {orientation}");
        assert_stripped(&shown.bytes);
    }
}

async fn what_it_is_decides_not_what_it_is_called(app: TestApp) {
    let inspector = app.inspector();
    for content_type in ["image/jpeg", "image/png", "image/webp", "IMAGE/JPEG; charset=binary"] {
        let id = scene::new_id();
        let png = black_png(64, 48);
        let answer: PhotoAnswer = send(&inspector, id, content_type, &png).await.expect(201).json();
        assert_eq!((answer.width, answer.height), (64, 48));
        let shown = inspector.get(&path(id)).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"), "sent as {content_type}");
        assert_stripped(&shown.bytes);
    }
}

async fn the_same_photo_may_be_sent_again(app: TestApp) {
    let (inspector, other) = (app.inspector(), app.other_inspector());
    let id = scene::new_id();
    let first = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(201);
    let again = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(200);
    assert_eq!(first.bytes, again.bytes);
    // The same id, however it is written.
    let upper = format!("/api/photos/{}", id.to_string().to_uppercase());
    let again = inspector.put_bytes(&upper, "image/jpeg", jpeg(1)).await.expect(200);
    assert_eq!(first.bytes, again.bytes);
    let shown = inspector.get(&path(id)).await.expect(200);
    assert_eq!(inspector.get(&upper).await.expect(200).bytes, shown.bytes);

    send(&inspector, id, "image/jpeg", &jpeg(2)).await.problem(Code::IdTaken);
    // Somebody else's id is taken, also for the very same bytes, and tells nothing more.
    for seed in [1, 2] {
        let refused = send(&other, id, "image/jpeg", &jpeg(seed)).await;
        refused.problem(Code::IdTaken);
        assert!(!refused.text().contains("sha256"), "{}", refused.text());
    }
    send(&inspector, id, "image/jpeg", b"no picture").await.problem(Code::IdTaken);
    assert_eq!(inspector.get(&path(id)).await.expect(200).bytes, shown.bytes, "untouched");
    assert_eq!(files(&app).len(), 2);
    // The same bytes under another id are another photo: whether one was used twice is seen by its hash.
    let _ = send(&other, scene::new_id(), "image/jpeg", &jpeg(1)).await.expect(201);
}

async fn two_senders_at_once_keep_one_photo(app: TestApp) {
    for seeds in [[1; 6], [1, 2, 3, 4, 5, 6]] {
        let id = scene::new_id();
        let before = files(&app).len();
        let tasks = seeds.map(|seed| {
            let inspector = app.inspector();
            tokio::spawn(async move { (seed, send(&inspector, id, "image/jpeg", &jpeg(seed)).await) })
        });
        let mut winner = None;
        let mut statuses = Vec::new();
        for task in tasks {
            let (seed, reply) = task.await.expect("answered");
            if reply.status == 201 {
                winner = Some(seed);
            }
            statuses.push(reply.status);
        }
        statuses.sort_unstable();
        let others = if seeds[0] == seeds[1] { 200 } else { 409 };
        let mut expected = vec![others; 5];
        expected.push(201);
        expected.sort_unstable();
        assert_eq!(statuses, expected);
        // What is shown is what was answered for, and the losers leave nothing behind.
        let winner = winner.expect("one was taken");
        let sent = hex::encode(Sha256::digest(jpeg(winner)));
        let again: PhotoAnswer =
            send(&app.inspector(), id, "image/jpeg", &jpeg(winner)).await.expect(200).json();
        assert_eq!(again.sha256, sent);
        let shown = app.inspector().get(&path(id)).await.expect(200);
        assert_eq!(shown.header("etag"), Some(&*format!("\"{}\"", &sent[..32])));
        assert_eq!(files(&app).len() - before, 2);
    }
}

async fn a_photo_is_fetched_once(app: TestApp) {
    let inspector = app.inspector();
    let photo = inspector.photo(1).await;
    let shown = inspector.get(&path(photo)).await.expect(200);
    let etag = shown.header("etag").expect("a tag").to_owned();
    let cache = shown.header("cache-control").expect("a rule");
    assert!(cache.contains("private") && !cache.contains("public"), "{cache}");
    let conditional = async |client: &tests::Client, tag: &str| {
        let mut request = client.request("GET", &path(photo), Body::empty());
        request.headers_mut().insert(header::IF_NONE_MATCH, tag.parse().expect("a header"));
        client.send(request).await
    };
    let unchanged = conditional(&inspector, &etag).await.expect(304);
    assert!(unchanged.bytes.is_empty());
    assert_eq!(unchanged.header("etag"), Some(&*etag));
    let _ = conditional(&inspector, "\"another\"").await.expect(200);
    // Knowing the tag is not being allowed to see it.
    conditional(&app.other_inspector(), &etag).await.problem(Code::NotFound);
    conditional(&app.anonymous(), &etag).await.problem(Code::NotSignedIn);
}
