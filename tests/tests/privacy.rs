//! Units never learn who inspected, and inspectors not who else did: every answer and every refusal they can get is
//! read for the names, user names, ids and device times of the others.

use app::id::{IssueId, OrderId, PhotoId, UserId};
use app::issue::IssueAnswer;
use app::problem::Code;
use app::role::Role;
use app::time::{DAY, HOUR, Timestamp};
use serde_json::{Value, json};
use server::cli::{Operator, user};
use server::db::query;
use tests::county::{self, LAMP, LITTER, MARKET, NIGHT};
use tests::scene::{OTHER_UNIT, PASSWORD, UNIT};
use tests::work::{jpeg, report};
use tests::{Client, Reply, TestApp, on_both_engines, scene};
use uuid::Uuid;

on_both_engines!(units_never_learn_who_inspected, inspectors_do_not_learn_who_else_did);

/// Somebody of the campaign side with a name that nothing else contains.
struct Person {
    client: Client,
    /// What must not be said to others.
    secrets: Vec<String>,
}

/// What happened, for whoever walks through it.
struct Story {
    reporter: Person,
    rechecker: Person,
    office: Person,
    issues: Vec<IssueId>,
    orders: Vec<OrderId>,
    photos: Vec<PhotoId>,
}

async fn person(app: &TestApp, username: &str, name: &str, role: Role) -> Person {
    let operator = Operator::for_tests();
    user::add(&app.state, &operator, username, name, role, &[], PASSWORD).await.expect("added");
    let (id,): (Uuid,) = app
        .state
        .db
        .fetch_one(query("select id from account where username = $1").bind(username))
        .await
        .expect("there");
    let mut client = app.anonymous();
    let _ = client.sign_in(username, PASSWORD).await.expect(204);
    let secrets = vec![username.to_owned(), name.to_owned(), id.to_string(), id.simple().to_string()];
    Person { client, secrets }
}

impl Person {
    /// This person with a phone whose clock is off by a measure of its own: no more to be said to others than a name.
    fn with_phone(&mut self, app: &TestApp) -> Client {
        let off = 3 * HOUR + 1_000_003 + i64::try_from(self.secrets.len()).expect("few") * 7_001;
        let shown = self.device_at(app.state.clock.now().plus(off));
        self.secrets.push(off.to_string());
        self.client.clone().with_header("spotfix-device-time", shown)
    }

    /// A moment this person's device tells, which must not be said to others, however it is written.
    fn device_at(&mut self, at: Timestamp) -> Timestamp {
        let written = at.to_string();
        let utc = at.plus(-8 * HOUR).to_string();
        for text in [&written, &utc] {
            self.secrets.push(text.split(['+', '.']).next().expect("a date and a time").to_owned());
        }
        self.secrets.push(at.millis().to_string());
        at
    }
}

/// A whole loop with a rework, a return that was ruled upon, a reassignment, a void issue, and one waiting.
async fn story(app: &TestApp) -> Story {
    county::lay(&app.state).await;
    let mut reporter = person(app, "jia.xunfei", "贾寻非", Role::Inspector).await;
    let mut rechecker = person(app, "yi.chayan", "易查验", Role::Inspector).await;
    let office = person(app, "bing.banshi", "邴办事", Role::Manager).await;
    let liaison = app.liaison();
    let (mut issues, mut orders, mut photos) = (Vec::new(), Vec::new(), Vec::new());
    let mut odd = 0;
    // A second that no server time falls on.
    let mut seen_at = |clock: Timestamp| {
        odd += 1;
        clock.plus(-(17 * 60 + 31 + odd) * 1_000 - 437)
    };
    for clause in [LAMP, NIGHT, LAMP, LAMP, LAMP] {
        let mut sent = report(MARKET, clause, reporter.device_at(seen_at(app.state.clock.now())));
        let photo = reporter.client.photo(1).await;
        sent["photo_ids"] = json!([photo]);
        let address = format!("/api/issues/{}", scene::new_id());
        let phone = reporter.with_phone(app);
        let issue: IssueAnswer = phone.put(&address, &sent).await.expect(201).json();
        issues.push(issue.id);
        orders.push(issue.order.expect("dispatched").id);
        photos.push(photo);
        app.state.clock.advance(HOUR);
    }
    // Reworked, then closed.
    let _ = liaison.step(orders[0], json!({ "step": "accept" })).await;
    photos.extend(liaison.answer(orders[0]).await.reply_photo_ids);
    app.state.clock.advance(HOUR);
    let proof = rechecker.client.photo(5).await;
    photos.push(proof);
    let at = rechecker.device_at(seen_at(app.state.clock.now()));
    let failed = json!({ "step": "fail", "note": "仍有残留", "photo_ids": [proof], "device_at": at });
    let _ = rechecker.with_phone(app).step(orders[0], failed).await;
    let _ = liaison.answer(orders[0]).await;
    app.state.clock.advance(HOUR);
    let at = rechecker.device_at(seen_at(app.state.clock.now()));
    let _ = rechecker.with_phone(app).step(orders[0], json!({ "step": "pass", "device_at": at })).await;
    // Returned and back, waiting for a re-check.
    let _ = liaison.step(orders[1], json!({ "step": "return", "note": "不属于我单位" })).await;
    let ruling = json!({ "step": "rule", "unit_id": UNIT, "note": "仍由原单位办理" });
    let _ = office.client.step(orders[1], ruling).await;
    let _ = liaison.step(orders[1], json!({ "step": "accept" })).await;
    let _ = liaison.answer(orders[1]).await;
    // Moved to another unit.
    let _ = liaison.step(orders[2], json!({ "step": "return", "note": "不属于我单位" })).await;
    let ruling = json!({ "step": "rule", "unit_id": OTHER_UNIT, "note": "改派" });
    let _ = office.client.step(orders[2], ruling).await;
    orders.push(office.client.issue(issues[2]).await.order.expect("another").id);
    // Void; and the last is past due.
    let _ = office.client.step(orders[3], json!({ "step": "void", "note": "重复" })).await;
    app.state.clock.advance(10 * DAY);
    // The same problem again: linked for the office.
    let mut sent = report(MARKET, LAMP, reporter.device_at(seen_at(app.state.clock.now())));
    sent["severity"] = json!("minor");
    let again: IssueAnswer =
        reporter.client.put(&format!("/api/issues/{}", scene::new_id()), &sent).await.expect(201).json();
    assert!(again.recurs.is_some());
    issues.push(again.id);
    orders.push(again.order.expect("dispatched").id);
    Story { reporter, rechecker, office, issues, orders, photos }
}

/// Fails when an answer, its headers included, holds one of the secrets.
#[track_caller]
fn read(what: &str, reply: &Reply, secrets: &[&String]) {
    let headers = format!("{:?}", reply.headers);
    let text = reply.text();
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "{what} says {secret}: {text}");
        assert!(!headers.contains(secret.as_str()), "{what} says {secret}: {headers}");
    }
}

/// Every `GET` of the contract with every id there is, every question to the lists, and everything that is refused.
async fn read_everything(app: &TestApp, client: &Client, story: &Story, secrets: &[&String]) -> usize {
    let mut answered = 0;
    for address in addresses(app, story).await {
        let reply = client.get(&address).await;
        assert!(reply.status < 500, "{address}: {}", reply.text());
        answered += usize::from(reply.status == 200);
        read(&address, &reply, secrets);
    }
    let steps = ["accept", "reply", "confirm", "return", "rule", "pass", "fail", "void", "assign"];
    for step in steps {
        for body in [json!({ "step": step }), json!({ "step": step, "unit_id": UNIT, "note": "x" })] {
            // Only what is refused: the story stays as it is.
            for order in &story.orders {
                let allowed = client.get(&format!("/api/orders/{order}")).await;
                if allowed.status == 200 && allowed.text().contains(&format!("\"{step}\"")) {
                    continue;
                }
                let reply = client.try_step(*order, &body).await;
                assert!((400..500).contains(&reply.status), "{step}: {}", reply.text());
                read(step, &reply, secrets);
            }
            for issue in &story.issues {
                let address = format!("/api/issues/{issue}/steps/{}", scene::new_id());
                read(step, &client.put(&address, &body).await, secrets);
            }
        }
    }
    for issue in &story.issues {
        let sent = report(MARKET, LITTER, app.state.clock.now());
        let reply = client.put(&format!("/api/issues/{issue}"), &sent).await;
        assert!((400..500).contains(&reply.status), "{}", reply.text());
        read("another report", &reply, secrets);
        // The issue's id is that of its first event.
        let address = format!("/api/orders/{}/steps/{issue}", story.orders[0]);
        read("a step's id", &client.put(&address, &json!({ "step": "accept" })).await, secrets);
    }
    for photo in &story.photos {
        let reply = client.put_bytes(&format!("/api/photos/{photo}"), "image/jpeg", jpeg(9)).await;
        reply.problem(Code::IdTaken);
        read("another photo", &reply, secrets);
        let sent = json!({ "step": "reply", "note": "x", "photo_ids": [photo] });
        read("a photo in a reply", &client.try_step(story.orders[5], &sent).await, secrets);
    }
    answered
}

async fn addresses(app: &TestApp, story: &Story) -> Vec<String> {
    let document = app.anonymous().get("/api/openapi.json").await.expect(200).value();
    let ids = |ids: &mut dyn Iterator<Item = Uuid>| ids.map(|id| id.to_string()).collect::<Vec<_>>();
    let mut all = ids(&mut story.issues.iter().map(|id| id.0));
    all.extend(ids(&mut story.orders.iter().map(|id| id.0)));
    all.extend(ids(&mut story.photos.iter().map(|id| id.0)));
    all.extend([scene::new_id().to_string(), "nothing".to_owned()]);
    let mut addresses = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        if item.get("get").is_none() {
            continue;
        }
        match path.split_once('{') {
            None => addresses.push(path.clone()),
            Some((start, rest)) => {
                let (_, end) = rest.split_once('}').expect("closed");
                assert!(!end.contains('{'), "one id at most: {path}");
                addresses.extend(all.iter().map(|id| format!("{start}{id}{end}")));
            }
        }
    }
    assert!(addresses.len() > 40, "{addresses:?}");
    let lists = [
        "limit=200",
        "sort=due_at",
        "sort=-due_at",
        "overdue=true",
        "state=closed",
        "state=confirmed",
        "q=T01",
        "q=jia.xunfei",
        "mine=true",
        "recheck=true",
        "measure=reworked",
        "reporter_id=1",
        "cursor=x",
        "limit=0",
    ];
    addresses.extend(lists.iter().map(|query| format!("/api/issues?{query}")));
    let groups = ["unit", "unit_group", "spot_type", "clause", "area", "month", "inspector"];
    for group in groups {
        for basis in ["due", "dispatched", "closed"] {
            addresses
                .push(format!("/api/rates?from=2026-01-01&to=2026-12-31&basis={basis}&group_by={group}"));
        }
    }
    addresses.extend([
        "/api/routing/assignment?spot=NMSC-001&clause=T01".to_owned(),
        "/api/units?q=xun".to_owned(),
        "/api/field-bundle?part=work".to_owned(),
    ]);
    addresses
}

async fn units_never_learn_who_inspected(app: TestApp) {
    let story = story(&app).await;
    let secrets: Vec<&String> =
        [&story.reporter, &story.rechecker, &story.office].iter().flat_map(|it| &it.secrets).collect();
    assert!(secrets.len() > 3 * 4 + 3 * 5);
    for username in ["liaison", "liaison2"] {
        let client = app.client(username);
        let answered = read_everything(&app, &client, &story, &secrets).await;
        assert!(answered > 20, "{username} got {answered} answers");
    }
    // Asking by reporter would tell, one question at a time; searching for a name finds nothing.
    for question in ["mine=true", "mine=false", "recheck=true", "recheck=false"] {
        app.liaison().get(&format!("/api/issues?{question}")).await.problem(Code::Forbidden);
    }
    for secret in &story.reporter.secrets[..1] {
        let found = app.liaison().get(&format!("/api/issues?q={secret}")).await.expect(200).value();
        assert_eq!(found["items"], json!([]));
    }
    // What a unit is told says the same whoever of two inspectors it was.
    let seen = app.liaison().issue(story.issues[0]).await;
    assert_eq!(seen.reporter, None);
    assert_eq!(seen.recurs, None);
    for entry in &seen.timeline {
        let by = serde_json::to_value(&entry.by).expect("plain data");
        let is_own = matches!(entry.what.as_str(), "accepted" | "replied" | "confirmed");
        let kind = match entry.what.as_str() {
            "dispatched" => "system",
            _ if is_own => "unit",
            _ => "office",
        };
        assert_eq!(by["kind"], kind, "{}", entry.what);
        assert!(is_own || (entry.device_at, entry.clock_skew_ms) == (None, None), "{}", entry.what);
    }
    // The office is told all of it, so the secrets are such as would be found.
    let told = story.office.client.get(&format!("/api/issues/{}", story.issues[0])).await.expect(200).text();
    for person in [&story.reporter, &story.rechecker] {
        for secret in [&person.secrets[1], &person.secrets[2], &person.secrets[4]] {
            assert!(told.contains(secret.as_str()), "the office is told {secret}: {told}");
        }
    }
    assert_eq!(server::rate::store::recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn inspectors_do_not_learn_who_else_did(app: TestApp) {
    let story = story(&app).await;
    let about = |people: &[&Person]| -> Vec<String> {
        // Names and ids; when something was seen is no secret among inspectors.
        people.iter().flat_map(|it| it.secrets[..4].to_vec()).collect()
    };
    let liaisons: Vec<(Uuid,)> =
        app.state.db.fetch_all(query("select id from account where role = 'unit'")).await.expect("read");
    for (me, others) in [
        (&story.reporter, [&story.rechecker, &story.office]),
        (&story.rechecker, [&story.reporter, &story.office]),
    ] {
        let mut secrets = about(&others);
        secrets.extend(liaisons.iter().map(|(id,)| UserId(*id).to_string()));
        let secrets: Vec<&String> = secrets.iter().collect();
        let answered = read_everything(&app, &me.client, &story, &secrets).await;
        assert!(answered > 10, "{answered} answers");
    }
    let kind = |party: Option<app::issue::Party>| {
        serde_json::to_value(party).expect("plain data").get("kind").cloned().unwrap_or(Value::Null)
    };
    assert_eq!(kind(story.reporter.client.issue(story.issues[0]).await.reporter), "me");
    assert_eq!(kind(story.rechecker.client.issue(story.issues[0]).await.reporter), "office");
    assert_eq!(kind(story.office.client.issue(story.issues[0]).await.reporter), "person");
}
