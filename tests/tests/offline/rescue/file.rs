//! Rescue files as a page writes them, to be spoilt in every way; and what an import of one told.

use app::id::{IssueId, OrderId, PhotoId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::cli::Operator;
use server::db::query;
use server::outbox::{self, Outcome, Sum, Told};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tests::{TestApp, scene};
use uuid::Uuid;

/// What lies on a phone.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    user_id: Uuid,
    /// The lines but the last.
    pub(crate) lines: Vec<Value>,
}

/// What was told.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) sum: Sum,
    pub(crate) outcomes: Vec<(Uuid, Outcome)>,
    pub(crate) damaged: Vec<(usize, PhotoId)>,
    pub(crate) drafts: Vec<String>,
}

impl Phone {
    pub(crate) async fn of(app: &TestApp, username: &str) -> Self {
        let found = query("select id from account where username = $1").bind(username);
        let (user_id,): (Uuid,) = app.state.db.fetch_one(found).await.expect("there");
        let account = json!({ "user_id": user_id, "username": username, "name": "某人" });
        let head = json!({
            "format": "spotfix-outbox", "version": 1, "account": account,
            "exported_at": "2026-03-02T01:00:00.000Z", "device": "a phone",
        });
        Self { user_id, lines: vec![head] }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "tests write what is told in the place where it is passed"
    )]
    pub(crate) fn photo(&mut self, id: Uuid, bytes: &[u8], meta: Value) {
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.lines.push(json!({
            "photo": { "id": id, "sha256": sha256, "size": bytes.len(), "width": 320, "height": 240, "meta": meta },
            "bytes": base64(bytes),
        }));
    }

    pub(crate) fn report(&mut self, id: IssueId, body: &Value, photos: &[Uuid]) {
        self.raw_report(id, &body.to_string());
        self.change(|line| line["item"]["photos"] = json!(photos));
    }

    pub(crate) fn raw_report(&mut self, id: IssueId, body: &str) {
        let seq = self.lines.len();
        self.item(json!({
            "id": id, "kind": "report", "step": null, "path": format!("/api/issues/{id}"), "body": body,
            "answer_id": id, "photos": [], "lane": id, "seq": seq,
        }));
    }

    pub(crate) fn step(&mut self, issue: IssueId, order: OrderId, body: &Value, photos: &[Uuid], seq: f64) {
        let id = scene::new_id();
        self.item(json!({
            "id": id, "kind": "step", "step": body["step"], "path": format!("/api/orders/{order}/steps/{id}"),
            "body": body.to_string(), "answer_id": order, "photos": photos, "lane": issue, "seq": seq,
        }));
    }

    fn item(&mut self, mut item: Value) {
        item["user"] = json!(self.user_id);
        item["title"] = json!("路灯不亮");
        item["detail"] = json!("测试市场");
        item["made_at"] = json!(1_772_413_200_000_i64);
        item["subject"] = json!({ "issue_id": item["lane"] });
        self.lines.push(json!({ "item": item }));
    }

    pub(crate) fn draft(&mut self, title: &str) {
        let draft =
            json!({ "id": scene::new_id(), "user": self.user_id, "title": title, "form": { "n": [1] } });
        self.lines.push(json!({ "draft": draft }));
    }

    /// Changes the last line.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Value)) {
        change(self.lines.last_mut().expect("a line"));
    }

    /// Gives every item a lane of its own.
    pub(crate) fn lanes_apart(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.get("item").is_some()) {
            line["item"]["lane"] = json!(scene::new_id());
        }
    }

    /// The whole file as text.
    pub(crate) fn text(&self) -> String {
        let count = |kind: &str| self.lines.iter().filter(|line| line.get(kind).is_some()).count();
        let end = json!({ "photos": count("photo"), "items": count("item"), "drafts": count("draft") });
        let lines = self.lines.iter().map(ToString::to_string).chain([json!({ "end": end }).to_string()]);
        lines.map(|line| format!("{line}\n")).collect()
    }

    pub(crate) fn write(&self, app: &TestApp) -> PathBuf {
        write(app, self.text().as_bytes())
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn write(app: &TestApp, bytes: &[u8]) -> PathBuf {
    let path = Path::new(&app.state.settings.photos).with_file_name("rescue.jsonl");
    std::fs::write(&path, bytes).expect("written");
    path
}

pub(crate) async fn take_in(app: &TestApp, path: &Path) -> anyhow::Result<Done> {
    let (mut outcomes, mut damaged, mut drafts) = (Vec::new(), Vec::new(), Vec::new());
    let told = |told: Told<'_>| match told {
        Told::Item(item, outcome) => outcomes.push((item.id().0, outcome.clone())),
        Told::DamagedPhoto(line, id) => damaged.push((line, id)),
        Told::Draft(title) => drafts.push(title.to_owned()),
    };
    let sum = outbox::take_in(&app.state, &Operator::for_tests(), path, told).await?;
    Ok(Done { sum, outcomes, damaged, drafts })
}

pub(crate) async fn events(app: &TestApp) -> i64 {
    app.state.db.fetch_one::<(i64,)>(query("select count(*) from event")).await.expect("read").0
}

pub(crate) async fn photos(app: &TestApp) -> i64 {
    app.state.db.fetch_one::<(i64,)>(query("select count(*) from photo")).await.expect("read").0
}
