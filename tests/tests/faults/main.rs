//! What the store goes through: callers that hang up, a full disk, a database that is away, a file that is taken away.
//! Whatever was answered with success is kept, and once the fault has gone the server works without a restart.

mod away;
mod full_disk;
mod hangups;
mod moved;

use serde_json::Value;
use server::cli::serve::serve_on;
use std::net::SocketAddr;
use tests::county::{LITTER, MARKET};
use tests::work::report;
use tests::{Client, Reply, TestApp, scene};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A report that needs no photo.
pub(crate) fn minor(app: &TestApp) -> Value {
    let mut sent = report(MARKET, LITTER, app.state.clock.now());
    sent["severity"] = "minor".into();
    sent
}

/// Reports something new.
pub(crate) async fn put_report(app: &TestApp, by: &Client) -> Reply {
    by.put(&format!("/api/issues/{}", scene::new_id()), &minor(app)).await
}

/// A server on a real port: its address, what stops it, and its end.
pub(crate) async fn serve(app: &TestApp) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve_on(listener, app.state.clone(), async {
        // Asked to stop, or its test is over.
        let _ = stopped.await;
    }));
    (address, stop, ended)
}
