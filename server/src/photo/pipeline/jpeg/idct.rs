//! From coefficients to samples, at a scale of one to eight eighths (ISO/IEC 10918-1, A.3.3).
//!
//! The lowest N × N coefficients of a block are what a picture of N/8 the size consists of. Decoding them alone needs
//! neither the memory nor the time of the whole block.

use super::tables::ZIGZAG;

/// By the place of the last coefficient in zigzag order: how many rows and columns of a block hold any.
const FILLED: [(u8, u8); 64] = {
    let mut filled = [(1, 1); 64];
    let mut at = 1;
    while at < 64 {
        let (row, column) = (ZIGZAG[at] / 8 + 1, ZIGZAG[at] % 8 + 1);
        let (rows, columns) = filled[at - 1];
        filled[at] = (if row > rows { row } else { rows }, if column > columns { column } else { columns });
        at += 1;
    }
    filled
};

/// Draws blocks at one scale.
pub(super) struct Idct {
    /// Samples along the edge of a block as it is drawn, 1–8.
    size: usize,
    /// By frequency and place: what a coefficient of one adds there.
    waves: [[f32; 8]; 8],
}

impl Idct {
    pub(super) fn new(size: usize) -> Self {
        let mut waves = [[0.0; 8]; 8];
        for (frequency, wave) in (0u8..).zip(&mut waves).take(size) {
            for (place, value) in (0u8..).zip(wave).take(size) {
                let angle = f32::from(frequency) * (f32::from(place) + 0.5) * std::f32::consts::PI;
                let share = if frequency == 0 { std::f32::consts::FRAC_1_SQRT_2 } else { 1.0 };
                *value = share / 2.0 * (angle / edge(size)).cos();
            }
        }
        Self { size, waves }
    }

    /// Draws a block, row × 8 + column, of which nothing follows `last` in zigzag order. `samples` begin at its first
    /// one; a row of the plane is `stride` long.
    #[inline]
    pub(super) fn draw(&self, block: &[f32; 64], last: usize, samples: &mut [u8], stride: usize) {
        if last == 0 || self.size == 1 {
            let value = to_sample(block[0] / 8.0 + 128.0);
            for row in samples.chunks_mut(stride).take(self.size) {
                row[..self.size].fill(value);
            }
        } else if self.size <= 4 {
            self.draw_wide::<4>(block, last, samples, stride);
        } else {
            self.draw_wide::<8>(block, last, samples, stride);
        }
    }

    /// `WIDE`: so many values are reckoned with side by side.
    fn draw_wide<const WIDE: usize>(
        &self,
        block: &[f32; 64],
        last: usize,
        samples: &mut [u8],
        stride: usize,
    ) {
        let (rows, columns) = FILLED[last];
        let (rows, columns) = (usize::from(rows).min(self.size), usize::from(columns).min(self.size));
        let block = block.as_chunks::<8>().0;
        for (place, line) in samples.chunks_mut(stride).take(self.size).enumerate() {
            let mut upright = [0.0; WIDE];
            for (wave, row) in self.waves.iter().zip(block).take(rows) {
                for (sum, value) in upright.iter_mut().zip(row) {
                    *sum += wave[place] * value;
                }
            }
            let mut sums = [128.0; WIDE];
            for (wave, value) in self.waves.iter().zip(upright).take(columns) {
                for (sum, share) in sums.iter_mut().zip(wave) {
                    *sum += value * share;
                }
            }
            let drawn = sums.map(to_sample);
            line[..self.size].copy_from_slice(&drawn[..self.size]);
        }
    }
}

fn edge(size: usize) -> f32 {
    f32::from(u8::try_from(size).unwrap_or(8))
}

/// Rounded, and kept within a byte: above 2²³ the last byte of a number is its ones.
fn to_sample(value: f32) -> u8 {
    (value.clamp(0.0, 255.0) + 8_388_608.0).to_bits().to_le_bytes()[0]
}
