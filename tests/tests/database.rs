//! What stores rely on from the database, the same on both engines.

use server::db::{Db, On, is_dangling, is_taken, query};
use tests::{TestApp, busy, scene};
use uuid::Uuid;

tests::on_both_engines!(
    values_come_back_as_they_were,
    lists_are_bound_one_by_one,
    a_transaction_is_all_or_nothing,
    read_modify_write_loses_nothing,
    what_is_taken_and_what_is_dangling_is_told_apart,
    migrating_again_changes_nothing,
    what_was_confirmed_late_before_is_filled_in,
    it_is_ready_once_it_is_migrated,
);

async fn values_come_back_as_they_were(app: TestApp) {
    type Row = (Uuid, String, i64, f64, bool, Option<String>, Option<i64>, Option<Uuid>);
    let id = scene::new_id();
    let text = "长 '; drop table account; -- <b>\u{1F6A7}";
    let mut tx = app.state.db.begin().await.expect("begins");
    tx.execute(query(
        "create table probe (id uuid primary key not null, t text not null, n bigint not null,
             r double precision not null, b boolean not null, nt text, nn bigint, nu uuid)",
    ))
    .await
    .expect("creates");
    let insert =
        query("insert into probe (id, t, n, r, b, nt, nn, nu) values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(id)
            .bind(text)
            .bind(i64::MAX)
            .bind(0.1_f64)
            .bind(true)
            .bind(None::<String>)
            .bind(None::<i64>)
            .bind(None::<Uuid>);
    assert_eq!(tx.execute(insert).await.expect("inserts"), 1);
    tx.commit().await.expect("commits");
    let select =
        || query("select id, t, n, r, b, nt, nn, nu from probe where id = $1 and b = $2").bind(id).bind(true);
    let row: Row = app.state.db.fetch_one(select()).await.expect("reads");
    assert_eq!(row, (id, text.to_owned(), i64::MAX, 0.1, true, None, None, None));
    // The same function reads inside a transaction and outside.
    let mut tx = app.state.db.begin().await.expect("begins");
    let inside: Option<Row> = On::from(&mut tx).fetch_optional(select()).await.expect("reads");
    assert_eq!(inside.expect("there").0, id);
}

async fn lists_are_bound_one_by_one(app: TestApp) {
    let mut found = query("select count(*) from account where username_key in ");
    found.push_list(["admin", "manager", "no' or '1'='1"]).push(" and role <> ").push_bind("unit");
    assert_eq!(app.state.db.fetch_one::<(i64,)>(found).await.expect("counts").0, 2);
    let mut nobody = query("select count(*) from account where username_key in ");
    nobody.push_list(Vec::<String>::new());
    assert_eq!(app.state.db.fetch_one::<(i64,)>(nobody).await.expect("counts").0, 0);
}

async fn a_transaction_is_all_or_nothing(app: TestApp) {
    let count = async || {
        app.state
            .db
            .fetch_one::<(i64,)>(query("select count(*) from sign_in_failure"))
            .await
            .expect("counts")
            .0
    };
    let insert = |key: &'static str| {
        query("insert into sign_in_failure (username_key, failures, failed_at) values ($1, 1, 0)").bind(key)
    };
    let mut dropped = app.state.db.begin().await.expect("begins");
    dropped.execute(insert("a")).await.expect("inserts");
    drop(dropped);
    assert_eq!(count().await, 0);
    let mut kept = app.state.db.begin().await.expect("the writer is free again");
    kept.execute(insert("a")).await.expect("inserts");
    assert_eq!(count().await, 0, "nobody sees what is not committed");
    kept.commit().await.expect("commits");
    assert_eq!(count().await, 1);
}

async fn read_modify_write_loses_nothing(app: TestApp) {
    let insert = query("insert into sign_in_failure (username_key, failures, failed_at) values ('n', 0, 0)");
    app.state.db.execute(insert).await.expect("inserts");
    let thing = scene::new_id();
    let all: Vec<_> = (0..50).map(|_| tokio::spawn(add_one(app.state.db.clone(), thing))).collect();
    for one in all {
        one.await.expect("no panic").expect("no failure");
    }
    let read = query("select failures from sign_in_failure where username_key = 'n'");
    assert_eq!(app.state.db.fetch_one::<(i64,)>(read).await.expect("reads").0, 50);
}

async fn add_one(db: Db, thing: Uuid) -> Result<(), server::db::Error> {
    let mut tx = db.begin().await?;
    tx.lock(thing).await?;
    let (n,): (i64,) =
        tx.fetch_one(query("select failures from sign_in_failure where username_key = 'n'")).await?;
    tx.execute(query("update sign_in_failure set failures = $1 where username_key = 'n'").bind(n + 1))
        .await?;
    tx.commit().await
}

async fn what_is_taken_and_what_is_dangling_is_told_apart(app: TestApp) {
    let again = query("insert into sign_in_failure (username_key, failures, failed_at) values ('x', 0, 0)");
    app.state.db.execute(again.clone()).await.expect("inserts");
    let taken = app.state.db.execute(again).await.expect_err("taken");
    assert!(is_taken(&taken) && !is_dangling(&taken), "{taken}");
    let dangling = query("insert into membership (user_id, unit_id) values ($1, $1)").bind(scene::new_id());
    let dangling = app.state.db.execute(dangling).await.expect_err("dangling");
    assert!(is_dangling(&dangling) && !is_taken(&dangling), "{dangling}");
}

async fn migrating_again_changes_nothing(app: TestApp) {
    app.state.db.migrate().await.expect("nothing to do");
    let _ = app.admin().get("/api/me").await.expect(200);
}

async fn what_was_confirmed_late_before_is_filled_in(app: TestApp) {
    const MIGRATION: &str = include_str!("../../migrations/0007_confirmed_late.sql");
    busy::live(&app).await;
    let db = &app.state.db;
    let _ = db.execute(query("update issue set confirmed_late_at = null")).await.expect("forgotten");
    let at = MIGRATION.find("update issue").expect("what fills it in");
    let _ = db.execute(query(&MIGRATION[at..])).await.expect("filled in");
    let mut late = 0;
    for issue in busy::truth(&app).await {
        let kept: (Option<i64>,) = db
            .fetch_one(query("select confirmed_late_at from issue where id = $1").bind(issue.id))
            .await
            .expect("kept");
        let expected = issue.order().and_then(|order| order.confirmed_late_at());
        assert_eq!(kept.0, expected.map(|at| at.millis()), "{}", issue.id);
        late += usize::from(expected.is_some());
    }
    assert!(late > 0, "some were confirmed late");
}

async fn it_is_ready_once_it_is_migrated(app: TestApp) {
    assert!(app.state.db.is_ready().await);
    let _ = app.anonymous().get("/readyz").await.expect(200);
    app.state.db.execute(query("delete from _sqlx_migrations where version = 1")).await.expect("deletes");
    app.anonymous().get("/readyz").await.problem(app::problem::Code::Unavailable);
    app.state.db.close().await;
    app.anonymous().get("/readyz").await.problem(app::problem::Code::Unavailable);
    let _ = app.anonymous().get("/healthz").await.expect(200);
}
