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
    let (mut files, mut js, mut css) = (BTreeMap::new(), None, None);
    for (file, about) in outputs {
        let name = Path::new(file).file_name().unwrap_or_default();
        let path = format!("assets/{}", name.to_string_lossy());
        match about["entryPoint"].as_str() {
            Some(entry) if entry.ends_with("boot.js") => js = Some(path.clone()),
            Some(entry) if entry.ends_with("main.css") => css = Some(path.clone()),
            _ => {}
        }
        files.insert(path, super::read(&root().join(file))?);
    }
    Ok(Scripts {
        files,
        js: js.context("esbuild made no script of boot.js")?,
        css: css.context("esbuild made no styles of main.css")?,
    })
}
