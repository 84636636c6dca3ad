//! SQLite's file: still the one that was opened, and on a disk with room.
//!
//! A file that is deleted or replaced stays open: SQLite goes on writing into what nobody can find any more, without an
//! error. So after every commit the names are looked up again, which takes microseconds.

use super::Error;
use super::failure::is_of_the_file;
use nix::sys::statvfs::statvfs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes below which a disk counts as full when SQLite only says that it could not use a file.
const FULL_BELOW: u64 = 1024 * 1024;

/// Device and number: what a file is, whatever its name.
type Inode = (u64, u64);

/// The database's file and its log.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    inode: Inode,
    wal: PathBuf,
    /// The log as it was after the last commit; `None` once the writer has been opened anew, which may make a new one.
    wal_inode: Mutex<Option<Inode>>,
}

impl DatabaseFile {
    /// The file as it has just been opened.
    pub(super) fn opened(path: &Path) -> io::Result<Self> {
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        let inode = inode(path)?;
        Ok(Self { path: path.to_owned(), inode, wal: wal.into(), wal_inode: Mutex::default() })
    }

    /// The writer has been opened anew.
    pub(super) fn reopened(&self) {
        *self.wal_inode.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// That what was just committed is where a restart will look for it.
    ///
    /// # Errors
    /// [`Error::Io`] when the file or its log is no longer the one that is open.
    pub(super) fn check(&self) -> Result<(), Error> {
        let is_same = inode(&self.path).is_ok_and(|now| now == self.inode) && self.is_log_the_same();
        if is_same {
            return Ok(());
        }
        tracing::error!(
            file = %self.path.display(),
            "the database file was deleted or replaced while the server runs; nothing more is written: restart the server"
        );
        Err(Error::Io(io::Error::other("the database file was deleted or replaced")))
    }

    fn is_log_the_same(&self) -> bool {
        let Ok(now) = inode(&self.wal) else { return false };
        let mut known = self.wal_inode.lock().unwrap_or_else(PoisonError::into_inner);
        *known.get_or_insert(now) == now
    }

    /// The cause of a failure, where SQLite does not name it: a full disk also shows as a file that cannot be opened.
    pub(super) fn explain(&self, error: Error) -> Error {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let is_full = || {
            statvfs(folder.unwrap_or(Path::new(".")))
                .is_ok_and(|disk| disk.blocks_available().saturating_mul(disk.fragment_size()) < FULL_BELOW)
        };
        if is_of_the_file(&error) && is_full() {
            return Error::Io(io::Error::new(io::ErrorKind::StorageFull, error));
        }
        error
    }
}

fn inode(path: &Path) -> io::Result<Inode> {
    let file = std::fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}
