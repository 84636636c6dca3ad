//! WebP: decoded whole, which its library does in no other way; so fewer pixels are taken than of other kinds.

mod codes;

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use super::{Pixels, on_white};
use crate::photo::pipeline::{Header, Limits, Refused};

/// Bytes that a pixel takes beside the codes: where the picture is lossless, and where its transparency is.
const LOSSLESS_BYTES: u64 = 8;
const TRANSPARENT_BYTES: u64 = 11;

/// Decodes a picture, and its EXIF.
pub(super) fn decode(
    bytes: &[u8],
    header: &Header,
    limits: &Limits,
) -> Result<(Pixels, Option<Vec<u8>>), Refused> {
    // RIFF says how long it is; a shorter file was cut off, whatever a lenient decoder makes of it.
    let stated = bytes.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
    if stated.is_none_or(|size| u64::from(size) + 8 > bytes.len() as u64) {
        return Err(Refused::Truncated);
    }
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refuse)?;
    if decoder.dimensions() != (header.width, header.height) {
        return Err(Refused::Undecodable);
    }
    check_parts(bytes, (header.width, header.height), limits.max_memory)?;
    decoder.set_memory_limit(usize::try_from(limits.max_memory).unwrap_or(usize::MAX));
    if decoder.is_animated() {
        return Err(Refused::Animated);
    }
    let mut buffer = vec![0; decoder.output_buffer_size().ok_or(Refused::TooManyPixels)?];
    decoder.read_image(&mut buffer).map_err(refuse)?;
    // A broken EXIF chunk costs the facts, not the picture.
    let exif = decoder.exif_metadata().ok().flatten();
    let rgb = if decoder.has_alpha() { flatten(buffer) } else { buffer };
    Ok((Pixels { width: header.width, height: header.height, rgb }, exif))
}

/// Checks what the library does not: that the picture inside has the size of the canvas, and what its codes take.
fn check_parts(bytes: &[u8], size: (u32, u32), max_memory: u64) -> Result<(), Refused> {
    let pixels = u64::from(size.0) * u64::from(size.1);
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let [n0, n1, n2, n3, l0, l1, l2, l3, body @ ..] = rest {
        let length = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
        let chunk = body.get(..length).unwrap_or(body);
        let needed = match &[*n0, *n1, *n2, *n3] {
            b"VP8 " => match chunk {
                [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..] => {
                    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
                    if (side(*w0, *w1), side(*h0, *h1)) != size {
                        return Err(Refused::Undecodable);
                    }
                    0
                }
                _ => return Err(Refused::Undecodable),
            },
            b"VP8L" => pixels * LOSSLESS_BYTES + codes::memory(chunk, None)?,
            // Transparency by itself: the lowest bits say whether it is packed (RFC 9649, 2.7.1.2).
            b"ALPH" => match chunk {
                [head, packed @ ..] if head & 3 == 1 => {
                    pixels * TRANSPARENT_BYTES + codes::memory(packed, Some(size))?
                }
                _ => 0,
            },
            _ => 0,
        };
        if needed > max_memory {
            return Err(Refused::TooManyPixels);
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err gives it")]
fn refuse(error: DecodingError) -> Refused {
    match error {
        DecodingError::IoError(_) => Refused::Truncated,
        DecodingError::MemoryLimitExceeded | DecodingError::ImageTooLarge => Refused::TooManyPixels,
        _ => Refused::Undecodable,
    }
}

/// RGBA to RGB on white, in place: the reader is always ahead of the writer.
fn flatten(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for pixel in 0..count {
        let (from, to) = (pixel * 4, pixel * 3);
        let [r, g, b, alpha] = [0, 1, 2, 3].map(|channel| pixels[from + channel]);
        pixels[to..to + 3].copy_from_slice(&on_white([r, g, b], alpha));
    }
    pixels.truncate(count * 3);
    pixels
}
