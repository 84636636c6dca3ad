//! What a workbook unpacks to, known before anything of it is kept in memory.

use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::read::ZipFile;

/// Bytes of the largest workbook that is taken, packed. A county's whole catalogue has 0.3 MiB.
const MAX_PACKED: usize = 16 * 1024 * 1024;
/// Bytes of all its parts together, unpacked.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// Parts of a workbook.
const MAX_PARTS: usize = 10_000;
/// Bytes of a part that are looked at together.
const PIECE: usize = 64 * 1024;

/// Refuses a workbook that unpacks to too much: by the sizes it tells, then by unpacking it piece by piece, for the
/// sizes it tells may be wrong.
///
/// # Errors
/// What is too much, or why it is no packed file.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > MAX_PACKED {
        return Err(format!("larger than {} MiB", MAX_PACKED / 1024 / 1024));
    }
    let broken = |error: &dyn std::fmt::Display| format!("a workbook that cannot be unpacked: {error}");
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if parts.len() > MAX_PARTS {
        return Err(format!("a workbook of {} parts; at most {MAX_PARTS} are taken", parts.len()));
    }
    let mut told = 0_u64;
    for at in 0..parts.len() {
        told = told.saturating_add(parts.by_index_raw(at).map_err(|error| broken(&error))?.size());
    }
    if told > MAX_UNPACKED {
        return Err(too_much());
    }
    let mut left = MAX_UNPACKED;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|error| broken(&error))?;
        let read = unpack(part, left)?;
        left = left.checked_sub(read).ok_or_else(too_much)?;
    }
    Ok(())
}

fn too_much() -> String {
    format!("a workbook that unpacks to more than {} MiB", MAX_UNPACKED / 1024 / 1024)
}

/// Unpacks a part without keeping it, and tells its size; at most one byte more than is `left` is read.
fn unpack(part: ZipFile<'_, Cursor<&[u8]>>, left: u64) -> Result<u64, String> {
    let mut part = part.take(left.saturating_add(1));
    let (mut piece, mut size, mut counts) = (vec![0; PIECE], 0_u64, Counts::default());
    loop {
        let read = part.read(&mut piece).map_err(|error| format!("a workbook that is damaged: {error}"))?;
        let Some(found) = piece.get(..read).filter(|found| !found.is_empty()) else { break };
        size += read as u64;
        counts.look_at(found);
    }
    // A reader sets that much room aside; each text takes more than one byte.
    if counts.largest > size {
        Err("a workbook whose list of texts tells a wrong length".to_owned())
    } else {
        Ok(size)
    }
}

/// The largest number that stands as a `uniqueCount` in a part. The place is kept from piece to piece, so neither a cut
/// nor any number of zeros or spaces before it hides the number.
#[derive(Default)]
struct Counts {
    place: Place,
    largest: u64,
}

/// Where the bytes that were looked at end.
#[derive(Clone, Copy)]
enum Place {
    /// After so many bytes of the name; after none of them anywhere else.
    Name(usize),
    /// Between the name and its number.
    Between,
    /// In the number, of which this has been read.
    Number(u64),
}

impl Default for Place {
    fn default() -> Self {
        Self::Name(0)
    }
}

impl Counts {
    const NAME: &'static [u8] = b"uniqueCount";

    fn look_at(&mut self, piece: &[u8]) {
        // Zero bytes are the other half of UTF-16.
        for byte in piece.iter().filter(|byte| **byte != 0) {
            self.place = self.place.after(*byte);
            if let Place::Number(number) = self.place {
                self.largest = self.largest.max(number);
            }
        }
    }
}

impl Place {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Between | Self::Number(_), b'0'..=b'9') => {
                let before = if let Self::Number(before) = self { before } else { 0 };
                Self::Number(before.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Self::Between, b'=' | b'"' | b'\'') => self,
            (Self::Between, _) if byte.is_ascii_whitespace() => self,
            (Self::Name(at), _) if Counts::NAME.get(at) == Some(&byte) => {
                if at + 1 == Counts::NAME.len() {
                    Self::Between
                } else {
                    Self::Name(at + 1)
                }
            }
            // Another word, which may be the beginning of the name.
            _ => Self::Name(usize::from(Counts::NAME.first() == Some(&byte))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest(pieces: &[&[u8]]) -> u64 {
        let mut counts = Counts::default();
        for piece in pieces {
            counts.look_at(piece);
        }
        counts.largest
    }

    #[test]
    fn a_count_is_found_wherever_its_part_is_cut() {
        let text = format!("<sst count='7' uniqueCount \n = \"{}4321\">", "0".repeat(300));
        for cut in 0..text.len() {
            let (before, after) = text.as_bytes().split_at(cut);
            assert_eq!(largest(&[before, after]), 4321, "{cut}");
        }
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(largest(&bytes), 4321);
    }

    #[test]
    fn a_count_is_the_number_of_its_own_name() {
        assert_eq!(largest(&[b"uniqueCounts=\"9\" unique=\"8\" Count=\"7\""]), 0);
        assert_eq!(largest(&[b"uniqueCount=\"5\" uniqueCount='12'"]), 12);
        assert_eq!(largest(&[b"uniqueCount=\"99999999999999999999999999\""]), u64::MAX);
    }
}
