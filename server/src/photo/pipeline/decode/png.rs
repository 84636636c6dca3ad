//! PNG: row by row, so that neither sixteen bits nor transparency nor interlacing is ever held for a whole picture.

use std::io::Cursor;

use png::{ColorType, Decoder, DecodingError, Reader, Transformations};

use super::{Pixels, on_white};
use crate::photo::pipeline::Refused;
use crate::photo::pipeline::shrink::Shrinker;

/// Bytes of what stands beside the picture: EXIF is kept, text and profiles are not.
const BESIDE_BYTES: usize = 8 * 1024 * 1024;

/// Columns and rows of each pass (ISO/IEC 15948, 8.2): the first, and how far on the next is.
const PASSES: [((u32, u32), (u32, u32)); 7] = [
    ((0, 8), (0, 8)),
    ((4, 8), (0, 8)),
    ((0, 4), (4, 8)),
    ((2, 4), (0, 4)),
    ((0, 2), (2, 4)),
    ((1, 2), (0, 2)),
    ((0, 1), (1, 2)),
];
const AT_ONCE: [((u32, u32), (u32, u32)); 1] = [((0, 1), (0, 1))];

/// A picture reduced by a whole number, how many of its pixels were filled, and its EXIF.
pub(super) type Shrunk = (Pixels, (f64, f64), Option<Vec<u8>>);

/// Decodes a picture, `by` × `by` pixels becoming one.
pub(super) fn decode(bytes: &[u8], by: u32) -> Result<Shrunk, Refused> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: BESIDE_BYTES });
    // Palettes, low bit depths and 16 bits become 8 bits a channel; text and profiles are not even unpacked.
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(refuse)?;
    if reader.info().animation_control.is_some() {
        return Err(Refused::Animated);
    }
    let (width, height) = reader.info().size();
    let is_interlaced = reader.info().interlaced;
    let mut shrinker = Shrinker::new(width, height, by, is_interlaced);
    let mut row = vec![0; reader.output_line_size(width).ok_or(Refused::TooManyPixels)?];
    let passes: &[_] = if is_interlaced { &PASSES } else { &AT_ONCE };
    for &((left, wide), (top, high)) in passes {
        // A pass without columns has no rows either.
        if left < width {
            for line in (top..height).step_by(high as usize) {
                take_row(&mut reader, &mut row, &mut shrinker, line, (left, wide), width)?;
            }
        }
    }
    // Through to the last chunk: EXIF may stand behind the picture, and a missing end is a broken upload.
    if reader.read_row(&mut row).map_err(refuse)?.is_some() {
        return Err(Refused::Undecodable);
    }
    reader.finish().map_err(refuse)?;
    let exif = reader.info().exif_metadata.as_ref().map(|exif| exif.to_vec());
    let (pixels, part) = shrinker.finish();
    Ok((pixels, part, exif))
}

fn take_row(
    reader: &mut Reader<Cursor<&[u8]>>,
    row: &mut [u8],
    shrinker: &mut Shrinker,
    line: u32,
    (left, step): (u32, u32),
    width: u32,
) -> Result<(), Refused> {
    reader.read_row(row).map_err(refuse)?.ok_or(Refused::Truncated)?;
    let count = (width - left).div_ceil(step) as usize;
    match reader.output_color_type().0 {
        ColorType::Rgb => {
            shrinker.add(line, left, step, row.as_chunks::<3>().0.iter().take(count).copied());
        }
        ColorType::Rgba => {
            let pixels = row.as_chunks::<4>().0.iter().take(count);
            shrinker.add(line, left, step, pixels.map(|&[r, g, b, alpha]| on_white([r, g, b], alpha)));
        }
        ColorType::Grayscale => {
            shrinker.add(line, left, step, row.iter().take(count).map(|&grey| [grey; 3]));
        }
        ColorType::GrayscaleAlpha => {
            let pixels = row.as_chunks::<2>().0.iter().take(count);
            shrinker.add(line, left, step, pixels.map(|&[grey, alpha]| on_white([grey; 3], alpha)));
        }
        ColorType::Indexed => return Err(Refused::Undecodable),
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err gives it")]
fn refuse(error: DecodingError) -> Refused {
    match error {
        DecodingError::IoError(_) => Refused::Truncated,
        DecodingError::LimitsExceeded => Refused::TooManyPixels,
        DecodingError::Format(_) | DecodingError::Parameter(_) => Refused::Undecodable,
    }
}
