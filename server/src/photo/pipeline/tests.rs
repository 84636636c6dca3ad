//! The photo pipeline: what is taken, what is refused with which code, and what is in the result.

mod cameras;
mod decoder;
mod hostile;
mod large;
mod limits;
mod renditions;
mod samples;

use time::UtcOffset;
use time::macros::{datetime, offset};

use super::*;
use samples::{Jpeg, exif_block, png, rgb_png, scene, webp};

fn taken(bytes: &[u8]) -> Processed {
    process(bytes, &Limits::default()).expect("the photo is taken")
}

fn refused(bytes: &[u8]) -> Refused {
    match process(bytes, &Limits::default()) {
        Ok(taken) => panic!("{:?} of {} × {} was taken", taken.kind, taken.width, taken.height),
        Err(refused) => refused,
    }
}

#[test]
fn recognises_kinds_by_content() {
    let kinds = [
        (Jpeg::default().make(64, 48), Kind::Jpeg),
        (rgb_png(64, 48, None), Kind::Png),
        (webp(64, 48, None), Kind::Webp),
        (samples::lossy_webp(), Kind::Webp),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(taken(&bytes).kind, kind);
    }
}

#[test]
fn refuses_what_is_not_a_picture() {
    for bytes in
        [&b"hello"[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\x03\x04", b"%PDF-1.7", &[0; 4096]]
    {
        assert_eq!(refused(bytes), Refused::NotAnImage);
    }
    assert_eq!(refused(b""), Refused::Empty);
}

#[test]
fn refuses_too_many_bytes_before_looking_at_them() {
    assert_eq!(refused(&vec![0xFF; 60 * 1024 * 1024]), Refused::TooLarge);
}

#[test]
fn refuses_too_many_pixels_before_decoding() {
    // 200 megapixels in a few hundred bytes: each header lies, or tells the truth about a bomb.
    let mut jpeg = Jpeg::default().make(16, 16);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x37, 0xCE, 0x36, 0xB0]);
    let bomb = samples::png_header(14_286, 14_000);
    let mut webp = webp(16, 16, None);
    // VP8L: fourteen bits of width and of height, less one.
    let bits = (14_285u32 | 13_999 << 14).to_le_bytes();
    webp[21..25].copy_from_slice(&bits);
    for bytes in [jpeg, bomb, webp] {
        assert!(bytes.len() < 10_000);
        assert_eq!(refused(&bytes), Refused::TooManyPixels);
    }
    assert_eq!(refused(&samples::png_header(40_000, 100)), Refused::TooManyPixels);
}

#[test]
fn refuses_what_would_need_too_much_memory() {
    let bytes = Jpeg { is_progressive: true, ..Jpeg::default() }.make(400, 300);
    let header = Header::read(&mut Cursor::new(&bytes)).expect("a header");
    let enough = Limits { max_memory: header.memory(&Limits::default()), ..Limits::default() };
    // The coefficients at least.
    assert!(enough.max_memory > 400 * 300 * 3);
    assert!(process(&bytes, &enough).is_ok());
    let short = Limits { max_memory: enough.max_memory - 1, ..enough };
    assert_eq!(process(&bytes, &short), Err(Refused::TooManyPixels));
}

#[test]
fn refuses_moving_pictures() {
    let control: &[u8] = &[0, 0, 0, 2, 0, 0, 0, 0];
    let pixels = scene(32, 32);
    let moving = png(&pixels, (32, 32), png::ColorType::Rgb, png::BitDepth::Eight, &[(*b"acTL", control)]);
    assert_eq!(refused(&moving), Refused::Animated);

    let mut moving = webp(32, 32, Some(&exif_block(1)));
    // The extended header's flag for animation.
    assert_eq!(&moving[12..16], b"VP8X");
    moving[20] |= 2;
    assert!(matches!(refused(&moving), Refused::Animated | Refused::Undecodable));
}

#[test]
fn codes_are_stable() {
    let all = [
        (Refused::Empty, "empty"),
        (Refused::TooLarge, "too_large"),
        (Refused::NotAnImage, "not_an_image"),
        (Refused::Unsupported("HEIC"), "unsupported"),
        (Refused::Animated, "animated"),
        (Refused::TooManyPixels, "too_many_pixels"),
        (Refused::Truncated, "truncated"),
        (Refused::Undecodable, "undecodable"),
    ];
    for (refused, code) in all {
        assert_eq!(refused.code(), code);
    }
}

#[test]
fn reads_the_camera_s_facts_from_every_container() {
    let block = exif_block(6);
    for bytes in
        [Jpeg::with_exif(&block).make(60, 40), rgb_png(60, 40, Some(&block)), webp(60, 40, Some(&block))]
    {
        let facts = taken(&bytes).facts;
        assert_eq!(facts.orientation, Orientation::Turn90);
        let captured = facts.captured_at.expect("a time");
        assert_eq!((captured.local, captured.offset), (datetime!(2026-03-07 09:41), Some(offset!(+8))));
        assert_eq!(captured.unix_ms(UtcOffset::UTC), 1_772_847_660_000);
        let position = facts.position.expect("a position");
        assert!((position.lat - 29.5).abs() < 1e-9 && (position.lng - 106.55).abs() < 1e-9);
    }
    assert_eq!(taken(&rgb_png(60, 40, None)).facts, Facts::default());
}

#[test]
fn a_time_without_zone_takes_the_given_one() {
    let captured = CapturedAt { local: datetime!(2026-03-07 09:41), offset: None };
    assert_eq!(captured.unix_ms(offset!(+8)), 1_772_847_660_000);
}

#[test]
fn nonsense_in_exif_is_absent() {
    let text = |from: &[u8], to: &[u8]| {
        let block = exif_block(1);
        let at = block.windows(from.len()).position(|window| window == from).expect("the text");
        [&block[..at], to, &block[at + from.len()..]].concat()
    };
    assert_eq!(exif::read(&text(b"2026:03:07", b"2026:13:07")).captured_at, None);
    assert_eq!(exif::read(&text(b"2026:03:07", b"    :  :  ")).captured_at, None);
    assert_eq!(exif::read(&text(b"+08:00", b"+99:00")).captured_at.and_then(|at| at.offset), None);
    // 290 degrees north; 29 out of 0.
    assert_eq!(exif::read(&text(b"\0\0\0\x1d\0\0\0\x01", b"\0\0\x01\x22\0\0\0\x01")).position, None);
    assert_eq!(exif::read(&text(b"\0\0\0\x1d\0\0\0\x01", b"\0\0\0\x1d\0\0\0\0")).position, None);
    assert_eq!(exif::read(&exif_block(9)).orientation, Orientation::Upright);
}

#[test]
fn hashes_the_bytes_as_sent() {
    let bytes = rgb_png(8, 8, None);
    assert_eq!(taken(&bytes).sha256, hex::encode(Sha256::digest(&bytes)));
}

#[test]
fn the_fingerprint_finds_the_same_picture_again() {
    let original = taken(&Jpeg::default().make(1200, 900)).fingerprint;
    let small = taken(&Jpeg { quality: 40, ..Jpeg::default() }.make(640, 480)).fingerprint;
    assert!(original.distance(small) <= 6, "{}", original.distance(small));

    let brighter: Vec<u8> = scene(1200, 900).iter().map(|value| value.saturating_add(12)).collect();
    let brighter = Jpeg::default().encode(&brighter, 1200, 900, jpeg_encoder::ColorType::Rgb);
    assert!(original.distance(taken(&brighter).fingerprint) <= 6);

    let turned = taken(&Jpeg::with_exif(&exif_block(3)).make(1200, 900)).fingerprint;
    assert!(original.distance(turned) >= 12, "{}", original.distance(turned));
    assert_eq!(Fingerprint::from_i64(original.as_i64()), original);
}
