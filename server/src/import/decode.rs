//! From bytes to text, whatever encoding a program saved them in.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The encoding a text was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// With or without a byte order mark.
    Utf8,
    /// Either byte order.
    Utf16,
    /// Or its larger form, GB18030.
    Gbk,
}

/// Why bytes are no text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undecodable {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    /// What is wrong and what to do.
    pub(super) what: &'static str,
}

const UNKNOWN: &str = "neither UTF-8 nor GBK; save the file as “CSV UTF-8”";
const DAMAGED: &str = "UTF-8 that is damaged here; save the file as “CSV UTF-8” again";
const DAMAGED_UTF16: &str = "UTF-16 that is damaged; save the file as “CSV UTF-8”";

/// The text without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Undecodable> {
    if let Some(big_endian) = utf16(bytes) {
        let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
        let (text, faulty) = encoding.decode_with_bom_removal(bytes);
        let line = || text.chars().take_while(|c| *c != '\u{fffd}').filter(|c| *c == '\n').count() as u64 + 1;
        let undecodable = || Undecodable { line: line(), what: DAMAGED_UTF16 };
        return if faulty { Err(undecodable()) } else { Ok((text, Encoding::Utf16)) };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text.trim_start_matches('\u{feff}')), Encoding::Utf8)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            if is_mostly_utf8(bytes) {
                return Err(Undecodable { line, what: DAMAGED });
            }
            let (text, faulty) = GB18030.decode_without_bom_handling(bytes);
            let is_gbk = !faulty && is_mostly_gb2312(bytes);
            if is_gbk { Ok((text, Encoding::Gbk)) } else { Err(Undecodable { line, what: UNKNOWN }) }
        }
    }
}

/// Whether the bytes are UTF-16, and then whether the larger byte comes first: by the byte order mark, or because every
/// second byte of a table's ASCII is zero.
fn utf16(bytes: &[u8]) -> Option<bool> {
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return Some(false);
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return Some(true);
    }
    match bytes.first_chunk()? {
        [low, 0, other, 0] if *low != 0 && *other != 0 => Some(false),
        [0, low, 0, other] if *low != 0 && *other != 0 => Some(true),
        _ => None,
    }
}

/// GBK makes hardly any sound sequence of UTF-8, so a text with many of them is UTF-8 with a fault.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut unsound) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count() * 3;
        unsound += chunk.invalid().len();
    }
    sound > unsound
}

/// What is written in China is nearly all within GB2312; another encoding read as GBK is not.
fn is_mostly_gb2312(bytes: &[u8]) -> bool {
    let (mut common, mut rare, mut at) = (0_usize, 0_usize, 0);
    while let Some(lead) = bytes.get(at) {
        let trail = bytes.get(at + 1).copied().unwrap_or_default();
        match (lead, trail) {
            (0x00..=0x80, _) => at += 1,
            (_, 0x30..=0x39) => {
                rare += 1;
                at += 4;
            }
            (0xA1..=0xF7, 0xA1..=0xFE) => {
                common += 1;
                at += 2;
            }
            _ => {
                rare += 1;
                at += 2;
            }
        }
    }
    common >= rare * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "code,name\nA,城东农贸市场（新名）\nB,人民路\n";

    fn read(bytes: &[u8]) -> (String, Encoding) {
        let (text, encoding) = decode(bytes).expect("a text");
        (text.into_owned(), encoding)
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(read(TEXT.as_bytes()), (TEXT.to_owned(), Encoding::Utf8));
        assert_eq!(read(format!("\u{feff}{TEXT}").as_bytes()), (TEXT.to_owned(), Encoding::Utf8));
        let (gbk, _, _) = GB18030.encode(TEXT);
        assert_eq!(read(&gbk), (TEXT.to_owned(), Encoding::Gbk));
        for mark in [true, false] {
            let text = if mark { format!("\u{feff}{TEXT}") } else { TEXT.to_owned() };
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read(&little), (TEXT.to_owned(), Encoding::Utf16));
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(read(&big), (TEXT.to_owned(), Encoding::Utf16));
        }
        assert_eq!(read(b""), (String::new(), Encoding::Utf8));
    }

    #[test]
    fn rare_characters_are_gb18030() {
        let text = "code,name\nA,王\u{4dae}和镕基的农贸市场\n";
        let (bytes, _, _) = GB18030.encode(text);
        assert_eq!(read(&bytes), (text.to_owned(), Encoding::Gbk));
    }

    #[test]
    fn what_is_damaged_is_not_guessed_at() {
        let mut cut = TEXT.as_bytes().to_vec();
        cut.truncate(TEXT.find('场').expect("there") + 1);
        assert_eq!(decode(&cut), Err(Undecodable { line: 2, what: DAMAGED }));
        // Big5, as it would be saved on Taiwan.
        let (big5, _, _) = encoding_rs::BIG5.encode("code,name\nA,青嵐縣農貿市場與學校醫院\n");
        assert_eq!(decode(&big5).expect_err("no GBK").what, UNKNOWN);
        assert_eq!(decode(b"a\nb\xff\xffc\n"), Err(Undecodable { line: 2, what: UNKNOWN }));
        assert_eq!(decode(b"\xFF\xFEc").expect_err("odd").what, DAMAGED_UTF16);
    }
}
