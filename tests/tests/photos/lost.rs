//! Photos whose file is gone or cut off: not shown, and written anew when they are sent again.

use crate::samples::{files, path, send};
use app::problem::Code;
use tests::work::jpeg;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(a_lost_file_is_written_anew_and_not_confirmed);

async fn a_lost_file_is_written_anew_and_not_confirmed(app: TestApp) {
    let (inspector, id) = (app.inspector(), scene::new_id());
    let first = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(201);
    let names = files(&app);
    for name in &names {
        let size = if name.to_string_lossy().contains("thumb") { "thumb" } else { "full" };
        let address = format!("{}?size={size}", path(id));
        let shown = inspector.get(&address).await.expect(200);
        for left in [None, Some(0), Some(1), Some(shown.bytes.len() / 2)] {
            match left {
                None => std::fs::remove_file(name).expect("removed"),
                Some(left) => std::fs::write(name, &shown.bytes[..left]).expect("cut off"),
            }
            inspector.get(&address).await.problem(Code::NotFound);
            // Neither another picture nor another person brings it back.
            send(&inspector, id, "image/jpeg", &jpeg(2)).await.problem(Code::IdTaken);
            send(&app.other_inspector(), id, "image/jpeg", &jpeg(1)).await.problem(Code::IdTaken);
            inspector.get(&address).await.problem(Code::NotFound);
            // Later than the first time, and still under the name that the row knows.
            app.state.clock.advance(1);
            let again = send(&inspector, id, "image/jpeg", &jpeg(1)).await.expect(200);
            assert_eq!(again.bytes, first.bytes);
            assert_eq!(inspector.get(&address).await.expect(200).bytes, shown.bytes);
            assert_eq!(files(&app), names);
        }
    }
}
