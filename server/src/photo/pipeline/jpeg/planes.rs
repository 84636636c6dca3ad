//! The components of a picture while it is decoded, each a plane of samples at a reduced scale, and the picture of them.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::frame::{BLOCK, Component, Frame};
use super::idct::Idct;
use super::tables::{Steps, ZIGZAG};
use super::{Colours, Refused};
use crate::photo::pipeline::decode::Pixels;

/// A coefficient that the scale has no use for.
const UNUSED: u8 = u8::MAX;

/// One component.
pub(super) struct Plane {
    /// Blocks across and down, with those that only fill up groups.
    across: usize,
    down: usize,
    /// Samples along the edge of a block as it is drawn, 1–8.
    size: usize,
    samples: Vec<u8>,
    /// In zigzag order; kept from the component's first scan on.
    pub(super) steps: Option<[f32; 64]>,
    /// The coefficients that the scale needs, block by block, while not all their bits are known.
    pub(super) coefficients: Vec<i16>,
    /// By block: which of the 64 coefficients are known not to be zero, in zigzag order from the lowest bit.
    pub(super) filled: Vec<u64>,
}

impl Plane {
    /// An empty plane. A progressive picture needs its coefficients until the last scan.
    pub(super) fn new(frame: &Frame, component: &Component, scale: u32) -> Self {
        let (across, down) = frame.groups();
        let across = (across * component.horizontal) as usize;
        let down = (down * component.vertical) as usize;
        let size = scale as usize;
        let mut plane = Self {
            across,
            down,
            size,
            samples: Vec::new(),
            steps: None,
            coefficients: Vec::new(),
            filled: Vec::new(),
        };
        if frame.is_progressive {
            plane.coefficients = vec![0; across * down * size * size];
            plane.filled = vec![0; across * down];
        } else {
            plane.samples = plane.blank();
        }
        plane
    }

    fn blank(&self) -> Vec<u8> {
        vec![0; self.across * self.down * self.size * self.size]
    }

    /// Keeps the quantization that is in force when the component's first scan begins.
    pub(super) fn begin(&mut self, steps: Option<&Steps>) -> Result<(), Refused> {
        if self.steps.is_none() {
            self.steps = Some(steps.ok_or(Refused::Undecodable)?.map(f32::from));
        }
        Ok(())
    }

    /// The number of the block in this row and column.
    #[inline]
    pub(super) fn place(&self, row: u32, column: u32) -> usize {
        row as usize * self.across + column as usize
    }

    /// Coefficients that are kept of a block, 1–64.
    #[inline]
    pub(super) fn per_block(&self) -> usize {
        self.size * self.size
    }

    /// Draws a block of which all is known.
    #[inline]
    pub(super) fn draw(&mut self, idct: &Idct, row: u32, column: u32, block: &[f32; 64], last: usize) {
        let stride = self.across * self.size;
        let first = (row as usize * stride + column as usize) * self.size;
        idct.draw(block, last, &mut self.samples[first..], stride);
    }

    /// By zigzag order: the place of a coefficient among those that are kept of a block.
    pub(super) fn kept(scale: u32) -> [u8; 64] {
        let size = u8::try_from(scale).unwrap_or(8);
        ZIGZAG.map(|natural| {
            let (row, column) = (natural / 8, natural % 8);
            if row < size && column < size { row * size + column } else { UNUSED }
        })
    }

    /// Draws all blocks of a progressive picture and gives their coefficients back.
    pub(super) fn finish(&mut self, idct: &Idct, kept: &[u8; 64]) -> Result<(), Refused> {
        let steps = self.steps.ok_or(Refused::Undecodable)?;
        let coefficients = std::mem::take(&mut self.coefficients);
        self.filled = Vec::new();
        self.samples = self.blank();
        let mut block = [0.0; 64];
        for (number, values) in coefficients.chunks_exact(self.size * self.size).enumerate() {
            let mut last = 0;
            for (order, (&place, step)) in kept.iter().zip(&steps).enumerate() {
                let Some(&value) = values.get(usize::from(place)) else { continue };
                block[usize::from(ZIGZAG[order])] = f32::from(value) * step;
                if value != 0 {
                    last = order;
                }
            }
            let (row, column) = (number / self.across, number % self.across);
            let stride = self.across * self.size;
            idct.draw(&block, last, &mut self.samples[(row * stride + column) * self.size..], stride);
        }
        Ok(())
    }

    /// The component at the size of the picture wanted, of `part` samples across and down.
    fn resized(mut self, part: (f64, f64), (width, height): (u32, u32)) -> Result<Vec<u8>, Refused> {
        let (across, down) = (whole(part.0), whole(part.1));
        self.trim(across as usize, down as usize)?;
        let source =
            ImageRef::new(across, down, &self.samples, PixelType::U8).map_err(|_| Refused::Undecodable)?;
        let mut target = Image::new(width, height, PixelType::U8);
        // Colour that is sampled more coarsely is spread evenly, as browsers do.
        let is_enlarged = part.0 < f64::from(width) || part.1 < f64::from(height);
        let filter = if is_enlarged { FilterType::Bilinear } else { FilterType::Lanczos3 };
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(filter))
            .crop(0.0, 0.0, part.0, part.1)
            .use_alpha(false);
        Resizer::new().resize(&source, &mut target, &options).map_err(|_| Refused::Undecodable)?;
        Ok(target.into_vec())
    }

    /// Leaves what only fills up blocks and groups away: it may be anything, and resizing would mix it in at the edges.
    fn trim(&mut self, across: usize, down: usize) -> Result<(), Refused> {
        let stride = self.across * self.size;
        if across > stride || down > self.down * self.size {
            return Err(Refused::Undecodable);
        }
        if across < stride {
            for row in 1..down {
                self.samples.copy_within(row * stride..row * stride + across, row * across);
            }
        }
        self.samples.truncate(down * across);
        Ok(())
    }
}

/// So many samples that these are among them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 65 535, never negative")]
fn whole(part: f64) -> u32 {
    part.ceil() as u32
}

/// The picture of these planes, `size` pixels wide and high.
pub(super) fn picture(
    planes: Vec<Plane>,
    frame: &Frame,
    scale: u32,
    size: (u32, u32),
    colours: Colours,
) -> Result<Pixels, Refused> {
    let (wide, high) = frame.sampling();
    let mut components = Vec::with_capacity(4);
    for (plane, component) in planes.into_iter().zip(&frame.components) {
        let part = |pixels: u32, factor: u32, most: u32| {
            f64::from(pixels * factor * scale) / f64::from(most * BLOCK)
        };
        let across = part(frame.width, component.horizontal, wide);
        let down = part(frame.height, component.vertical, high);
        components.push(plane.resized((across, down), size)?);
    }
    let mut rgb = vec![0; size.0 as usize * size.1 as usize * 3];
    let pixels = rgb.as_chunks_mut::<3>().0;
    match &components[..] {
        [grey] => pixels.iter_mut().zip(grey).for_each(|(pixel, &grey)| *pixel = [grey; 3]),
        [first, second, third, black @ ..] => {
            let colours_of = first.iter().zip(second).zip(third);
            for (pixel, ((&first, &second), &third)) in pixels.iter_mut().zip(colours_of) {
                *pixel =
                    if colours.is_luma { from_luma(first, second, third) } else { [first, second, third] };
            }
            if let [black] = black {
                for (pixel, &black) in pixels.iter_mut().zip(black) {
                    // Luma of print colours is that of their opposites.
                    let ink = if colours.is_luma { pixel.map(|value| 255 - value) } else { *pixel };
                    *pixel = ink.map(|value| darkened(value, black));
                }
            }
        }
        _ => return Err(Refused::Undecodable),
    }
    Ok(Pixels { width: size.0, height: size.1, rgb })
}

/// From luma and colour differences (ITU-T T.871), in 65 536ths.
#[inline]
fn from_luma(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let luma = (i32::from(luma) << 16) + (1 << 15);
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    [luma + 91_881 * red, luma - 22_554 * blue - 46_802 * red, luma + 116_130 * blue]
        .map(|sum| u8::try_from((sum >> 16).clamp(0, 255)).unwrap_or(u8::MAX))
}

/// Print colours are kept as their opposites, black among them.
fn darkened(value: u8, black: u8) -> u8 {
    let product = u32::from(value) * u32::from(black) + 127;
    u8::try_from(product / 255).unwrap_or(u8::MAX)
}
