//! Puts pixels together while rows are read, so that a large picture is never held whole.

use super::decode::Pixels;

/// Squares of pixels become one, their average; what is left at the right and lower edges becomes narrower ones.
pub(super) struct Shrinker {
    width: u32,
    height: u32,
    /// Pixels along the edge of a square, 1–16.
    by: u32,
    /// Squares across.
    across: usize,
    /// Sums of the squares that are not finished, by colour: one row of them, or all.
    sums: Vec<[u16; 3]>,
    rgb: Vec<u8>,
}

impl Shrinker {
    /// For a picture of this size. Rows that come out of order need `has_passes`.
    pub(super) fn new(width: u32, height: u32, by: u32, has_passes: bool) -> Self {
        let (across, down) = (width.div_ceil(by) as usize, height.div_ceil(by) as usize);
        let (sums, rgb) = match (by, has_passes) {
            (1, _) => (0, across * down * 3),
            (_, true) => (across * down, 0),
            (_, false) => (across, 0),
        };
        let mut shrinker = Self { width, height, by, across, sums: vec![[0; 3]; sums], rgb: vec![0; rgb] };
        if rgb == 0 {
            shrinker.rgb.reserve_exact(across * down * 3);
        }
        shrinker
    }

    /// Takes in pixels of a row: the first in this column, each `step` columns behind the one before.
    #[inline]
    pub(super) fn add(&mut self, row: u32, column: u32, step: u32, pixels: impl Iterator<Item = [u8; 3]>) {
        if self.by == 1 {
            let first = row as usize * self.across + column as usize;
            let places = self.rgb.as_chunks_mut::<3>().0[first..].iter_mut().step_by(step as usize);
            places.zip(pixels).for_each(|(place, pixel)| *place = pixel);
            return;
        }
        let is_whole = self.sums.len() > self.across;
        let first = if is_whole { (row / self.by) as usize * self.across } else { 0 };
        let sums = &mut self.sums[first..][..self.across];
        let (mut square, mut inside) = ((column / self.by) as usize, column % self.by);
        for pixel in pixels {
            let Some(sum) = sums.get_mut(square) else { break };
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += u16::from(value);
            }
            inside += step;
            while inside >= self.by {
                inside -= self.by;
                square += 1;
            }
        }
        let is_row_done = (row + 1).is_multiple_of(self.by) || row + 1 == self.height;
        if !is_whole && is_row_done {
            self.close(row / self.by, 0);
            self.sums.fill([0; 3]);
        }
    }

    /// Writes the averages of a row of squares, whose sums begin here.
    fn close(&mut self, row: u32, first: usize) {
        let high = self.by.min(self.height - row * self.by);
        let last_wide = self.width - (u32::try_from(self.across).unwrap_or(1) - 1) * self.by;
        for (place, sum) in self.sums[first..][..self.across].iter().enumerate() {
            let wide = if place + 1 == self.across { last_wide } else { self.by };
            let count = wide * high;
            self.rgb
                .extend(sum.map(|sum| u8::try_from((u32::from(sum) + count / 2) / count).unwrap_or(u8::MAX)));
        }
    }

    /// The smaller picture, and how many of its pixels the picture was wide and high: no whole number where squares at
    /// the edges are narrower.
    pub(super) fn finish(mut self) -> (Pixels, (f64, f64)) {
        if self.by > 1 && self.sums.len() > self.across {
            for row in 0..self.height.div_ceil(self.by) {
                self.close(row, row as usize * self.across);
            }
        }
        let (width, height) = (self.width.div_ceil(self.by), self.height.div_ceil(self.by));
        let part = |side: u32| f64::from(side) / f64::from(self.by);
        (Pixels { width, height, rgb: self.rgb }, (part(self.width), part(self.height)))
    }
}
