//! Texts of every kind: kept as they were typed, never run, never cut.

use crate::{events, field, minor, new_issue};
use app::issue::IssueAnswer;
use app::problem::{Code, FieldCode};
use serde_json::json;
use server::db::query;
use tests::county;
use tests::{TestApp, on_both_engines};

on_both_engines!(
    every_text_comes_back_as_it_was_typed,
    a_text_is_as_long_as_it_may_be,
    names_in_queries_are_only_names,
);

/// What people and attackers type.
const TEXTS: [&str; 14] = [
    "'; drop table issue; --",
    "' or '1'='1",
    "\"; delete from event where 1=1; --",
    "$1 $2 ?1 :name @p %s {0} ${x}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</textarea><svg/onload=fetch('//evil.test')>",
    "a&amp;b &lt;b&gt; %3Cb%3E \\u003cb\\u003e",
    "=HYPERLINK(\"http://evil.test\",\"x\")",
    "  前后空格  \t与制表\r\n换行\n",
    "C:\\路径\\..\\..\\etc\\passwd \\\\ \\' \\\"",
    "👩‍👩‍👧 é é 𠮷 \u{202e}反向\u{202c} \u{feff}\u{200b}\u{2028}",
    "%_!%%__!! like ' escape '!'",
    "\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{85}",
    "{\"state\":\"closed\"} null true 1e9",
];

async fn every_text_comes_back_as_it_was_typed(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, liaison) = (app.inspector(), app.liaison());
    for text in TEXTS {
        let mut sent = minor(&app);
        sent["description"] = json!(text);
        let issue: IssueAnswer = inspector.put(&new_issue(), &sent).await.expect(201).json();
        assert_eq!(issue.description, text);
        let order = issue.order.expect("dispatched").id;
        let _ = liaison.step(order, json!({ "step": "accept", "note": text })).await;
        let replied = liaison.step(order, json!({ "step": "reply", "note": text })).await;
        assert_eq!(replied.reply_note, text);
        let _ = liaison.step(order, json!({ "step": "confirm", "note": text })).await;
        // A reason must say something; these all do.
        let _ = app.other_inspector().step(order, json!({ "step": "fail", "note": text })).await;
        let _ = app.manager().step(order, json!({ "step": "void", "note": text })).await;
        let seen = app.manager().issue(issue.id).await;
        assert_eq!(seen.description, text);
        let notes: Vec<&str> = seen.timeline.iter().map(|entry| entry.note.as_str()).collect();
        assert_eq!(notes, [text, "", text, text, text, text, text], "reported, dispatched, and five steps");
        let listed = app.manager().get("/api/issues?limit=1&sort=-reported_at").await.expect(200);
        assert_eq!(listed.header("content-type"), Some("application/json"));
    }
    let mut fixed = minor(&app);
    fixed["fixed_on_spot"] = json!({ "note": TEXTS[0] });
    let fixed: IssueAnswer = inspector.put(&new_issue(), &fixed).await.expect(201).json();
    let seen = app.manager().issue(fixed.id).await;
    assert_eq!(seen.timeline.last().expect("entries").note, TEXTS[0]);
    // Every row is still there, and so are the texts in the list.
    let listed = app.manager().get("/api/issues?limit=200").await.expect(200).value();
    let items = listed["items"].as_array().expect("items");
    assert_eq!(items.len(), TEXTS.len() + 1);
    for text in TEXTS {
        assert!(items.iter().any(|item| item["description"] == text), "{text:?}");
    }
    for table in ["issue", "unit_order", "event", "photo", "account"] {
        let count = match table {
            "issue" => query("select count(*) from issue"),
            "unit_order" => query("select count(*) from unit_order"),
            "event" => query("select count(*) from event"),
            "photo" => query("select count(*) from photo"),
            _ => query("select count(*) from account"),
        };
        let _: (i64,) = app.state.db.fetch_one(count).await.expect("the table is there");
    }
}

async fn a_text_is_as_long_as_it_may_be(app: TestApp) {
    county::lay(&app.state).await;
    let inspector = app.inspector();
    let send = async |description: String| {
        let mut sent = minor(&app);
        sent["description"] = json!(description);
        inspector.put(&new_issue(), &sent).await
    };
    // Characters are counted, not bytes.
    for letter in ["x", "长", "👩"] {
        let taken = send(letter.repeat(2_000)).await.expect(201).value();
        assert_eq!(taken["description"], letter.repeat(2_000));
        let refused = send(letter.repeat(2_001)).await.problem(Code::InvalidFields);
        assert_eq!(field(&refused), ("description", FieldCode::TooLong));
    }
    let before = events(&app).await;
    // A description of a megabyte that still fits into a body is too long; with a body beyond a mebibyte nobody looks.
    let refused = send("x".repeat(1_000_000)).await.problem(Code::InvalidFields);
    assert_eq!(field(&refused), ("description", FieldCode::TooLong));
    send("x".repeat(1024 * 1024)).await.problem(Code::PayloadTooLarge);
    let mut sent = minor(&app);
    sent["fixed_on_spot"] = json!({ "note": "x".repeat(2_001) });
    let refused = inspector.put(&new_issue(), &sent).await.problem(Code::InvalidFields);
    assert_eq!(field(&refused), ("fixed_on_spot.note", FieldCode::TooLong));
    sent = minor(&app);
    sent["clause_code"] = json!("x".repeat(100_000));
    let refused = inspector.put(&new_issue(), &sent).await.problem(Code::InvalidFields);
    assert_eq!(field(&refused), ("clause_code", FieldCode::NotFound));
    assert!(refused.detail.is_none_or(|detail| detail.len() < 200), "and is not said back");
    assert_eq!(events(&app).await, before);
}

async fn names_in_queries_are_only_names(app: TestApp) {
    county::lay(&app.state).await;
    let _ = app.inspector().put(&new_issue(), &minor(&app)).await.expect(201);
    let manager = app.manager();
    for text in ["'%20or%20'1'='1", "x'%3b%20drop%20table%20issue%3b%20--", "T01%27--", "%22%20or%201=1"] {
        for name in ["clause_code", "spot_type", "unit_group", "q"] {
            let listed = manager.get(&format!("/api/issues?{name}={text}")).await.expect(200).value();
            assert_eq!(listed["items"], json!([]), "{name}={text}");
        }
        for name in ["state", "sort", "basis", "measure", "from", "to"] {
            let reply = manager.get(&format!("/api/issues?{name}={text}")).await;
            assert_eq!(field(&reply.problem(Code::InvalidParameter)).0, name);
        }
        for name in ["unit_id", "spot_id", "area_id"] {
            manager.get(&format!("/api/issues?{name}={text}")).await.problem(Code::InvalidParameter);
        }
    }
    let listed = manager.get("/api/issues").await.expect(200).value();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "all still there");
}
