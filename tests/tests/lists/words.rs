//! Issues searched for by words: in any order, in both widths, by pinyin and by what things are called now.

use app::search::fold;
use server::db::query;
use std::collections::BTreeSet;
use tests::busy::{self, SCHOOL, SCHOOL_UNIT};
use tests::{Client, TestApp, encoded, on_both_engines};
use uuid::Uuid;

on_both_engines!(
    words_are_found_in_any_order,
    names_of_now_are_found_too,
    the_tenth_word_takes_the_rest,
    what_was_written_before_is_folded,
);

async fn found(client: &Client, parameters: &[(&str, &str)]) -> BTreeSet<Uuid> {
    let asked =
        parameters.iter().map(|(name, value)| format!("&{name}={}", encoded(value))).collect::<String>();
    let page = client.get(&format!("/api/issues?limit=200{asked}")).await.expect(200).value();
    let items = page["items"].as_array().expect("items").iter();
    items.map(|row| row["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")).collect()
}

async fn words_are_found_in_any_order(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    let (spot, text) = (SCHOOL.to_string(), "成堆");
    let both = found(&manager, &[("spot_id", &spot), ("q", text)]).await;
    assert!(!both.is_empty());
    for asked in
        ["成堆 城东学校", "城东学校　成堆", "学校，成堆、城东", "xx-001 成堆", "ＸＸ－００１　＂成堆＂"]
    {
        assert_eq!(found(&manager, &[("q", asked)]).await, both, "{asked}");
    }
    for asked in ["成堆 没有这个", "学校东城", "成堆城东学校"] {
        assert!(found(&manager, &[("q", asked)]).await.is_empty(), "{asked}");
    }
    for nothing in ["　", " ，", "。"] {
        assert_eq!(found(&manager, &[("q", nothing)]).await.len(), busy::ISSUES, "{nothing}");
    }
}

async fn names_of_now_are_found_too(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    let (spot, unit) = (SCHOOL.to_string(), SCHOOL_UNIT.to_string());
    let (at_school, of_unit) =
        (found(&manager, &[("spot_id", &spot)]).await, found(&manager, &[("unit_id", &unit)]).await);
    assert!(!at_school.is_empty() && !of_unit.is_empty());
    for asked in ["cdxx", "chengdongxuexiao", "chengdxx", "育才路", "12号 cdong"] {
        assert_eq!(found(&manager, &[("q", asked)]).await, at_school, "{asked}");
    }
    for asked in ["校办", "xiaoban", "dxx 丁学校"] {
        assert_eq!(found(&manager, &[("q", asked)]).await, of_unit, "{asked}");
    }
    // The number beside the tabs is of the same question.
    let count = manager.get("/api/issues/count?q=cdxx").await.expect(200).value();
    assert_eq!(count["total"], at_school.len());
    // Searching shows a unit no more than it may see.
    let seen = found(&app.liaison(), &[]).await;
    assert!(found(&app.liaison(), &[("q", "cdxx")]).await.is_subset(&seen));
}

async fn the_tenth_word_takes_the_rest(app: TestApp) {
    busy::live(&app).await;
    let manager = app.manager();
    let one = found(&manager, &[("q", "d")]).await;
    assert!(!one.is_empty());
    // Ten times the same finds the same; with an eleventh the last word is a text with a blank, which stands nowhere.
    assert_eq!(found(&manager, &[("q", &["d"; 10].join(" "))]).await, one);
    assert!(found(&manager, &[("q", &["d"; 50].join(" "))]).await.is_empty());
}

async fn what_was_written_before_is_folded(app: TestApp) {
    const MIGRATION: &str = include_str!("../../../migrations/0012_folded_search.sql");
    busy::live(&app).await;
    let db = &app.state.db;
    let wide: String = ('\u{ff01}'..='\u{ff5e}').collect::<String>().to_lowercase();
    let before = format!("城东 {wide}\u{3000}'\\ a–b—c");
    let write = query("update issue set search = $1").bind(&before);
    let _ = db.execute(write).await.expect("written");
    for statement in MIGRATION.split(";\n").filter(|it| it.contains("update")) {
        let _ = db.execute(query(statement)).await.expect("folded");
    }
    let kept: Vec<(String,)> = db.fetch_all(query("select distinct search from issue")).await.expect("kept");
    assert_eq!(kept, [(fold(&before),)]);
}
