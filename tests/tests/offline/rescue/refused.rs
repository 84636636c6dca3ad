//! Files that are refused whole: cut off, of another account, or not as a page writes them. Nothing of them comes in.

use super::file::{Phone, events, photos, take_in, write};
use app::id::IssueId;
use serde_json::{Value, json};
use server::cli::{Operator, user};
use server::outbox::file::{MAX_ITEMS, MAX_LINE_BYTES};
use tests::county::{self, LAMP, MARKET};
use tests::work::{jpeg, report};
use tests::{TestApp, on_both_engines, scene};

on_both_engines!(
    a_file_that_is_cut_off_is_refused_whole,
    a_file_of_another_account_is_refused_whole,
    what_a_page_never_writes_is_refused_whole,
    too_much_is_refused_whole,
);

/// A phone with one report and its photo.
async fn phone(app: &TestApp) -> Phone {
    let mut phone = Phone::of(app, "inspector").await;
    let photo = scene::new_id();
    phone.photo(photo, &jpeg(1), json!({}));
    let mut sent = report(MARKET, LAMP, app.state.clock.now());
    sent["photo_ids"] = json!([photo]);
    phone.report(IssueId(scene::new_id()), &sent, &[photo]);
    phone
}

/// Wants it refused for this reason, with nothing of it taken in.
#[track_caller]
fn refused<'a>(app: &'a TestApp, bytes: Vec<u8>, why: &'a str) -> impl Future<Output = ()> + 'a {
    let at = std::panic::Location::caller();
    async move {
        let path = write(app, &bytes);
        let error = format!("{:#}", take_in(app, &path).await.expect_err("refused"));
        assert!(error.contains(why), "{at}: {error}");
        assert_eq!((events(app).await, photos(app).await), (0, 0), "{at}");
    }
}

async fn a_file_that_is_cut_off_is_refused_whole(app: TestApp) {
    county::lay(&app.state).await;
    let phone = phone(&app).await;
    let text = phone.text();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let cut_off = "the file is cut off";
    // Without its end; without a line in the middle; with an end that counts otherwise.
    refused(&app, lines[..3].concat().into(), cut_off).await;
    refused(&app, [lines[0], lines[2], lines[3]].concat().into(), cut_off).await;
    refused(&app, text.replace("\"items\":1", "\"items\":2").into(), cut_off).await;
    // In the middle of a line, wherever.
    let last = text.len() - lines[3].len();
    for at in [last - 2, last - 40, last + 5, text.len() - 3] {
        refused(&app, text.as_bytes()[..at].to_vec(), "line ").await;
    }
    refused(&app, Vec::new(), "no rescue file").await;
    refused(&app, lines[0].as_bytes()[..20].to_vec(), "no rescue file").await;
    // Whole again, with lines as another system ends them.
    let path = write(&app, format!("{}\r\n", text.replace('\n', "\r\n")).as_bytes());
    assert_eq!(take_in(&app, &path).await.expect("whole").sum.taken_in, 1);
}

async fn a_file_of_another_account_is_refused_whole(app: TestApp) {
    county::lay(&app.state).await;
    let good = phone(&app).await;
    let change = |change: &dyn Fn(&mut Value)| {
        let mut phone = good.clone();
        change(&mut phone.lines[0]["account"]);
        phone.text().into_bytes()
    };
    let other = Phone::of(&app, "inspector2").await.lines[0]["account"].clone();
    // Somebody else's name over this id, somebody else's id under this name, nobody at all.
    refused(&app, change(&|account| account["username"] = other["username"].clone()), "is not here").await;
    refused(&app, change(&|account| account["user_id"] = other["user_id"].clone()), "another account").await;
    refused(&app, change(&|account| account["username"] = json!("nobody")), "is not here").await;
    refused(&app, change(&|account| *account = json!(null)), "whose work").await;
    // The head is another's, the items are not.
    refused(&app, change(&|account| *account = other.clone()), "another account").await;
    // A forged head over items that were forged to match.
    let forged = good.text().replace(
        good.lines[0]["account"]["user_id"].as_str().expect("an id"),
        other["user_id"].as_str().expect("an id"),
    );
    refused(&app, forged.into_bytes(), "is not here").await;

    user::disable(&app.state, &Operator::for_tests(), "inspector").await.expect("disabled");
    refused(&app, good.text().into_bytes(), "is disabled").await;
}

async fn what_a_page_never_writes_is_refused_whole(app: TestApp) {
    county::lay(&app.state).await;
    let good = phone(&app).await;
    let id = good.lines[2]["item"]["id"].as_str().expect("an id").to_owned();
    let item = |change: &dyn Fn(&mut Value)| {
        let mut phone = good.clone();
        change(&mut phone.lines[2]["item"]);
        phone.text().into_bytes()
    };
    let other = scene::new_id();
    for path in [
        format!("/api/issues/{id}/steps/{id}"),
        format!("/api/photos/{id}"),
        format!("/api/issues/{id}/"),
        format!("/api/issues/{id}?x=1"),
        format!("https://spotfix.test/api/issues/{id}"),
        "/api/session".to_owned(),
        "/api/issues/../session".to_owned(),
        String::new(),
    ] {
        refused(&app, item(&|item| item["path"] = json!(path)), "line 3").await;
    }
    refused(&app, item(&|item| item["path"] = json!(format!("/api/issues/{other}"))), "differ").await;
    refused(&app, item(&|item| item["id"] = json!(other)), "differ").await;
    refused(&app, item(&|item| item["body"] = json!({ "step": "accept" })), "cannot be read").await;
    refused(&app, item(&|item| item["lane"] = json!("x")), "cannot be read").await;
    refused(&app, item(&|item| item["photos"] = json!(["../../etc/passwd"])), "cannot be read").await;
    refused(&app, item(&|item| item["step"] = json!("open sesame")), "cannot be read").await;

    let with = |line: Value| {
        let mut phone = good.clone();
        phone.lines.push(line);
        phone.text().into_bytes()
    };
    refused(&app, with(json!({ "settings": {} })), "line 4: neither").await;
    refused(&app, with(json!([1, 2])), "line 4").await;
    refused(&app, with(json!({ "draft": {}, "item": good.lines[2]["item"] })), "line 4: neither").await;
    refused(&app, with(good.lines[2].clone()), "is there twice").await;
    refused(&app, with(json!({ "end": { "photos": 1, "items": 1, "drafts": 0 } })), "may follow").await;

    let head = |change: &dyn Fn(&mut Value)| {
        let mut phone = good.clone();
        change(&mut phone.lines[0]);
        phone.text().into_bytes()
    };
    refused(&app, head(&|head| head["format"] = json!("spotfix-backup")), "no rescue file").await;
    refused(&app, head(&|head| head["version"] = json!(2)), "version 2").await;
    refused(&app, b"\x89PNG\r\n\x1a\n".to_vec(), "no rescue file").await;
    let mut not_text = good.text().into_bytes();
    let at = not_text.len() / 2;
    not_text[at] = 0xff;
    refused(&app, not_text, "line ").await;
    assert!(take_in(&app, std::path::Path::new("/nowhere/at/all")).await.is_err());
}

async fn too_much_is_refused_whole(app: TestApp) {
    county::lay(&app.state).await;
    let good = phone(&app).await;
    let mut phone = good.clone();
    phone.change(|line| line["item"]["title"] = json!("x".repeat(MAX_LINE_BYTES)));
    refused(&app, phone.text().into_bytes(), "line 3 is longer").await;
    let mut phone = good.clone();
    for _ in 0..MAX_ITEMS {
        phone.raw_report(IssueId(scene::new_id()), "{}");
    }
    refused(&app, phone.text().into_bytes(), "more than 2000 items").await;
}
