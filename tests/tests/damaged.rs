//! An issue whose stored record is damaged is lost alone: whoever may see it is told so, and everything else stays.

use app::bundle::Work;
use app::id::{IssueId, OrderId};
use app::issue::IssuePage;
use app::order::State;
use app::problem::Code;
use serde_json::json;
use server::db::query;
use sha2::{Digest, Sha256};
use tests::county::{self, LAMP, MARKET};
use tests::{Client, TestApp, on_both_engines, scene};

on_both_engines!(
    a_broken_chain_takes_away_its_issue_alone,
    a_state_nobody_knows_is_never_shown_as_another,
    pages_tell_of_what_they_leave_out,
);

/// People who see the issues of [`two`], with what they ask their lists for.
const SEEING: [(&str, &str); 4] =
    [("inspector", "mine=true"), ("liaison", "sort=due_at"), ("manager", "state=dispatched"), ("admin", "")];
/// People who do not.
const NOT_SEEING: [&str; 2] = ["inspector2", "liaison2"];

/// Two issues of the inspector's at the first unit, with their orders.
async fn two(app: &TestApp) -> [(IssueId, OrderId); 2] {
    let mut made = Vec::new();
    for _ in 0..2 {
        let issue = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
        made.push((issue.id, issue.order.expect("dispatched").id));
    }
    [made[0], made[1]]
}

async fn page(client: &Client, asked: &str) -> IssuePage {
    client.get(&format!("/api/issues?{asked}")).await.expect(200).json()
}

fn ids(page: &IssuePage) -> Vec<IssueId> {
    page.items.iter().map(|item| item.id).collect()
}

/// The second event of an issue as it is kept, and the hash before it.
async fn second_event(app: &TestApp, issue: IssueId) -> (String, String) {
    let rows = query("select body, hash from event where issue_id = $1 order by seq").bind(issue);
    let rows: Vec<(String, String)> = app.state.db.fetch_all(rows).await.expect("read");
    (rows[1].0.clone(), rows[0].1.clone())
}

async fn write_second(app: &TestApp, issue: IssueId, body: &str, hash: Option<&str>) {
    let sql = match hash {
        Some(hash) => query("update event set body = $2, hash = $3 where issue_id = $1 and seq = 2")
            .bind(issue)
            .bind(body)
            .bind(hash),
        None => query("update event set body = $2 where issue_id = $1 and seq = 2").bind(issue).bind(body),
    };
    assert_eq!(app.state.db.execute(sql).await.expect("written"), 1);
}

#[derive(Debug, Clone, Copy)]
enum Harm {
    /// A hash that does not fit.
    Changed,
    /// A state this code does not know, written as it should be.
    UnknownState,
    /// Text that is no event.
    Unreadable,
    /// The report is gone.
    Beheaded,
    /// Every event is gone.
    Emptied,
}

async fn harm(app: &TestApp, issue: IssueId, harm: Harm) {
    let (body, before) = second_event(app, issue).await;
    match harm {
        Harm::Changed => write_second(app, issue, &body.replace("dispatched", "accepted"), None).await,
        Harm::UnknownState => {
            let body = body.replace(r#""to":"dispatched""#, r#""to":"melted""#);
            assert!(body.contains("melted"), "{body}");
            let hash = hex::encode(Sha256::digest(format!("{before}\n{body}")));
            write_second(app, issue, &body, Some(&hash)).await;
        }
        Harm::Unreadable => write_second(app, issue, "{", None).await,
        Harm::Beheaded => {
            let sql = query("delete from event where issue_id = $1 and seq = 1").bind(issue);
            assert_eq!(app.state.db.execute(sql).await.expect("deleted"), 1);
        }
        Harm::Emptied => {
            let sql = query("delete from event where issue_id = $1").bind(issue);
            assert_eq!(app.state.db.execute(sql).await.expect("deleted"), 2);
        }
    }
}

/// Whoever may see the issue hears that it is damaged, wherever it is asked for; whoever may not hears nothing of it. A list
/// reads no chain, so it shows an issue whose row `is_readable`.
async fn is_lost_alone(app: &TestApp, lost: (IssueId, OrderId), is_readable: bool, whole: &[IssueId]) {
    let (issue, order) = lost;
    let (shown, damaged) = match is_readable {
        true => (sorted([whole, &[issue]].concat()), vec![]),
        false => (whole.to_vec(), vec![issue]),
    };
    let paths = [format!("/api/issues/{issue}"), format!("/api/orders/{order}")];
    let accept = json!({ "step": "accept" });
    let void = json!({ "step": "void", "note": "重复" });
    let step_path = || format!("/api/issues/{issue}/steps/{}", scene::new_id());
    for (username, asked) in SEEING {
        let client = app.client(username);
        for path in &paths {
            let _ = client.get(path).await.expect(500).problem(Code::IssueDamaged);
        }
        let listed = page(&client, asked).await;
        assert_eq!(listed.damaged, damaged, "{username}");
        assert_eq!(sorted(ids(&listed)), shown, "{username}");
    }
    app.liaison().try_step(order, &accept).await.problem(Code::IssueDamaged);
    app.manager().put(&step_path(), &void).await.problem(Code::IssueDamaged);
    for (username, is_worker) in [("inspector", true), ("liaison", true), ("manager", false)] {
        let work: Work = app.client(username).get("/api/field-bundle?part=work").await.expect(200).json();
        let expected = if is_worker { vec![issue] } else { Vec::new() };
        assert_eq!(work.damaged, expected, "{username}");
        let items: Vec<IssueId> = work.items.iter().map(|item| item.id).collect();
        assert_eq!(sorted(items), if is_worker { whole.to_vec() } else { Vec::new() }, "{username}");
        let bundle = app.client(username).get("/api/field-bundle").await.expect(200).value();
        assert!(!bundle["spots"].as_array().expect("spots").is_empty(), "{username}");
    }
    for username in NOT_SEEING {
        let client = app.client(username);
        for path in &paths {
            client.get(path).await.problem(Code::NotFound);
        }
        client.try_step(order, &accept).await.problem(Code::NotFound);
        client.put(&step_path(), &void).await.problem(Code::NotFound);
        for path in ["/api/issues", "/api/issues?state=dispatched", "/api/field-bundle?part=work"] {
            let told = client.get(path).await.expect(200).value();
            assert_eq!((told.get("damaged"), &told["items"]), (None, &json!([])), "{username} {path}");
        }
    }
}

fn sorted(mut ids: Vec<IssueId>) -> Vec<IssueId> {
    ids.sort_unstable();
    ids
}

async fn a_broken_chain_takes_away_its_issue_alone(app: TestApp) {
    county::lay(&app.state).await;
    for kind in [Harm::Changed, Harm::UnknownState, Harm::Unreadable, Harm::Beheaded, Harm::Emptied] {
        let [lost, whole] = two(&app).await;
        harm(&app, lost.0, kind).await;
        is_lost_alone(&app, lost, true, &[whole.0]).await;
        // The other goes its way, and leaves the lists for the next.
        let _ = app.liaison().step(whole.1, json!({ "step": "accept" })).await;
        for (id, _) in [lost, whole] {
            for sql in [
                "update photo set issue_id = null where issue_id = $1",
                "delete from unit_order where issue_id = $1",
                "delete from event where issue_id = $1",
                "delete from issue where id = $1",
            ] {
                let _ = app.state.db.execute(query(sql).bind(id)).await.expect("deleted");
            }
        }
    }
}

async fn a_state_nobody_knows_is_never_shown_as_another(app: TestApp) {
    county::lay(&app.state).await;
    let [lost, whole] = two(&app).await;
    // Before every known word, between two of them, and after every one.
    for state in ["aaa", "melted", "zzz"] {
        let sql = query("update issue set state = $2 where id = $1").bind(lost.0).bind(state);
        assert_eq!(app.state.db.execute(sql).await.expect("written"), 1);
        is_lost_alone(&app, lost, false, &[whole.0]).await;
        for known in State::ALL {
            let listed = page(&app.manager(), &format!("state={}", known.code())).await;
            assert!(!ids(&listed).contains(&lost.0), "{state} as {known:?}");
            assert_eq!(listed.damaged, [lost.0], "{state} beside {known:?}");
        }
    }
    let sql = query("update issue set state = 'dispatched' where id = $1").bind(lost.0);
    assert_eq!(app.state.db.execute(sql).await.expect("written"), 1);
    assert!(page(&app.manager(), "").await.damaged.is_empty());
    for sql in [
        "update issue set severity = 'terrible' where id = $1",
        "update issue set severity = 'general', closing_kind = 'vanished' where id = $1",
    ] {
        assert_eq!(app.state.db.execute(query(sql).bind(lost.0)).await.expect("written"), 1);
        let listed = page(&app.manager(), "").await;
        assert_eq!((ids(&listed), listed.damaged), (vec![whole.0], vec![lost.0]), "{sql}");
    }
}

async fn pages_tell_of_what_they_leave_out(app: TestApp) {
    county::lay(&app.state).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.extend(two(&app).await.map(|(id, _)| id));
    }
    let lost = [all[1], all[2], all[5]];
    for id in lost {
        let sql = query("update issue set severity = 'terrible' where id = $1").bind(id);
        assert_eq!(app.state.db.execute(sql).await.expect("written"), 1);
    }
    let (mut items, mut damaged, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let found = page(&app.manager(), &format!("limit=2&sort=reported_at{cursor}")).await;
        assert_eq!(found.items.len() + found.damaged.len(), 2, "a page has as many as it was asked for");
        items.extend(ids(&found));
        damaged.extend(found.damaged);
        let Some(next) = found.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(sorted(damaged), sorted(lost.to_vec()));
    let whole = all.into_iter().filter(|id| !lost.contains(id)).collect();
    assert_eq!(sorted(items), sorted(whole));
}
