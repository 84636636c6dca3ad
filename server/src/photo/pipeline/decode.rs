//! Recognises a picture by its content, checks its header against the limits and decodes it to RGB.

use std::io::Cursor;

use image_webp::{DecodingError as WebpError, WebPDecoder};
use png::{ColorType, DecodingError as PngError, Transformations};

use super::jpeg::Outline;
use super::{Limits, Refused};

/// The kinds of picture that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
}

/// Three bytes a pixel (red, green, blue), row by row from the top, no padding.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgb: Vec<u8>,
}

pub(super) struct Decoded<'a> {
    pub(super) kind: Kind,
    pub(super) pixels: Pixels,
    /// The TIFF block of the EXIF metadata, if the picture carries one.
    pub(super) exif: Option<Vec<u8>>,
    /// The stream the pixels came from, if it is a JPEG that browsers show alike.
    pub(super) outline: Option<Outline<'a>>,
}

pub(super) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoded<'a>, Refused> {
    match sniff(bytes)? {
        Kind::Jpeg => decode_jpeg(bytes, limits),
        Kind::Png => decode_png(bytes, limits),
        Kind::Webp => decode_webp(bytes, limits),
    }
}

/// The kind by the first bytes; names and headers are not asked.
fn sniff(bytes: &[u8]) -> Result<Kind, Refused> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    // Pictures a phone or a desktop may well hold, which deserve a better answer than "not a picture".
    const KNOWN: [&[u8]; 7] =
        [b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS", b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"];

    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Ok(Kind::Jpeg)
    } else if bytes.starts_with(PNG) {
        Ok(Kind::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok(Kind::Webp)
    } else if bytes.get(4..8) == Some(b"ftyp") || KNOWN.iter().any(|known| bytes.starts_with(known)) {
        Err(Refused::Unsupported)
    } else if PNG.starts_with(bytes) || [0xFF, 0xD8, 0xFF].starts_with(bytes) {
        Err(Refused::Truncated)
    } else {
        Err(Refused::NotAnImage)
    }
}

/// The gate before any decoding: `bytes_per_pixel` is what the decoder holds at its peak.
fn admit(width: u32, height: u32, bytes_per_pixel: u64, limits: &Limits) -> Result<(), Refused> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err(Refused::Undecodable);
    }
    if pixels > limits.max_pixels
        || width.max(height) > limits.max_side
        || pixels.saturating_mul(bytes_per_pixel) > limits.max_memory
    {
        return Err(Refused::TooManyPixels);
    }
    Ok(())
}

fn decode_jpeg<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Decoded<'a>, Refused> {
    let outline = Outline::read(bytes)?;
    admit(outline.width, outline.height, outline.bytes_per_pixel(), limits)?;
    let rgb = outline.decode()?;
    Ok(Decoded {
        kind: Kind::Jpeg,
        pixels: Pixels { width: outline.width, height: outline.height, rgb },
        exif: outline.exif.map(<[u8]>::to_vec),
        outline: outline.shows_alike_everywhere().then_some(outline),
    })
}

fn decode_png(bytes: &[u8], limits: &Limits) -> Result<Decoded<'static>, Refused> {
    let refuse = |error: PngError| match error {
        PngError::IoError(_) => Refused::Truncated,
        PngError::LimitsExceeded => Refused::TooManyPixels,
        PngError::Format(_) | PngError::Parameter(_) => Refused::Undecodable,
    };
    let budget = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: budget });
    // Palettes, low bit depths and 16 bits become 8 bits a channel; text and profiles are not even unpacked.
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let (width, height) = decoder.read_header_info().map_err(refuse)?.size();
    // RGBA, or grey with alpha beside the RGB made from it.
    admit(width, height, 5, limits)?;

    let mut reader = decoder.read_info().map_err(refuse)?;
    if reader.info().animation_control.is_some() {
        return Err(Refused::Animated);
    }
    let mut buffer = vec![0; reader.output_buffer_size().ok_or(Refused::TooManyPixels)?];
    let frame = reader.next_frame(&mut buffer).map_err(refuse)?;
    // Through to the last chunk: EXIF may stand behind the picture, and a missing end is a broken upload.
    reader.finish().map_err(refuse)?;
    let exif = reader.info().exif_metadata.as_ref().map(|exif| exif.to_vec());

    let rgb = match frame.color_type {
        ColorType::Rgb => buffer,
        ColorType::Rgba => flatten(buffer),
        ColorType::Grayscale => buffer.iter().flat_map(|&grey| [grey; 3]).collect(),
        ColorType::GrayscaleAlpha => {
            buffer.as_chunks::<2>().0.iter().flat_map(|&[grey, alpha]| [on_white(grey, alpha); 3]).collect()
        }
        ColorType::Indexed => return Err(Refused::Undecodable),
    };
    Ok(Decoded { kind: Kind::Png, pixels: Pixels { width, height, rgb }, exif, outline: None })
}

fn decode_webp(bytes: &[u8], limits: &Limits) -> Result<Decoded<'static>, Refused> {
    // RIFF says how long it is; a shorter file was cut off, whatever a lenient decoder makes of it.
    let stated = bytes.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
    if stated.is_none_or(|size| u64::from(size) + 8 > bytes.len() as u64) {
        return Err(Refused::Truncated);
    }
    let refuse = |error: WebpError| match error {
        WebpError::IoError(_) => Refused::Truncated,
        WebpError::MemoryLimitExceeded | WebpError::ImageTooLarge => Refused::TooManyPixels,
        _ => Refused::Undecodable,
    };
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refuse)?;
    let (width, height) = decoder.dimensions();
    // The planes or the lossless canvas, the compressed chunk, and the RGBA made from them.
    admit(width, height, 8, limits)?;
    decoder.set_memory_limit(usize::try_from(limits.max_memory).unwrap_or(usize::MAX));
    if decoder.is_animated() {
        return Err(Refused::Animated);
    }
    let mut buffer = vec![0; decoder.output_buffer_size().ok_or(Refused::TooManyPixels)?];
    decoder.read_image(&mut buffer).map_err(refuse)?;
    // A broken EXIF chunk costs the facts, not the picture.
    let exif = decoder.exif_metadata().ok().flatten();
    let rgb = if decoder.has_alpha() { flatten(buffer) } else { buffer };
    Ok(Decoded { kind: Kind::Webp, pixels: Pixels { width, height, rgb }, exif, outline: None })
}

/// RGBA to RGB on white, in place: the reader is always ahead of the writer.
fn flatten(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for pixel in 0..count {
        let (from, to) = (pixel * 4, pixel * 3);
        let alpha = pixels[from + 3];
        for channel in 0..3 {
            pixels[to + channel] = on_white(pixels[from + channel], alpha);
        }
    }
    pixels.truncate(count * 3);
    pixels
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}
