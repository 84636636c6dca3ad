//! Questions to the list that cannot be answered: each with the parameter and what is wrong with it.

use app::problem::{Code, FieldCode};
use serde_json::json;
use tests::app::only_field;
use tests::busy;
use tests::county;
use tests::{TestApp, on_both_engines};

on_both_engines!(
    what_cannot_be_asked_is_named,
    made_up_cursors_are_refused,
    too_much_is_refused,
    everybody_may_ask_and_nobody_else,
);

async fn what_cannot_be_asked_is_named(app: TestApp) {
    county::lay(&app.state).await;
    let manager = app.manager();
    let cases = [
        ("limit=0", "limit", FieldCode::OutOfRange),
        ("limit=201", "limit", FieldCode::OutOfRange),
        ("limit=-1", "limit", FieldCode::Invalid),
        ("limit=abc", "limit", FieldCode::Invalid),
        ("limit=", "limit", FieldCode::Invalid),
        ("limit=4294967296", "limit", FieldCode::Invalid),
        ("limit=1e2", "limit", FieldCode::Invalid),
        ("state=gone", "state", FieldCode::Unknown),
        ("state=", "state", FieldCode::Unknown),
        ("state=pool,", "state", FieldCode::Unknown),
        ("state=Pool", "state", FieldCode::Unknown),
        ("state=pool,pool,pool,pool,pool,pool,pool,pool,pool,pool,pool,gone", "state", FieldCode::Unknown),
        ("unit_id=JIA", "unit_id", FieldCode::Invalid),
        ("spot_id=1", "spot_id", FieldCode::Invalid),
        ("area_id=..", "area_id", FieldCode::Invalid),
        ("overdue=maybe", "overdue", FieldCode::Invalid),
        ("overdue=1", "overdue", FieldCode::Invalid),
        ("mine=", "mine", FieldCode::Invalid),
        ("sort=severity", "sort", FieldCode::Unknown),
        ("sort=+due_at", "sort", FieldCode::Unknown),
        ("sort=reported_at;drop", "sort", FieldCode::Unknown),
        ("basis=paid", "basis", FieldCode::Unknown),
        ("measure=closure_rate", "measure", FieldCode::Unknown),
        ("from=yesterday", "from", FieldCode::Invalid),
        ("from=2026-02-30", "from", FieldCode::Invalid),
        ("from=2026-3-1", "from", FieldCode::Invalid),
        ("to=2026-03-01T00:00:00%2B08:00", "to", FieldCode::Invalid),
        ("to=99999-01-01", "to", FieldCode::Invalid),
        ("to=0000-01-01", "to", FieldCode::Invalid),
        ("from=2026-03-02&to=2026-03-01", "from", FieldCode::OutOfRange),
    ];
    for (query, named, code) in cases {
        let reply = manager.get(&format!("/api/issues?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        assert_eq!(only_field(&reply.problem(Code::InvalidParameter)), (named, code), "{query}");
    }
    for (query, named) in [
        ("colour=red", "colour"),
        ("reporter_id=1", "reporter_id"),
        ("Limit=1", "Limit"),
        ("limit[]=1", "limit[]"),
    ] {
        let problem = manager.get(&format!("/api/issues?{query}")).await.problem(Code::UnknownParameter);
        assert_eq!(only_field(&problem), (named, FieldCode::Unknown));
    }
    for query in ["limit=1&limit=1", "state=pool&state=closed", "q=a&q=b"] {
        let problem = manager.get(&format!("/api/issues?{query}")).await.problem(Code::InvalidParameter);
        assert_eq!(only_field(&problem).1, FieldCode::Repeated, "{query}");
    }
    // Several at once are all named.
    let problem = manager.get("/api/issues?limit=0&sort=x&state=y").await.problem(Code::InvalidParameter);
    assert_eq!(problem.fields.len(), 3);
    for good in
        ["from=2026-03-01&to=2026-03-01", "to=1900-01-01", "from=9998-12-31", "limit=1", "limit=200", "&&"]
    {
        let _ = manager.get(&format!("/api/issues?{good}")).await.expect(200);
    }
    for (length, status) in [(100, 200), (101, 400)] {
        let reply =
            manager.get(&format!("/api/issues?q={}", "%E9%95%BF".repeat(length))).await.expect(status);
        if status == 400 {
            assert_eq!(only_field(&reply.problem(Code::InvalidParameter)), ("q", FieldCode::TooLong));
        }
    }
    // No text of any kind is our fault.
    for text in ["%00", "a%00b"] {
        manager.get(&format!("/api/issues?q={text}")).await.problem(Code::InvalidParameter);
        manager.get(&format!("/api/issues?clause_code={text}")).await.problem(Code::InvalidParameter);
    }
    for text in ["%FF%FE", "%", "%2", "%zz", "%ED%A0%80", "%27%22%3B--", "%E2%80%AE", "%F0%9F%91%A9"] {
        let reply = manager.get(&format!("/api/issues?q={text}")).await.expect(200);
        assert_eq!(reply.value()["items"], json!([]), "{text}");
    }
}

async fn made_up_cursors_are_refused(app: TestApp) {
    busy::lay(&app).await;
    for number in 0..6 {
        let _ = busy::add(&app, number).await;
    }
    let manager = app.manager();
    let next = async |sort: &str| {
        let page = manager.get(&format!("/api/issues?limit=1&sort={sort}")).await.expect(200).value();
        page["next_cursor"].as_str().expect("more than one").to_owned()
    };
    const SORTS: [&str; 4] = ["-reported_at", "reported_at", "due_at", "-due_at"];
    for made_by in SORTS {
        let cursor = next(made_by).await;
        for used_in in SORTS {
            let reply = manager.get(&format!("/api/issues?sort={used_in}&cursor={cursor}")).await;
            if made_by == used_in {
                let _ = reply.expect(200);
            } else {
                reply.problem(Code::InvalidCursor);
            }
        }
        for damaged in
            [&cursor[1..], &cursor[..cursor.len() - 1], &format!("{cursor}0"), &cursor.to_uppercase()]
        {
            let reply = manager.get(&format!("/api/issues?sort={made_by}&cursor={damaged}")).await;
            reply.problem(Code::InvalidCursor);
        }
    }
    for made_up in [
        "",
        "x",
        "r",
        "r1",
        "r-",
        "r1-2",
        "r9223372036854775808-018f00000000700080000000000000a1",
        "%27%20or%201=1",
        "../../etc/passwd",
        "%FF",
        "%E9%95%BF",
    ] {
        let reply = manager.get(&format!("/api/issues?cursor={made_up}")).await;
        assert_eq!(reply.status, 400, "{made_up}: {}", reply.text());
        reply.problem(Code::InvalidCursor);
    }
    let long = "r".repeat(7_000);
    manager.get(&format!("/api/issues?cursor={long}")).await.problem(Code::InvalidCursor);
    // One that could have been ours leads to a place like any other, and to nothing one may not see.
    let far = "s9223372036854775807-018f00000000700080000000000000a1";
    let page = manager.get(&format!("/api/issues?sort=reported_at&cursor={far}")).await.expect(200).value();
    assert_eq!(page["items"], json!([]));
    let start = "s-9223372036854775808-018f00000000700080000000000000a1";
    let seen =
        app.liaison().get(&format!("/api/issues?sort=reported_at&cursor={start}")).await.expect(200).value();
    let plain = app.liaison().get("/api/issues?sort=reported_at").await.expect(200).value();
    assert_eq!(seen["items"], plain["items"]);
}

async fn too_much_is_refused(app: TestApp) {
    county::lay(&app.state).await;
    let manager = app.manager();
    let many = |count: usize| (0..count).map(|n| format!("{n:x}=")).collect::<Vec<_>>().join("&");
    manager.get(&format!("/api/issues?{}", many(10_000))).await.problem(Code::UriTooLong);
    manager.get(&format!("/api/issues?{}", "a&".repeat(10_000))).await.problem(Code::UriTooLong);
    // As many as an address holds: refused, and not all said back.
    let problem = manager.get(&format!("/api/issues?{}", many(1_000))).await.problem(Code::UnknownParameter);
    assert_eq!(problem.fields.len(), 20);
    manager.get(&format!("/api/issues?{}", "limit=1&".repeat(1_000))).await.problem(Code::InvalidParameter);
    let states = vec!["pool"; 1_500].join(",");
    let _ = manager.get(&format!("/api/issues?state={states}")).await.expect(200);
    manager.get(&format!("/api/issues?clause_code={}", "x".repeat(9_000))).await.problem(Code::UriTooLong);
    let none =
        manager.get(&format!("/api/issues?clause_code={}", "x".repeat(7_000))).await.expect(200).value();
    assert_eq!(none["items"], json!([]));
}

async fn everybody_may_ask_and_nobody_else(app: TestApp) {
    county::lay(&app.state).await;
    for username in ["inspector", "liaison", "manager", "admin"] {
        let page = app.client(username).get("/api/issues").await.expect(200).value();
        assert_eq!(page, json!({ "items": [] }), "{username}");
    }
    app.anonymous().get("/api/issues").await.problem(Code::NotSignedIn);
    // Not even whether the question was right is told to whoever is not signed in.
    app.anonymous().get("/api/issues?colour=red").await.problem(Code::NotSignedIn);
}
