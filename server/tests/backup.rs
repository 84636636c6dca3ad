//! `spotfix backup` and `spotfix restore` as an operator types them: a line, an exit code, and nothing written over.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Scene(PathBuf);

impl Scene {
    /// A folder with the county of `data/catalogue`.
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("backup-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let scene = Self(folder);
        let county = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/catalogue");
        assert!(scene.run(&["import", &county.display().to_string()]).status.success());
        scene
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_spotfix"))
            .current_dir(&self.0)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .expect("runs")
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], word: &str) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.starts_with("spotfix: ") && said.contains(word), "{said}");
    }
}

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn a_county_is_backed_up_proved_and_restored() {
    let scene = Scene::new("county");
    let told = "0 issues with 0 events, and 0 photos";
    assert_eq!(
        done(&scene.run(&["backup", "kept"])),
        format!("backed up {told} in 0 files, 0 of them new\n")
    );
    assert!(done(&scene.run(&["backup", "kept"])).starts_with("backed up"));
    assert!(done(&scene.run(&["restore", "kept", "--check"])).starts_with(&format!("proved {told}, of ")));
    scene.refused(&["restore", "kept"], "move it away");
    let elsewhere = ["restore", "kept", "--database-url", "sqlite:new/spotfix.db", "--photos", "new/photos"];
    assert!(done(&scene.run(&elsewhere)).starts_with(&format!("restored {told}, of ")));
    let route = ["route", "SYDJ-003", "G16", "--lang", "en", "--database-url", "sqlite:new/spotfix.db"];
    assert!(done(&scene.run(&route)).contains("BHJD"));
    scene.refused(&elsewhere, "--database-url");
}

#[test]
fn what_cannot_be_backed_up_is_said_in_one_line() {
    let scene = Scene::new("refused");
    scene.refused(&["backup", "kept", "--database-url", "sqlite:nowhere.db"], "nowhere.db is not there");
    assert!(!scene.0.join("nowhere.db").exists(), "no database is made");
    scene.refused(&["restore", "kept", "--check"], "unfinished");
    scene.refused(&["restore", "nowhere", "--check"], "unfinished");
    scene.refused(&["backup", "spotfix-data"], "something else");
    let url = "postgres://me:hunter42@127.0.0.1:1/x";
    let output = scene.run(&["backup", "other", "--database-url", url]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && !said.contains("hunter42"), "{said}");
}
