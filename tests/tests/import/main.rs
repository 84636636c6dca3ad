//! Importing: what is sound is taken whole, what is not is named line by line and nothing of it is taken.

mod cases;
mod faults;
mod folders;
mod policy;
mod template;
mod workbooks;

use app::clause::{Phrase, Severity};
use app::problem::Code;
use server::access::Granted;
use server::cli::{Operator, user};
use server::import::{self, Count, Findings, Import, ImportError, Summary};
use std::collections::BTreeMap;
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    a_second_time_changes_nothing,
    a_changed_row_keeps_its_id,
    everyday_names_come_and_stay,
    json_is_as_good_as_csv,
    nothing_is_half_imported,
    what_is_retired_stays,
    accounts_come_without_a_password,
    a_calendar_comes_into_force,
    hours_and_policy_are_settled,
    a_part_of_a_check_list_keeps_its_order,
    common_problems_belong_to_their_clause,
    text_is_only_text,
);

const UNITS: &str = "code,name,short_name,group,parent_code\n";
const AREAS: &str = "code,name,parent_code,unit_code\n";
const TYPES: &str = "code,name,lead_text,coop_text,evidence,route\n";
const CLAUSES: &str = "code,dimension,text,method,not_counted,category,role,default_unit,owner_text,limit_value,limit_kind,severity,hours_sensitive\n";
const PHRASES: &str = "clause,letter,text,severity\n";
const CHECKS: &str = "spot_type,clause,n,note\n";
const SPOTS: &str =
    "code,name,type,area_code,address,lng,lat,lead_unit,territory_unit,operator_unit,head,hours\n";
const RULES: &str = "kind,spot,clause,spot_type,area,unit,note\n";
const USERS: &str = "username,name,role,units\n";

/// A small county: two units, an area, a type with two clauses, a spot.
fn small() -> BTreeMap<String, Vec<u8>> {
    files(&[
        ("units.csv", UNITS, "A,单位甲,甲,部门,\nB,单位乙,乙,部门,A\n"),
        ("areas.csv", AREAS, "X,县,,\nX1,镇,X,A\n"),
        ("spot_types.csv", TYPES, "T,市场,,,A,\n"),
        (
            "clauses.csv",
            CLAUSES,
            "C1,环境,不少于{n}处,看,,part,operator,,点位,3,work_day,minor,false\n\
             C2,秩序,无占道,看,,event,territory,B,属地,4,work_hour,general,true\n",
        ),
        ("spot_type_clauses.csv", CHECKS, "T,C1,5,\nT,C2,,\n"),
        ("spots.csv", SPOTS, "T-001,东市场,T,X1,,113.7,33.5,,A,B,,06:00-12:00;14:00-20:00\n"),
    ])
}

fn files(files: &[(&str, &str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let file = |(name, header, rows): &(&str, &str, &str)| {
        ((*name).to_owned(), format!("{header}{rows}").into_bytes())
    };
    files.iter().map(file).collect()
}

async fn apply(app: &TestApp, import: &Import) -> Result<Summary, ImportError> {
    let operator = Operator::for_tests();
    let (catalogue, users) = (Granted::to_operator(&operator), Granted::to_operator(&operator));
    import::apply(&app.state, import, &catalogue, &users).await
}

async fn take(app: &TestApp, files: BTreeMap<String, Vec<u8>>) -> Summary {
    apply(app, &import::read_files(files)).await.expect("these files are sound")
}

async fn refuse(app: &TestApp, files: BTreeMap<String, Vec<u8>>) -> Findings {
    match apply(app, &import::read_files(files)).await {
        Err(ImportError::Bad(bad)) => bad,
        other => panic!("not refused: {other:?}"),
    }
}

async fn common_problems_belong_to_their_clause(app: TestApp) {
    take(&app, small()).await;
    let given = "C1,b,褪色,\nC1,a,破损,serious\nC2,a,占道,\n";
    let first = take(&app, files(&[("phrases.csv", PHRASES, given)])).await;
    assert_eq!(first.phrases, Count { added: 3, changed: 0, unchanged: 0 });
    let phrases = async || {
        let loaded = app.state.catalogue.get().await.expect("loads");
        let clause = loaded.clause("C1").expect("there").clone();
        let one = |it: &Phrase| (it.code.clone(), it.text.clone(), it.severity, it.active);
        clause.phrases.iter().map(one).collect::<Vec<_>>()
    };
    let (a, b) = (("C1a".to_owned(), "破损".to_owned()), ("C1b".to_owned(), "褪色".to_owned()));
    let serious = Some(Severity::Serious);
    let before = vec![(b.0.clone(), b.1.clone(), None, true), (a.0.clone(), a.1.clone(), serious, true)];
    assert_eq!(phrases().await, before, "in the order of the file");
    // The clauses come again, and nothing is lost of theirs.
    let again = take(&app, small()).await;
    assert_eq!((again.clauses.changed, phrases().await), (0, before));
    // One is withdrawn; it stays for old issues, behind those that are named.
    let more =
        format!("{}C1,c,缺少,,\nC1,a,破损,serious,false\n", PHRASES.replace("severity", "severity,active"));
    let later = take(&app, BTreeMap::from([("phrases.csv".to_owned(), more.into_bytes())])).await;
    assert_eq!(later.phrases, Count { added: 1, changed: 1, unchanged: 0 });
    let now = phrases().await;
    let codes: Vec<_> = now.iter().map(|it| (it.0.as_str(), it.3)).collect();
    assert_eq!(codes, [("C1c", true), ("C1a", false), ("C1b", true)]);
    let bad = files(&[("phrases.csv", PHRASES, "C1,A,大写,\nC9,a,没有,\nC1,d,缺少,\nC1,e,缺少,\n")]);
    assert_eq!(
        lines(&refuse(&app, bad).await),
        [
            "phrases.csv:2: letter: \"A\" is not one small letter from a to z",
            "phrases.csv:5: clause + text: C1 + 缺少 stands in line 4 already",
            "phrases.csv:3: clause: no clause has the code C9",
        ]
    );
}

async fn a_second_time_changes_nothing(app: TestApp) {
    let county = import::demo_county();
    let first = apply(&app, &county).await.expect("the county is sound");
    assert_eq!(first.spots, Count { added: 248, changed: 0, unchanged: 0 });
    assert_eq!(first.users.added + first.users.changed + first.users.unchanged, 63);
    let before = app.state.catalogue.get().await.expect("loads");
    let second = apply(&app, &county).await.expect("the county is sound");
    for count in [
        second.units,
        second.areas,
        second.spot_types,
        second.clauses,
        second.phrases,
        second.spot_type_clauses,
        second.spots,
        second.routing_rules,
        second.users,
    ] {
        assert_eq!((count.added, count.changed), (0, 0), "{second}");
        assert!(count.unchanged > 0);
    }
    let after = app.state.catalogue.get().await.expect("loads");
    assert_eq!(after.version, before.version);
    assert_eq!(after.bundle, before.bundle);
}

async fn a_changed_row_keeps_its_id(app: TestApp) {
    take(&app, small()).await;
    let before = app.state.catalogue.get().await.expect("loads");
    // With a byte order mark, CRLF and a quoted field, as a spreadsheet saves it.
    let rows = "\u{feff}code,name,short_name,group,parent_code\r\nB,\"单位,乙\r\n改名\",乙,部门,\r\nD,丁局,丁,部门,B\r\n";
    let summary = take(&app, files(&[("units.csv", "", rows)])).await;
    assert_eq!(summary.units, Count { added: 1, changed: 1, unchanged: 0 });
    let after = app.state.catalogue.get().await.expect("loads");
    assert_eq!(after.version, before.version + 1);
    let (old, new) = (before.unit_by_code("B").expect("B"), after.unit_by_code("B").expect("B"));
    assert_eq!((old.id, new.name.as_str(), new.parent_id), (new.id, "单位,乙\n改名", None));
    assert_eq!(after.unit_by_code("D").expect("D").parent_id, Some(new.id));
    // What the files do not speak of is as it was.
    assert_eq!(before.bundle.catalogue.spots, after.bundle.catalogue.spots);
    assert_eq!(before.unit_by_code("A"), after.unit_by_code("A"));
}

async fn everyday_names_come_and_stay(app: TestApp) {
    take(&app, small()).await;
    let aliases = async || {
        let loaded = app.state.catalogue.get().await.expect("loads");
        loaded.unit_by_code("A").expect("A").aliases.clone()
    };
    let with = |header: &str, row: &str| {
        files(&[("units.csv", "", &format!("{}{header}\n{row}\n", UNITS.trim_end()))])
    };
    let named = take(&app, with(",aliases", "A,单位甲,甲,部门,,城管；城管队、 执法队;城管;")).await;
    assert_eq!(
        (named.units.changed, aliases().await),
        (1, ["城管", "城管队", "执法队"].map(str::to_owned).to_vec())
    );
    // A file that does not speak of them leaves them, in either form.
    assert_eq!(take(&app, with("", "A,单位甲,甲,部门,")).await.units.unchanged, 1);
    let json = r#"[{"code":"A","name":"单位甲","short_name":"甲","group":"部门"}]"#;
    assert_eq!(take(&app, files(&[("units.json", "", json)])).await.units.unchanged, 1);
    let json = r#"[{"code":"A","name":"单位甲","short_name":"甲","group":"部门","aliases":["交警"]}]"#;
    assert_eq!(take(&app, files(&[("units.json", "", json)])).await.units.changed, 1);
    assert_eq!(aliases().await, ["交警"]);
    // An empty cell takes them away.
    assert_eq!(take(&app, with(",别名", "A,单位甲,甲,部门,,")).await.units.changed, 1);
    assert!(aliases().await.is_empty());
}

async fn json_is_as_good_as_csv(app: TestApp) {
    take(&app, small()).await;
    let json = serde_json::json!([
        { "code": "A", "name": "单位甲", "short_name": "甲", "group": "部门" },
        { "code": "B", "name": "单位乙", "short_name": "乙", "group": "部门", "parent_code": "A", "active": true },
    ]);
    let spots = serde_json::json!([{
        "code": "T-001", "name": "东市场", "type": "T", "area_code": "X1", "address": null, "lng": 113.7,
        "lat": 33.5, "territory_unit": "A", "operator_unit": "B", "hours": "06:00-12:00;14:00-20:00"
    }]);
    let summary =
        take(&app, files(&[("units.json", "", &json.to_string()), ("spots.json", "", &spots.to_string())]))
            .await;
    assert_eq!(summary.units, Count { added: 0, changed: 0, unchanged: 2 });
    assert_eq!(summary.spots, Count { added: 0, changed: 0, unchanged: 1 });
    let users =
        serde_json::json!([{ "username": "l", "name": "联络员", "role": "unit", "units": ["A", "B"] }]);
    assert_eq!(take(&app, files(&[("users.json", "", &users.to_string())])).await.users.added, 1);
}

async fn nothing_is_half_imported(app: TestApp) {
    let mut files = small();
    files.insert("users.csv".into(), format!("{USERS}someone,某人,unit,NONE\n").into_bytes());
    let bad = refuse(&app, files).await;
    assert_eq!(lines(&bad), ["users.csv:2: units: no unit has the code NONE"]);
    let loaded = app.state.catalogue.get().await.expect("loads");
    assert_eq!((loaded.version, loaded.bundle.catalogue.units.len()), (0, 0));
}

fn lines(bad: &Findings) -> Vec<String> {
    bad.lines().iter().map(ToString::to_string).collect()
}

async fn what_is_retired_stays(app: TestApp) {
    let mut all = small();
    let rule = format!("{RULES}spot_type_area,,,T,X,B,整县\n");
    all.insert("routing_rules.csv".into(), rule.into_bytes());
    take(&app, all).await;
    let with = |header: &str, rows: &str| format!("{},active\n{rows}", header.trim_end());
    let retire = files(&[
        ("units.csv", "", &with(UNITS, "B,单位乙,乙,部门,A,false\n")),
        (
            "clauses.csv",
            "",
            &with(CLAUSES, "C2,秩序,无占道,看,,event,territory,B,属地,4,work_hour,general,true,false\n"),
        ),
        ("spot_type_clauses.csv", "", &with(CHECKS, "T,C2,,,FALSE\n")),
        ("routing_rules.csv", "", &with(RULES, "spot_type_area,,,T,X,B,整县,false\n")),
    ]);
    let summary = take(&app, retire).await;
    assert_eq!((summary.units.changed, summary.routing_rules.changed), (1, 1));
    let loaded = app.state.catalogue.get().await.expect("loads");
    assert!(!loaded.unit_by_code("B").expect("still there").active);
    assert!(!loaded.clause("C2").expect("still there").active);
    assert!(loaded.clause("C1").expect("there").active);
    assert!(!loaded.is_checked_at("T", "C2"));
    assert!(loaded.bundle.catalogue.rules.is_empty());
    // A file that does not say leaves it as it is; one that says brings it back, as the same row.
    assert_eq!(take(&app, files(&[("units.csv", UNITS, "B,单位乙,乙,部门,A\n")])).await.units.unchanged, 1);
    let back = files(&[("routing_rules.csv", "", &with(RULES, "spot_type_area,,,T,X,B,整县,true\n"))]);
    assert_eq!(take(&app, back).await.routing_rules, Count { added: 0, changed: 1, unchanged: 0 });
}

async fn accounts_come_without_a_password(app: TestApp) {
    let operator = Operator::for_tests();
    let users = format!("{USERS}newcomer,新人,unit,A;B\nInspector,巡查员甲,inspector,\n");
    let mut all = small();
    all.insert("users.csv".into(), users.into_bytes());
    let summary = take(&app, all.clone()).await;
    assert_eq!(summary.users, Count { added: 1, changed: 1, unchanged: 0 });
    let mut client = app.anonymous();
    for password in ["", "password", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        client.sign_in("newcomer", password).await.expect(401).problem(Code::WrongCredentials);
    }
    user::change_password(&app.state, &operator, "newcomer", "a fresh secret").await.expect("changed");
    assert_eq!(client.sign_in("newcomer", "a fresh secret").await.status, 204);
    let units = app.state.catalogue.get().await.expect("loads");
    let b = units.unit_by_code("B").expect("B").id;
    // Importing again leaves passwords and sessions alone, also of those who were there before.
    assert_eq!(take(&app, all).await.users.unchanged, 2);
    assert_eq!(client.get("/api/me").await.status, 200);
    assert_eq!(app.anonymous().sign_in("inspector", scene::PASSWORD).await.status, 204);
    // Fewer units; then disabled, which ends the sessions.
    let fewer = take(&app, files(&[("users.csv", USERS, "newcomer,新人,unit,B\n")])).await;
    assert_eq!(fewer.users.changed, 1);
    assert_eq!(units_of(&app, "newcomer").await, [b.0]);
    let gone = "username,name,role,units,active\nnewcomer,新人,unit,B,false\n";
    take(&app, files(&[("users.csv", "", gone)])).await;
    assert_eq!(client.get("/api/me").await.status, 401);
    assert_eq!(client.sign_in("newcomer", "a fresh secret").await.status, 401);
    let back = gone.replace("false", "true");
    take(&app, files(&[("users.csv", "", &back)])).await;
    assert_eq!(client.sign_in("newcomer", "a fresh secret").await.status, 204);
}

async fn units_of(app: &TestApp, username: &str) -> Vec<uuid::Uuid> {
    let rows: Vec<(uuid::Uuid,)> = app
        .state
        .db
        .fetch_all(
            server::db::query(
                "select m.unit_id from membership m join account a on a.id = m.user_id where a.username_key = $1",
            )
            .bind(username),
        )
        .await
        .expect("reads");
    rows.into_iter().map(|row| row.0).collect()
}

async fn a_calendar_comes_into_force(app: TestApp) {
    let calendar =
        |off: &str| format!(r#"{{"version":"v1","years":[{{"year":2027,"off":["{off}"],"work":[]}}]}}"#);
    let first = files(&[("calendar.json", "", &calendar("2027-01-01"))]);
    assert_eq!(take(&app, first.clone()).await.calendar.added, 1);
    assert_eq!(take(&app, first).await.calendar.unchanged, 1);
    let loaded = app.state.catalogue.get().await.expect("loads");
    assert_eq!(loaded.bundle.working_time.calendar.version(), "v1");
    let bad = refuse(&app, files(&[("calendar.json", "", &calendar("2027-01-04"))])).await;
    let expected = "calendar.json: version: the version v1 is taken by other content; give this one another";
    assert_eq!(lines(&bad), [expected]);
}

async fn hours_and_policy_are_settled(app: TestApp) {
    let settled = files(&[
        ("working_hours.json", "", r#"[["08:30","12:00"],["13:30","17:30"]]"#),
        ("policy.json", "", r#"{"reading":"end_of_day","recurrence_days":15}"#),
    ]);
    let summary = take(&app, settled.clone()).await;
    assert_eq!((summary.working_hours.added, summary.policy.added), (1, 1));
    let again = take(&app, settled).await;
    assert_eq!((again.working_hours.unchanged, again.policy.unchanged), (1, 1));
    let bundle = &app.state.catalogue.get().await.expect("loads").bundle;
    assert_eq!(bundle.policy.recurrence_days, 15);
    assert_eq!(bundle.working_time.hours.to_string(), "08:30-12:00,13:30-17:30");
    let bad = refuse(
        &app,
        files(&[
            ("working_hours.json", "", r#"[["12:00","08:00"]]"#),
            ("policy.json", "", r#"{"recurrance_days":15}"#),
        ]),
    )
    .await;
    let lines = lines(&bad);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[1].starts_with("policy.json:1: recurrance_days: unknown field `recurrance_days`"),
        "{lines:?}"
    );
}

async fn a_part_of_a_check_list_keeps_its_order(app: TestApp) {
    take(&app, small()).await;
    let more = "C3,类,文,法,,part,,,谁,1,work_day,minor,false\n";
    let part =
        files(&[("clauses.csv", CLAUSES, more), ("spot_type_clauses.csv", CHECKS, "T,C3,,\nT,C1,7,改\n")]);
    let order = || async {
        let loaded = app.state.catalogue.get().await.expect("loads");
        let list = &loaded.spot_type("T").expect("T").clauses;
        list.iter().map(|it| it.clause_code.clone()).collect::<Vec<_>>()
    };
    take(&app, part).await;
    assert_eq!(order().await, ["C1", "C2", "C3"]);
    let whole = files(&[("spot_type_clauses.csv", CHECKS, "T,C3,,\nT,C2,,\nT,C1,7,改\n")]);
    take(&app, whole).await;
    assert_eq!(order().await, ["C3", "C2", "C1"]);
}

async fn text_is_only_text(app: TestApp) {
    let name = "'; drop table unit; -- <script>alert(1)</script>";
    let rows = format!("Z,{name},$1,\"\"\"{{n}}\"\"\",\n");
    take(&app, files(&[("units.csv", UNITS, &rows)])).await;
    let loaded = app.state.catalogue.get().await.expect("loads");
    let unit = loaded.unit_by_code("Z").expect("Z");
    assert_eq!((unit.name.as_str(), unit.short_name.as_str(), unit.group.as_str()), (name, "$1", "\"{n}\""));
}
