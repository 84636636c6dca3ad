//! Reads the coded bits of a scan: stuffing taken out, and never a bit from behind the next marker.

use super::Refused;
use super::marker;
use super::tables::Huffman;

/// Bits in hand are at the top of a word; what is below them is zero.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, held: 0, count: 0 }
    }

    /// Takes in what fits, up to the next marker or the end.
    #[inline]
    fn fill(&mut self) {
        if let Some(next) = self.bytes[self.at..].first_chunk::<8>() {
            let word = u64::from_be_bytes(*next);
            let is_plain = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0;
            if is_plain {
                // Seven bytes at most, so that no shift is as wide as the word.
                let taken = (63 - self.count) / 8;
                self.held |= (word & !(u64::MAX >> (taken * 8))) >> self.count;
                self.at += taken as usize;
                self.count += taken * 8;
                return;
            }
        }
        while self.count <= 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 1;
                    0xFF
                }
                Some([0xFF, ..] | []) | None => return,
                Some([byte, ..]) => *byte,
            };
            self.at += 1;
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    #[inline]
    fn drop_bits(&mut self, count: u32) -> Result<(), Refused> {
        self.count = self.count.checked_sub(count).ok_or(Refused::Truncated)?;
        self.held <<= count;
        Ok(())
    }

    /// The next symbol, and then at least fifteen more bits are in hand unless the data ends.
    #[inline]
    pub(super) fn symbol(&mut self, table: &Huffman) -> Result<u8, Refused> {
        if self.count < 32 {
            self.fill();
        }
        let (length, symbol) = table.find(self.held);
        if length == 0 {
            // No code begins so; where the data ends, it is the zeros behind it that do.
            return Err(if self.count < 16 { Refused::Truncated } else { Refused::Undecodable });
        }
        self.drop_bits(length)?;
        Ok(symbol)
    }

    /// The number of `size` bits behind a symbol (ISO/IEC 10918-1, F.2.2.1), 0–15 bits.
    #[inline]
    pub(super) fn signed(&mut self, size: u32) -> Result<i32, Refused> {
        if size == 0 {
            return Ok(0);
        }
        let value = self.unsigned(size)?;
        // A first bit of zero means a negative number.
        Ok(if value >> (size - 1) == 0 { value - (1 << size) + 1 } else { value })
    }

    /// So many bits, 1–16.
    #[inline]
    pub(super) fn unsigned(&mut self, size: u32) -> Result<i32, Refused> {
        if self.count < size {
            self.fill();
        }
        let value = i32::try_from(self.held >> (64 - size)).unwrap_or(0);
        self.drop_bits(size)?;
        Ok(value)
    }

    /// So many bits as they stand, 0–32.
    #[inline]
    pub(super) fn several(&mut self, size: u32) -> Result<u64, Refused> {
        if self.count < size {
            self.fill();
        }
        // Shifted twice, since no shift may be as wide as the word.
        let value = self.held >> 32 >> (32 - size);
        self.drop_bits(size)?;
        Ok(value)
    }

    /// One bit.
    #[inline]
    pub(super) fn bit(&mut self) -> Result<bool, Refused> {
        if self.count == 0 {
            self.fill();
        }
        let bit = self.held >> 63 == 1;
        self.drop_bits(1)?;
        Ok(bit)
    }

    /// Where the byte ends of which the last bit was read; bits of it that were not read are left out. Says also whether
    /// those were all ones, as the standard wants them.
    pub(super) fn end(&mut self) -> (usize, bool) {
        let spare = self.count % 8;
        let is_padded = spare == 0 || self.held >> (64 - spare) == (1 << spare) - 1;
        for _ in 0..self.count / 8 {
            // Only a stuffed byte has FF before a zero here.
            let is_stuffed = self.bytes[..self.at].ends_with(&[0xFF, 0x00]);
            self.at -= if is_stuffed { 2 } else { 1 };
        }
        (self.held, self.count) = (0, 0);
        (self.at, is_padded)
    }

    /// Goes over the restart marker of this number, 0–7. Says whether it was there: one whose two bytes were lost
    /// between whole intervals is done without.
    pub(super) fn restart(&mut self, number: u8) -> Result<bool, Refused> {
        let (at, is_padded) = self.end();
        if let Some(behind) = marker_at(self.bytes, at) {
            let found = self.bytes[behind - 1];
            if found == marker::RST_FIRST + number {
                self.at = behind;
                return Ok(true);
            }
            let is_restart = (marker::RST_FIRST..=marker::RST_LAST).contains(&found);
            return Err(if is_restart { Refused::Undecodable } else { Refused::Truncated });
        }
        // The interval that follows must end where the next marker is; it is looked at there.
        match next_marker(self.bytes, at) {
            Some(next) if next == marker::RST_FIRST + (number + 1) % 8 && is_padded => Ok(false),
            Some(_) => Err(Refused::Undecodable),
            None => Err(Refused::Truncated),
        }
    }
}

/// Behind the marker that begins here, over any fill bytes; `None` for data and for the end.
fn marker_at(bytes: &[u8], at: usize) -> Option<usize> {
    let fill = bytes.get(at..)?.iter().take_while(|&&byte| byte == 0xFF).count();
    let code = *bytes.get(at + fill)?;
    (fill > 0 && code != 0).then_some(at + fill + 1)
}

/// The code of the next marker.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<u8> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        if let Some(behind) = marker_at(bytes, at) {
            return bytes.get(behind - 1).copied();
        }
        at += 1;
    }
}
