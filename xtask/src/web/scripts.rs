//! Scripts and styles through esbuild: imports resolved, minified, named by content.

use super::glue::GLUE;
use crate::shell::{output, root};
use crate::tools::npm_program;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What esbuild made, by path inside the bundle.
pub(super) struct Scripts {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Path of the script that starts the application.
    pub(super) js: String,
    /// Path of the styles.
    pub(super) css: String,
}

/// Our own modules by the names that Rust (`#[wasm_bindgen(module = "…")]`) and the glue import them under, below
/// `frontend/web`.
const MODULES: [(&str, &str); 4] = [
    ("spotfix-outbox", "outbox/page.js"),
    ("spotfix-photo", "photo/page.js"),
    ("spotfix-shell", "shell/page.js"),
    ("spotfix-parts", "shell/parts.js"),
];

/// The oldest browsers we make scripts and styles for: those whose WASM has what rustc emits.
const BROWSERS: &str = "chrome111,firefox128,safari16.4";

/// Bundles `boot.js` with the glue in the stage, the styles, and the workers the page starts.
pub(super) fn bundle(stage: &Path, wasm_url: &str) -> Result<Scripts> {
    // First, because the page's scripts hold the hashed name of the worker.
    let worker = stage.join("worker");
    let worker = esbuild(&["photo/worker.js"], &worker, |esbuild| {
        // A script without imports starts as a worker of either kind, in every browser.
        esbuild.arg("--format=iife");
    })?;
    let worker_url = format!("/{}", worker.made_of("photo/worker.js")?);

    let mut page = esbuild(&["boot.js", "styles/main.css"], &stage.join("assets"), |esbuild| {
        esbuild
            .args(["--format=esm", "--splitting"])
            .arg(format!("--define:WASM_URL={wasm_url:?}"))
            .arg(format!("--define:PHOTO_WORKER_URL={worker_url:?}"))
            .arg(format!("--alias:app-glue={}", stage.join(GLUE).display()))
            .args(MODULES.map(|(name, file)| format!("--alias:{name}={}", web().join(file).display())));
    })?;
    let (js, css) = (page.made_of("boot.js")?, page.made_of("styles/main.css")?);
    page.files.extend(worker.files);
    Ok(Scripts { files: page.files, js, css })
}

/// Bundles the service worker, which lacks its list of files yet; see [`super::worker`].
pub(super) fn service_worker(stage: &Path) -> Result<Vec<u8>> {
    let made = esbuild(&["sw.js"], &stage.join("service-worker"), |esbuild| {
        // Browsers that run the page do not all run modules as service workers.
        esbuild.arg("--format=iife");
    })?;
    let path = made.made_of("sw.js")?;
    made.files.get(&path).cloned().context("esbuild made no service worker")
}

/// What one run of esbuild made, with the hashes in the names as the server knows them.
struct Made {
    files: BTreeMap<String, Vec<u8>>,
    /// Path inside the bundle by the file it was made of.
    entries: BTreeMap<String, String>,
}

impl Made {
    fn made_of(&self, entry: &str) -> Result<String> {
        let path = self.entries.iter().find(|(file, _)| file.ends_with(entry)).map(|(_, path)| path.clone());
        path.with_context(|| format!("esbuild made nothing of {entry}"))
    }
}

fn web() -> PathBuf {
    root().join("frontend/web")
}

fn esbuild(entries: &[&str], made: &Path, settings: impl FnOnce(&mut Command)) -> Result<Made> {
    let meta = made.with_extension("json");
    let mut esbuild = npm_program("esbuild");
    esbuild
        .args(entries.iter().map(|entry| web().join(entry)))
        .args(["--bundle", "--minify"])
        .args(["--log-level=warning", "--charset=utf8", "--legal-comments=none"])
        .args(["--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]"])
        .args(["--asset-names=[name]-[hash]", "--public-path=/assets"])
        .args(["--loader:.svg=file", "--loader:.woff2=file", "--loader:.png=file"])
        .arg(format!("--target={BROWSERS}"))
        .arg(format!("--outdir={}", made.display()))
        .arg(format!("--metafile={}", meta.display()));
    settings(&mut esbuild);
    output(&mut esbuild).context("esbuild refused a script or a style")?;

    let meta: Value = serde_json::from_slice(&super::read(&meta)?)?;
    let outputs = meta["outputs"].as_object().context("esbuild said nothing of its outputs")?;
    let (mut files, mut entries, mut names) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (file, about) in outputs {
        let file = root().join(file);
        let made = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = hexadecimal(&made).with_context(|| format!("esbuild's {made} has no hash"))?;
        let path = format!("assets/{name}");
        if let Some(entry) = about["entryPoint"].as_str() {
            entries.insert(entry.to_owned(), path.clone());
        }
        files.insert(path, super::read(&file)?);
        names.push((made, name));
    }
    for (path, bytes) in &mut files {
        if path.ends_with(".js") || path.ends_with(".css") {
            let mut text = String::from_utf8(std::mem::take(bytes))?;
            for (made, name) in &names {
                text = text.replace(made, name);
            }
            *bytes = text.into_bytes();
        }
    }
    Ok(Made { files, entries })
}

/// `boot-RP4EWFIH.js` with the hash as the server knows one: hexadecimal digits before the extension.
fn hexadecimal(made: &str) -> Option<String> {
    let (stem, extension) = made.rsplit_once('.')?;
    let (name, hash) = stem.rsplit_once('-')?;
    Some(format!("{name}-{}.{extension}", &super::digest(hash.as_bytes())[..8]))
}
