//! The binary as an operator types it: what it prints, what it leaves behind, and its exit codes.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of one test, with a database and photos of its own.
struct Scene(PathBuf);

impl Scene {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("spotfix-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// Runs the binary on this scene's database.
    fn run(&self, arguments: &[&str]) -> Output {
        let database = format!("sqlite:{}", self.0.join("spotfix.db").display());
        spotfix()
            .args(arguments)
            .env("SPOTFIX_DATABASE_URL", database)
            .env("SPOTFIX_PHOTOS", self.0.join("photos"))
            .output()
            .expect("the binary runs")
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // What is left lies in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The binary with nothing of the surroundings' configuration.
fn spotfix() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spotfix"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SPOTFIX_") {
            command.env_remove(name);
        }
    }
    command
}

fn data(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data").join(path)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output)
}

fn due(arguments: &[&str]) -> Output {
    spotfix().arg("due").args(arguments).output().expect("the binary runs")
}

#[test]
fn every_worked_case_is_due_when_it_says() {
    let cases = std::fs::read_to_string(data("deadline-cases.json")).expect("the cases are there");
    let cases: Value = serde_json::from_str(&cases).expect("JSON");
    let mut count = 0;
    for case in cases["cases"].as_array().expect("cases") {
        // Pauses and extensions happen to orders; the command reckons fresh ones.
        if case.get("events").is_some() {
            continue;
        }
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let limit = &case["limit"];
        let limit_text = format!("{}{}", limit["value"], text(&limit["kind"]));
        let mut arguments = vec![text(&case["at"]), limit_text, "--json".to_owned()];
        if let Some(reading) = limit["reading"].as_str() {
            arguments.extend(["--reading".to_owned(), reading.to_owned()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer: Value = serde_json::from_str(&succeeded(&due(&arguments))).expect("JSON");
        assert_eq!(text(&answer["due"]), format!("{}:00+08:00", text(&case["due"])), "{case}");
        let provisional = case.get("provisional").and_then(Value::as_bool).unwrap_or(false);
        assert_eq!(answer["provisional"], provisional, "{case}");
        assert!(!answer["lines"].as_array().expect("lines").is_empty());
        assert!(text(&answer["calendar_version"]).starts_with("2024-2026-"));
        count += 1;
    }
    assert!(count >= 6, "only {count} cases");
}

#[test]
fn a_due_time_is_explained_in_words() {
    let zh = succeeded(&due(&["2026-02-13T16:00", "2work_day"]));
    assert_eq!(zh.lines().next(), Some("到期：2026-02-24 16:00（星期二）"));
    assert!(zh.contains("\n  2026-02-13 16:00–18:00 工作日：计 2 小时\n"), "{zh}");
    assert!(zh.contains("\n  2026-02-14 调休上班：计 8 小时\n"), "{zh}");
    assert!(zh.contains("\n  2026-02-15 至 2026-02-23 节假日：不计\n"), "{zh}");
    let en =
        succeeded(&due(&["2026-02-13T08:00:00Z", "2work_day", "--reading", "end_of_day", "--lang", "en"]));
    assert_eq!(en.lines().next(), Some("due: 2026-02-24 18:00 (Tuesday)"));
    assert!(en.contains("  2026-02-14 make-up working day: 1 working day\n"), "{en}");
    let far = succeeded(&due(&["2027-05-01 09:30", "1work_hour"]));
    assert!(far.contains("暂按星期和法定节假日推定"), "{far}");
    assert!(far.contains("\n  2027-05-01 至 2027-05-02 节假日：不计（年份未公布，暂定）\n"), "{far}");
}

#[test]
fn what_cannot_be_reckoned_is_said_in_one_line() {
    for arguments in [
        &["yesterday", "2work_day"][..],
        &["2026-02-13T16:00", "2fortnight"],
        &["2026-02-13T16:00", "0work_day"],
        &["2026-02-13T16:00", "-1work_day"],
        &["2026-02-13T16:00", "99999999999work_day"],
        &["2026-02-13T16:00", "2work_day", "--reading", "loose"],
        &["2026-02-13T16:00"],
    ] {
        let output = due(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
    let output = due(&["9999-12-30T16:00", "10000work_day"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "spotfix: the due time lies after the year 9999\n");
}

#[test]
fn the_county_is_imported_and_routed() {
    let scene = Scene::new("county");
    let folder = data("catalogue").display().to_string();
    let first = succeeded(&scene.run(&["import", &folder]));
    assert!(first.contains("spots                248 added      0 changed      0 unchanged\n"), "{first}");
    let second = succeeded(&scene.run(&["import", &folder]));
    assert!(second.lines().all(|line| line.contains(" 0 added      0 changed")), "{second}");

    let route = succeeded(&scene.run(&["route", "SYDJ-003", "G16"]));
    assert!(route.contains("责任单位：BHJD 滨河街道\n依据：本点位本检查项的规则"), "{route}");
    assert!(route.contains("未采用：\n  "), "{route}");
    let route = succeeded(&scene.run(&["route", "SYDJ-003", "G16", "--lang", "en"]));
    assert!(route.contains("because: the rule for this spot and clause"), "{route}");
    let json: Value =
        serde_json::from_str(&succeeded(&scene.run(&["route", "SYDJ-003", "G16", "--json"]))).expect("JSON");
    assert_eq!(json["unit"]["code"], "BHJD");
    assert_eq!(json["assignment"]["way"]["by"], "spot_clause");
    assert!(!json["assignment"]["beaten"].as_array().expect("a list").is_empty());
    // A bank's lead is not in the directory: the pool.
    let simulated = succeeded(&scene.run(&["simulate", "--lang", "en"]));
    assert!(simulated.contains("2 rules never win\n"), "{simulated}");
    assert!(simulated.contains("YHWD-002") && simulated.contains("– G13"), "{simulated}");
    let pool = succeeded(&scene.run(&["route", "YHWD-002", "G13", "--lang", "en"]));
    assert!(pool.contains("unit: none: the office's pool\nbecause: no rule reaches\n"), "{pool}");
    for (spot, clause, what) in [("NONE", "G16", "spot"), ("SYDJ-003", "NONE", "clause")] {
        let output = scene.run(&["route", spot, clause]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stderr(&output), format!("spotfix: no {what} has the code NONE\n"));
    }
    // The county's own reading and calendar decide where a database is named.
    assert!(succeeded(&scene.run(&["due", "2026-02-13T16:00", "2work_day"])).contains("2026-02-24 16:00"));
}

#[test]
fn bad_lines_are_named_and_nothing_is_imported() {
    let scene = Scene::new("bad");
    let files = scene.0.join("files");
    std::fs::create_dir_all(&files).expect("a folder");
    let units = "code,name,short_name,group,parent_code\nA,单位甲,甲,部门,\nB,,乙,部门,Q\n";
    std::fs::write(files.join("units.csv"), units).expect("written");
    let output = scene.run(&["import", &files.display().to_string()]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    let expected = "units.csv:3: name: required\nspotfix: nothing was imported: one fault found\n";
    assert_eq!(stderr(&output), expected);
    std::fs::write(files.join("units.csv"), units.replace("B,,", "B,单位乙,").replace(",Q", ",A"))
        .expect("written");
    assert!(succeeded(&scene.run(&["import", &files.display().to_string()])).contains("2 added"));
    let output = scene.run(&["import", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("/nowhere/at/all: no such file or folder\n"), "{}", stderr(&output));
    assert_eq!(scene.run(&["import"]).status.code(), Some(2));
}

#[test]
fn a_template_is_written_once_and_imported() {
    let scene = Scene::new("template");
    let file = scene.0.join("county.xlsx").display().to_string();
    assert_eq!(succeeded(&scene.run(&["import", "--template", &file])), "");
    let again = scene.run(&["import", "--template", &file]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).starts_with(&format!("spotfix: {file}: ")), "{}", stderr(&again));
    assert_eq!(scene.run(&["import", &file, "--template", &file]).status.code(), Some(2));
    // Nothing but what is not imported stands in it.
    let output = scene.run(&["import", &file]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    let said = "warning: county.xlsx:点位: left out, for they begin with #: lines 2, 3\n";
    assert!(stderr(&output).contains(said), "{}", stderr(&output));
}
