//! What is refused, and that nothing of it stays.

use crate::samples::{black_png, claiming, files, path, send};
use app::problem::Code;
use axum::body::Body;
use axum::http::header;
use server::db::query;
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    what_cannot_be_decoded_is_refused,
    what_is_too_much_is_refused,
    what_is_called_something_else_is_refused,
    ids_are_no_paths,
    only_known_sizes_are_shown,
);

/// No row and no file of anything that was refused.
async fn nothing_stays(app: &TestApp) {
    let (rows,): (i64,) = app.state.db.fetch_one(query("select count(*) from photo")).await.expect("counted");
    assert_eq!(rows, 0);
    assert_eq!(files(app), Vec::<std::path::PathBuf>::new());
}

async fn what_cannot_be_decoded_is_refused(app: TestApp) {
    let whole = jpeg(1);
    let html = b"<!doctype html><script>alert(1)</script>".to_vec();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let cut = |part: usize| whole[..whole.len() * part / 10].to_vec();
    let cases = [
        ("no bytes", Vec::new()),
        ("text", b"this is no picture".to_vec()),
        ("zeros", vec![0; 10_000]),
        ("HTML called JPEG", html.clone()),
        ("SVG called JPEG", svg),
        ("GIF called JPEG", gif),
        ("a program", b"\x7fELF\x02\x01\x01\0".to_vec()),
        ("HTML behind a JPEG's first bytes", [&whole[..3], html.as_slice()].concat()),
        ("the first bytes alone", whole[..3].to_vec()),
        ("half a JPEG", cut(5)),
        ("nine tenths of a JPEG", cut(9)),
        ("a JPEG without its last bytes", whole[..whole.len() - 6].to_vec()),
        ("half a JPEG with an end put to it", [cut(5), vec![0xFF, 0xD9]].concat()),
        ("half a PNG", {
            let png = black_png(64, 64);
            png[..png.len() / 2].to_vec()
        }),
    ];
    let inspector = app.inspector();
    for (name, bytes) in cases {
        let id = scene::new_id();
        let reply = send(&inspector, id, "image/jpeg", &bytes).await;
        assert_eq!(reply.status, 422, "{name}: {}", reply.text());
        assert!(reply.problem(Code::NotAnImage).detail.is_some(), "{name} says why");
        inspector.get(&path(id)).await.problem(Code::NotFound);
    }
    nothing_stays(&app).await;
}

async fn what_is_too_much_is_refused(app: TestApp) {
    let inspector = app.inspector();
    let bomb = black_png(20_000, 10_000);
    assert!(bomb.len() < 64 * 1024, "200 megapixels in {} bytes", bomb.len());
    send(&inspector, scene::new_id(), "image/png", &bomb).await.problem(Code::TooManyPixels);
    let bomb = claiming(jpeg(1), 20_000, 10_000);
    assert!(bomb.len() < 64 * 1024, "200 megapixels in {} bytes", bomb.len());
    send(&inspector, scene::new_id(), "image/jpeg", &bomb).await.problem(Code::TooManyPixels);
    // As many as are taken in all, but in one line.
    let line = black_png(64_000, 1);
    send(&inspector, scene::new_id(), "image/png", &line).await.problem(Code::TooManyPixels);

    let mut large = jpeg(1);
    large.resize(60 * 1024 * 1024, 0);
    // Said beforehand: refused before a byte is read.
    let mut request = inspector.request("PUT", &path(scene::new_id()), Body::from("the rest never comes"));
    request.headers_mut().insert(header::CONTENT_TYPE, "image/jpeg".parse().expect("a header"));
    request.headers_mut().insert(header::CONTENT_LENGTH, large.len().into());
    inspector.send(request).await.problem(Code::PayloadTooLarge);
    // Not said: refused where the limit is passed.
    send(&inspector, scene::new_id(), "image/jpeg", &large).await.problem(Code::PayloadTooLarge);
    large.truncate(30 * 1024 * 1024 + 1);
    send(&inspector, scene::new_id(), "image/jpeg", &large).await.problem(Code::PayloadTooLarge);
    // The room that was held for them is free again.
    let taken = send(&inspector, scene::new_id(), "image/jpeg", &jpeg(1)).await.expect(201);
    assert_eq!(taken.value()["width"], 320);
    assert_eq!(files(&app).len(), 2, "of the one that was taken");
}

async fn what_is_called_something_else_is_refused(app: TestApp) {
    let inspector = app.inspector();
    let types =
        ["application/json", "text/html", "image/gif", "image/svg+xml", "image/*", "multipart/form-data"];
    for content_type in types {
        let reply = send(&inspector, scene::new_id(), content_type, &jpeg(1)).await;
        reply.problem(Code::UnsupportedMediaType);
    }
    let reply = inspector.post(&path(scene::new_id()), &serde_json::json!({})).await;
    reply.problem(Code::MethodNotAllowed);
    let allow = reply.header("allow").expect("named");
    assert!(allow.contains("GET") && allow.contains("PUT"), "{allow}");
    nothing_stays(&app).await;
}

async fn ids_are_no_paths(app: TestApp) {
    let inspector = app.inspector();
    for id in [
        "..",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "1",
        "x",
        "%00",
        "%ff",
        "018f0000-0000-7000-8000-00000000000",
    ] {
        let address = format!("/api/photos/{id}");
        inspector.get(&address).await.problem(Code::InvalidId);
        inspector.put_bytes(&address, "image/jpeg", jpeg(1)).await.problem(Code::InvalidId);
    }
    for address in ["/api/photos/", "/api/photos/../../etc/passwd", "/api/photos/a/b"] {
        inspector.put_bytes(address, "image/jpeg", jpeg(1)).await.problem(Code::NotFound);
    }
    nothing_stays(&app).await;
}

async fn only_known_sizes_are_shown(app: TestApp) {
    let inspector = app.inspector();
    let photo = inspector.photo(1).await;
    for size in ["thumb", "full"] {
        let shown = inspector.get(&format!("{}?size={size}", path(photo))).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
    }
    for wrong in ["size=huge", "size=", "size=original", "size=thumb&size=full"] {
        let reply = inspector.get(&format!("{}?{wrong}", path(photo))).await;
        let problem = reply.problem(Code::InvalidParameter);
        assert_eq!(problem.fields[0].field, "size", "{wrong}");
    }
    inspector.get(&format!("{}?width=10", path(photo))).await.problem(Code::UnknownParameter);
}
