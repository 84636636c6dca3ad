//! A database that is away, busy or silent: worth another try, and no reason to run for ever.

use crate::{minor, put_report, serve};
use app::problem::Code;
use sqlx::{Connection, Executor, SqliteConnection};
use std::time::Duration;
use tests::proxy::{Proxy, Way, address_of};
use tests::{Engine, TestApp, county, scene};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

tests::on_both_engines!(
    a_database_that_is_away_is_worth_another_try,
    the_process_ends_in_time_whatever_the_database_does,
);

/// How long the server waits for its database here.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long nobody could take it for waiting in vain; only a test that fails waits for it.
const FOR_EVER: Duration = Duration::from_secs(60);

/// What stands between the server and its database.
enum Barrier {
    /// PostgreSQL, behind a way that can break.
    Way(Proxy),
    /// SQLite, whose one writer somebody else may be.
    Writer(SqliteConnection),
}

impl Barrier {
    async fn before(app: &TestApp) -> (Self, String) {
        let url = app.database_url();
        match app.engine {
            Engine::Sqlite => {
                let other = SqliteConnection::connect(url).await.expect("opens");
                (Self::Writer(other), url.to_owned())
            }
            Engine::Postgres => {
                let proxy = Proxy::start(address_of(url), Way::Open(Duration::ZERO)).await;
                let detour = proxy.detour(url);
                (Self::Way(proxy), detour)
            }
        }
    }

    async fn close(&mut self, way: Way) {
        match self {
            Self::Way(proxy) => proxy.set(way),
            Self::Writer(other) => {
                other.execute("begin immediate").await.expect("begun");
            }
        }
    }

    async fn open(&mut self) {
        match self {
            Self::Way(proxy) => proxy.set(Way::Open(Duration::ZERO)),
            Self::Writer(other) => {
                other.execute("rollback").await.expect("over");
            }
        }
    }
}

async fn a_database_that_is_away_is_worth_another_try(app: TestApp) {
    county::lay(&app.state).await;
    let (mut barrier, url) = Barrier::before(&app).await;
    let app = app.with_way(&url, PATIENCE).await;
    let inspector = app.inspector();
    assert_eq!(put_report(&app, &inspector).await.status, 201);
    for _ in 0..2 {
        barrier.close(Way::Broken).await;
        for _ in 0..3 {
            let refused = put_report(&app, &inspector).await;
            assert!(refused.problem(Code::Unavailable).retry_after_s.is_some());
            assert!(refused.header("retry-after").is_some());
        }
        app.anonymous().get("/readyz").await.problem(Code::Unavailable);
        barrier.open().await;
        assert_eq!(put_report(&app, &inspector).await.status, 201, "at once, without a restart");
    }
    let _ = app.anonymous().get("/readyz").await.expect(200);
    app.state.db.close().await;
}

async fn the_process_ends_in_time_whatever_the_database_does(app: TestApp) {
    county::lay(&app.state).await;
    let (mut barrier, url) = Barrier::before(&app).await;
    let app = app.with_way(&url, FOR_EVER).await.with_settings(|settings| settings.shutdown_timeout_s = 1);
    assert_eq!(put_report(&app, &app.inspector()).await.status, 201);
    let (address, stop, ended) = serve(&app).await;
    barrier.close(Way::Silent).await;

    let body = minor(&app).to_string();
    let request = format!(
        "PUT /api/issues/{} HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        scene::new_id(),
        app.inspector().cookie.expect("signed in"),
        body.len()
    );
    let mut waiting = TcpStream::connect(address).await.expect("listening");
    waiting.write_all(request.as_bytes()).await.expect("sent");
    // Another that hangs up: its transaction is still waiting for the database when the server is told to stop.
    let mut gone = TcpStream::connect(address).await.expect("listening");
    gone.write_all(request.as_bytes()).await.expect("sent");
    drop(gone);
    stop.send(()).expect("still running");
    tokio::time::timeout(FOR_EVER / 3, ended).await.expect("ends").expect("in order");
}
