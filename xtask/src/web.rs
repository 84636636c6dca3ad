//! The front end as the server embeds it: `target/bundle/`, every file precompressed and named by its content.
//!
//! ```text
//! index.html                the shell; refers to `app`, `boot` and `main`
//! assets/app-<hash>.wasm    the application
//! assets/part-<hash>.wasm   what of it is loaded by whoever goes there
//! assets/boot-<hash>.js     wasm-bindgen's glue, our scripts, and the line that starts them
//! assets/main-<hash>.css    the styles
//! assets/…-<hash>.…         what styles and scripts refer to, and scripts loaded later
//! sw.js                     the service worker, with the list of what it keeps
//! …                         `frontend/web/static/`, under its own names
//! *.br, *.gz                beside each file that compression makes smaller
//! manifest.json             all of it with sizes; see [`Manifest`]
//! ```
//! A quick build has the same files under the same names, but neither small nor compressed.
//! esbuild bundles scripts and styles: one MIT-licensed program for both, and what npm packages need later.

mod compress;
mod glue;
mod scripts;
mod sections;
mod worker;

pub(crate) use glue::Build;

use crate::shell::{root, step};
use crate::tools;
use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Where the finished bundle is; the server embeds this folder.
pub(crate) fn bundle_folder() -> PathBuf {
    root().join("target/bundle")
}

/// Where the bundle is put together.
fn work_folder() -> PathBuf {
    root().join("target/web")
}

/// What is in the bundle: for the server and the budget test.
#[derive(Serialize)]
struct Manifest {
    /// Changes whenever any file does.
    build: String,
    /// The files without which nothing is shown: `wasm`, `js`, `css`.
    entry: BTreeMap<&'static str, String>,
    files: Vec<File>,
}

/// One file; sizes are bytes.
#[derive(Serialize)]
struct File {
    path: String,
    sha256: String,
    size: usize,
    /// Compressed by brotli 11, when `<path>.br` exists.
    br: Option<usize>,
    /// Compressed by gzip 9, when `<path>.gz` exists.
    gz: Option<usize>,
    /// The name holds the content's hash: caches may keep it for ever.
    immutable: bool,
}

/// Bundles the front end unless nothing changed since the last bundle.
pub(crate) fn bundle(build: Build) -> Result<()> {
    tools::ensure_wasm_target()?;
    tools::ensure_npm_packages(root())?;
    step("compiling the front end");
    let module = glue::compile(build)?;
    let print = fingerprint(&module, build)?;
    let stamp = work_folder().join("fingerprint");
    let finished = bundle_folder().join("manifest.json").is_file();
    if finished && fs::read_to_string(&stamp).is_ok_and(|last| last == print) {
        eprintln!("   the bundle is up to date");
        return Ok(());
    }
    let begun = Instant::now();
    step("bundling and compressing the front end");
    // Until the new bundle stands, no stamp may vouch for a half-made one.
    let _ = fs::remove_file(&stamp);
    let manifest = write_bundle(&module, build)?;
    fs::write(&stamp, print)?;
    report(&manifest, begun);
    Ok(())
}

/// Hashes all that the bundle is made of: the module holds the Rust code, the rest are files.
fn fingerprint(module: &[u8], build: Build) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update([u8::from(build == Build::Quick)]);
    hash.update(Sha256::digest(module));
    let mut files = Vec::new();
    for part in ["frontend/web", "frontend/src", "xtask/src/web"] {
        files_below(&root().join(part), &mut files)?;
    }
    files.push(root().join("package-lock.json"));
    files.push(root().join("xtask/src/web.rs"));
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(Sha256::digest(read(&file)?));
    }
    Ok(hex::encode(hash.finalize()))
}

fn write_bundle(module: &[u8], build: Build) -> Result<Manifest> {
    let mut bundle = BTreeMap::new();
    let stage = work_folder().join("stage");
    let _ = fs::remove_dir_all(&stage);
    let modules = glue::bind(module, &stage)?;
    let wasm = modules.main;
    bundle.extend(modules.files);
    let scripts = scripts::bundle(&stage, &format!("/{wasm}"))?;
    bundle.extend(scripts.files);
    add_static(&mut bundle)?;
    let entry = BTreeMap::from([("wasm", wasm), ("js", scripts.js), ("css", scripts.css)]);
    bundle.insert("index.html".into(), page(&entry)?.into_bytes());

    let script = scripts::service_worker(&stage)?;
    let build_name = name_of(&bundle, &script);
    let worker = worker::with_list(&bundle, &modules.inside, &build_name, &script)?;
    bundle.insert("sw.js".into(), worker);

    let compressed = match build {
        Build::Release => compress::all(&bundle, &work_folder().join("compressed"))?,
        Build::Quick => BTreeMap::new(),
    };
    let fresh = work_folder().join("bundle");
    let _ = fs::remove_dir_all(&fresh);
    let mut files = Vec::new();
    for (path, bytes) in &bundle {
        let variants = compressed.get(path);
        let (br, gz) = (variants.and_then(|it| it.br.as_ref()), variants.and_then(|it| it.gz.as_ref()));
        write(&fresh.join(path), bytes)?;
        if let Some(br) = br {
            write(&fresh.join(format!("{path}.br")), br)?;
        }
        if let Some(gz) = gz {
            write(&fresh.join(format!("{path}.gz")), gz)?;
        }
        files.push(File {
            path: path.clone(),
            sha256: digest(bytes),
            size: bytes.len(),
            br: br.map(Vec::len),
            gz: gz.map(Vec::len),
            immutable: path.starts_with("assets/"),
        });
    }
    let manifest = Manifest { build: build_name, entry, files };
    write(&fresh.join("manifest.json"), &serde_json::to_vec_pretty(&manifest)?)?;
    let bundle_folder = bundle_folder();
    let _ = fs::remove_dir_all(&bundle_folder);
    fs::rename(&fresh, &bundle_folder).context("cannot put the new bundle in its place")?;
    Ok(manifest)
}

/// Twelve digits that change whenever any file does.
fn name_of(bundle: &BTreeMap<String, Vec<u8>>, worker: &[u8]) -> String {
    let mut name = Sha256::new();
    for (path, bytes) in bundle {
        name.update(path.as_bytes());
        name.update(Sha256::digest(bytes));
    }
    name.update(worker);
    hex::encode(name.finalize())[..12].to_owned()
}

/// The shell with the hashed names filled in.
fn page(entry: &BTreeMap<&'static str, String>) -> Result<String> {
    let template = root().join("frontend/web/index.html");
    let mut page = String::from_utf8(read(&template)?)?;
    for (name, path) in entry {
        let place = format!("{{{{{name}}}}}");
        anyhow::ensure!(page.contains(&place), "{place} is missing in frontend/web/index.html");
        page = page.replace(&place, &format!("/{path}"));
    }
    Ok(page)
}

/// Files that keep their names, because browsers or people know them by these.
fn add_static(bundle: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let folder = root().join("frontend/web/static");
    let mut files = Vec::new();
    files_below(&folder, &mut files)?;
    for file in files {
        let path = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
        bundle.insert(path, read(&file)?);
    }
    Ok(())
}

fn report(manifest: &Manifest, begun: Instant) {
    for path in manifest.entry.values() {
        if let Some(file) = manifest.files.iter().find(|file| file.path == *path) {
            let br = file.br.map_or_else(String::new, |br| format!(", {br:>7} as brotli"));
            eprintln!("   {path:<32} {:>9} bytes{br}", file.size);
        }
    }
    let seconds = begun.elapsed().as_secs_f32();
    eprintln!("   {} files, build {}, {seconds:.1} s", manifest.files.len(), manifest.build);
}

/// All files below a folder in a fixed order; none when there is no such folder.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
