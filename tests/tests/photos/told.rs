//! What a device tells of a photo beside its bytes: checked before anything is done, kept with the first sending, and
//! shown to nobody.

use crate::samples::{files, path};
use app::problem::{Code, FieldCode};
use server::db::query;
use tests::county::{self, LAMP, MARKET};
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(
    what_is_told_is_kept,
    the_first_telling_stays,
    what_is_told_wrongly_is_refused_before_any_work,
    no_unit_learns_of_it,
);

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Told {
    shot_at: Option<i64>,
    shot_lng: Option<f64>,
    shot_lat: Option<f64>,
    shot_accuracy_m: Option<f64>,
    source: Option<String>,
    shot_sha256: Option<String>,
    copy_of: Option<Uuid>,
    clock_skew_ms: Option<i64>,
}

async fn told(app: &TestApp, id: Uuid) -> Told {
    let sql = query(
        "select shot_at, shot_lng, shot_lat, shot_accuracy_m, source, shot_sha256, copy_of, clock_skew_ms
         from photo where id = $1",
    );
    app.state.db.fetch_one(sql.bind(id)).await.expect("kept")
}

const NOTHING: Told = Told {
    shot_at: None,
    shot_lng: None,
    shot_lat: None,
    shot_accuracy_m: None,
    source: None,
    shot_sha256: None,
    copy_of: None,
    clock_skew_ms: None,
};

fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

/// Everything there is to tell.
fn all(original: Uuid) -> String {
    format!(
        "captured_at=2026-03-02T08%3A58%3A00%2B08%3A00&lng=113.7250001&lat=33.5600002&accuracy_m=12.5&source=camera\
         &shot_sha256={}&copy_of={original}",
        hash('A')
    )
}

async fn what_is_told_is_kept(app: TestApp) {
    let (id, original) = (scene::new_id(), scene::new_id());
    let inspector = app.inspector().with_header("spotfix-device-time", app.state.clock.now().plus(-1_500));
    let address = format!("{}?{}", path(id), all(original));
    let answer = inspector.put_bytes(&address, "image/jpeg", jpeg(1)).await.expect(201);
    assert_eq!(answer.value().as_object().expect("an answer").len(), 4, "id, sha256, width, height");
    let expected = Told {
        shot_at: Some(app.state.clock.now().millis() - 120_000),
        shot_lng: Some(113.725_000_1),
        shot_lat: Some(33.560_000_2),
        shot_accuracy_m: Some(12.5),
        source: Some("camera".to_owned()),
        shot_sha256: Some(hash('a')),
        copy_of: Some(original),
        clock_skew_ms: Some(-1_500),
    };
    assert_eq!(told(&app, id).await, expected);
    // Any of it may be left out.
    for (query, expected) in [
        (String::new(), NOTHING),
        ("?source=gallery".to_owned(), Told { source: Some("gallery".to_owned()), ..NOTHING }),
        ("?lng=-180&lat=90".to_owned(), Told { shot_lng: Some(-180.0), shot_lat: Some(90.0), ..NOTHING }),
        (format!("?copy_of={original}"), Told { copy_of: Some(original), ..NOTHING }),
        ("?captured_at=1970-01-01T00:00:00Z".to_owned(), Told { shot_at: Some(0), ..NOTHING }),
    ] {
        let id = scene::new_id();
        let address = format!("{}{query}", path(id));
        let _ = app.liaison().put_bytes(&address, "image/jpeg", jpeg(2)).await.expect(201);
        assert_eq!(told(&app, id).await, expected, "{query}");
    }
}

async fn the_first_telling_stays(app: TestApp) {
    let (id, original) = (scene::new_id(), scene::new_id());
    let address = format!("{}?{}", path(id), all(original));
    let first = app.inspector().put_bytes(&address, "image/jpeg", jpeg(1)).await.expect(201);
    let kept = told(&app, id).await;
    for query in ["", "?source=gallery", "?lng=1&lat=1&accuracy_m=0"] {
        let address = format!("{}{query}", path(id));
        let again = app.inspector().put_bytes(&address, "image/jpeg", jpeg(1)).await.expect(200);
        assert_eq!(again.bytes, first.bytes, "{query}");
        app.inspector().put_bytes(&address, "image/jpeg", jpeg(2)).await.problem(Code::IdTaken);
        app.other_inspector().put_bytes(&address, "image/jpeg", jpeg(1)).await.problem(Code::IdTaken);
        assert_eq!(told(&app, id).await, kept, "{query}");
    }
    // Wrong is wrong, also the second time.
    let wrong = format!("{}?source=film", path(id));
    app.inspector().put_bytes(&wrong, "image/jpeg", jpeg(1)).await.problem(Code::InvalidParameter);
}

async fn what_is_told_wrongly_is_refused_before_any_work(app: TestApp) {
    let inspector = app.inspector();
    let id = scene::new_id();
    let sha = |text: &str| format!("shot_sha256={text}");
    let own = format!("copy_of={id}");
    let cases: Vec<(String, &str, FieldCode)> = vec![
        ("lng=180.1&lat=33".into(), "lng", FieldCode::OutOfRange),
        ("lng=NaN&lat=33".into(), "lng", FieldCode::OutOfRange),
        ("lng=113&lat=-90.5".into(), "lat", FieldCode::OutOfRange),
        ("lng=113&lat=inf".into(), "lat", FieldCode::OutOfRange),
        ("lng=113&lat=33&accuracy_m=-1".into(), "accuracy_m", FieldCode::OutOfRange),
        ("lng=113&lat=33&accuracy_m=1e7".into(), "accuracy_m", FieldCode::OutOfRange),
        ("lng=113".into(), "lat", FieldCode::Required),
        ("lat=33&accuracy_m=5".into(), "lng", FieldCode::Required),
        ("lng=east&lat=33".into(), "lng", FieldCode::Invalid),
        ("lng=&lat=33".into(), "lng", FieldCode::Invalid),
        ("captured_at=yesterday".into(), "captured_at", FieldCode::Invalid),
        ("captured_at=1772413200000".into(), "captured_at", FieldCode::Invalid),
        ("captured_at=2026-03-02T09:00:00+08:00".into(), "captured_at", FieldCode::Invalid),
        ("source=film".into(), "source", FieldCode::Invalid),
        ("source=".into(), "source", FieldCode::Invalid),
        (sha(""), "shot_sha256", FieldCode::Invalid),
        (sha(&hash('a')[1..]), "shot_sha256", FieldCode::Invalid),
        (sha(&hash('g')), "shot_sha256", FieldCode::Invalid),
        (sha(&"é".repeat(32)), "shot_sha256", FieldCode::Invalid),
        ("copy_of=1".into(), "copy_of", FieldCode::Invalid),
        (format!("copy_of={}", Uuid::nil()), "copy_of", FieldCode::Invalid),
        (own, "copy_of", FieldCode::Invalid),
        ("source=camera&source=camera".into(), "source", FieldCode::Repeated),
    ];
    for (query, field, code) in cases {
        let query = query.replace('é', "%C3%A9");
        let address = format!("{}?{query}", path(id));
        let problem =
            inspector.put_bytes(&address, "image/jpeg", jpeg(1)).await.problem(Code::InvalidParameter);
        assert_eq!(tests::app::only_field(&problem), (field, code), "{query}");
        // Before the bytes are even looked at.
        inspector.put_bytes(&address, "image/jpeg", "no picture").await.problem(Code::InvalidParameter);
    }
    let both = format!("{}?accuracy_m=5", path(id));
    let problem = inspector.put_bytes(&both, "image/jpeg", jpeg(1)).await.problem(Code::InvalidParameter);
    assert_eq!(problem.fields.len(), 2, "a radius around nothing");
    for unknown in ["colour=red", "size=thumb", "Source=camera"] {
        let address = format!("{}?{unknown}", path(id));
        inspector.put_bytes(&address, "image/jpeg", jpeg(1)).await.problem(Code::UnknownParameter);
    }
    let (rows,): (i64,) = app.state.db.fetch_one(query("select count(*) from photo")).await.expect("counted");
    assert_eq!((rows, files(&app).len()), (0, 0));
}

async fn no_unit_learns_of_it(app: TestApp) {
    county::lay(&app.state).await;
    let (id, original) = (scene::new_id(), scene::new_id());
    let inspector = app.inspector().with_header("spotfix-device-time", app.state.clock.now().plus(7_654_321));
    let address = format!("{}?{}", path(id), all(original));
    let _ = inspector.put_bytes(&address, "image/jpeg", jpeg(1)).await.expect(201);
    let mut sent = tests::work::report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = serde_json::json!([id]);
    let issue = format!("/api/issues/{}", scene::new_id());
    let _ = inspector.put(&issue, &sent).await.expect(201);
    let secrets = ["7654321", "113.7250001", "33.5600002", "12.5", &hash('a'), &original.to_string()];
    for reply in [
        app.liaison().get(&issue).await.expect(200),
        app.liaison().get("/api/issues").await.expect(200),
        app.liaison().get(&path(id)).await.expect(200),
    ] {
        let told = format!("{} {:?}", reply.text(), reply.headers);
        for secret in secrets {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
}
