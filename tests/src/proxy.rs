//! A way to a server that is slow, falls silent or breaks, all within this machine.

use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Each piece takes this long.
    Open(Duration),
    /// Nothing arrives, and nothing says so.
    Silent,
    /// Connections break, and new ones are closed at once.
    Broken,
}

/// A proxy in front of one address. It ends with its last handle.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// Starts one.
    pub async fn start(target: SocketAddr, way: Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (way, seen) = watch::channel(way);
        tokio::spawn(async move {
            let mut ended = seen.clone();
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    gone = ended.changed() => if gone.is_err() { return } else { continue },
                };
                let Ok((near, _)) = accepted else { return };
                if *seen.borrow() != Way::Broken {
                    tokio::spawn(join(near, target, seen.clone()));
                }
            }
        });
        Self { address, way }
    }

    /// Changes the way, for connections that are there and for new ones.
    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }

    /// A URL that leads over this way instead of straight to its host and port.
    #[must_use]
    pub fn detour(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL");
        let at = rest.find('@').map_or(0, |at| at + 1);
        let end = rest[at..].find('/').map_or(rest.len(), |end| at + end);
        format!("{scheme}://{}{}{}", &rest[..at], self.address, &rest[end..])
    }
}

/// The address that a database URL names.
#[must_use]
pub fn address_of(url: &str) -> SocketAddr {
    let rest = url.split_once("://").expect("a URL").1;
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    host.split('/').next().unwrap_or(host).replace("localhost", "127.0.0.1").parse().expect("an address")
}

async fn join(near: TcpStream, target: SocketAddr, way: watch::Receiver<Way>) {
    let Ok(far) = TcpStream::connect(target).await else { return };
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    // One direction that ends ends both.
    tokio::select! {
        () = carry(from_near, to_far, way.clone()) => {}
        () = carry(from_far, to_near, way) => {}
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut way: watch::Receiver<Way>,
) {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read.unwrap_or(0),
            changed = way.changed() => match changed {
                Ok(()) if *way.borrow() != Way::Broken => continue,
                _ => return,
            },
        };
        if read == 0 {
            return;
        }
        let now = *way.borrow();
        match now {
            Way::Open(delay) => tokio::time::sleep(delay).await,
            Way::Broken => return,
            Way::Silent => {
                if way.wait_for(|way| *way != Way::Silent).await.is_err() {
                    return;
                }
            }
        }
        if to.write_all(&piece[..read]).await.is_err() {
            return;
        }
    }
}
