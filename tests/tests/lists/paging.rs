//! Pages by key: everything is visited once, in order, in every sorting, also while new issues arrive; and a page costs
//! the same however many issues there are.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::busy::{self, ISSUES};
use tests::{Client, TestApp, on_both_engines};

on_both_engines!(
    pages_visit_everything_once_in_order,
    new_arrivals_disturb_no_page,
    a_page_costs_the_same_however_many_there_are,
);

const SORTS: [&str; 4] = ["-reported_at", "reported_at", "due_at", "-due_at"];

fn sort_key(sort: &str, row: &Value) -> (String, String) {
    let name = sort.trim_start_matches('-');
    let text = |name: &str| row[name].as_str().expect("a text").to_owned();
    (text(name), text("id"))
}

/// The page behind this cursor, and the cursor of the next.
async fn page(client: &Client, query: &str, cursor: Option<String>) -> (Vec<Value>, Option<String>) {
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let page = client.get(&format!("/api/issues?{query}{cursor}")).await.expect(200).value();
    let next = page.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
    (page["items"].as_array().expect("items").clone(), next)
}

/// All pages, one after the other.
async fn walk(client: &Client, query: &str) -> Vec<Vec<Value>> {
    let (first, mut next) = page(client, query, None).await;
    let mut pages = vec![first];
    while next.is_some() {
        let (items, after) = page(client, query, next).await;
        pages.push(items);
        next = after;
        assert!(pages.len() < 500, "an end comes");
    }
    pages
}

async fn pages_visit_everything_once_in_order(app: TestApp) {
    busy::live(&app).await;
    let all = app.manager().get("/api/issues?limit=200").await.expect(200).value();
    let all = all["items"].as_array().expect("items").clone();
    let ids = |rows: &[Value]| -> BTreeSet<String> {
        rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    };
    for sort in SORTS {
        // What has no due time stands in no list by due time.
        let expected: Vec<Value> = all
            .iter()
            .filter(|row| !sort.contains("due_at") || row.get("due_at").is_some())
            .cloned()
            .collect();
        for limit in [1, 7, expected.len() - 1, expected.len(), 200] {
            let pages = walk(&app.manager(), &format!("sort={sort}&limit={limit}")).await;
            assert_eq!(
                pages.len(),
                expected.len().div_ceil(limit),
                "{sort} by {limit}: no empty page at the end"
            );
            assert!(pages[..pages.len() - 1].iter().all(|page| page.len() == limit), "{sort} by {limit}");
            let rows: Vec<Value> = pages.concat();
            assert_eq!(rows.len(), expected.len(), "{sort} by {limit}");
            assert_eq!(ids(&rows), ids(&expected), "{sort} by {limit}");
            let mut sorted = rows.clone();
            sorted.sort_by_key(|row| sort_key(sort, row));
            if sort.starts_with('-') {
                sorted.reverse();
            }
            assert_eq!(rows, sorted, "{sort} by {limit}");
        }
    }
    // A filter holds on every page, and the default is the newest first, fifty at a time.
    let closed = walk(&app.manager(), "state=closed&limit=3").await.concat();
    assert!(closed.len() > 6 && closed.iter().all(|row| row["state"] == json!("closed")));
    let plain = walk(&app.manager(), "").await;
    assert_eq!(plain.iter().map(Vec::len).collect::<Vec<_>>(), [50, ISSUES - 50]);
    assert_eq!(plain.concat(), walk(&app.manager(), "sort=-reported_at&limit=9").await.concat());
}

async fn new_arrivals_disturb_no_page(app: TestApp) {
    busy::lay(&app).await;
    for number in 0..20 {
        let _ = busy::add(&app, number).await;
    }
    let mut number = 20;
    for sort in SORTS {
        let before = app.manager().get("/api/issues?limit=200").await.expect(200).value();
        let expected: BTreeSet<String> = before["items"]
            .as_array()
            .expect("items")
            .iter()
            .filter(|row| !sort.contains("due_at") || row.get("due_at").is_some())
            .map(|row| row["id"].as_str().expect("an id").to_owned())
            .collect();
        let query = format!("sort={sort}&limit=4");
        let (mut rows, mut next) = page(&app.manager(), &query, None).await;
        while next.is_some() && number % 20 != 19 {
            let _ = busy::add(&app, number).await;
            number += 1;
            let (items, after) = page(&app.manager(), &query, next).await;
            rows.extend(items);
            next = after;
        }
        while next.is_some() {
            let (items, after) = page(&app.manager(), &query, next).await;
            rows.extend(items);
            next = after;
        }
        number += 1;
        let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().expect("an id")).collect();
        let once: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(once.len(), ids.len(), "{sort}: nothing twice");
        assert!(once.is_superset(&expected), "{sort}: what was there is visited");
        if sort == "-reported_at" {
            assert_eq!(once, expected, "what is newer than the first page stands before it");
        }
    }
}

async fn a_page_costs_the_same_however_many_there_are(app: TestApp) {
    busy::lay(&app).await;
    let cost = async |username: &str, query: &str| {
        let client = app.client(username);
        // The session's hourly note of its use, and a look at the catalogue's number, are not the list's.
        let _ = client.get("/api/me").await.expect(200);
        app.state.catalogue.forget();
        let _ = app.state.catalogue.get().await.expect("loaded");
        let before = app.state.db.statements();
        let _ = client.get(&format!("/api/issues?{query}")).await.expect(200);
        app.state.db.statements() - before
    };
    let queries = [
        "",
        "sort=due_at&limit=200",
        "state=dispatched,accepted&overdue=true&q=a&from=2026-01-01&to=2026-12-31&basis=due&measure=due",
    ];
    let mut costs = Vec::new();
    for rounds in [1, 15, 30] {
        for number in 0..rounds {
            let _ = busy::add(&app, number).await;
        }
        for username in ["manager", "inspector", "liaison"] {
            for query in queries {
                costs.push(cost(username, query).await);
            }
        }
    }
    assert!(costs.iter().all(|statements| *statements <= 3), "with the session's own: {costs:?}");
    let (min, max) = (costs.iter().min(), costs.iter().max());
    assert_eq!(min, max, "whoever asks, whatever for, and however many there are: {costs:?}");
}
