//! What holds for every path: problems, limits, headers, other sites, stopping.

use app::problem::{Code, FieldCode};
use axum::body::Body;
use axum::http::{Request, header};
use server::cli::serve::serve_on;
use tests::{Client, Reply, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

tests::on_both_engines!(
    every_refusal_is_a_problem,
    bodies_must_be_what_they_say,
    a_body_that_never_ends_is_given_up,
    a_body_on_a_slow_line_is_waited_for,
    a_sender_that_falls_silent_is_given_up_however_much_is_to_come,
    every_answer_has_its_headers,
    other_sites_are_refused,
    pages_are_found_by_browsers_alone,
    stopping_finishes_what_is_under_way,
);

fn sign_in(client: &Client, content_type: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let mut request = client.request("POST", "/api/session", body.into());
    if let Some(content_type) = content_type {
        request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().expect("a header"));
    }
    request
}

async fn every_refusal_is_a_problem(app: TestApp) {
    let nobody = app.anonymous();
    nobody.get("/api").await.problem(Code::NotFound);
    nobody.get("/api/nothing/here").await.problem(Code::NotFound);
    nobody.delete("/api/../etc/passwd").await.problem(Code::NotFound);
    nobody.get("/api/me").await.problem(Code::NotSignedIn);
    let reply = nobody.send(nobody.request("PATCH", "/api/me", Body::empty())).await;
    reply.problem(Code::MethodNotAllowed);
    assert_eq!(reply.header("allow"), Some("GET,HEAD"));
    let reply = nobody.delete("/").await;
    reply.problem(Code::MethodNotAllowed);
    assert_eq!(reply.header("allow"), Some("GET, HEAD"));
    nobody.get(&format!("/api/me?{}", "a=b&".repeat(10_000))).await.problem(Code::UriTooLong);
}

async fn bodies_must_be_what_they_say(app: TestApp) {
    let nobody = app.anonymous();
    let json = Some("application/json");
    let send = async |content_type, body: Vec<u8>| nobody.send(sign_in(&nobody, content_type, body)).await;
    let good = br#"{"username":"x","password":"y"}"#.to_vec();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        send(content_type, good.clone()).await.problem(Code::UnsupportedMediaType);
    }
    send(Some("application/json; charset=utf-8"), good).await.problem(Code::WrongCredentials);
    send(json, Vec::new()).await.problem(Code::InvalidJson);
    send(json, b"{\"username\":\"\xff\",\"password\":\"y\"}".to_vec()).await.problem(Code::InvalidJson);
    send(json, [br#"{"x":"#.to_vec(), b"[".repeat(10_000)].concat()).await.problem(Code::InvalidJson);
    send(json, vec![b' '; 1024 * 1024 + 1]).await.problem(Code::PayloadTooLarge);
    let field = |reply: &Reply, code| {
        let field = reply.problem(code).fields.remove(0);
        (field.field, field.code)
    };
    let unknown = send(json, br#"{"username":"x","password":"y","admin":true}"#.to_vec()).await;
    assert_eq!(field(&unknown, Code::UnknownField), ("admin".to_owned(), FieldCode::Unknown));
    let missing = send(json, br#"{"username":"x"}"#.to_vec()).await;
    assert_eq!(field(&missing, Code::InvalidFields), ("password".to_owned(), FieldCode::Required));
    let wrong = send(json, br#"{"username":["x"],"password":"y"}"#.to_vec()).await;
    assert_eq!(field(&wrong, Code::InvalidFields), ("username".to_owned(), FieldCode::Invalid));
}

async fn a_body_that_never_ends_is_given_up(app: TestApp) {
    let app = app.with_settings(|settings| settings.request_timeout_s = 1);
    let (mut connection, stop) = half_a_request(&app, 0).await;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(
        answer.contains("application/problem+json") && answer.contains(r#""code":"timeout""#),
        "{answer}"
    );
    drop(stop);
}

async fn a_body_on_a_slow_line_is_waited_for(app: TestApp) {
    let app = app.with_settings(|settings| settings.request_timeout_s = 1);
    // Four seconds more for so much.
    let rest = " ".repeat(2048);
    let (mut connection, stop) = half_a_request(&app, rest.len()).await;
    for piece in [SECOND_HALF, &rest.as_bytes()[..1024], &rest.as_bytes()[1024..]] {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        connection.write_all(piece).await.expect("still listened to");
    }
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer, then the end");
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    drop(stop);
}

async fn a_sender_that_falls_silent_is_given_up_however_much_is_to_come(app: TestApp) {
    let app = app.with_settings(|settings| settings.request_timeout_s = 1);
    // Enough for five minutes.
    let (mut connection, stop) = half_a_request(&app, 200_000).await;
    let mut answer = String::new();
    let read = connection.read_to_string(&mut answer);
    tokio::time::timeout(std::time::Duration::from_secs(20), read)
        .await
        .expect("given up")
        .expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains(r#""code":"timeout""#), "{answer}");
    drop(stop);
}

async fn stopping_finishes_what_is_under_way(app: TestApp) {
    let (mut connection, stop) = half_a_request(&app, 0).await;
    stop.send(()).expect("still running");
    connection.write_all(SECOND_HALF).await.expect("still listened to");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer, then the end");
    assert!(answer.starts_with("HTTP/1.1 204 ") && answer.contains("set-cookie: spotfix="), "{answer}");
}

const FIRST_HALF: &str = r#"{"username":"admin","password":"#;
const SECOND_HALF: &[u8] = br#""a long enough secret"}"#;

/// A server on a real port, a sign-in it has read half of, and what stops it; so many bytes come after the other half.
async fn half_a_request(app: &TestApp, rest: usize) -> (TcpStream, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let state = app.state.clone();
    tokio::spawn(serve_on(listener, state, async {
        let _ = stopped.await;
    }));
    let mut connection = TcpStream::connect(address).await.expect("listening");
    let length = FIRST_HALF.len() + SECOND_HALF.len() + rest;
    let head = format!(
        "POST /api/session HTTP/1.1\r\nhost: {address}\r\nexpect: 100-continue\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.expect("sent");
    // The server asks for the body once the handler reads it: from then on the request is under way.
    let mut interim = [0; 25];
    connection.read_exact(&mut interim).await.expect("asked for");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(FIRST_HALF.as_bytes()).await.expect("sent");
    (connection, stop)
}

async fn every_answer_has_its_headers(app: TestApp) {
    let nobody = app.anonymous();
    for path in ["/", "/api/me", "/api/openapi.json", "/healthz", "/nothing.js"] {
        let reply = nobody.get(path).await;
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("  "), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
        assert!(reply.header("permissions-policy").expect("a policy").contains("camera=(self)"));
        assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 16));
        assert!(reply.header("strict-transport-security").is_none(), "not over TLS");
    }
    assert_eq!(app.admin().get("/api/me").await.header("cache-control"), Some("no-store"));
}

async fn other_sites_are_refused(app: TestApp) {
    let admin = app.admin();
    let from = async |headers: &[(&'static str, &str)]| {
        let mut request = admin.request("PUT", "/api/me/password", "{}".into());
        request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        admin.send(request).await
    };
    from(&[("sec-fetch-site", "cross-site")]).await.problem(Code::CrossSite);
    from(&[("sec-fetch-site", "same-site"), ("origin", "https://spotfix.test")])
        .await
        .problem(Code::CrossSite);
    from(&[("origin", "https://evil.test")]).await.problem(Code::CrossSite);
    from(&[("origin", "null")]).await.problem(Code::CrossSite);
    // Ours, and a program's.
    from(&[("sec-fetch-site", "same-origin"), ("origin", "https://spotfix.test")])
        .await
        .problem(Code::InvalidFields);
    from(&[]).await.problem(Code::InvalidFields);
    // Following a link from elsewhere only reads.
    let mut link = admin.request("GET", "/api/me", Body::empty());
    link.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    let _ = admin.send(link).await.expect(200);
}

async fn pages_are_found_by_browsers_alone(app: TestApp) {
    let nobody = app.anonymous();
    let page = nobody.get("/orders/123").await.expect(200);
    assert!(page.header("content-type").expect("a type").starts_with("text/html"));
    nobody.get("/assets/gone-0123abcd.js").await.problem(Code::NotFound);
    nobody.get("/../Cargo.toml").await.problem(Code::NotFound);
    nobody.get("/%2e%2e/%2e%2e/Cargo.toml").await.problem(Code::NotFound);
    let mut data = nobody.request("GET", "/orders/123", Body::empty());
    data.headers_mut().insert(header::ACCEPT, "application/json".parse().expect("a header"));
    nobody.send(data).await.problem(Code::NotFound);
    let head = nobody.send(nobody.request("HEAD", "/", Body::empty())).await.expect(200);
    assert!(head.bytes.is_empty());
}
