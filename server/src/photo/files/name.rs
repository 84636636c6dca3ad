//! The names of photo files: `ab/018f…ab/19c…-0123456789abcdef-full.jpg`. What is not named like this is not ours.

use super::Key;
use app::id::PhotoId;
use app::photo::PhotoSize;
use app::time::Timestamp;
use std::fmt;
use uuid::Uuid;

/// How many folders there are at the top, one for each value of an id's last byte.
pub const SHARDS: usize = 256;

/// Hex digits of a photo's SHA-256 that are part of its files' names.
const HASH_DIGITS: usize = 16;

/// The name of one rendition's file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The photo.
    pub id: PhotoId,
    /// When it was taken in.
    pub kept_at: Timestamp,
    hash: String,
    size: PhotoSize,
}

/// The folder of a photo: the last byte of a UUIDv7 is random, so folders fill evenly.
#[must_use]
pub fn shard(id: PhotoId) -> u8 {
    id.0.as_bytes()[15]
}

/// The name of a shard's folder.
pub(super) fn folder(shard: u8) -> String {
    format!("{shard:02x}")
}

impl Name {
    /// The name of this rendition's file.
    #[must_use]
    pub fn new(key: &Key, size: PhotoSize) -> Self {
        let hash = key.sha256.chars().take(HASH_DIGITS).collect();
        Self { id: key.id, kept_at: key.kept_at, hash, size }
    }

    /// Reads a name; `None` for one that we would not have written so.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        let (_, id, file) = (parts.next()?, parts.next()?, parts.next()?);
        let mut parts = file.strip_suffix(".jpg")?.split('-');
        let (moment, hash, size) = (parts.next()?, parts.next()?, parts.next()?);
        let size = match size {
            "thumb" => PhotoSize::Thumb,
            "full" => PhotoSize::Full,
            _ => return None,
        };
        let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        let name = Self {
            id: PhotoId(Uuid::try_parse(id).ok()?),
            kept_at: Timestamp::from_millis(i64::from_str_radix(moment, 16).ok()?),
            hash: hash.to_owned(),
            size,
        };
        // Written again and compared: nothing else has the name, nothing leads out of the folder.
        (is_hash && name.to_string() == path).then_some(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = match self.size {
            PhotoSize::Thumb => "thumb",
            PhotoSize::Full => "full",
        };
        let (folder, id) = (folder(shard(self.id)), self.id.0.simple());
        write!(out, "{folder}/{id}/{:x}-{}-{size}.jpg", self.kept_at.millis(), self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_written_and_no_other() {
        let id = PhotoId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ab));
        let key = Key { id, sha256: "0123456789abcdef".repeat(4), kept_at: Timestamp::from_millis(0x19c) };
        let text = Name::new(&key, PhotoSize::Full).to_string();
        assert_eq!(text, "ab/019000000000700080000000000000ab/19c-0123456789abcdef-full.jpg");
        assert_eq!(Name::parse(&text), Some(Name::new(&key, PhotoSize::Full)));
        for other in [
            text.replacen("ab/", "ac/", 1),
            text.replace("full", "whole"),
            text.replace("19c", "+19c"),
            text.replace("19c", "019c"),
            text.replace("cdef-", "cde-"),
            text.replace("cdef-", "../-"),
            format!("/{text}"),
            format!("../{text}"),
            format!("{text}/more"),
            format!("{text}#1"),
            String::new(),
        ] {
            assert_eq!(Name::parse(&other), None, "{other}");
        }
    }
}
