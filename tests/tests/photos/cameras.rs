//! Photos as cameras, phones and programs send them: under many names, and some not as the standards say.

use crate::samples::{files, path, send};
use app::photo::PhotoAnswer;
use app::problem::Code;
use axum::http::header;
use server::db::query;
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    a_photo_comes_under_any_name_or_none,
    other_kinds_are_refused_by_their_name,
    what_phones_send_is_taken,
    what_the_phone_knows_of_its_place_is_kept,
);

/// A file of `tests/cases/photos/`.
fn case(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/cases/photos/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the case is there")
}

async fn a_photo_comes_under_any_name_or_none(app: TestApp) {
    let inspector = app.inspector();
    for name in [
        "image/jpeg",
        "image/jpg",
        "IMAGE/JPG; charset=binary",
        "image/pjpeg",
        "image/png",
        "image/webp",
        "image/heic",
        "application/octet-stream",
        "",
    ] {
        let _ = send(&inspector, scene::new_id(), name, &jpeg(1)).await.expect(201);
    }
    let mut bare = inspector.request("PUT", &path(scene::new_id()), jpeg(1).into());
    bare.headers_mut().remove(header::CONTENT_TYPE);
    let _ = inspector.send(bare).await.expect(201);
}

async fn other_kinds_are_refused_by_their_name(app: TestApp) {
    let inspector = app.inspector();
    for (file, kind) in [("plain.heic", "HEIC"), ("plain.avif", "AVIF")] {
        for name in ["image/heic", "image/avif", "image/jpeg", "application/octet-stream"] {
            let reply = send(&inspector, scene::new_id(), name, &case(file)).await;
            let detail = reply.problem(Code::NotAnImage).detail.expect("told");
            assert!(detail.contains(kind) && detail.contains("JPEG, PNG or WebP"), "{detail}");
        }
    }
    assert!(files(&app).is_empty());
}

async fn what_phones_send_is_taken(app: TestApp) {
    let inspector = app.inspector();
    for file in [
        "samsung-panorama-no-eoi.jpg",
        "no-eoi-then-zeros.jpg",
        "restart-one-missing.jpg",
        "stereo.mpo",
        "motion-photo.jpg",
        "gps-srational-hmd.jpg",
        "gps-seconds-0-0.jpg",
        "time-offset.jpg",
    ] {
        let id = scene::new_id();
        let answer: PhotoAnswer = send(&inspector, id, "image/jpeg", &case(file)).await.expect(201).json();
        assert_eq!((answer.width, answer.height), (640, 480), "{file}");
        let _ = inspector.get(&path(id)).await.expect(200);
    }
    let reply = send(&inspector, scene::new_id(), "image/jpeg", &case("cut-60-percent.jpg")).await;
    let detail = reply.problem(Code::NotAnImage).detail.expect("told");
    assert!(detail.contains("cut off"), "{detail}");
}

async fn what_the_phone_knows_of_its_place_is_kept(app: TestApp) {
    let inspector = app.inspector();
    // Hours of Shanghai where the camera names none.
    let shanghai = 1_795_138_200_000;
    for (file, (lng, lat), at) in [
        ("gps-srational-hmd.jpg", (113.733_611, 33.565), shanghai),
        ("gps-seconds-0-0.jpg", (113.733_333, 33.55), shanghai),
        ("time-offset.jpg", (113.733_611, 33.565), shanghai - 3_600_000),
    ] {
        let id = scene::new_id();
        let _ = send(&inspector, id, "image/jpeg", &case(file)).await.expect(201);
        let sql = "select captured_lng, captured_lat, captured_at from photo where id = $1";
        let kept: (f64, f64, i64) = app.state.db.fetch_one(query(sql).bind(id)).await.expect("kept");
        assert!((kept.0 - lng).abs() < 1e-5 && (kept.1 - lat).abs() < 1e-5, "{file}: {kept:?}");
        assert_eq!(kept.2, at, "{file}");
    }
}
