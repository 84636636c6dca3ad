//! What is stored: the right size, upright, the right colours, and nothing but the picture.

use jpeg_encoder::{ColorType, SamplingFactor};

use super::samples::{self, Jpeg, exif_block, png, quarters, rgb_png, scene, segments, webp};
use super::{Processed, taken};
use crate::photo::pipeline::{Limits, process};

const RED: [u8; 3] = [215, 45, 45];
const GREEN: [u8; 3] = [45, 195, 45];
const BLUE: [u8; 3] = [45, 45, 205];
const WHITE: [u8; 3] = [232, 232, 232];

fn is_near(found: [u8; 3], expected: [u8; 3]) -> bool {
    found.iter().zip(expected).all(|(&found, expected)| found.abs_diff(expected) < 28)
}

/// Where the four quarters of the file are seen, by the words of the standard (CIPA DC-008, Orientation): on which
/// side of the visible picture the first row lies, and on which the first column.
fn expected_quarters(orientation: u16) -> [[u8; 3]; 4] {
    let (row, column) = match orientation {
        1 => ("top", "left"),
        2 => ("top", "right"),
        3 => ("bottom", "right"),
        4 => ("bottom", "left"),
        5 => ("left", "top"),
        6 => ("right", "top"),
        7 => ("right", "bottom"),
        _ => ("left", "bottom"),
    };
    let opposite = |side| match side {
        "top" => "bottom",
        "bottom" => "top",
        "left" => "right",
        _ => "left",
    };
    let mut seen = [[0; 3]; 4];
    for (color, is_last_row, is_last_column) in
        [(RED, false, false), (GREEN, false, true), (BLUE, true, false), (WHITE, true, true)]
    {
        let sides = [
            if is_last_row { opposite(row) } else { row },
            if is_last_column { opposite(column) } else { column },
        ];
        let place = usize::from(sides.contains(&"right")) + 2 * usize::from(sides.contains(&"bottom"));
        seen[place] = color;
    }
    seen
}

#[test]
fn turns_all_eight_orientations_upright() {
    // As sent, reduced, and beside the squares in which pixels are turned.
    for (width, height) in [(96u16, 64u16), (2100, 200), (67, 33)] {
        let plain = Jpeg::default().make(width, height);
        for orientation in 1..=8 {
            let block = exif_block(orientation);
            let mut files = vec![samples::with_exif(&plain, &block)];
            if width < 1000 {
                files.push(rgb_png(width.into(), height.into(), Some(&block)));
                files.push(webp(width.into(), height.into(), Some(&block)));
            }
            for bytes in files {
                let photo = taken(&bytes);
                let (wide, high) = if orientation < 5 { (width, height) } else { (height, width) };
                assert_eq!((photo.width, photo.height), (wide.into(), high.into()));
                for jpeg in [&photo.full.jpeg, &photo.thumb.jpeg] {
                    let found = quarters(jpeg);
                    let expected = expected_quarters(orientation);
                    let is_right =
                        found.iter().zip(expected).all(|(&found, expected)| is_near(found, expected));
                    assert!(is_right, "{:?} {orientation}: {found:?} for {expected:?}", photo.kind);
                }
            }
        }
    }
}

#[test]
fn reduces_and_never_enlarges() {
    let cases = [
        ((2400u16, 1200u16), (2048, 1024), (320, 160)),
        ((600, 2400), (512, 2048), (80, 320)),
        ((2048, 500), (2048, 500), (320, 78)),
        ((200, 100), (200, 100), (200, 100)),
        ((3000, 1), (2048, 1), (320, 1)),
        ((1, 1), (1, 1), (1, 1)),
    ];
    for ((width, height), full, thumb) in cases {
        let photo = taken(&Jpeg::default().make(width, height));
        assert_eq!((photo.width, photo.height), (width.into(), height.into()));
        for (rendition, size) in [(&photo.full, full), (&photo.thumb, thumb)] {
            assert_eq!((rendition.width, rendition.height), size);
            let (_, found_width, found_height) = samples::pixels(&rendition.jpeg);
            assert_eq!((found_width as u64, found_height as u64), (size.0.into(), size.1.into()));
        }
    }
}

const SECRET: &[u8] = b"SECRET-106.55E";

fn assert_only_picture(photo: &Processed) {
    for jpeg in [&photo.full.jpeg, &photo.thumb.jpeg] {
        let (markers, behind) = segments(jpeg);
        assert_eq!(behind, 0, "nothing follows the end");
        // Our own JFIF or Adobe header, frame, tables, restarts and the scan: no EXIF, XMP, ICC, IPTC, comment.
        let allowed = [0xE0, 0xEE, 0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA];
        assert!(markers.iter().all(|marker| allowed.contains(marker)), "{markers:x?}");
        assert!(!jpeg.windows(SECRET.len()).any(|window| window == SECRET));
    }
}

#[test]
fn no_metadata_survives() {
    let with = |name: &[u8]| [name, SECRET].concat();
    let segments = vec![
        (1, [b"Exif\0\0", &exif_block(1)[..], SECRET].concat()),
        (1, with(b"http://ns.adobe.com/xap/1.0/\0")),
        (2, with(b"ICC_PROFILE\0\x01\x01")),
        (2, with(b"MPF\0")),
        (13, with(b"Photoshop 3.0\0")),
        (15, with(b"whatever")),
    ];
    for (width, height) in [(800, 600), (2100, 300)] {
        let mut bytes = Jpeg { segments: segments.clone(), ..Jpeg::default() }.make(width, height);
        // A comment, and JFIF's own preview segment.
        let comment = [b"\xFF\xFE\0\x10", SECRET].concat();
        let preview = [b"\xFF\xE0\0\x16JFXX\0\x10", SECRET].concat();
        bytes.splice(2..2, [comment, preview].concat());
        bytes.extend(SECRET);
        bytes.extend(Jpeg::default().make(16, 16));
        let photo = taken(&bytes);
        assert!(photo.facts.position.is_some(), "the facts are kept beside the picture");
        assert_only_picture(&photo);
    }

    let block = [&exif_block(1)[..], SECRET].concat();
    let text = [b"Comment\0", SECRET].concat();
    let pixels = scene(300, 200);
    let chunks: [([u8; 4], &[u8]); 2] = [(*b"eXIf", &block), (*b"tEXt", &text)];
    let mut file = png(&pixels, (300, 200), png::ColorType::Rgb, png::BitDepth::Eight, &chunks);
    file.extend(SECRET);
    assert_only_picture(&taken(&file));
    assert_only_picture(&taken(&webp(300, 200, Some(&block))));
}

#[test]
fn a_fitting_jpeg_keeps_its_pixels_exactly() {
    let plain = Jpeg::with_exif(&exif_block(1));
    let variants = [
        plain.clone(),
        Jpeg { sampling: SamplingFactor::F_1_1, ..plain.clone() },
        Jpeg { sampling: SamplingFactor::F_2_1, ..plain.clone() },
        Jpeg { sampling: SamplingFactor::F_1_2, ..plain.clone() },
        Jpeg { sampling: SamplingFactor::F_4_1, ..plain.clone() },
        Jpeg { restart_interval: 3, ..plain.clone() },
        Jpeg { is_progressive: true, ..plain.clone() },
        Jpeg { is_progressive: true, restart_interval: 5, ..plain },
    ];
    for variant in variants {
        let bytes = variant.make(333, 222);
        let photo = taken(&bytes);
        assert!(photo.full.jpeg.len() < bytes.len());
        assert_eq!(samples::pixels(&photo.full.jpeg), samples::pixels(&bytes));
        assert_only_picture(&photo);
        // What was rewritten once is rewritten to itself.
        assert_eq!(taken(&photo.full.jpeg).full, photo.full);
    }
}

#[test]
fn a_wasteful_jpeg_is_encoded_anew() {
    let noise: Vec<u8> =
        (0u32..640 * 480 * 3).map(|at| (at.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect();
    let wasteful = Jpeg { quality: 100, sampling: SamplingFactor::F_1_1, ..Jpeg::default() };
    let bytes = wasteful.encode(&noise, 640, 480, ColorType::Rgb);
    assert!(taken(&bytes).full.jpeg.len() < bytes.len() / 2);
}

#[test]
fn other_colours_become_rgb() {
    let even = Jpeg { sampling: SamplingFactor::F_1_1, ..Jpeg::default() };
    let grey = vec![120; 64 * 64];
    let cmyk = [255, 0, 0, 0].repeat(64 * 64);
    let grey_png = |depth, pixels: &[u8]| png(pixels, (64, 64), png::ColorType::Grayscale, depth, &[]);
    let alpha = [200, 0, 0, 0].repeat(64 * 64);
    let half = [0, 0, 0, 128].repeat(64 * 64);
    let faint = [0, 0].repeat(64 * 64);
    let rgba = |pixels: &[u8]| png(pixels, (64, 64), png::ColorType::Rgba, png::BitDepth::Eight, &[]);
    let cases = [
        ("grey JPEG", Jpeg::default().encode(&grey, 64, 64, ColorType::Luma), [120; 3]),
        ("CMYK JPEG", even.encode(&cmyk, 64, 64, ColorType::Cmyk), [0, 255, 255]),
        (
            "print colours by luma",
            Jpeg::default().encode(&cmyk, 64, 64, ColorType::CmykAsYcck),
            [0, 255, 255],
        ),
        ("grey PNG", grey_png(png::BitDepth::Eight, &grey), [120; 3]),
        ("grey PNG of 16 bits", grey_png(png::BitDepth::Sixteen, &[120, 7].repeat(64 * 64)), [120; 3]),
        ("black and white PNG", grey_png(png::BitDepth::One, &[0xFF; 8 * 64]), [255; 3]),
        ("transparent", rgba(&alpha), [255; 3]),
        ("half transparent black", rgba(&half), [127; 3]),
        (
            "transparent grey",
            png(&faint, (64, 64), png::ColorType::GrayscaleAlpha, png::BitDepth::Eight, &[]),
            [255; 3],
        ),
    ];
    for (name, bytes, expected) in cases {
        let photo = taken(&bytes);
        assert_only_picture(&photo);
        for jpeg in [&photo.full.jpeg, &photo.thumb.jpeg] {
            let found = quarters(jpeg)[0];
            assert!(is_near(found, expected), "{name}: {found:?} for {expected:?}");
        }
    }
}

#[test]
fn sizes_and_quality_are_the_configured_ones() {
    let bytes = rgb_png(500, 400, None);
    let limits = Limits { full_edge: 250, thumb_edge: 50, quality: 40, ..Limits::default() };
    let small = process(&bytes, &limits).expect("the photo is taken");
    assert_eq!((small.full.width, small.full.height), (250, 200));
    assert_eq!((small.thumb.width, small.thumb.height), (50, 40));
    let better = process(&bytes, &Limits { quality: 95, ..limits }).expect("the photo is taken");
    assert!(better.full.jpeg.len() > small.full.jpeg.len());
}
