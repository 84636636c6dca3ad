//! Scripts and styles through esbuild: imports resolved, minified, named by content.

use super::glue::GLUE;
use crate::shell::{output, root};
use crate::tools::npm_program;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What esbuild made, by path inside the bundle.
pub(super) struct Scripts {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Path of the script that starts the application.
    pub(super) js: String,
    /// Path of the styles.
    pub(super) css: String,
}

/// The oldest browsers we make scripts and styles for: those whose WASM has what rustc emits.
const BROWSERS: &str = "chrome111,firefox128,safari16.4";

/// Bundles `boot.js` with the glue in the stage, and the styles.
pub(super) fn bundle(stage: &Path, wasm_url: &str) -> Result<Scripts> {
    let made = stage.join("assets");
    let meta = stage.join("meta.json");
    let web = root().join("frontend/web");
    output(
        npm_program("esbuild")
            .arg(web.join("boot.js"))
            .arg(web.join("styles/main.css"))
            .args(["--bundle", "--minify", "--format=esm", "--splitting"])
            .args(["--log-level=warning", "--charset=utf8", "--legal-comments=none"])
            .args(["--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]"])
            .args(["--asset-names=[name]-[hash]", "--public-path=/assets"])
            .args(["--loader:.svg=file", "--loader:.woff2=file", "--loader:.png=file"])
            .arg(format!("--target={BROWSERS}"))
            .arg(format!("--define:WASM_URL={wasm_url:?}"))
            .arg(format!("--alias:app-glue={}", stage.join(GLUE).display()))
            .arg(format!("--outdir={}", made.display()))
            .arg(format!("--metafile={}", meta.display())),
    )
    .context("esbuild refused a script or a style")?;

    let meta: Value = serde_json::from_slice(&super::read(&meta)?)?;
    let outputs = meta["outputs"].as_object().context("esbuild said nothing of its outputs")?;
    let (mut js, mut css) = (None, None);
    let (mut files, mut names) = (BTreeMap::new(), Vec::new());
    for (file, about) in outputs {
        let file = root().join(file);
        let made = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = hexadecimal(&made).with_context(|| format!("esbuild's {made} has no hash"))?;
        let path = format!("assets/{name}");
        match about["entryPoint"].as_str() {
            Some(entry) if entry.ends_with("boot.js") => js = Some(path.clone()),
            Some(entry) if entry.ends_with("main.css") => css = Some(path.clone()),
            _ => {}
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
    Ok(Scripts {
        files,
        js: js.context("esbuild made no script of boot.js")?,
        css: css.context("esbuild made no styles of main.css")?,
    })
}

/// `boot-RP4EWFIH.js` with the hash as the server knows one: hexadecimal digits before the extension.
fn hexadecimal(made: &str) -> Option<String> {
    let (stem, extension) = made.rsplit_once('.')?;
    let (name, hash) = stem.rsplit_once('-')?;
    Some(format!("{name}-{}.{extension}", &super::digest(hash.as_bytes())[..8]))
}
