//! Every filter alone and with every other, for everybody, against brute force over what the events say.

use app::event::Sealed;
use app::id::{UnitId, UserId};
use app::issue::{Issue, IssueCount, StateCount};
use app::order::{ClosingKind, State};
use app::problem::Code;
use app::rate::{Basis, Measure, basis_at};
use app::time::{DAY, Timestamp};
use serde_json::Value;
use server::db::query;
use std::collections::BTreeSet;
use tests::busy::{self, ISSUES, SCHOOL, SCHOOL_AREA, SCHOOL_GROUP, SCHOOL_UNIT};
use tests::county::{AREA, LAMP, LITTER, MARKET, NIGHT, STALL};
use tests::scene::{OTHER_UNIT, UNIT};
use tests::{Client, TestApp, encoded, on_both_engines};
use uuid::Uuid;

on_both_engines!(filters_find_what_the_events_say, texts_are_found_as_they_are, rows_say_what_the_events_say);

/// Parameters as they stand in an address, and the issues they ask for.
struct Asked {
    text: String,
    finds: BTreeSet<Uuid>,
}

/// What can be asked, and what is found by it.
struct Questions<'a> {
    issues: &'a [Issue],
    asked: Vec<Asked>,
}

impl Questions<'_> {
    fn add(&mut self, text: impl Into<String>, holds: impl Fn(&Issue) -> bool) {
        let finds = self.issues.iter().filter(|issue| holds(issue)).map(|issue| issue.id.0).collect();
        self.asked.push(Asked { text: text.into(), finds });
    }

    fn add_period(&mut self, basis: Option<Basis>, from: Timestamp, to: Timestamp) {
        let mut text = format!("from={}&to={}", from.date(), to.date());
        if let Some(basis) = basis {
            text.push_str("&basis=");
            text.push_str(basis.code());
        }
        let (from, end) = (Timestamp::at(from.date(), 0), Timestamp::at(to.date(), 0).plus(DAY));
        self.add(text, |issue| {
            let at = basis.map_or(Some(issue.reported_at), |basis| basis_at(issue, basis));
            at.is_some_and(|at| from <= at && at < end)
        });
    }
}

fn unit_of(issue: &Issue) -> Option<UnitId> {
    issue.order().map(|order| order.unit_id)
}

fn is_overdue(issue: &Issue, now: Timestamp) -> bool {
    issue.order().and_then(|order| order.overdue_from()).is_some_and(|from| from < now)
}

/// What a figure of the rates counts, told from the issue alone.
fn is_counted(issue: &Issue, measure: Measure, now: Timestamp) -> bool {
    let Some(order) = issue.order() else { return false };
    let is_void = matches!(issue.closing, Some((ClosingKind::Void, _)));
    if is_void || measure == Measure::Void {
        return is_void && measure == Measure::Void;
    }
    let is_closed = order.state == State::Closed;
    match measure {
        Measure::Dispatched => true,
        Measure::Due => is_closed || is_overdue(issue, now),
        Measure::Closed => is_closed,
        Measure::ClosedOnTime => {
            is_closed && order.confirmed_at.is_some_and(|confirmed| confirmed <= order.due_at)
        }
        Measure::OpenOverdue => is_overdue(issue, now),
        Measure::Replied => order.replied_at.is_some(),
        Measure::Reworked => order.round > 1,
        Measure::FirstRechecks => order.first_recheck_passed.is_some(),
        Measure::FirstPassed => order.first_recheck_passed == Some(true),
        Measure::Void => is_void,
    }
}

/// Everything that can be asked for, each parameter with several values.
fn everything(issues: &[Issue], me: UserId, is_unit: bool, now: Timestamp) -> Vec<Asked> {
    let mut all = Questions { issues, asked: Vec::new() };
    for state in State::ALL {
        all.add(format!("state={}", state.code()), |issue| issue.state == *state);
    }
    all.add("state=pool,closed,rework", |issue| {
        matches!(issue.state, State::Pool | State::Closed | State::Rework)
    });
    for unit in [UNIT, OTHER_UNIT, SCHOOL_UNIT] {
        all.add(format!("unit_id={unit}"), |issue| unit_of(issue) == Some(unit));
    }
    all.add(format!("unit_group={}", encoded(SCHOOL_GROUP)), |issue| unit_of(issue) == Some(SCHOOL_UNIT));
    all.add(format!("unit_group={}", encoded("测试组")), |issue| {
        matches!(unit_of(issue), Some(UNIT | OTHER_UNIT))
    });
    all.add("unit_group=none", |_| false);
    for spot in [MARKET, STALL, SCHOOL] {
        all.add(format!("spot_id={spot}"), |issue| issue.report.spot_id == spot);
    }
    for code in ["NMSC", "XX"] {
        all.add(format!("spot_type={code}"), |issue| issue.spot_type == code);
    }
    for area in [AREA, SCHOOL_AREA] {
        all.add(format!("area_id={area}"), |issue| issue.area_id == area);
    }
    for clause in [LAMP, LITTER, NIGHT] {
        all.add(format!("clause_code={clause}"), |issue| issue.report.clause_code == clause);
    }
    all.add("overdue=true", |issue| is_overdue(issue, now));
    all.add("overdue=false", |issue| !is_overdue(issue, now));
    if !is_unit {
        all.add("mine=true", |issue| issue.reporter_id == me);
        all.add("mine=false", |issue| issue.reporter_id != me);
        let waits = |issue: &Issue| issue.state == State::Confirmed && issue.reporter_id != me;
        all.add("recheck=true", waits);
        all.add("recheck=false", |issue| !waits(issue));
    }
    for measure in Measure::ALL {
        all.add(format!("measure={}", measure.code()), |issue| is_counted(issue, measure, now));
    }
    let (first, last) =
        (issues.iter().map(|it| it.reported_at).min(), issues.iter().map(|it| it.reported_at).max());
    let (first, last) = (first.expect("issues"), last.expect("issues"));
    let middle = first.plus(last.since(first) / 2);
    for basis in [None, Some(Basis::Due), Some(Basis::Dispatched), Some(Basis::Closed)] {
        all.add_period(basis, first, middle);
        all.add_period(basis, middle, middle.plus(3 * DAY));
    }
    all.add(format!("from={}", middle.date()), |issue| issue.reported_at >= Timestamp::at(middle.date(), 0));
    all.add(format!("to={}", middle.date()), |issue| {
        issue.reported_at < Timestamp::at(middle.date(), 0).plus(DAY)
    });
    all.add(format!("q={}", encoded("路灯")), |issue| issue.report.description.contains("路灯"));
    all.add("q=xx-001", |issue| issue.report.spot_id == SCHOOL);
    all.asked
}

/// Percent-encodes everything that is not a letter or a digit.
/// Whether two parameters may stand in one address: each name once.
fn fit(a: &Asked, b: &Asked) -> bool {
    let names = |asked: &Asked| -> BTreeSet<String> {
        let name = |part: &str| part.split('=').next().unwrap_or_default().to_owned();
        asked.text.split('&').map(name).collect()
    };
    names(a).is_disjoint(&names(b))
}

async fn found(client: &Client, text: &str) -> BTreeSet<Uuid> {
    let reply = client.get(&format!("/api/issues?limit=200&{text}")).await;
    assert_eq!(reply.status, 200, "{text}: {}", reply.text());
    let page = reply.value();
    assert!(page.get("next_cursor").is_none(), "{text}: one page holds all");
    let items = page["items"].as_array().expect("items");
    let id = |item: &Value| item["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let ids: BTreeSet<Uuid> = items.iter().map(id).collect();
    assert_eq!(ids.len(), items.len(), "{text}: nothing is there twice");
    ids
}

/// How many the server says there are.
async fn counted(client: &Client, text: &str) -> IssueCount {
    client.get(&format!("/api/issues/count?{text}")).await.expect(200).json()
}

/// The same from the events.
fn count_of(issues: &[Issue], found: &BTreeSet<Uuid>) -> IssueCount {
    let mut states = StateCount::default();
    for issue in issues.iter().filter(|issue| found.contains(&issue.id.0)) {
        states.add(issue.state, 1);
    }
    IssueCount::new(states)
}

async fn filters_find_what_the_events_say(app: TestApp) {
    busy::live(&app).await;
    let issues = busy::truth(&app).await;
    assert_eq!(issues.len(), ISSUES);
    let states: BTreeSet<State> = issues.iter().map(|issue| issue.state).collect();
    assert_eq!(states.len(), 8, "every state is there: {states:?}");
    let now = app.state.clock.now();
    for username in ["manager", "inspector", "liaison", "liaison2"] {
        let client = app.client(username);
        let me: app::account::Me = client.get("/api/me").await.expect(200).json();
        let units: Vec<UnitId> = me.units.iter().map(|unit| unit.id).collect();
        let sees = |issue: &Issue| match username {
            "manager" => true,
            "inspector" => {
                let rechecked = issue.order().and_then(|order| order.rechecker_id) == Some(me.user_id);
                issue.reporter_id == me.user_id || rechecked || issue.state == State::Confirmed
            }
            _ => unit_of(issue).is_some_and(|unit| units.contains(&unit)),
        };
        let visible: BTreeSet<Uuid> = issues.iter().filter(|it| sees(it)).map(|it| it.id.0).collect();
        assert!(visible.len() > 5, "{username} sees something");
        assert_eq!(found(&client, "").await, visible, "{username}");
        let all = everything(&issues, me.user_id, username.starts_with("liaison"), now);
        for (index, a) in all.iter().enumerate() {
            let alone: BTreeSet<Uuid> = a.finds.intersection(&visible).copied().collect();
            // No issue is ever in that state, no unit in that group, and the office reported nothing.
            let nothing = ["state=reassigned", "unit_group=none", "mine=true"];
            if username == "manager" && !nothing.contains(&a.text.as_str()) {
                assert!(!alone.is_empty(), "{} finds something to tell", a.text);
            }
            assert_eq!(found(&client, &a.text).await, alone, "{username}: {}", a.text);
            assert_eq!(counted(&client, &a.text).await, count_of(&issues, &alone), "{username}: {}", a.text);
            // The office asks every pair, everybody else a part of them.
            let step = if username == "manager" { 1 } else { 5 };
            for b in all[index + 1..].iter().skip(index % step).step_by(step).filter(|b| fit(a, b)) {
                let both: BTreeSet<Uuid> = b.finds.intersection(&alone).copied().collect();
                let text = format!("{}&{}", a.text, b.text);
                assert_eq!(found(&client, &text).await, both, "{username}: {text}");
            }
        }
    }
    for (username, name) in [("liaison", "mine"), ("liaison", "recheck"), ("liaison2", "mine")] {
        for value in ["true", "false"] {
            for path in ["/api/issues", "/api/issues/count"] {
                let reply = app.client(username).get(&format!("{path}?{name}={value}")).await;
                reply.problem(Code::Forbidden);
            }
        }
    }
    assert_eq!(server::rate::store::recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn texts_are_found_as_they_are(app: TestApp) {
    busy::live(&app).await;
    let issues = busy::truth(&app).await;
    let manager = app.manager();
    let with = |part: &str| -> BTreeSet<Uuid> {
        let part = part.to_lowercase();
        let holds = |issue: &&Issue| issue.report.description.to_lowercase().contains(&part);
        issues.iter().filter(holds).map(|issue| issue.id.0).collect()
    };
    for word in ["100%", "e_c", "o'brien", "CAFÉ", "café", "\"成堆\"", "a!b\\c", "积水", "%积", "snake_case"]
    {
        let expected = with(word);
        assert!(!expected.is_empty(), "{word}");
        assert_eq!(found(&manager, &format!("q={}", encoded(word))).await, expected, "{word}");
    }
    // Wildcards are letters.
    for word in ["s%case", "100_积水", "_", "%%", "snakeXcase", "a!!b", "\\"] {
        assert_eq!(found(&manager, &format!("q={}", encoded(word))).await, with(word), "{word}");
    }
    // The spot, the clause and the unit are searched too; blanks around do not count, and nothing finds everything.
    assert_eq!(
        found(&manager, &format!("q={}", encoded(" 城东学校 "))).await,
        found(&manager, &format!("spot_id={SCHOOL}")).await
    );
    assert_eq!(
        found(&manager, &format!("q={}", encoded("丁学校"))).await,
        found(&manager, &format!("unit_id={SCHOOL_UNIT}")).await
    );
    for nothing in ["", "%20%20", "+"] {
        assert_eq!(found(&manager, &format!("q={nothing}")).await.len(), ISSUES);
    }
    // An order that moved on is found under the unit that has it.
    assert_eq!(
        found(&manager, &format!("q={}", encoded("乙单位"))).await,
        found(&manager, &format!("unit_id={OTHER_UNIT}")).await
    );
}

async fn rows_say_what_the_events_say(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    let page = manager.get("/api/issues?limit=200").await.expect(200).value();
    for row in page["items"].as_array().expect("items") {
        let id: Uuid = row["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let chain = server::issue::store::chain(&app.state.db, id.into()).await.expect("whole");
        let issue = Issue::replay(chain.iter().map(Sealed::event)).expect("begins with a report");
        let order = issue.order();
        assert_eq!(row["state"], issue.state.code());
        assert_eq!(row["description"], issue.report.description);
        assert_eq!(row["is_recurrence"], issue.recurs.is_some());
        assert_eq!(row["round"], order.map_or(0, |order| order.round));
        let text = |value: Option<String>| value.map_or(Value::Null, Value::from);
        let field = |name: &str| row.get(name).cloned().unwrap_or(Value::Null);
        assert_eq!(field("closing_kind"), text(issue.closing.map(|(kind, _)| kind.code().to_owned())));
        assert_eq!(field("closed_at"), text(issue.closing.map(|(_, at)| at.to_string())));
        assert_eq!(field("unit_id"), text(order.map(|order| order.unit_id.to_string())));
        assert_eq!(field("order_id"), text(order.map(|order| order.id.to_string())));
        assert_eq!(field("due_at"), text(order.map(|order| order.due_at.to_string())));
        assert_eq!(
            field("overdue_from"),
            text(order.and_then(|order| order.overdue_from()).map(|at| at.to_string()))
        );
        assert_eq!(
            field("is_on_time"),
            order.and_then(|order| order.is_on_time()).map_or(Value::Null, Value::from)
        );
        assert_eq!(
            field("confirmed_late_at"),
            text(order.and_then(|order| order.confirmed_late_at()).map(|at| at.to_string()))
        );
        assert_eq!(field("reported_at"), issue.reported_at.to_string());
        // Who inspected is in no row, not even the office's.
        assert!(!row.to_string().contains("inspector"), "{row}");
    }
    let orders: (i64,) =
        app.state.db.fetch_one(query("select count(*) from unit_order")).await.expect("counted");
    assert!(orders.0 > 40, "{orders:?}");
}
