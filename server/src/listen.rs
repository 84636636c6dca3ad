//! Connections: accepted, answered, and let finish when the server is told to stop.

mod connections;
mod patient;

pub use connections::Caller;

use crate::config::Settings;
use crate::peer::Peer;
use axum::Router;
use axum::body::Body;
use connections::{Connections, Seat};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use patient::Patient;
use std::convert::Infallible;
use std::future::Future;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long a connection may take to send the head of its next request. Without an end, connections that send nothing
/// would use up every file descriptor.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Bytes that are read of one connection before they are looked at: the longest address and every header many times over.
const READ_BUFFER_BYTES: usize = 64 * 1024;

/// Bytes of an answer that the system takes before the other side has. It lets us write again when a third is free, which
/// shows that somebody is still reading. A line of half a kilobyte a second frees that much in time.
const SEND_BUFFER_BYTES: usize = 128 * 1024;

/// Descriptors that are kept for what is no connection: the database, files, the log.
const DESCRIPTORS_KEPT: u64 = 128;

/// Descriptors that a connection at work may need: its own, and the file of a photo that arrives.
const DESCRIPTORS_EACH: u64 = 2;

/// How many connections there may be, and how long nothing may be read of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// At once.
    pub connections: usize,
    /// Until an answer that nobody reads is given up.
    pub unread: Duration,
}

impl Limits {
    /// As configured, within what the system gives this process; asks it for as much as there is to have.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let descriptors = rlimit::increase_nofile_limit(u64::MAX)
            .or_else(|_| rlimit::Resource::NOFILE.get().map(|(soft, _)| soft))
            .unwrap_or(u64::MAX);
        let possible = (descriptors.saturating_sub(DESCRIPTORS_KEPT) / DESCRIPTORS_EACH).max(1);
        if possible < settings.connections_max {
            tracing::warn!(
                descriptors,
                possible,
                "fewer connections than configured: too few file descriptors"
            );
        }
        let connections = usize::try_from(settings.connections_max.min(possible)).unwrap_or(usize::MAX);
        // Half as long again as a request may be silent: a third of the buffer is more than one packet.
        let unread = Duration::from_secs(settings.request_timeout_s) * 3 / 2;
        Self { connections, unread }
    }
}

/// Answers until `stop` ends; then finishes what is under way, for at most `patience`. Whether all of it was finished.
pub async fn answer(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
    patience: Duration,
) -> bool {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(READ_BUFFER_BYTES);
    let under_way = GracefulShutdown::new();
    let connections = Connections::new(limits.connections);
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
        // While there is no place, others wait where the system keeps them.
        let (seat, must_go) = tokio::select! {
            seated = connections.seat() => seated,
            () = &mut stop => break,
        };
        prepare(&stream);
        let io = Patient::new(TokioIo::new(stream), limits.unread);
        let connection =
            http.serve_connection(io, service(router.clone(), Arc::clone(&seat), Peer(address.ip())));
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off is the other side's business; the request's own log line says the rest.
            tokio::select! {
                _ = connection => {}
                Ok(()) = must_go => {}
            }
            drop(seat);
        });
    }
    drop(listener);
    tokio::select! {
        () = under_way.shutdown() => true,
        () = tokio::time::sleep(patience) => false,
    }
}

fn prepare(stream: &TcpStream) {
    // Answers are small and written whole: waiting to fill a packet only adds delay.
    let _ = stream.set_nodelay(true);
    if let Err(error) = socket2::SockRef::from(stream).set_send_buffer_size(SEND_BUFFER_BYTES) {
        tracing::debug!(%error, "the system keeps its own size of buffer");
    }
}

/// The router, telling the connection when a request is at work on it.
fn service(
    router: Router,
    seat: Arc<Seat>,
    peer: Peer,
) -> impl Service<hyper::Request<Incoming>, Response = hyper::Response<Body>, Error = Infallible, Future: Send>
+ Send {
    let router = TowerToHyperService::new(router);
    service_fn(move |mut request: hyper::Request<Incoming>| {
        let caller = Caller::default();
        request.extensions_mut().insert(caller.clone());
        request.extensions_mut().insert(peer);
        let work = seat.begin(caller);
        let answer = router.call(request);
        async move { Ok(answer.await?.map(|body| work.until_given_out(body))) }
    })
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
