//! `spotfix import-outbox` as an operator types it: a line for each item, a sum, and the exit code.

use serde_json::{Value, json};
use server::db::{Db, query};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use uuid::Uuid;

/// A folder with the county of `data/catalogue` and one inspector.
struct Scene {
    folder: PathBuf,
    user_id: Uuid,
    spot_id: Uuid,
}

impl Scene {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("outbox-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut scene = Self { folder, user_id: Uuid::nil(), spot_id: Uuid::nil() };
        let county = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/catalogue");
        assert!(scene.run(&["import", &county.display().to_string()]).status.success());
        let added = ["user", "add", "limei", "--role", "inspector", "--name", "李梅", "--password-stdin"];
        assert!(scene.run(&added).status.success());
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        (scene.user_id, scene.spot_id) = runtime.block_on(async {
            let db = Db::connect(&scene.url()).await.expect("opens");
            let user = query("select id from account where username_key = 'limei'");
            let spot = query("select id from spot where code = 'NMSC-001'");
            let (user, spot): ((Uuid,), (Uuid,)) =
                (db.fetch_one(user).await.expect("there"), db.fetch_one(spot).await.expect("there"));
            db.close().await;
            (user.0, spot.0)
        });
        scene
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.folder.join("spotfix.db").display())
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spotfix"))
            .args(arguments)
            .env_clear()
            .env("SPOTFIX_DATABASE_URL", self.url())
            .env("SPOTFIX_PHOTOS", self.folder.join("photos"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        // What a command that asks for no password does not read, it may leave.
        let _ = std::io::Write::write_all(&mut child.stdin.take().expect("piped"), b"a long enough secret\n");
        child.wait_with_output().expect("ends")
    }

    fn head(&self) -> Value {
        let account = json!({ "user_id": self.user_id, "username": "limei", "name": "李梅" });
        json!({ "format": "spotfix-outbox", "version": 1, "account": account })
    }

    fn report(&self, number: u128, title: &str, change: impl FnOnce(&mut Value)) -> Value {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number);
        let mut body = json!({
            "spot_id": self.spot_id, "clause_code": "NMSC-03", "description": "地面有积水", "severity": "minor",
            "observed_at": "2026-03-02T08:00:00+08:00", "photo_ids": [],
        });
        change(&mut body);
        json!({ "item": {
            "id": id, "user": self.user_id, "kind": "report", "path": format!("/api/issues/{id}"), "lane": id,
            "body": body.to_string(), "photos": [], "title": title, "detail": "东关市场", "seq": number,
        } })
    }

    fn import(&self, lines: &[Value], more: &[&str]) -> Output {
        let path = self.folder.join("rescue.jsonl");
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, text).expect("written");
        let path = path.display().to_string();
        self.run(&[&["import-outbox", &path], more].concat())
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn each_item_is_told_in_a_line() {
    let scene = Scene::new("told");
    let lines = [
        scene.head(),
        scene.report(1, "公平秤\u{1b}[31m未检定", |_| {}),
        scene.report(2, "墙面", |body| body["colour\u{7}"] = json!("red")),
        json!({ "draft": { "title": "半张", "detail": "北关市场" } }),
        json!({ "end": { "photos": 0, "items": 2, "drafts": 1 } }),
    ];
    let output = scene.import(&lines, &[]);
    let told = "已收 · 上报 · 公平秤[31m未检定 – 东关市场 · 01900000-0000-7000-8000-000000000001\n\
                被拒 unknown_field (colour unknown) · 上报 · 墙面 – 东关市场 · 01900000-0000-7000-8000-000000000002\n\
                草稿不导入，请在手机上完成 · 半张 – 北关市场\n\
                已收 1，早已收到 0，被拒 1，未收 0，草稿 1（不导入）\n";
    assert_eq!(text(&output.stdout), told);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), "spotfix: 1 not taken in\n"));

    let lines = [
        scene.head(),
        scene.report(1, "公平秤", |_| {}),
        json!({ "end": { "photos": 0, "items": 1, "drafts": 0 } }),
    ];
    let output = scene.import(&lines, &["--lang", "en"]);
    let told = "was here before · report · 公平秤 – 东关市场 · 01900000-0000-7000-8000-000000000001\n\
                0 taken in, 1 were here before, 0 refused, 0 held back, 0 drafts left out\n";
    assert_eq!((text(&output.stdout), text(&output.stderr)), (told, ""));
    assert!(output.status.success());
}

#[test]
fn a_file_that_is_not_whole_is_refused_in_one_line() {
    let scene = Scene::new("cut");
    let lines = [scene.head(), scene.report(1, "公平秤", |_| {})];
    let output = scene.import(&lines, &[]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), ""));
    let why = text(&output.stderr);
    assert!(why.starts_with("spotfix: ") && why.contains("the file is cut off"), "{why}");
    assert_eq!(why.lines().count(), 1);
    assert_eq!(scene.run(&["import-outbox"]).status.code(), Some(2));
    let output = scene.run(&["import-outbox", "/nowhere/at/all"]);
    assert!(text(&output.stderr).starts_with("spotfix: opening /nowhere/at/all: "), "{output:?}");
}
