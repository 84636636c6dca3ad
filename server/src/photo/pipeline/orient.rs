//! Turns pixels upright by the EXIF orientation.

use super::decode::Pixels;

/// EXIF orientation (CIPA DC-008, tag 0x0112), named by what makes the stored picture upright.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Orientation {
    /// 1
    #[default]
    Upright,
    /// 2
    Mirror,
    /// 3
    Turn180,
    /// 4: mirror top and bottom
    Flip,
    /// 5: mirror along the main diagonal
    Transpose,
    /// 6: turn clockwise
    Turn90,
    /// 7: mirror along the other diagonal
    Transverse,
    /// 8: turn anticlockwise
    Turn270,
}

impl Orientation {
    /// By the value in the file; what is not 1–8 counts as upright.
    pub(super) fn from_exif(value: u16) -> Self {
        match value {
            2 => Self::Mirror,
            3 => Self::Turn180,
            4 => Self::Flip,
            5 => Self::Transpose,
            6 => Self::Turn90,
            7 => Self::Transverse,
            8 => Self::Turn270,
            _ => Self::Upright,
        }
    }

    fn swaps_edges(self) -> bool {
        matches!(self, Self::Transpose | Self::Turn90 | Self::Transverse | Self::Turn270)
    }

    /// Width and height after turning.
    pub(super) fn upright(self, width: u32, height: u32) -> (u32, u32) {
        if self.swaps_edges() { (height, width) } else { (width, height) }
    }

    /// The pixels, turned.
    pub(super) fn apply(self, pixels: Pixels) -> Pixels {
        if self == Self::Upright {
            return pixels;
        }
        let (width, height) = self.upright(pixels.width, pixels.height);
        let (source_width, source_height) = (pixels.width as usize, pixels.height as usize);
        let (target_width, target_height) = (width as usize, height as usize);
        let source = pixels.rgb.as_chunks::<3>().0;
        let mut rgb = vec![0; pixels.rgb.len()];
        let target = rgb.as_chunks_mut::<3>().0;

        // In squares, because turning by a quarter reads columns: a square's rows and columns both stay in the cache.
        const SQUARE: usize = 32;
        for top in (0..target_height).step_by(SQUARE) {
            for left in (0..target_width).step_by(SQUARE) {
                for y in top..(top + SQUARE).min(target_height) {
                    let columns = left..(left + SQUARE).min(target_width);
                    // Along a row of the target, the source index moves in even steps.
                    let (first, step) = self.walk(left, y, source_width, source_height);
                    let row = &mut target[y * target_width..][columns];
                    let mut index = first;
                    for pixel in row {
                        *pixel = source[index];
                        index = index.wrapping_add_signed(step);
                    }
                }
            }
        }
        Pixels { width, height, rgb }
    }

    /// Where the target's pixel (x, y) comes from, and how far on the next one in its row is.
    fn walk(self, x: usize, y: usize, width: usize, height: usize) -> (usize, isize) {
        let right = width.wrapping_sub(1);
        let bottom = height.wrapping_sub(1);
        let line = width.cast_signed();
        let (column, row, step) = match self {
            Self::Upright => (x, y, 1),
            Self::Mirror => (right - x, y, -1),
            Self::Turn180 => (right - x, bottom - y, -1),
            Self::Flip => (x, bottom - y, 1),
            Self::Transpose => (y, x, line),
            Self::Turn90 => (y, bottom - x, -line),
            Self::Transverse => (right - y, bottom - x, -line),
            Self::Turn270 => (right - y, x, line),
        };
        (row * width + column, step)
    }
}
