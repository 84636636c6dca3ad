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

/// The largest number that stands as a `uniqueCount` in a part, wherever the pieces are cut. A number of millions is
/// never at a cut that matters, for what is kept reaches back far enough.
#[derive(Default)]
struct Counts {
    kept: Vec<u8>,
    largest: u64,
}

impl Counts {
    const NAME: &'static [u8] = b"uniqueCount";
    /// Name, spaces, quotation mark and digits.
    const REACH: usize = 128;

    fn look_at(&mut self, piece: &[u8]) {
        // Zero bytes are the other half of UTF-16.
        self.kept.extend(piece.iter().copied().filter(|byte| *byte != 0));
        let starts = self.kept.windows(Self::NAME.len()).enumerate().filter(|(_, it)| *it == Self::NAME);
        for (at, _) in starts {
            let after = self.kept.get(at + Self::NAME.len()..).unwrap_or_default();
            let is_between = |byte: &&u8| matches!(**byte, b'=' | b'"' | b'\'') || byte.is_ascii_whitespace();
            let digits = after.iter().skip_while(is_between).take_while(|byte| byte.is_ascii_digit());
            let number = digits
                .fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
            self.largest = self.largest.max(number);
        }
        let cut = self.kept.len().saturating_sub(Self::REACH);
        self.kept.drain(..cut);
    }
}
