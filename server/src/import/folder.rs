//! The files of a folder, as bytes by their names. What is no file is refused before it is opened.

use super::finding::Report;
use super::place::{At, Source};
use nix::fcntl::OFlag;
use std::collections::BTreeMap;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// Bytes of the largest file that is taken.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads the files whose names are wanted, and names the others. A path to a single file is a folder with that alone.
pub(super) fn read(
    path: &Path,
    is_wanted: impl Fn(&str) -> bool,
    report: &mut Report,
) -> BTreeMap<String, Vec<u8>> {
    let shown = Source::file(&path.display().to_string());
    let mut files = BTreeMap::new();
    let mut take = |path: &Path, name: String, report: &mut Report| {
        let source = Source::file(&name);
        if !is_wanted(&name) {
            report.notes.add(&source, At::File, None, why_not(&name));
            return;
        }
        match read_file(path) {
            Ok(bytes) => {
                files.insert(name, bytes);
            }
            Err(error) => report.bad.add(&source, At::File, None, reason(&error)),
        }
    };
    if let (true, Some(name)) = (path.is_file(), path.file_name()) {
        take(path, name.to_string_lossy().into_owned(), report);
        return files;
    }
    match std::fs::read_dir(path) {
        Err(error) => report.bad.add(&shown, At::File, None, reason(&error)),
        Ok(entries) => {
            let (entries, unread): (Vec<_>, Vec<_>) = entries.partition(Result::is_ok);
            for error in unread.into_iter().filter_map(Result::err) {
                report.bad.add(&shown, At::File, None, reason(&error));
            }
            let mut entries: Vec<_> = entries.into_iter().flatten().collect();
            entries.sort_by_key(std::fs::DirEntry::file_name);
            for entry in entries {
                take(&entry.path(), entry.file_name().to_string_lossy().into_owned(), report);
            }
        }
    }
    files
}

/// Why a file is not read.
pub(super) fn why_not(name: &str) -> &'static str {
    if name.starts_with("~$") || name.starts_with(".~") {
        "not read: a spreadsheet leaves it while it has the file open; save and close it there"
    } else {
        "not read: its name is none of a table, or its kind is not .xlsx, .csv or .json"
    }
}

/// A file, unless it is something else or larger than any catalogue. Something else is opened without waiting, for the
/// name may come to mean it between the look and the opening.
fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    check(&std::fs::metadata(path)?)?;
    let file = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(path)?;
    check(&file.metadata()?)?;
    read_whole(file)
}

fn check(metadata: &Metadata) -> std::io::Result<()> {
    if !metadata.is_file() {
        return Err(std::io::Error::other(format!("{}, not a file", kind(metadata.file_type()))));
    }
    if metadata.len() > MAX_BYTES {
        return Err(too_large());
    }
    Ok(())
}

fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

fn read_whole(file: File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> std::io::Error {
    std::io::Error::other(format!("larger than {} MiB", MAX_BYTES / 1024 / 1024))
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        std::io::ErrorKind::NotADirectory => "not a folder".to_owned(),
        _ => error.to_string(),
    }
}
