//! Bad input to reports and steps: each with the status and the code it gets, and that nothing comes of it.

mod bodies;
mod reports;
mod steps;
mod texts;

use app::problem::{FieldCode, Problem};
use serde_json::Value;
use server::db::query;
use tests::county::{LAMP, MARKET};
use tests::work::report;
use tests::{TestApp, scene};

/// The address of a new issue.
pub(crate) fn new_issue() -> String {
    format!("/api/issues/{}", scene::new_id())
}

/// A minor problem, so that no photo is needed.
pub(crate) fn minor(app: &TestApp) -> Value {
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["severity"] = "minor".into();
    sent
}

/// The only field a problem names.
#[track_caller]
pub(crate) fn field(problem: &Problem) -> (&str, FieldCode) {
    assert_eq!(problem.fields.len(), 1, "{problem:?}");
    (problem.fields[0].field.as_str(), problem.fields[0].code)
}

/// How many events there are.
pub(crate) async fn events(app: &TestApp) -> i64 {
    let (count,): (i64,) =
        app.state.db.fetch_one(query("select count(*) from event")).await.expect("counted");
    count
}
