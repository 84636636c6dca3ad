//! Many senders at once: what one of them takes up is not missing to the others.

use app::problem::Code;
use server::AppState;
use server::cli::serve::serve_on;
use server::limit::BODIES_PER_ACCOUNT;
use server::linger::STRANGERS_AT_ONCE;
use std::net::SocketAddr;
use std::time::Duration;
use tests::work::jpeg;
use tests::{Client, TestApp, on_both_engines, scene};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

on_both_engines!(
    whoever_trickles_stops_nobody,
    one_account_has_so_many_bodies_under_way_and_no_more,
    what_broke_off_leaves_nothing_behind,
    a_day_has_so_many_photos_and_bytes,
    the_longest_idle_connection_makes_room,
    an_answer_that_nobody_reads_is_given_up,
    refused_bodies_without_a_session_are_bounded,
);

/// Longer than anything here takes that works.
const PATIENCE: Duration = Duration::from_secs(30);

async fn served(state: AppState) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve_on(listener, state, async {
        let _ = stopped.await;
    }));
    (address, stop)
}

/// A photo that says it has so many bytes and of which the server has begun to read.
async fn trickle(address: SocketAddr, client: &Client, length: usize) -> TcpStream {
    let cookie = client.cookie.as_deref().expect("signed in");
    let head = format!(
        "PUT /api/photos/{} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\ncontent-type: image/jpeg\r\n\
         expect: 100-continue\r\ncontent-length: {length}\r\n\r\n",
        scene::new_id()
    );
    let mut stream = TcpStream::connect(address).await.expect("listening");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let first = line(&mut stream).await;
    assert_eq!(first, "HTTP/1.1 100 Continue", "asked for the body");
    stream.write_all(&[0xFF]).await.expect("sent");
    stream
}

/// The first line of an answer.
async fn line(stream: &mut TcpStream) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n\r\n") {
        let byte = tokio::time::timeout(PATIENCE, stream.read_u8()).await.expect("in time");
        line.push(byte.expect("an answer"));
    }
    String::from_utf8_lossy(&line).split("\r\n").next().expect("a line").to_owned()
}

/// Whether the other side has closed, once it does or `PATIENCE` has passed.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut part = [0; 4096];
    let end = async {
        loop {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, end).await.is_ok()
}

async fn whoever_trickles_stops_nobody(app: TestApp) {
    let (address, stop) = served(app.state.clone()).await;
    let mut trickling = Vec::new();
    for client in [app.inspector(), app.liaison()] {
        for _ in 0..12 {
            trickling.push(trickle(address, &client, 30 * 1024 * 1024).await);
        }
    }
    // Of somebody else, and of one of them.
    for honest in [app.other_inspector(), app.inspector()] {
        let taken = tokio::time::timeout(PATIENCE, honest.photo(1)).await;
        assert!(taken.is_ok(), "held up by those who trickle");
    }
    drop(stop);
}

async fn one_account_has_so_many_bodies_under_way_and_no_more(app: TestApp) {
    let (address, stop) = served(app.state.clone()).await;
    let (inspector, path) = (app.inspector(), format!("/api/photos/{}", scene::new_id()));
    let mut trickling = Vec::new();
    for _ in 0..BODIES_PER_ACCOUNT {
        trickling.push(trickle(address, &inspector, 1_000_000).await);
    }
    let refused = inspector.put_bytes(&path, "image/jpeg", jpeg(1)).await;
    assert!(refused.problem(Code::TooManyRequests).retry_after_s.is_some());
    assert!(refused.header("retry-after").is_some());
    // Bodies of JSON count among them; what has none goes on, and so do others.
    inspector.put("/api/me/password", &serde_json::json!({})).await.problem(Code::TooManyRequests);
    let _ = inspector.get("/api/me").await.expect(200);
    let _ = app.other_inspector().photo(1).await;
    trickling.pop();
    let taken = async {
        while inspector.put_bytes(&path, "image/jpeg", jpeg(1)).await.status != 201 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, taken).await.expect("there is room again");
    drop(stop);
}

async fn what_broke_off_leaves_nothing_behind(app: TestApp) {
    let (address, stop) = served(app.state.clone()).await;
    let mut trickling = trickle(address, &app.inspector(), 1_000_000).await;
    trickling.write_all(&[7; 200_000]).await.expect("sent");
    let names = std::fs::read_dir(&app.state.settings.photos).expect("readable");
    let files = names.filter(|name| name.as_ref().is_ok_and(|name| name.path().is_file()));
    assert_eq!(files.count(), 0, "what arrives has no name that a kill would leave");
    drop(trickling);
    drop(stop);
}

async fn a_day_has_so_many_photos_and_bytes(app: TestApp) {
    let app = app.with_settings(|settings| settings.photos_per_day = 2);
    let inspector = app.inspector();
    let path = || format!("/api/photos/{}", scene::new_id());
    let first = path();
    let _ = inspector.put_bytes(&first, "image/jpeg", jpeg(1)).await.expect(201);
    let _ = inspector.photo(2).await;
    let refused = inspector.put_bytes(&path(), "image/jpeg", jpeg(3)).await;
    let hours_left = 15 * 3600;
    assert_eq!(refused.problem(Code::QuotaExceeded).retry_after_s, Some(hours_left), "it is nine");
    assert_eq!(refused.header("retry-after"), Some(&*hours_left.to_string()));
    // Whoever did not hear the answer hears it now, and others may send.
    let _ = inspector.put_bytes(&first, "image/jpeg", jpeg(1)).await.expect(200);
    let _ = app.other_inspector().photo(4).await;
    app.state.clock.advance(i64::try_from(hours_left * 1000).expect("a day") - 1);
    inspector.put_bytes(&path(), "image/jpeg", jpeg(3)).await.problem(Code::QuotaExceeded);
    app.state.clock.advance(1);
    let _ = inspector.photo(3).await;

    let size = u64::try_from(jpeg(5).len()).expect("small");
    let app =
        app.with_settings(|settings| (settings.photos_per_day, settings.photo_bytes_per_day) = (100, size));
    let manager = app.manager();
    let declared = |seed| {
        let mut request = manager.request("PUT", &path(), jpeg(seed).into());
        let headers = request.headers_mut();
        headers.insert("content-type", "image/jpeg".parse().expect("a header"));
        headers.insert("content-length", jpeg(seed).len().into());
        request
    };
    let _ = manager.send(declared(5)).await.expect(201);
    manager.send(declared(6)).await.problem(Code::QuotaExceeded);
}

async fn the_longest_idle_connection_makes_room(app: TestApp) {
    let app = app.with_settings(|settings| settings.connections_max = 3);
    let (address, stop) = served(app.state.clone()).await;
    let mut working = trickle(address, &app.inspector(), 1_000_000).await;
    let mut idle = TcpStream::connect(address).await.expect("listening");
    let ask = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
    idle.write_all(ask.as_bytes()).await.expect("sent");
    assert_eq!(line(&mut idle).await, "HTTP/1.1 200 OK");
    // Many more than there are places: each is answered, and makes room for the next.
    let mut others = Vec::new();
    for _ in 0..8 {
        let mut other = TcpStream::connect(address).await.expect("listening");
        other.write_all(ask.as_bytes()).await.expect("sent");
        assert_eq!(line(&mut other).await, "HTTP/1.1 200 OK");
        others.push(other);
    }
    assert!(is_closed(&mut idle).await, "idle for the longest");
    // Whoever is at work was left alone: 999 999 bytes are no photo, and that is what is said.
    working.write_all(&vec![0; 999_999]).await.expect("still listened to");
    assert_eq!(line(&mut working).await, "HTTP/1.1 422 Unprocessable Entity");
    drop(stop);
}

async fn an_answer_that_nobody_reads_is_given_up(app: TestApp) {
    let app = app.with_settings(|settings| settings.request_timeout_s = 1);
    let (address, stop) = served(app.state.clone()).await;
    let (_reading, mut writing) = TcpStream::connect(address).await.expect("listening").into_split();
    let ask = format!("GET /api/openapi.json HTTP/1.1\r\nhost: {address}\r\n\r\n");
    // The server reads no further than it can answer; when it gives up, what was sent meets nobody.
    let asking = async { while writing.write_all(ask.as_bytes()).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, asking).await.expect("given up");
    drop(stop);
}

async fn refused_bodies_without_a_session_are_bounded(app: TestApp) {
    let (address, stop) = served(app.state.clone()).await;
    let mut refused = Vec::new();
    for _ in 0..=STRANGERS_AT_ONCE {
        let mut stream = TcpStream::connect(address).await.expect("listening");
        let head = format!(
            "PUT /api/photos/{} HTTP/1.1\r\nhost: {address}\r\ncontent-type: image/jpeg\r\n\
             content-length: 1000000\r\n\r\n",
            scene::new_id()
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        assert_eq!(line(&mut stream).await, "HTTP/1.1 401 Unauthorized", "everybody hears why");
        refused.push(stream);
    }
    assert!(is_closed(&mut refused[0]).await, "the oldest gives way");
    // The last may still send all of it.
    let last = refused.last_mut().expect("some");
    last.write_all(&vec![7; 999_999]).await.expect("still listened to");
    drop(stop);
}
