//! Makes the stored pictures from decoded pixels: reduced, turned upright, encoded.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use super::decode::Pixels;
use super::jpeg::Outline;
use super::{Fingerprint, Limits, Orientation, Refused, Rendition};

/// A JPEG that spends more than this is encoded anew: storage and the network pay for it at every look. The page's
/// own photos spend about 1.1 bits a pixel.
const WASTEFUL_BITS_PER_PIXEL: u64 = 3;

pub(super) struct Rendered {
    pub(super) full: Rendition,
    pub(super) thumb: Rendition,
    pub(super) fingerprint: Fingerprint,
}

/// `pixels` are at most [`Limits::full_edge`] long, of a picture that was sent with this width and height. `outline` is
/// the JPEG stream they came from, if it may be kept.
pub(super) fn render(
    pixels: Pixels,
    sent: (u32, u32),
    outline: Option<&Outline<'_>>,
    orientation: Orientation,
    limits: &Limits,
) -> Result<Rendered, Refused> {
    let upright = orientation.apply(pixels);
    let is_as_sent = orientation == Orientation::Upright && sent == (upright.width, upright.height);
    let kept = outline.filter(|_| is_as_sent).and_then(|outline| keep(outline, &upright));
    let full = match kept {
        Some(rendition) => rendition,
        None => encode(&upright, limits.quality)?,
    };

    let small = reduce(upright, limits.thumb_edge)?;
    Ok(Rendered { full, fingerprint: Fingerprint::of(&small)?, thumb: encode(&small, limits.quality)? })
}

/// The picture as sent, without its metadata, unless it is wasteful.
fn keep(outline: &Outline<'_>, pixels: &Pixels) -> Option<Rendition> {
    // A small picture is mostly tables.
    const TABLES: u64 = 1024;
    let (width, height) = (pixels.width, pixels.height);
    let fair = TABLES + u64::from(width) * u64::from(height) * WASTEFUL_BITS_PER_PIXEL / 8;
    (outline.rewritten_len() as u64 <= fair).then(|| Rendition { jpeg: outline.rewrite(), width, height })
}

/// The pixels, or fewer of them if they are more than `edge` long. The larger picture is given back at once.
fn reduce(pixels: Pixels, edge: u32) -> Result<Pixels, Refused> {
    let (width, height) = fit(pixels.width, pixels.height, edge);
    if (width, height) == (pixels.width, pixels.height) { Ok(pixels) } else { resize(&pixels, width, height) }
}

/// Width and height with the longer edge at most `edge`, never enlarged, never below one pixel.
pub(super) fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= edge {
        return (width, height);
    }
    let scale = |side: u32| {
        let rounded = (u64::from(side) * u64::from(edge) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(rounded).unwrap_or(edge).max(1)
    };
    (scale(width), scale(height))
}

/// Lanczos keeps lettering and cracks legible. A cheaper kernel would save a tenth of the time of a photo that has to
/// be reduced.
pub(super) fn resize(pixels: &Pixels, width: u32, height: u32) -> Result<Pixels, Refused> {
    resize_part(pixels, (f64::from(pixels.width), f64::from(pixels.height)), width, height)
}

/// The same of so much of the pixels, from the top left, as this many are wide and high.
pub(super) fn resize_part(
    pixels: &Pixels,
    part: (f64, f64),
    width: u32,
    height: u32,
) -> Result<Pixels, Refused> {
    let source = ImageRef::new(pixels.width, pixels.height, &pixels.rgb, PixelType::U8x3)
        .map_err(|_| Refused::Undecodable)?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(0.0, 0.0, part.0, part.1);
    Resizer::new().resize(&source, &mut target, &options).map_err(|_| Refused::Undecodable)?;
    Ok(Pixels { width, height, rgb: target.into_vec() })
}

/// Chroma at half the resolution each way, as cameras and browsers do; averaged, since picking every other pixel shifts
/// colours and frays red lettering.
fn encode(pixels: &Pixels, quality: u8) -> Result<Rendition, Refused> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(|_| Refused::TooManyPixels);
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let mut jpeg = Vec::with_capacity(pixels.rgb.len() / 16);
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.encode(&pixels.rgb, width, height, ColorType::Rgb).map_err(|_| Refused::Undecodable)?;
    Ok(Rendition { jpeg, width: pixels.width, height: pixels.height })
}
