//! WASM modules without the sections that only debuggers and tools read.

use anyhow::{Context, Result};

/// The sections wasm-bindgen drops from the main module, dropped from the parts that were split off it.
const FOR_TOOLS: [&[u8]; 3] = [b"name", b"producers", b"target_features"];

/// Magic number and version.
const HEADER: usize = 8;

/// The identifier of a section with a name of its own.
const CUSTOM: u8 = 0;

/// The module without what is for tools.
pub(super) fn strip(module: &[u8]) -> Result<Vec<u8>> {
    stripped(module).context("a module's sections cannot be read")
}

fn stripped(module: &[u8]) -> Option<Vec<u8>> {
    let mut kept = module.get(..HEADER)?.to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let (size, body) = number(module, at + 1)?;
        let end = body.checked_add(size)?;
        let is_for_tools = module[at] == CUSTOM && {
            let (length, name) = number(module, body)?;
            FOR_TOOLS.contains(&module.get(name..name.checked_add(length)?)?)
        };
        let section = module.get(at..end)?;
        if !is_for_tools {
            kept.extend_from_slice(section);
        }
        at = end;
    }
    Some(kept)
}

/// An unsigned LEB128 number at a place, and the place behind it.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0_usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        at += 1;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn names_go_and_code_stays() {
        let header = b"\0asm\x01\0\0\0".as_slice();
        let types = b"\x01\x01\0".as_slice();
        let names = b"\0\x06\x04name\0".as_slice();
        let kept = b"\0\x05\x04keep".as_slice();
        let module = [header, types, names, kept].concat();
        assert_eq!(strip(&module).ok(), Some([header, types, kept].concat()));
        assert!(strip(&module[..module.len() - 1]).is_err());
    }
}
