//! Thousands of callers that hang up, wherever the server is in their request.

use crate::{minor, serve};
use axum::http::header;
use server::db::query;
use server::session::hash_token;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::Duration;
use tests::county;
use tests::proxy::{Proxy, Way, address_of};
use tests::{Engine, TestApp, scene};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

tests::on_both_engines!(what_was_answered_is_kept_however_many_hang_up);

/// Callers at the same time, and how often each calls.
const CALLERS: u64 = 16;
const CALLS: u64 = 320;
/// Milliseconds to PostgreSQL and back, so that hanging up also meets `begin` and `commit` on their way.
const SLOW: Duration = Duration::from_millis(1);
/// Microseconds after which a caller hangs up, at most: as long as a report takes here.
const LONGEST_CALL: u64 = 60_000;

/// What one caller was promised.
#[derive(Default)]
struct Promised {
    reported: Vec<Uuid>,
    signed_out: Vec<String>,
    refused: Vec<String>,
}

async fn what_was_answered_is_kept_however_many_hang_up(app: TestApp) {
    county::lay(&app.state).await;
    let all: Vec<String> =
        (0..CALLERS).flat_map(|caller| (0..CALLS).map(move |call| token(caller, call))).collect();
    open_sessions(&app, &all).await;
    let proxy = match app.engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Proxy::start(address_of(app.database_url()), Way::Open(SLOW)).await),
    };
    let url =
        proxy.as_ref().map_or_else(|| app.database_url().to_owned(), |way| way.detour(app.database_url()));
    let slow = app.with_way(&url, Duration::from_secs(10)).await;
    let (address, stop, ended) = serve(&slow).await;

    let cookie = app.inspector().cookie.expect("signed in");
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| tokio::spawn(call(address, caller, cookie.clone(), minor(&app).to_string())))
        .collect();
    let mut promised = Promised::default();
    for caller in callers {
        let more = caller.await.expect("no caller panics");
        promised.reported.extend(more.reported);
        promised.signed_out.extend(more.signed_out);
        promised.refused.extend(more.refused);
    }
    stop.send(()).expect("still running");
    ended.await.expect("stops");

    assert!(promised.refused.is_empty(), "{} of them: {}", promised.refused.len(), promised.refused[0]);
    assert!(promised.reported.len() > 100 && promised.signed_out.len() > 100, "hardly anybody waited");
    let kept: Vec<(Uuid,)> = app.state.db.fetch_all(query("select id from issue")).await.expect("reads");
    let kept: HashSet<Uuid> = kept.into_iter().map(|(id,)| id).collect();
    let lost = promised.reported.iter().filter(|id| !kept.contains(id)).count();
    assert_eq!(lost, 0, "of {} answered reports", promised.reported.len());
    let open: Vec<(String,)> =
        app.state.db.fetch_all(query("select token_hash from session")).await.expect("reads");
    let open: HashSet<String> = open.into_iter().map(|(hash,)| hash).collect();
    let still = promised.signed_out.iter().filter(|token| open.contains(&hash_token(token))).count();
    assert_eq!(still, 0, "of {} answered sign-outs", promised.signed_out.len());
}

fn token(caller: u64, call: u64) -> String {
    format!("session-{caller}-{call}")
}

/// A session for every call, so that signing in, which takes a core, is no part of this.
async fn open_sessions(app: &TestApp, tokens: &[String]) {
    let me = app.inspector().get("/api/me").await.value();
    let id = Uuid::parse_str(me["user_id"].as_str().expect("an id")).expect("an id");
    let (from, until) = (app.state.clock.now(), app.state.clock.now().plus(app::time::DAY));
    let mut tx = app.state.db.begin().await.expect("begun");
    for token in tokens {
        let open = query(
            "insert into session (token_hash, user_id, created_at, used_at, expires_at) values ($1, $2, $3, $3, $4)",
        );
        tx.execute(open.bind(hash_token(token)).bind(id).bind(from).bind(until)).await.expect("opened");
    }
    tx.commit().await.expect("kept");
}

/// Reports, lists and signs out in turn, and hangs up on most of it.
async fn call(address: SocketAddr, caller: u64, cookie: String, report: String) -> Promised {
    let mut promised = Promised::default();
    let mut dice = caller + 1;
    for call in 0..CALLS {
        let token = token(caller, call);
        let id = scene::new_id();
        let (what, cookie, body) = match call % 4 {
            0 | 2 => ("DELETE /api/session".to_owned(), format!("spotfix={token}"), ""),
            1 => (format!("PUT /api/issues/{id}"), cookie.clone(), report.as_str()),
            _ => ("GET /api/issues".to_owned(), cookie.clone(), ""),
        };
        let request = format!(
            "{what} HTTP/1.1\r\n{}: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            header::HOST,
            body.len()
        );
        // xorshift: every run calls alike.
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        // Half of the sign-outs are waited for, and few of the others: what hangs up amid `begin` is to harm many of those.
        let one_in = if what.starts_with("DELETE") { 2 } else { 8 };
        let patience = match dice % one_in {
            0 => Duration::from_secs(30),
            _ => Duration::from_micros(dice % LONGEST_CALL),
        };
        let Some(answer) = ask(address, &request, patience).await else { continue };
        match answer.get(9..12) {
            Some("204") => promised.signed_out.push(token),
            Some("201") => promised.reported.push(id),
            Some("200") => {}
            _ => promised.refused.push(answer),
        }
    }
    promised
}

/// The answer; `None` when the caller hung up before it came.
async fn ask(address: SocketAddr, request: &str, patience: Duration) -> Option<String> {
    let mut connection = TcpStream::connect(address).await.expect("listening");
    // Hanging up is a reset at once, as when the network of a phone is gone.
    connection.set_zero_linger().expect("a socket");
    let asked = async {
        connection.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    };
    tokio::time::timeout(patience, asked).await.ok().flatten().filter(|answer| !answer.is_empty())
}
