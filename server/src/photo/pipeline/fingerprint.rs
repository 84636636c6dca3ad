//! How a picture looks, in 64 bits: a difference hash.
//!
//! Reduced to nine by eight grey fields, one bit says of each pair of neighbours whether it brightens to the right.
//! That survives what re-used photos go through (re-encoding, resizing, a change of brightness), costs nothing
//! beside the thumbnail it is made from, and needs no tables. It does not survive cropping or turning, and flat
//! pictures are all alike: a near match is a reason to look, never a verdict.

use super::{Refused, decode::Pixels, render};

/// The perceptual hash of a picture. Two photos of one scene differ in few bits, two of different scenes in about 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// Bits that differ, 0–64.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// The same 64 bits as the signed number a database column holds.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// Back from the database.
    #[must_use]
    pub fn from_i64(value: i64) -> Self {
        Self(value.cast_unsigned())
    }

    /// Of upright pixels.
    pub(super) fn of(pixels: &Pixels) -> Result<Self, Refused> {
        let fields = render::resize(pixels, 9, 8)?;
        let luma: Vec<u32> =
            fields.rgb.as_chunks::<3>().0.iter().map(|&[r, g, b]| brightness(r, g, b)).collect();
        let bits = luma
            .chunks_exact(9)
            .flat_map(|row| row.windows(2))
            .fold(0, |bits, pair| (bits << 1) | u64::from(pair[0] < pair[1]));
        Ok(Self(bits))
    }
}

/// Luma by ITU-R BT.601, in thousandths.
fn brightness(red: u8, green: u8, blue: u8) -> u32 {
    299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)
}
