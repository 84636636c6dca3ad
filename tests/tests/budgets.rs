//! What an inspector's first load brings over the wire stays within its budget; the sizes are those of the bundle.

use serde_json::Value;

/// The module alone, brotli 11, in bytes.
const MODULE: u64 = 250_000;

/// Module, glue and styles together, brotli 11, in bytes.
const FIRST_LOAD: u64 = 300_000;

#[test]
fn the_module_keeps_its_budget() {
    let size = sent("wasm");
    assert!(size <= MODULE, "the WASM module is {size} bytes as brotli; its budget is {MODULE}");
}

#[test]
fn the_first_load_keeps_its_budget() {
    let size: u64 = ["wasm", "js", "css"].into_iter().map(sent).sum();
    assert!(size <= FIRST_LOAD, "the first load is {size} bytes as brotli; its budget is {FIRST_LOAD}");
}

/// What the service worker fetches for a start without a network, brotli 11 where there is such a form, in bytes. It comes after
/// the first load, in the background, once for each build.
const KEPT: u64 = 660_000;

#[test]
fn what_is_kept_for_a_start_without_a_network_keeps_its_budget() {
    let size: u64 = kept().iter().map(|path| size(path)).sum();
    assert!(size <= KEPT, "the service worker fetches {size} bytes; its budget is {KEPT}");
}

/// Named by others, but fetched in a way of its own: the page by its address, the worker by the browser.
const OWN_WAY: [&str; 2] = ["index.html", "sw.js"];

/// From the page on, through everything that names another file: what somebody outside can come to is kept.
#[test]
fn whatever_the_kept_files_name_is_kept_too() {
    let (kept, later) = (kept(), later());
    let files: Vec<String> = paths();
    assert!(kept.contains(&"index.html".to_owned()));
    for path in kept.iter().filter(|path| has_text(path)) {
        let text = std::fs::read_to_string(bundle(path)).expect("a text");
        for named in files
            .iter()
            .filter(|named| !OWN_WAY.contains(&named.as_str()) && text.contains(&format!("/{named}")))
        {
            let is_for_shortcuts = path == "manifest.webmanifest";
            let is_part = named.ends_with(".wasm") && later.contains(named);
            assert!(
                kept.contains(named) || is_part || is_for_shortcuts,
                "{path} names {named}, which is not kept"
            );
        }
    }
    for path in &later {
        assert!(path.contains("/part-") && !kept.contains(path), "{path} is kept only later");
    }
    let parts = kept.iter().filter(|path| path.contains("/part-")).count();
    assert!(parts > 0 && !later.is_empty(), "the parts of those outside are told from the office's");
}

fn has_text(path: &str) -> bool {
    [".html", ".js", ".css", ".webmanifest"].iter().any(|ending| path.ends_with(ending))
}

fn bundle(path: &str) -> String {
    format!("{}/../target/bundle/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// One of the lists at the beginning of the service worker, without the leading slashes.
fn list(name: &str) -> Value {
    let text = std::fs::read_to_string(bundle("sw.js")).expect("a bundle: run `cargo xtask web` first");
    let line = text.lines().next().unwrap_or_default();
    let (_, rest) = line.split_once(&format!(",{name}=")).expect("the service worker's list");
    let mut values = serde_json::Deserializer::from_str(rest).into_iter();
    values.next().expect("a list").expect("the list is JSON")
}

fn kept() -> Vec<String> {
    let entries = list("KEPT");
    entries.as_array().expect("a list").iter().map(|entry| without_slash(&entry[0])).collect()
}

fn later() -> Vec<String> {
    list("LATER").as_array().expect("a list").iter().map(without_slash).collect()
}

fn without_slash(path: &Value) -> String {
    path.as_str().and_then(|path| path.strip_prefix('/')).expect("an absolute path").to_owned()
}

/// What a browser receives for one of the bundle's entries.
fn sent(entry: &str) -> u64 {
    let manifest = manifest();
    let path = manifest["entry"][entry].as_str().unwrap_or_else(|| panic!("the bundle has no {entry}"));
    let found = file(&manifest, path);
    found["br"].as_u64().unwrap_or_else(|| panic!("{entry} has no brotli form: run `cargo xtask web`"))
}

/// What a browser receives for a file.
fn size(path: &str) -> u64 {
    let manifest = manifest();
    let found = file(&manifest, path);
    found["br"].as_u64().or_else(|| found["size"].as_u64()).expect("a size")
}

fn file<'a>(manifest: &'a Value, path: &str) -> &'a Value {
    let files = manifest["files"].as_array().expect("the manifest lists its files");
    files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("the bundle has no {path}"))
}

fn paths() -> Vec<String> {
    let manifest = manifest();
    let files = manifest["files"].as_array().expect("the manifest lists its files");
    files.iter().filter_map(|file| file["path"].as_str().map(ToOwned::to_owned)).collect()
}

fn manifest() -> Value {
    let text =
        std::fs::read_to_string(bundle("manifest.json")).expect("a bundle: run `cargo xtask web` first");
    serde_json::from_str(&text).expect("the manifest is JSON")
}
