//! The limits as they are told: a picture exactly at each is taken, one beyond is refused.

use super::large::{flat_baseline, flat_progressive, interlaced_png, png_of};
use super::samples::{Jpeg, webp};
use super::{Processed, Refused, refused, taken};
use crate::photo::pipeline::{Header, Limits};
use std::io::Cursor;

const RGB: u8 = 2;
const RGBA: u8 = 6;

fn assert_taken(bytes: &[u8], width: u32, height: u32) -> Processed {
    let photo = taken(bytes);
    assert_eq!((photo.width, photo.height), (width, height));
    photo
}

#[test]
fn sixty_four_megapixels_are_taken_of_every_coding_of_jpeg() {
    for sampling in [
        &[(1, 1)][..],
        &[(2, 2), (1, 1), (1, 1)],
        &[(2, 1), (1, 1), (1, 1)],
        &[(1, 1), (1, 1), (1, 1)],
        &[(1, 1), (1, 1), (1, 1), (1, 1)],
    ] {
        for make in [flat_progressive, flat_baseline] {
            let photo = assert_taken(&make(8000, 8000, sampling), 8000, 8000);
            assert_eq!((photo.full.width, photo.full.height), (2048, 2048));
            assert_eq!(refused(&make(8000, 8001, sampling)), Refused::TooManyPixels);
        }
    }
}

#[test]
fn sides_of_16384_pixels_are_taken() {
    let sampling = &[(2, 2), (1, 1), (1, 1)];
    assert_taken(&flat_progressive(16_384, 3906, sampling), 16_384, 3906);
    assert_taken(&flat_baseline(1, 16_384, sampling), 1, 16_384);
    assert_eq!(refused(&flat_baseline(16_385, 1, sampling)), Refused::TooManyPixels);
    assert_taken(&png_of(16_384, 1, RGB, 8, false), 16_384, 1);
    assert_eq!(refused(&png_of(1, 16_385, RGB, 8, false)), Refused::TooManyPixels);
    assert_taken(&webp(16_383, 2, None), 16_383, 2);
}

#[test]
fn sixty_four_megapixels_are_taken_of_a_png_without_transparency() {
    assert_taken(&png_of(8000, 8000, RGB, 8, false), 8000, 8000);
    assert_eq!(refused(&png_of(8000, 8001, 0, 1, false)), Refused::TooManyPixels);
}

#[test]
fn a_png_is_bounded_by_what_it_unpacks_to() {
    // 192 million bytes.
    assert_taken(&interlaced_png(6000, 4000), 6000, 4000);
    for beyond in
        [interlaced_png(6000, 4001), png_of(6000, 4001, RGBA, 16, false), png_of(8000, 6001, RGBA, 8, false)]
    {
        assert!(beyond.len() < 1_000_000);
        assert_eq!(refused(&beyond), Refused::TooManyPixels);
    }
}

#[test]
fn twelve_megapixels_are_taken_of_a_webp() {
    assert_taken(&webp(4000, 3000, None), 4000, 3000);
    assert_eq!(refused(&webp(4000, 3001, None)), Refused::TooManyPixels);
}

/// Each group of codes is kilobytes in memory and some bytes here.
#[test]
fn a_webp_of_many_codes_is_refused_before_they_are_made() {
    let few = many_codes(200);
    assert_taken(&few, 16, 16);
    let many = many_codes(65_536);
    assert!(many.len() < 16 * 1024 * 1024, "{} bytes", many.len());
    assert_eq!(refused(&many), Refused::TooManyPixels);
}

/// A lossless WebP of one colour that has so many groups of codes and uses the last.
fn many_codes(groups: u32) -> Vec<u8> {
    let mut stream = vec![0x2F];
    let (mut held, mut count) = (0u64, 0);
    let mut push = |stream: &mut Vec<u8>, value: u32, size: u32| {
        held |= u64::from(value) << count;
        count += size;
        while count >= 8 {
            stream.push(held.to_le_bytes()[0]);
            held >>= 8;
            count -= 8;
        }
    };
    let one_symbol = |symbol: u32| [(1, 1), (0, 1), (1, 1), (symbol, 8)];
    let last = groups - 1;
    // 16 × 16, no transparency, version 0; no transforms, no cache; a picture of groups, of four pixels to a square.
    let mut values = vec![(15, 14), (15, 14), (0, 4), (0, 1), (0, 1), (1, 1), (0, 3)];
    // That picture is of one colour: no cache, then green, red, blue, alpha, distance.
    values.push((0, 1));
    for symbol in [last & 255, last >> 8, 0, 0, 0] {
        values.extend(one_symbol(symbol));
    }
    for group in 0..groups {
        for code in 0..5 {
            if group == last || code > 0 {
                values.extend(one_symbol(7));
                continue;
            }
            values.extend(ten_bits());
        }
    }
    for (value, size) in values {
        push(&mut stream, value, size);
    }
    push(&mut stream, 0, 7);
    let length = u32::try_from(stream.len()).expect("short");
    let mut out = b"RIFF".to_vec();
    out.extend((12 + length + length % 2).to_le_bytes());
    out.extend(b"WEBPVP8L");
    out.extend(length.to_le_bytes());
    out.extend(stream);
    out.resize(out.len() + length as usize % 2, 0);
    out
}

/// A code whose longest codes have ten bits: lengths 1 to 9, twice 10, and no more symbols.
fn ten_bits() -> Vec<(u32, u32)> {
    // Not simple; fourteen lengths of the lengths' own code, as they come: 17, 18, 0, 1 to 5, 16, 6 to 10.
    let mut values = vec![(0, 1), (10, 4)];
    values.extend([0, 4, 0, 3, 3, 3, 3, 3, 0, 4, 4, 4, 4, 4].map(|length| (length, 3)));
    values.push((0, 1));
    // Codes are written from their first bit on.
    let code = |code: u32, size: u32| (code.reverse_bits() >> (32 - size), size);
    values.extend((0..5).map(|length| code(length, 3)));
    values.extend([10, 11, 12, 13, 14, 14].map(|length| code(length, 4)));
    // 138 and 131 symbols without a code.
    values.extend([code(15, 4), (127, 7), code(15, 4), (120, 7)]);
    values
}

#[test]
fn thirty_mebibytes_are_taken() {
    let mut bytes = Jpeg::default().make(64, 48);
    bytes.resize(30 * 1024 * 1024, 0);
    assert_taken(&bytes, 64, 48);
    bytes.push(0);
    assert_eq!(refused(&bytes), Refused::TooLarge);
}

#[test]
fn nothing_that_is_admitted_needs_more_than_there_is() {
    let limits = Limits::default();
    let one = &[(1, 1), (1, 1), (1, 1), (1, 1)];
    let mut most = 0;
    for side in (100..=8000).step_by(100) {
        let picture = flat_header(side, side, one);
        let header = Header::read(&mut Cursor::new(&picture)).expect("a header");
        assert_eq!(header.admit(&limits), Ok(()), "{side} × {side}");
        most = most.max(header.memory(&limits));
    }
    assert!(most <= limits.max_memory && most > limits.max_memory / 2, "{most}");
}

/// The first bytes of a progressive JPEG.
fn flat_header(width: u16, height: u16, sampling: &[(u8, u8)]) -> Vec<u8> {
    let mut bytes = flat_progressive(8, 8, sampling);
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC2]).expect("a frame");
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}
