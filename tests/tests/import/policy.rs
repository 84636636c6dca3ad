//! *policy.json*: each number between its two ends, and what an earlier version took all the same.

use crate::{files, lines, refuse, take};
use app::issue::{Flag, IssueAnswer, Policy};
use app::time::DAY;
use serde_json::json;
use server::access::Granted;
use server::catalogue::setting;
use server::cli::Operator;
use std::collections::BTreeMap;
use tests::county::{self, MARKET, MINOR};
use tests::work::report;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    a_policy_is_taken_to_both_ends_of_every_range_and_no_further,
    every_fault_of_a_policy_is_named_with_its_line,
    a_policy_kept_out_of_range_stops_nothing,
);

fn policy(text: &str) -> BTreeMap<String, Vec<u8>> {
    files(&[("policy.json", "", text)])
}

async fn in_force(app: &TestApp) -> Policy {
    app.state.catalogue.get().await.expect("loads").bundle.policy.clone()
}

async fn a_policy_is_taken_to_both_ends_of_every_range_and_no_further(app: TestApp) {
    for number in Policy::NUMBERS {
        let (field, least, most) = (number.field, *number.range.start(), *number.range.end());
        for value in [least, most] {
            take(&app, policy(&format!("{{\"{field}\":{value}}}"))).await;
            let kept = serde_json::to_value(in_force(&app).await).expect("JSON");
            assert_eq!(kept[field], value);
        }
        let before = in_force(&app).await;
        let beyond = [least - 1, most + 1, i64::MIN, i64::MAX].map(|value| value.to_string());
        let no_numbers = ["1e30", "99999999999999999999999", "86400000.5", "\"30\"", "null", "true", "[30]"];
        for value in beyond.into_iter().chain(no_numbers.map(str::to_owned)) {
            let told = lines(&refuse(&app, policy(&format!("{{\n  \"{field}\": {value}\n}}"))).await);
            let [line] = &told[..] else { panic!("{told:?}") };
            assert!(line.starts_with(&format!("policy.json:2: {field}: ")), "{line}");
            let range = format!(" is not a whole number of {} between {least} and {most}", number.unit);
            assert!(line.ends_with(&range), "{line}");
        }
        assert_eq!(in_force(&app).await, before, "nothing was taken");
    }
}

async fn every_fault_of_a_policy_is_named_with_its_line(app: TestApp) {
    let cases = [
        (
            "{\n  \"recurrence_days\": -1,\n  \"same_hours_ms\": 0,\n  \"reading\": \"weekly\"\n}",
            vec![
                "policy.json:2: recurrence_days: -1 is not a whole number of days between 0 and 3650",
                "policy.json:3: same_hours_ms: 0 is not a whole number of milliseconds between 3600000 and 43200000",
            ],
        ),
        (
            "{\"reading\": \"weekly\"}",
            vec!["policy.json:1: reading: unknown variant `weekly`, expected `rolling` or `end_of_day`"],
        ),
        (
            "{\"may_reporter_recheck\": 1}",
            vec!["policy.json:1: may_reporter_recheck: invalid type: integer `1`, expected a boolean"],
        ),
        (
            "{\"recurrence_days\": 3,\n\"recurrence_days\": 4}",
            vec!["policy.json:2: duplicate field `recurrence_days`"],
        ),
        ("{\"recurrence_days\": 3", vec!["policy.json:1: EOF while parsing an object"]),
        ("{}\n{}", vec!["policy.json:2: trailing characters"]),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(&refuse(&app, policy(text)).await), expected, "{text}");
    }
    assert_eq!(in_force(&app).await, Policy::default());
}

async fn a_policy_kept_out_of_range_stops_nothing(app: TestApp) {
    county::lay(&app.state).await;
    let cases = [(i64::MIN, 0, [true, false]), (i64::MAX, u32::MAX, [false, false]), (-1, 0, [false, true])];
    for (whole, small, expected) in cases {
        let kept = Policy {
            recurrence_days: small,
            far_from_spot_m: small,
            clock_skew_ms: whole,
            observed_long_ago_ms: whole,
            sent_late_ms: whole,
            same_hours_ms: whole,
            ..Policy::default()
        };
        assert!(!kept.out_of_range().is_empty());
        // As an earlier version kept it: its import asked no number for its size.
        let operator = Operator::for_tests();
        let mut tx = app.state.db.begin().await.expect("begins");
        setting::update_policy(&mut tx, &Granted::to_operator(&operator), &kept).await.expect("settled");
        setting::move_version_on(&mut tx, &Granted::to_operator(&operator)).await.expect("moved");
        tx.commit().await.expect("kept");
        app.state.catalogue.forget();
        assert_eq!(in_force(&app).await, kept);
        let _ = app.inspector().get("/api/field-bundle").await.expect(200);
        let mut sent = report(MARKET, MINOR, app.state.clock.now().plus(-DAY));
        sent["severity"] = json!("minor");
        let reply = app.inspector().put(&format!("/api/issues/{}", scene::new_id()), &sent).await.expect(201);
        let issue: IssueAnswer = reply.json();
        let flags = [Flag::ObservedInFuture, Flag::ObservedLongAgo].map(|flag| issue.flags.contains(&flag));
        assert_eq!(flags, expected, "{whole}");
    }
    // The next import of a sound one ends it.
    take(&app, policy("{}")).await;
    assert_eq!(in_force(&app).await, Policy::default());
}
