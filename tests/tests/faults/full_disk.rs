//! A disk that is full to the last byte: refused with its reason, nothing half kept, and works again once there is room.

use crate::{minor, put_report, serve};
use app::problem::Code;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::county;
use tests::work::jpeg;
use tests::{TestApp, scene};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

tests::on_both_engines!(a_full_disk_is_told_and_forgotten_once_there_is_room);

/// A small disk in memory, gone with this.
struct Disk(PathBuf);

impl Disk {
    /// `None` where we may not mount one, which CI may.
    fn mount(app: &TestApp) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("spotfix-disk-{}", scene::new_id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m,mode=755", "tmpfs"])
            .arg(&folder)
            .output();
        if done.as_ref().is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        assert!(std::env::var_os("CI").is_none(), "no disk can be mounted: {done:?}");
        eprintln!("left out on {:?}, no disk can be mounted: only root may", app.engine);
        std::fs::remove_dir_all(&folder).ok();
        None
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Takes all room there is.
    fn fill(&self) {
        use std::io::Write;
        let mut file = std::fs::File::create(self.ballast()).expect("a file");
        for piece in [vec![7; 64 * 1024], vec![7; 512]] {
            while file.write_all(&piece).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.ballast()).expect("there");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
        std::fs::remove_dir(&self.0).ok();
    }
}

async fn a_full_disk_is_told_and_forgotten_once_there_is_room(app: TestApp) {
    let Some(disk) = Disk::mount(&app) else { return };
    let full = TestApp::start_on(app.engine, &disk.0).await;
    let outcome = tokio::spawn(fill_and_empty(full.clone(), disk.0.clone())).await;
    full.close().await;
    drop(disk);
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed.into_panic());
    }
}

async fn fill_and_empty(app: TestApp, folder: PathBuf) {
    let disk = std::mem::ManuallyDrop::new(Disk(folder));
    county::lay(&app.state).await;
    let inspector = app.inspector();
    assert_eq!(put_report(&app, &inspector).await.status, 201);
    let files = files_in(&disk.0.join("data/photos"));

    disk.fill();
    // What is reserved already is used up first.
    let mut refused = put_report(&app, &inspector).await;
    for _ in 0..500 {
        if refused.status != 201 {
            break;
        }
        refused = put_report(&app, &inspector).await;
    }
    assert!(refused.problem(Code::StorageFull).retry_after_s.is_some());
    assert!(refused.header("retry-after").is_some());
    for seed in 0..3 {
        let path = format!("/api/photos/{}", scene::new_id());
        inspector.put_bytes(&path, "image/jpeg", jpeg(seed)).await.problem(Code::StorageFull);
    }
    assert_eq!(files_in(&disk.0.join("data/photos")), files, "a refused photo leaves no file");
    app.anonymous().get("/readyz").await.problem(Code::StorageFull);
    let _ = inspector.get("/api/issues").await.expect(200);
    let _running = hang_up(&app).await;

    disk.empty();
    // At once, on the connections that are there.
    for _ in 0..5 {
        assert_eq!(put_report(&app, &inspector).await.status, 201);
    }
    let path = format!("/api/photos/{}", scene::new_id());
    let _ = inspector.put_bytes(&path, "image/jpeg", jpeg(9)).await.expect(201);
    let _ = app.anonymous().get("/readyz").await.expect(200);
}

/// Callers that hang up while the disk is full leave the writer as little behind as those that wait.
/// The server runs as long as what is returned.
async fn hang_up(app: &TestApp) -> tokio::sync::oneshot::Sender<()> {
    let (address, stop, _) = serve(app).await;
    let cookie = app.inspector().cookie.expect("signed in");
    let body = minor(app).to_string();
    for call in 0..200_u64 {
        let mut connection = TcpStream::connect(address).await.expect("listening");
        connection.set_zero_linger().expect("a socket");
        let request = format!(
            "PUT /api/issues/{} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            scene::new_id(),
            body.len()
        );
        connection.write_all(request.as_bytes()).await.expect("sent");
        let moment = std::time::Duration::from_micros(call * 40);
        let mut first = [0];
        // Hangs up after a moment, or when the answer begins.
        tokio::time::timeout(moment, connection.peek(&mut first)).await.ok();
    }
    stop
}

fn files_in(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}
