//! Files that are whole or not there: written under another name, synced, then renamed.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// What is behind the name of a file that is being written.
pub const PART: &str = ".part";

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;

/// The name of a file while it is being written.
#[must_use]
pub fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PART);
    name.into()
}

/// Gives a finished part its name, and does not return before both are on the disk.
///
/// # Errors
/// When the disk fails.
pub fn finish(path: &Path) -> Result<()> {
    let part = part(path);
    File::open(&part)?.sync_all()?;
    std::fs::rename(&part, path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Writes a file, whole or not at all.
///
/// # Errors
/// When the disk fails or is full; the part is removed then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = || -> Result<()> {
        File::create(part(path))?.write_all(bytes)?;
        finish(path)
    };
    written()
        .inspect_err(|_| drop(std::fs::remove_file(part(path))))
        .with_context(|| path.display().to_string())
}

/// Copies a file, whole or not at all.
///
/// # Errors
/// When the disk fails or is full; the part is removed then.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = || -> Result<()> {
        std::fs::copy(from, part(to))?;
        finish(to)
    };
    copied().inspect_err(|_| drop(std::fs::remove_file(part(to)))).with_context(|| to.display().to_string())
}

/// Makes a folder with those above it, on the disk.
///
/// # Errors
/// When the disk fails.
pub fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("making {}", path.display()));
        }
        _ => {}
    }
    sync_folder(above.unwrap_or(Path::new(".")))
}

fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)?.sync_all()?;
    Ok(())
}

/// How long a file is, and its SHA-256 in hex.
///
/// # Errors
/// When it cannot be read.
pub fn hash(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut hasher, mut length) = (File::open(path)?, Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok((length, hex::encode(hasher.finalize())));
        }
        hasher.update(&chunk[..read]);
        length += u64::try_from(read).unwrap_or_default();
    }
}
