//! Photos on their way to whoever looks at them: piece by piece, and nothing left of those who hang up.

use crate::samples::{files, path, send};
use app::problem::Code;
use axum::body::Body;
use http_body_util::BodyExt;
use std::path::Path;
use tests::{TestApp, on_both_engines, scene};
use tower::ServiceExt;
use uuid::Uuid;

on_both_engines!(
    a_large_photo_comes_whole_and_says_its_length,
    whoever_hangs_up_leaves_no_file_open,
    a_photo_that_breaks_off_on_the_way_is_no_whole_answer,
    a_large_photo_that_was_cut_off_is_not_begun,
);

/// Noise, so that the rendition has some hundred kilobytes.
fn noise() -> Vec<u8> {
    let pixels: Vec<u8> =
        (0..1200 * 900 * 3u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect();
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 70);
    encoder.encode(&pixels, 1200, 900, jpeg_encoder::ColorType::Rgb).expect("a JPEG is made");
    jpeg
}

/// A large photo that was taken in: its id, and where its full rendition lies.
async fn large(app: &TestApp) -> (Uuid, std::path::PathBuf) {
    let id = scene::new_id();
    let _ = send(&app.inspector(), id, "image/jpeg", &noise()).await.expect(201);
    let full = files(app).into_iter().find(|file| file.to_string_lossy().contains("full")).expect("kept");
    assert!(std::fs::metadata(&full).expect("there").len() > 200_000, "some pieces long");
    (id, full)
}

/// How many of the files under a folder this process has open.
fn open_files(folder: &Path) -> usize {
    let open = std::fs::read_dir("/proc/self/fd").expect("Linux").flatten();
    open.filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .filter(|path| path.starts_with(folder))
        .count()
}

/// An answer whose body is still to be read.
async fn begin(app: &TestApp, id: Uuid) -> axum::response::Response {
    let request = app.inspector().request("GET", &path(id), Body::empty());
    server::router(app.state.clone()).oneshot(request).await.expect("the router always answers")
}

async fn a_large_photo_comes_whole_and_says_its_length(app: TestApp) {
    let (id, full) = large(&app).await;
    let shown = app.inspector().get(&path(id)).await.expect(200);
    assert_eq!(shown.bytes, std::fs::read(full).expect("read"));
    assert_eq!(shown.header("content-length"), Some(shown.bytes.len().to_string().as_str()));
    assert_eq!(shown.header("content-type"), Some("image/jpeg"));
    let thumb = app.inspector().get(&format!("{}?size=thumb", path(id))).await.expect(200);
    assert_eq!(thumb.header("content-length"), Some(thumb.bytes.len().to_string().as_str()));
}

async fn whoever_hangs_up_leaves_no_file_open(app: TestApp) {
    let (id, _) = large(&app).await;
    let folder = std::fs::canonicalize(&app.state.settings.photos).expect("there");
    let mut body = begin(&app, id).await.into_body();
    let piece = body.frame().await.expect("a piece").expect("read").into_data().expect("bytes");
    assert!(!piece.is_empty() && piece.len() <= 64 * 1024, "{} bytes at once", piece.len());
    assert_eq!(open_files(&folder), 1);
    drop(body);
    assert_eq!(open_files(&folder), 0);
    // Nor one who goes before the first byte.
    drop(begin(&app, id).await);
    assert_eq!(open_files(&folder), 0);
}

async fn a_photo_that_breaks_off_on_the_way_is_no_whole_answer(app: TestApp) {
    let (id, full) = large(&app).await;
    let response = begin(&app, id).await;
    let told: usize = response.headers()["content-length"].to_str().expect("text").parse().expect("a number");
    let mut body = response.into_body();
    body.frame().await.expect("a piece").expect("read");
    let file = std::fs::OpenOptions::new().write(true).open(&full).expect("there");
    file.set_len(100_000).expect("cut off");
    // Fewer bytes than were told, or an error: either way the connection breaks off.
    let rest = body.collect().await.map(|rest| rest.to_bytes().len()).unwrap_or(0);
    assert!(rest + 64 * 1024 < told);
    app.inspector().get(&path(id)).await.problem(Code::NotFound);
}

async fn a_large_photo_that_was_cut_off_is_not_begun(app: TestApp) {
    let (id, full) = large(&app).await;
    let whole = std::fs::read(&full).expect("read");
    for left in [whole.len() - 1, 70_000, 65_536, 65_535, 2, 1, 0] {
        std::fs::write(&full, &whole[..left]).expect("cut off");
        app.inspector().get(&path(id)).await.problem(Code::NotFound);
    }
    std::fs::write(&full, &whole).expect("brought back");
    assert_eq!(app.inspector().get(&path(id)).await.expect(200).bytes, whole);
}
