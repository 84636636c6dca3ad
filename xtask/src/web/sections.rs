//! WASM modules made smaller: without the sections that only tools read, and with short names for what they import.

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

/// The identifier of the section of imports.
const IMPORTS: u8 = 2;

/// What says that an import is a function.
const FUNCTION: u8 = 0;

/// Bytes with short names in them, and each long name with its short one.
pub(super) struct Shortened {
    pub(super) bytes: Vec<u8>,
    pub(super) names: Vec<(String, String)>,
}

/// The module with short names for the functions it imports from `from`.
pub(super) fn shorten(module: &[u8], from: &str) -> Result<Shortened> {
    shortened(module, from.as_bytes()).context("a module's imports cannot be read, or are not all functions")
}

fn shortened(module: &[u8], from: &[u8]) -> Option<Shortened> {
    let mut at = HEADER;
    loop {
        let (size, body) = number(module, at + 1)?;
        let end = body.checked_add(size)?;
        if *module.get(at)? != IMPORTS {
            at = end;
            continue;
        }
        let Shortened { bytes: imports, names } = with_short_names(module.get(body..end)?, from)?;
        let head = [module.get(..at)?, &[IMPORTS], &leb128(imports.len())].concat();
        let bytes = [head.as_slice(), &imports, module.get(end..)?].concat();
        return Some(Shortened { bytes, names });
    }
}

fn with_short_names(section: &[u8], from: &[u8]) -> Option<Shortened> {
    let (count, mut at) = number(section, 0)?;
    let mut shorter = leb128(count);
    let mut names = Vec::new();
    for _ in 0..count {
        let module = text(section, &mut at)?;
        let name = text(section, &mut at)?;
        let kind = at;
        // The main module takes nothing but functions from its scripts.
        if *section.get(kind)? != FUNCTION {
            return None;
        }
        at = number(section, kind + 1)?.1;
        let short = format!("i{}", names.len());
        let is_theirs = module == from;
        for word in [module, if is_theirs { short.as_bytes() } else { name }] {
            shorter.extend(leb128(word.len()));
            shorter.extend_from_slice(word);
        }
        shorter.extend_from_slice(section.get(kind..at)?);
        if is_theirs {
            names.push((String::from_utf8(name.to_vec()).ok()?, short));
        }
    }
    (at == section.len()).then_some(Shortened { bytes: shorter, names })
}

/// A text with its length before it; `at` moves behind it.
fn text<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a [u8]> {
    let (length, begin) = number(bytes, *at)?;
    *at = begin.checked_add(length)?;
    bytes.get(begin..*at)
}

/// A number as unsigned LEB128.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
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
    use super::{Shortened, leb128, number, shorten, strip};

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

    #[test]
    fn what_is_imported_from_one_script_gets_short_names_and_the_rest_stays() {
        let header = b"\0asm\x01\0\0\0".as_slice();
        let types = b"\x01\x04\x01\x60\0\0".as_slice();
        let code = b"\x0a\x01\0".as_slice();
        let long = b"\x02\x01a\x07body_5f\0\0".as_slice();
        let module = |named: &[u8]| {
            let imports = [named, b"\x01b\x03now\0\0"].concat();
            [header, types, &[2], &leb128(imports.len()), &imports, code].concat()
        };
        let Shortened { bytes, names } = shorten(&module(long), "a").unwrap();
        assert_eq!(bytes, module(b"\x02\x01a\x02i0\0\0"));
        assert_eq!(names, [("body_5f".to_owned(), "i0".to_owned())]);
        // A table is no function, and a module may not end in the middle.
        assert!(shorten(&module(b"\x02\x01a\x01t\x01\x70\0\0"), "a").is_err());
        assert!(shorten(&module(long)[..20], "a").is_err());
    }

    #[test]
    fn a_number_is_read_as_it_was_written() {
        for value in [0, 1, 127, 128, 300, 65_535, 1 << 20] {
            let bytes = leb128(value);
            assert_eq!(number(&bytes, 0), Some((value, bytes.len())));
        }
    }
}
