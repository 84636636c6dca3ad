//! The service worker's list of files: what it keeps for a start without a network, each with the hash it must have.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::to_string;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Files with names of their own that a cold start asks for; the other pictures are the browser's business.
const COLD: [&str; 4] = ["index.html", "manifest.webmanifest", "favicon.svg", "apple-touch-icon.png"];

/// The script behind the three constants it reads: `BUILD`, `KEPT` (paths and integrity) and `LATER` (paths that are kept
/// once somebody has come to them).
pub(super) fn with_list(
    bundle: &BTreeMap<String, Vec<u8>>,
    inside: &BTreeSet<String>,
    build: &str,
    script: &[u8],
) -> Result<Vec<u8>> {
    let is_asset = |path: &str| path.starts_with("assets/");
    for path in COLD {
        anyhow::ensure!(bundle.contains_key(path), "the service worker keeps {path}, which is not there");
    }
    let kept: Vec<(String, String)> = bundle
        .iter()
        .filter(|(path, _)| COLD.contains(&path.as_str()) || (is_asset(path) && !inside.contains(*path)))
        .map(|(path, bytes)| (format!("/{path}"), integrity(bytes)))
        .collect();
    let later: Vec<String> = inside.iter().map(|path| format!("/{path}")).collect();
    let (build, kept, later) = (to_string(build)?, to_string(&kept)?, to_string(&later)?);
    let list = format!("const BUILD={build},KEPT={kept},LATER={later};\n");
    Ok([list.as_bytes(), script].concat())
}

/// As Subresource Integrity writes a hash.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_as_browsers_read_them() {
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn what_nobody_outside_comes_to_is_kept_only_later() {
        let names =
            COLD.iter().copied().chain(["assets/app-1.wasm", "assets/part-2.wasm", "gallery/before.svg"]);
        let bundle = names.map(|name| (name.to_owned(), name.into())).collect();
        let inside = BTreeSet::from(["assets/part-2.wasm".to_owned()]);
        let made = with_list(&bundle, &inside, "abc", b"rest").expect("a worker");
        let made = String::from_utf8(made).expect("text");
        let (list, rest) = made.split_once('\n').expect("two lines");
        assert_eq!(rest, "rest");
        let (kept, later) = list.split_once(",LATER=").expect("both lists");
        assert!(kept.starts_with("const BUILD=\"abc\",KEPT=[[\"/apple-touch-icon.png\",\"sha256-"), "{list}");
        assert!(kept.contains("[\"/assets/app-1.wasm\",\"sha256-") && !kept.contains("part-2"), "{list}");
        assert_eq!(later, "[\"/assets/part-2.wasm\"];");
        assert!(!list.contains("gallery"), "{list}");
    }
}
