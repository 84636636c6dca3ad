//! A person's work in the field bundle: whose it is, in which order, how much at most, and when it is sent again.

use app::bundle::{FieldBundle, WORK_ORDERS, WORK_RECHECKS, WORK_REPORTS, Work};
use app::id::IssueId;
use app::issue::{Issue, Policy};
use app::order::State;
use app::problem::{Code, FieldCode};
use app::time::MINUTE;
use axum::body::Body;
use serde_json::json;
use server::access::Granted;
use server::catalogue::setting;
use server::cli::Operator;
use server::db::query;
use tests::app::only_field;
use tests::county::{self, LAMP, MARKET, MINOR};
use tests::scene::{self, OTHER_UNIT, UNIT};
use tests::work::report;
use tests::{Client, Reply, TestApp, busy, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    everybody_is_given_their_own_work,
    a_unit_is_not_told_who_inspected,
    a_reassigned_order_is_the_other_units,
    only_what_changed_is_sent,
    a_phone_is_given_so_much_and_no_more,
    it_costs_the_same_however_much_there_is,
    there_are_two_parts,
);

const WORK: &str = "/api/field-bundle?part=work";
const CATALOGUE: &str = "/api/field-bundle?part=catalogue";
const WHOLE: &str = "/api/field-bundle";

async fn work_of(client: &Client) -> Work {
    client.get(WORK).await.expect(200).json()
}

fn ids(work: &Work) -> Vec<IssueId> {
    work.items.iter().map(|item| item.id).collect()
}

async fn user_id(app: &TestApp, username: &str) -> Uuid {
    let found = query("select id from account where username = $1").bind(username);
    app.state.db.fetch_one::<(Uuid,)>(found).await.expect("there").0
}

async fn everybody_is_given_their_own_work(app: TestApp) {
    busy::live(&app).await;
    let truth = busy::truth(&app).await;
    let due = |issue: &&Issue| (issue.order().expect("dispatched").due_at, issue.id);
    let open = |issue: &&Issue| issue.state != State::Closed;

    for username in ["inspector", "inspector2"] {
        let client = app.client(username);
        let me = user_id(&app, username).await;
        let is_mine = |issue: &&Issue| issue.reporter_id.0 == me;
        let mut rechecks: Vec<&Issue> =
            truth.iter().filter(|it| it.state == State::Confirmed && !is_mine(it)).collect();
        rechecks.sort_by_key(due);
        let mut reports: Vec<&Issue> = truth.iter().filter(open).filter(is_mine).collect();
        reports.sort_by_key(|issue| std::cmp::Reverse((issue.reported_at, issue.id)));
        assert!(rechecks.len() > 1 && reports.len() > 5, "{} and {}", rechecks.len(), reports.len());
        let expected: Vec<IssueId> = rechecks.iter().chain(&reports).map(|issue| issue.id).collect();
        let work = work_of(&client).await;
        assert_eq!((ids(&work), work.is_cut), (expected, false), "{username}");
    }
    for (username, units) in [("liaison", vec![UNIT]), ("liaison2", vec![OTHER_UNIT, busy::SCHOOL_UNIT])] {
        let is_ours = |it: &&Issue| it.order().is_some_and(|order| units.contains(&order.unit_id));
        let mut orders: Vec<&Issue> = truth.iter().filter(open).filter(is_ours).collect();
        orders.sort_by_key(due);
        assert!(orders.len() > 5, "{}", orders.len());
        let expected: Vec<IssueId> = orders.iter().map(|issue| issue.id).collect();
        let work = work_of(&app.client(username)).await;
        assert_eq!((ids(&work), work.is_cut), (expected, false), "{username}");
    }
    assert_eq!(work_of(&app.manager()).await, Work { items: Vec::new(), is_cut: false, damaged: Vec::new() });
    // Each is shown as it is shown alone, and the whole is the two parts.
    for username in ["inspector", "liaison", "liaison2", "manager"] {
        let client = app.client(username);
        let work = client.get(WORK).await.expect(200).value();
        for item in work["items"].as_array().expect("a list") {
            let id = item["id"].as_str().expect("an id");
            assert_eq!(*item, client.get(&format!("/api/issues/{id}")).await.expect(200).value());
        }
        let mut whole = client.get(CATALOGUE).await.expect(200).value();
        assert_eq!(whole.get("work"), None);
        whole["work"] = work;
        assert_eq!(client.get(WHOLE).await.expect(200).value(), whole, "{username}");
    }
}

async fn a_unit_is_not_told_who_inspected(app: TestApp) {
    busy::live(&app).await;
    let mut secrets = Vec::new();
    for username in ["inspector", "inspector2", "manager", "manager2"] {
        let id = user_id(&app, username).await;
        secrets.extend([id.to_string(), id.simple().to_string(), format!("姓名{username}")]);
        let renamed = query("update account set name = $2 where id = $1").bind(id);
        app.state.db.execute(renamed.bind(format!("姓名{username}"))).await.expect("renamed");
    }
    for username in ["liaison", "liaison2"] {
        for path in [WORK, WHOLE] {
            let text = app.client(username).get(path).await.expect(200).text();
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{username}: {path} says {secret}");
            }
            assert!(!text.contains("\"reporter\""), "{username}: {path}");
        }
        for item in work_of(&app.client(username)).await.items {
            assert_eq!((item.reporter, item.observed_at), (None, Some(item.reported_at)));
        }
    }
    // Nor does an inspector learn who else did.
    let other = user_id(&app, "inspector2").await.to_string();
    let text = app.inspector().get(WORK).await.expect(200).text();
    assert!(!text.contains(&other) && !text.contains("姓名inspector2"));
}

async fn a_reassigned_order_is_the_other_units(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let order = issue.order.expect("dispatched").id;
    assert_eq!(ids(&work_of(&app.liaison()).await), [issue.id]);
    let _ = app.liaison().step(order, json!({ "step": "return", "note": "不属于我单位" })).await;
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    let _ = app.manager().step(order, ruling).await;
    assert_eq!(ids(&work_of(&app.liaison()).await), []);
    let theirs = work_of(&app.other_liaison()).await;
    assert_eq!(ids(&theirs), [issue.id]);
    assert_eq!(theirs.items[0].order.as_ref().map(|order| order.unit_id), Some(OTHER_UNIT));
}

/// Asks again with the tag of an answer.
async fn again(client: &Client, path: &str, before: &Reply) -> Reply {
    let mut request = client.request("GET", path, Body::empty());
    let etag = before.header("etag").expect("a tag").parse().expect("a header");
    request.headers_mut().insert("if-none-match", etag);
    client.send(request).await
}

async fn only_what_changed_is_sent(app: TestApp) {
    county::lay(&app.state).await;
    let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let liaison = app.liaison();
    let first = async |path: &str| liaison.get(path).await.expect(200);
    let (work, catalogue, whole) = (first(WORK).await, first(CATALOGUE).await, first(WHOLE).await);
    assert_eq!(work.header("cache-control"), Some("private, no-cache"));
    for (path, before) in [(WORK, &work), (CATALOGUE, &catalogue), (WHOLE, &whole)] {
        let same = again(&liaison, path, before).await.expect(304);
        assert!(same.bytes.is_empty());
        assert_eq!(same.header("etag"), before.header("etag"), "{path}");
    }
    let tags = [&work, &catalogue, &whole].map(|reply| reply.header("etag").expect("a tag").to_owned());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
    // What one person has is not what another has.
    let _ = again(&app.other_liaison(), WORK, &work).await.expect(200);
    let _ = again(&app.other_liaison(), CATALOGUE, &catalogue).await.expect(304);

    // A step: the work has changed, the catalogue has not.
    let order = issue.order.expect("dispatched").id;
    let _ = liaison.step(order, json!({ "step": "accept" })).await;
    let changed = again(&liaison, WORK, &work).await.expect(200);
    assert_eq!(changed.json::<Work>().items[0].state, State::Accepted);
    let _ = again(&liaison, CATALOGUE, &catalogue).await.expect(304);
    let whole = again(&liaison, WHOLE, &whole).await.expect(200);

    // A name that is shown.
    let renamed = query("update account set name = $1 where username = $2").bind("新名字").bind("liaison");
    app.state.db.execute(renamed).await.expect("renamed");
    let work = again(&liaison, WORK, &changed).await.expect(200);

    // The county settles something else: the other way round.
    let operator = Operator::for_tests();
    let mut tx = app.state.db.begin().await.expect("begins");
    let policy = Policy { recurrence_days: 31, ..Policy::default() };
    setting::update_policy(&mut tx, &Granted::to_operator(&operator), &policy).await.expect("settled");
    setting::move_version_on(&mut tx, &Granted::to_operator(&operator)).await.expect("moved");
    tx.commit().await.expect("kept");
    app.state.catalogue.forget();
    let _ = again(&liaison, WORK, &work).await.expect(304);
    let bundle: FieldBundle = again(&liaison, CATALOGUE, &catalogue).await.expect(200).json();
    assert_eq!(bundle.policy.recurrence_days, 31);
    let _ = again(&liaison, WHOLE, &whole).await.expect(200);
}

async fn a_phone_is_given_so_much_and_no_more(app: TestApp) {
    county::lay(&app.state).await;
    let (inspector, liaison) = (app.inspector(), app.liaison());
    let mut reported = Vec::new();
    for _ in 0..=WORK_ORDERS {
        app.state.clock.advance(MINUTE);
        let mut sent = report(MARKET, MINOR, app.state.clock.now());
        sent["severity"] = json!("minor");
        let id = scene::new_id();
        let reply = inspector.put(&format!("/api/issues/{id}"), &sent).await.expect(201);
        reported.push((IssueId(id), reply.json::<app::issue::IssueAnswer>().order.expect("dispatched").id));
    }
    let oldest = |count: u32| reported[..count as usize].iter().map(|(id, _)| *id).collect::<Vec<_>>();
    let work = work_of(&liaison).await;
    assert_eq!((ids(&work), work.is_cut), (oldest(WORK_ORDERS), true), "a unit: what is due first");
    let work = work_of(&inspector).await;
    let newest: Vec<IssueId> = reported.iter().rev().take(WORK_REPORTS as usize).map(|(id, _)| *id).collect();
    assert_eq!((ids(&work), work.is_cut), (newest, true), "an inspector: the newest reports");

    for (_, order) in &reported[..=WORK_RECHECKS as usize] {
        for step in ["accept", "reply", "confirm"] {
            let _ = liaison.step(*order, json!({ "step": step, "note": "说明" })).await;
        }
    }
    let work = work_of(&app.other_inspector()).await;
    assert_eq!((ids(&work), work.is_cut), (oldest(WORK_RECHECKS), true), "re-checks: longest due first");
    // One fewer fits.
    let _ = app.other_inspector().step(reported[0].1, json!({ "step": "pass" })).await;
    let work = work_of(&app.other_inspector()).await;
    assert_eq!((work.items.len(), work.is_cut), (WORK_RECHECKS as usize, false));
    let work = work_of(&liaison).await;
    assert_eq!((work.items.len(), work.is_cut), (WORK_ORDERS as usize, false));
}

async fn it_costs_the_same_however_much_there_is(app: TestApp) {
    busy::lay(&app).await;
    let cost = async |username: &str| {
        let client = app.client(username);
        // The session's hourly note of its use, and a look at the catalogue's number, are not the work's.
        let _ = client.get("/api/me").await.expect(200);
        app.state.catalogue.forget();
        let _ = app.state.catalogue.get().await.expect("loaded");
        let before = app.state.db.statements();
        let work = work_of(&client).await;
        assert!(username == "manager" || !work.items.is_empty(), "{username}");
        app.state.db.statements() - before
    };
    for number in 0..8 {
        let _ = busy::add(&app, number).await;
    }
    let people = ["inspector", "liaison", "liaison2", "manager"];
    let mut few = Vec::new();
    for username in people {
        few.push(cost(username).await);
    }
    for number in 8..busy::ISSUES {
        let _ = busy::add(&app, number).await;
    }
    let mut many = Vec::new();
    for username in people {
        many.push(cost(username).await);
    }
    assert_eq!(few, many);
    assert!(many.iter().all(|statements| *statements <= 5), "with the session's own: {many:?}");
}

async fn there_are_two_parts(app: TestApp) {
    for query in ["part=everything", "part=", "part=Work", "part=work,catalogue"] {
        let reply = app.inspector().get(&format!("{WHOLE}?{query}")).await.expect(400);
        assert_eq!(
            only_field(&reply.problem(Code::InvalidParameter)),
            ("part", FieldCode::Invalid),
            "{query}"
        );
    }
    let reply = app.inspector().get(&format!("{WHOLE}?part=work&part=work")).await.expect(400);
    assert_eq!(only_field(&reply.problem(Code::InvalidParameter)), ("part", FieldCode::Repeated));
    let reply = app.inspector().get(&format!("{WHOLE}?parts=work")).await.expect(400);
    assert_eq!(only_field(&reply.problem(Code::UnknownParameter)), ("parts", FieldCode::Unknown));
    app.anonymous().get(WORK).await.problem(Code::NotSignedIn);
}
