//! Rates: every number has its list, whatever the basis and the grouping; a unit sees its own; a question costs the same
//! however many issues there are.

use app::problem::{Code, FieldCode};
use app::rate::{Basis, Measure, RateRow, Rates};
use app::time::{DAY, Timestamp};
use server::rate::store::recount;
use std::collections::BTreeSet;
use tests::app::only_field;
use tests::busy::{self, SCHOOL_UNIT};
use tests::county::{self, LAMP, MARKET};
use tests::scene::{OTHER_UNIT, UNIT};
use tests::{Client, TestApp, on_both_engines};

on_both_engines!(
    every_number_has_its_list,
    groups_add_up_to_the_whole,
    what_is_past_due_moves_with_the_time,
    what_is_past_due_now_knows_no_period,
    a_unit_sees_its_own,
    what_cannot_be_asked_is_named,
    a_question_costs_the_same_however_many_there_are,
);

const GROUPS: [&str; 6] = ["unit", "unit_group", "spot_type", "clause", "area", "month"];
const WHOLE: (&str, &str) = ("2026-01-01", "2026-12-31");

async fn rates(client: &Client, (from, to): (&str, &str), basis: Basis, group_by: &str) -> Rates {
    let address = format!("/api/rates?from={from}&to={to}&basis={}&group_by={group_by}", basis.code());
    client.get(&address).await.expect(200).json()
}

/// How many issues there are open and past due now, whatever the period; `more` selects a group.
async fn overdue_now(client: &Client, more: &str) -> i64 {
    let page =
        client.get(&format!("/api/issues?limit=200&measure=open_overdue{more}")).await.expect(200).value();
    assert!(page.get("next_cursor").is_none());
    page["items"].as_array().expect("items").len().try_into().expect("few")
}

/// How many issues the list behind a number holds.
async fn listed(
    client: &Client,
    (from, to): (&str, &str),
    basis: Basis,
    measure: Measure,
    more: &str,
) -> i64 {
    let query = format!("from={from}&to={to}&basis={}&measure={}{more}", basis.code(), measure.code());
    let page = client.get(&format!("/api/issues?limit=200&{query}")).await.expect(200).value();
    assert!(page.get("next_cursor").is_none());
    page["items"].as_array().expect("items").len().try_into().expect("few")
}

/// The number on the screen for a measure.
fn number(row: &RateRow, measure: Measure) -> i64 {
    let tally = &row.tally;
    match measure {
        Measure::Dispatched => tally.dispatched,
        Measure::Due => row.closure_rate.out_of,
        Measure::Closed => tally.closed,
        Measure::ClosedOnTime => tally.closed_on_time,
        Measure::OpenOverdue => row.open_overdue,
        Measure::Replied => tally.replied,
        Measure::Reworked => tally.reworked,
        Measure::FirstRechecks => tally.first_rechecks,
        Measure::FirstPassed => tally.first_passed,
        Measure::Void => tally.void,
    }
}

/// The quotients are made of the numbers beside them.
fn check_quotients(row: &RateRow) {
    let of = |quotient: app::rate::Quotient| (quotient.of, quotient.out_of);
    let (tally, due) = (&row.tally, row.tally.closed + row.open_overdue);
    assert_eq!(of(row.closure_rate), (tally.closed, due));
    assert_eq!(of(row.on_time_rate), (tally.closed_on_time, due));
    assert_eq!(of(row.all_in_rate), (tally.closed, tally.dispatched));
    assert_eq!(of(row.first_pass_rate), (tally.first_passed, tally.first_rechecks));
    assert_eq!(of(row.rework_rate), (tally.reworked, tally.replied));
    let ordered = [tally.first_passed, tally.first_rechecks, tally.replied, tally.dispatched];
    assert!(ordered.is_sorted(), "{row:?}");
    assert!(tally.closed_on_time <= tally.closed && tally.reworked <= tally.rework_rounds, "{row:?}");
}

/// The part of the address that selects one group's list.
fn of_group(group_by: &str, key: &str) -> String {
    let encoded: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    match group_by {
        "unit" => format!("&unit_id={key}"),
        "unit_group" => format!("&unit_group={encoded}"),
        "spot_type" => format!("&spot_type={key}"),
        "clause" => format!("&clause_code={key}"),
        _ => format!("&area_id={key}"),
    }
}

/// The first and the last day of `2026-03`.
fn days_of(month: &str) -> (String, String) {
    let first = Timestamp::parse(&format!("{month}-01T00:00:00+08:00")).expect("a month");
    let mut last = first;
    while last.plus(DAY).date().month() == first.date().month() {
        last = last.plus(DAY);
    }
    (first.date().to_string(), last.date().to_string())
}

async fn every_number_has_its_list(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    // The office sees all of them, and every figure is there to be checked.
    let whole = rates(&manager, WHOLE, Basis::Dispatched, "unit").await.total;
    for measure in Measure::ALL {
        assert!(number(&whole, measure) > 0 || measure == Measure::OpenOverdue, "{measure:?}: {whole:?}");
    }
    for basis in Basis::ALL {
        for period in
            [WHOLE, ("2026-03-05", "2026-03-20"), ("2026-03-10", "2026-03-10"), ("2026-12-01", "2026-12-31")]
        {
            let total = rates(&manager, period, basis, "unit").await.total;
            check_quotients(&total);
            assert_eq!(total.overdue_now, overdue_now(&manager, "").await, "by {basis:?} in {period:?}");
            for measure in Measure::ALL {
                let found = listed(&manager, period, basis, measure, "").await;
                assert_eq!(number(&total, measure), found, "{measure:?} by {basis:?} in {period:?}");
            }
        }
        for group_by in GROUPS {
            for row in rates(&manager, WHOLE, basis, group_by).await.items {
                check_quotients(&row);
                let now = match group_by {
                    "month" => row.open_overdue,
                    _ => overdue_now(&manager, &of_group(group_by, &row.key)).await,
                };
                assert_eq!(row.overdue_now, now, "{} by {basis:?}", row.key);
                for measure in Measure::ALL {
                    let found = if group_by == "month" {
                        let (from, to) = days_of(&row.key);
                        listed(&manager, (&from, &to), basis, measure, "").await
                    } else {
                        listed(&manager, WHOLE, basis, measure, &of_group(group_by, &row.key)).await
                    };
                    assert_eq!(number(&row, measure), found, "{measure:?} of {} by {basis:?}", row.key);
                }
            }
        }
    }
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn groups_add_up_to_the_whole(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    for basis in Basis::ALL {
        for period in [WHOLE, ("2026-03-05", "2026-03-20")] {
            let by_unit = rates(&manager, period, basis, "unit").await;
            for group_by in GROUPS {
                let answer = rates(&manager, period, basis, group_by).await;
                assert_eq!(answer.total, by_unit.total, "{group_by} by {basis:?}");
                let mut sum = (app::rate::Tally::default(), app::rate::Overdue::default());
                for row in &answer.items {
                    sum.0 += row.tally;
                    sum.1 += app::rate::Overdue { in_period: row.open_overdue, now: row.overdue_now };
                    assert!(!row.name.is_empty(), "{row:?}");
                }
                let total = (answer.total.tally, answer.total.open_overdue);
                assert_eq!((sum.0, sum.1.in_period), total, "{group_by} by {basis:?}");
                if group_by != "month" {
                    assert_eq!(sum.1.now, answer.total.overdue_now, "{group_by} by {basis:?}");
                }
                let keys: BTreeSet<&str> = answer.items.iter().map(|row| row.key.as_str()).collect();
                assert_eq!(keys.len(), answer.items.len(), "{group_by}: each group once");
            }
        }
    }
    let by_unit = rates(&manager, WHOLE, Basis::Due, "unit").await;
    let keys: BTreeSet<&str> = by_unit.items.iter().map(|row| row.key.as_str()).collect();
    let units = [UNIT, OTHER_UNIT, SCHOOL_UNIT].map(|unit| unit.to_string());
    assert_eq!(keys, units.iter().map(String::as_str).collect());
    assert!(by_unit.items.iter().all(|row| row.group.is_some()), "a unit is shown in its ranking group");
    let months = rates(&manager, WHOLE, Basis::Dispatched, "month").await.items;
    assert!(months.len() > 1 && months.is_sorted_by_key(|row| row.key.clone()), "{months:?}");
}

async fn what_is_past_due_moves_with_the_time(app: TestApp) {
    busy::lay(&app).await;
    for number in 0..12 {
        let _ = busy::add(&app, number).await;
    }
    let _ = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    let manager = app.manager();
    let mut seen = BTreeSet::new();
    for _ in 0..6 {
        let answer = rates(&manager, WHOLE, Basis::Due, "unit").await;
        assert_eq!(answer.as_of, app.state.clock.now());
        seen.insert(answer.total.open_overdue);
        for measure in [Measure::OpenOverdue, Measure::Due] {
            let found = listed(&manager, WHOLE, Basis::Due, measure, "").await;
            assert_eq!(number(&answer.total, measure), found, "{measure:?} at {}", answer.as_of);
        }
        app.state.clock.advance(DAY);
    }
    assert!(seen.len() > 1, "some fell due meanwhile: {seen:?}");
}

async fn what_is_past_due_now_knows_no_period(app: TestApp) {
    busy::lay(&app).await;
    for number in 0..12 {
        let _ = busy::add(&app, number).await;
    }
    let _ = app.inspector().report(MARKET, LAMP, app.state.clock.now()).await;
    app.state.clock.advance(10 * DAY);
    let manager = app.manager();
    let all = overdue_now(&manager, "").await;
    assert!(all > 0);
    let today = app.state.clock.now().date().to_string();
    for basis in Basis::ALL {
        for group_by in GROUPS {
            let answer = rates(&manager, (&today, &today), basis, group_by).await;
            assert_eq!(
                (answer.total.open_overdue, answer.total.overdue_now),
                (0, all),
                "{group_by} by {basis:?}"
            );
            // A unit whose orders all fell due before the period is in its table; a month before it is not.
            assert_eq!(answer.items.is_empty(), group_by == "month", "{group_by} by {basis:?}");
            assert!(answer.items.iter().all(|row| row.closure_rate.out_of == 0));
        }
    }
}

async fn a_unit_sees_its_own(app: TestApp) {
    busy::live(&app).await;
    for basis in Basis::ALL {
        let office = rates(&app.manager(), WHOLE, basis, "unit").await;
        for (username, units) in [("liaison", vec![UNIT]), ("liaison2", vec![OTHER_UNIT, SCHOOL_UNIT])] {
            let client = app.client(username);
            let own = rates(&client, WHOLE, basis, "unit").await;
            let keys: BTreeSet<String> = units.iter().map(ToString::to_string).collect();
            let expected: Vec<&RateRow> = office.items.iter().filter(|row| keys.contains(&row.key)).collect();
            assert_eq!(own.items.iter().collect::<Vec<_>>(), expected, "{username}");
            let by_month = rates(&client, WHOLE, basis, "month").await;
            assert_eq!(by_month.total, own.total, "{username}");
            for measure in Measure::ALL {
                let found = listed(&client, WHOLE, basis, measure, "").await;
                assert_eq!(number(&own.total, measure), found, "{username} {measure:?} by {basis:?}");
            }
            // What a whole kind of place or clause does is the office's to know.
            for group_by in ["unit_group", "spot_type", "clause", "area"] {
                client.get(&format!("/api/rates?group_by={group_by}")).await.problem(Code::Forbidden);
            }
            let text = client.get("/api/rates?from=2026-01-01&to=2026-12-31").await.expect(200).text();
            let others = [UNIT, OTHER_UNIT, SCHOOL_UNIT].into_iter().filter(|unit| !units.contains(unit));
            for other in others {
                assert!(!text.contains(&other.to_string()), "{username}: {text}");
            }
        }
    }
    for username in ["inspector", "inspector2"] {
        for group_by in GROUPS {
            let address = format!("/api/rates?group_by={group_by}");
            app.client(username).get(&address).await.problem(Code::Forbidden);
        }
    }
    app.anonymous().get("/api/rates").await.problem(Code::NotSignedIn);
    assert_eq!(recount(&app.state.db).await.expect("counted"), Vec::<String>::new());
}

async fn what_cannot_be_asked_is_named(app: TestApp) {
    county::lay(&app.state).await;
    let manager = app.manager();
    let cases = [
        ("from=yesterday", "from", FieldCode::Invalid),
        ("to=2026-13-01", "to", FieldCode::Invalid),
        ("from=2026-03-02&to=2026-03-01", "from", FieldCode::OutOfRange),
        ("from=1900-01-01&to=2026-03-01", "from", FieldCode::OutOfRange),
        ("from=2026-03-03", "from", FieldCode::OutOfRange),
        ("basis=paid", "basis", FieldCode::Invalid),
        ("basis=", "basis", FieldCode::Invalid),
        ("group_by=inspector", "group_by", FieldCode::Invalid),
        ("group_by=unit&group_by=unit", "group_by", FieldCode::Repeated),
    ];
    for (query, named, code) in cases {
        let reply = manager.get(&format!("/api/rates?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        assert_eq!(only_field(&reply.problem(Code::InvalidParameter)), (named, code), "{query}");
    }
    let problem = manager.get("/api/rates?unit_id=1").await.problem(Code::UnknownParameter);
    assert_eq!(only_field(&problem), ("unit_id", FieldCode::Unknown));
    // The month up to today where nothing is said, and a rate over nothing is none.
    let plain: Rates = manager.get("/api/rates").await.expect(200).json();
    assert_eq!((plain.from.as_str(), plain.to.as_str()), ("2026-01-31", "2026-03-02"));
    assert_eq!((plain.basis, plain.items.len()), (Basis::Due, 0));
    assert_eq!(plain.total.closure_rate.basis_points(), None);
    let _ = manager.get("/api/rates?from=2016-04-01&to=2026-03-02").await.expect(200);
}

async fn a_question_costs_the_same_however_many_there_are(app: TestApp) {
    busy::lay(&app).await;
    let mut costs = BTreeSet::new();
    for rounds in [0, 10, 30] {
        for number in 0..rounds {
            let _ = busy::add(&app, number).await;
        }
        for (username, group_by) in
            GROUPS.map(|group| ("manager", group)).into_iter().chain([("liaison", "unit")])
        {
            let client = app.client(username);
            // The session's hourly note of its use, and a look at the catalogue's number, are not the rates'.
            let _ = client.get("/api/me").await.expect(200);
            app.state.catalogue.forget();
            let _ = app.state.catalogue.get().await.expect("loaded");
            let before = app.state.db.statements();
            let _ = rates(&client, WHOLE, Basis::Due, group_by).await;
            costs.insert(app.state.db.statements() - before);
        }
    }
    assert_eq!(costs, BTreeSet::from([3]), "the session, the counters, and what is past due");
}
