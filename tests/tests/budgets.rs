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

/// What a browser receives for one of the bundle's entries.
fn sent(entry: &str) -> u64 {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bundle/manifest.json");
    let text = std::fs::read_to_string(file).expect("a bundle: run `cargo xtask web` first");
    let manifest: Value = serde_json::from_str(&text).expect("the manifest is JSON");
    let files = manifest["files"].as_array().expect("the manifest lists its files");
    let found = files.iter().find(|file| file["path"] == manifest["entry"][entry]);
    let found = found.unwrap_or_else(|| panic!("the bundle has no {entry}"));
    found["br"].as_u64().unwrap_or_else(|| panic!("{entry} has no brotli form"))
}
