//! A SQLite file that is deleted or replaced while the server runs: nothing is acknowledged that no restart would find.

use crate::put_report;
use app::problem::Code;
use std::path::{Path, PathBuf};
use tests::{Engine, TestApp, county};

#[test]
fn a_deleted_file_is_noticed() {
    tests::run(Engine::Sqlite, |app| is_noticed(app, |file| std::fs::remove_file(file)));
}

#[test]
fn a_replaced_file_is_noticed() {
    tests::run(Engine::Sqlite, |app| {
        is_noticed(app, |file| {
            let copy = with(file, ".copy");
            std::fs::copy(file, &copy)?;
            std::fs::rename(copy, file)
        })
    });
}

#[test]
fn a_deleted_log_is_noticed() {
    tests::run(Engine::Sqlite, |app| is_noticed(app, |file| std::fs::remove_file(with(file, "-wal"))));
}

async fn is_noticed(app: TestApp, harm: impl Fn(&Path) -> std::io::Result<()> + Send + 'static) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    assert_eq!(put_report(&app, &inspector).await.status, 201);
    let file = PathBuf::from(app.database_url().trim_start_matches("sqlite:"));
    harm(&file).expect("done");
    for _ in 0..2 {
        put_report(&app, &inspector).await.problem(Code::Unavailable);
    }
    app.anonymous().get("/readyz").await.problem(Code::Unavailable);
}

fn with(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
