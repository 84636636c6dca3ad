//! Decodes a picture to RGB, no larger than the full rendition.

mod png;
mod webp;

use super::header::{Form, Header};
use super::jpeg::Outline;
use super::{Limits, Refused, render};

/// Three bytes a pixel (red, green, blue), row by row from the top, no padding.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgb: Vec<u8>,
}

pub(super) struct Decoded<'a> {
    /// At most [`Limits::full_edge`] long.
    pub(super) pixels: Pixels,
    /// The TIFF block of the EXIF metadata, if the picture carries one.
    pub(super) exif: Option<Vec<u8>>,
    /// The stream the pixels came from, if it is a JPEG that browsers show alike.
    pub(super) outline: Option<Outline<'a>>,
}

/// Decodes what was admitted by its header.
pub(super) fn decode<'a>(bytes: &'a [u8], header: &Header, limits: &Limits) -> Result<Decoded<'a>, Refused> {
    let edge = limits.full_edge;
    let reduced = |pixels: Pixels, part: (f64, f64)| {
        let (width, height) = render::fit(header.width, header.height, edge);
        if (width, height) == (pixels.width, pixels.height) {
            return Ok(pixels);
        }
        render::resize_part(&pixels, part, width, height)
    };
    match &header.form {
        Form::Jpeg(frame) => {
            let mut outline = Outline::read(bytes)?;
            // What was admitted is what is decoded.
            if outline.frame != *frame {
                return Err(Refused::Undecodable);
            }
            let pixels = outline.decode(edge, limits.max_memory)?;
            let exif = outline.exif.map(<[u8]>::to_vec);
            let outline = outline.shows_alike_everywhere().then_some(outline);
            Ok(Decoded { pixels, exif, outline })
        }
        Form::Png { .. } => {
            let (pixels, part, exif) = png::decode(bytes, header.shrinking(edge))?;
            Ok(Decoded { pixels: reduced(pixels, part)?, exif, outline: None })
        }
        Form::Webp { .. } => {
            let (pixels, exif) = webp::decode(bytes, header, limits)?;
            let part = (f64::from(pixels.width), f64::from(pixels.height));
            Ok(Decoded { pixels: reduced(pixels, part)?, exif, outline: None })
        }
    }
}

/// A pixel as it looks on white.
#[inline]
pub(super) fn on_white(pixel: [u8; 3], alpha: u8) -> [u8; 3] {
    if alpha == u8::MAX {
        return pixel;
    }
    let alpha = u32::from(alpha);
    pixel.map(|value| {
        u8::try_from((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    })
}
