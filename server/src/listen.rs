//! Connections: accepted, answered, and let finish when the server is told to stop.

use crate::peer::Peer;
use axum::Router;
use axum::http::Request;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long a connection may take to send the head of its next request. Without an end, connections that send nothing
/// would use up every file descriptor.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Answers until `stop` ends; then finishes what is under way, for at most `patience`. Whether all of it was finished.
pub async fn answer(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send,
    patience: Duration,
) -> bool {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_after(&error).await;
                continue;
            }
        };
        // Answers are small and written whole: waiting to fill a packet only adds delay.
        let _ = stream.set_nodelay(true);
        let answer = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request| {
            Request::extensions_mut(&mut request).insert(Peer(address.ip()));
            answer.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        // A connection that breaks off is the other side's business; the request's own log line says the rest.
        tokio::spawn(async move { connection.await.ok() });
    }
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => true,
        () = tokio::time::sleep(patience) => false,
    }
}

/// A client that gave up is nothing; anything else, such as too many open files, gets a moment to pass.
async fn wait_after(error: &std::io::Error) {
    let is_gone = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !is_gone {
        tracing::error!(%error, "accepting a connection");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
