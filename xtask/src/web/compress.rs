//! Brotli 11 and gzip 9 of every file that gets smaller by it, remembered by content.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// A file's compressed forms; none where the file is compressed already.
#[derive(Default)]
pub(super) struct Variants {
    pub(super) br: Option<Vec<u8>>,
    pub(super) gz: Option<Vec<u8>>,
}

/// Compressing these again makes them no smaller.
const COMPRESSED: [&str; 6] = [".png", ".jpg", ".jpeg", ".webp", ".woff2", ".gz"];

/// Two, as on the machines this is built on; the module takes nearly all of the time anyway.
const THREADS: usize = 2;

/// Compresses all files, largest first so that no thread ends with the long one.
pub(super) fn all(files: &BTreeMap<String, Vec<u8>>, cache: &Path) -> Result<BTreeMap<String, Variants>> {
    std::fs::create_dir_all(cache)?;
    let mut queue: Vec<_> = files.iter().collect();
    queue.sort_by_key(|(_, bytes)| bytes.len());
    let (queue, done) = (Mutex::new(queue), Mutex::new(BTreeMap::new()));
    let work = || -> Result<()> {
        loop {
            let next = queue.lock().ok().and_then(|mut queue| queue.pop());
            let Some((path, bytes)) = next else {
                return Ok(());
            };
            let variants = one(path, bytes, cache)?;
            if let Ok(mut done) = done.lock() {
                done.insert(path.clone(), variants);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(result) => result?,
                Err(_) => bail!("compressing ended early"),
            }
        }
        Ok(())
    })?;
    done.into_inner().ok().context("compressing ended early")
}

fn one(path: &str, bytes: &[u8], cache: &Path) -> Result<Variants> {
    if COMPRESSED.iter().any(|ending| path.ends_with(ending)) {
        return Ok(Variants::default());
    }
    // With the path, so that two files of one content never write the same place at once.
    let name = super::digest(&[path.as_bytes(), bytes].concat());
    let smaller = |form: Vec<u8>| (form.len() < bytes.len()).then_some(form);
    Ok(Variants {
        br: smaller(remembered(&cache.join(format!("{name}.br")), || brotli(bytes))?),
        gz: smaller(remembered(&cache.join(format!("{name}.gz")), || gzip(bytes))?),
    })
}

fn remembered(file: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    if let Ok(known) = std::fs::read(file) {
        return Ok(known);
    }
    let made = make()?;
    // Renamed into place, so that a run which is interrupted leaves no half file to be believed.
    let part = file.with_added_extension("part");
    std::fs::write(&part, &made)?;
    std::fs::rename(&part, file)?;
    Ok(made)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 64 * 1024, 11, 24);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
