//! Pictures as cameras and phones write them: what is a complete one, and what is read beside it.

use time::macros::{datetime, offset};

use super::samples::{Jpeg, exif_block, pixels};
use super::{Kind, Position, Processed, Refused, exif, refused, taken};

/// A file of `tests/cases/photos/`.
fn case(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/photos");
    std::fs::read(format!("{folder}/{name}")).expect("the case is there")
}

/// The mean difference of what is shown of two pictures, in steps of 256.
fn difference(one: &Processed, other: &Processed) -> f64 {
    let (one, other) = (pixels(&one.full.jpeg).0, pixels(&other.full.jpeg).0);
    assert_eq!(one.len(), other.len());
    let sum: u64 = one.iter().zip(&other).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn a_picture_without_end_marker_is_taken_when_all_its_data_is_there() {
    let whole = taken(&case("motion-photo.jpg"));
    let padded = taken(&case("no-eoi-then-zeros.jpg"));
    // The same picture; nothing of what follows is kept.
    assert_eq!(padded.full, whole.full);
    let panorama = taken(&case("samsung-panorama-no-eoi.jpg"));
    assert_eq!((panorama.width, panorama.height), (640, 480));
    for photo in [whole, padded, panorama] {
        assert!(photo.full.jpeg.ends_with(&[0xFF, 0xD9]));
        assert!(!photo.full.jpeg.windows(4).any(|word| word == b"SEFT" || word == b"ftyp"));
        assert!(photo.full.jpeg.len() < 26_000, "{} bytes", photo.full.jpeg.len());
        assert_eq!(taken(&photo.full.jpeg).full, photo.full, "a rendition is complete itself");
    }
}

#[test]
fn a_picture_without_end_marker_is_refused_when_data_is_missing() {
    assert_eq!(refused(&case("cut-60-percent.jpg")), Refused::Truncated);
    let panorama = case("samsung-panorama-no-eoi.jpg");
    let padded = case("no-eoi-then-zeros.jpg");
    let end = padded.iter().rposition(|&byte| byte != 0).expect("data") + 1;
    for part in 30..100 {
        let cut = end * part / 100;
        let why = refused(&padded[..cut]);
        assert!(matches!(why, Refused::Truncated | Refused::Undecodable), "{part} %: {why:?}");
        // What broke off and was filled up with zeros: they are no picture, whatever codes they happen to be.
        let filled = [&padded[..cut], &vec![0; 100_000]].concat();
        let why = refused(&filled);
        assert!(matches!(why, Refused::Truncated | Refused::Undecodable), "{part} % and zeros: {why:?}");
        let cut = panorama.len() * part / 100;
        // Behind that is the trailer.
        if part < 85 {
            let why = refused(&panorama[..cut]);
            assert!(matches!(why, Refused::Truncated | Refused::Undecodable), "{part} %: {why:?}");
        }
    }
}

#[test]
fn every_coding_is_taken_without_its_end_marker() {
    let plain = Jpeg::default();
    let variants = [
        plain.clone(),
        Jpeg { restart_interval: 4, ..plain.clone() },
        Jpeg { is_progressive: true, ..plain.clone() },
        Jpeg { is_progressive: true, restart_interval: 5, ..plain },
    ];
    for variant in variants {
        let bytes = variant.make(333, 222);
        let whole = taken(&bytes).full;
        let open = &bytes[..bytes.len() - 2];
        assert_eq!(taken(open).full, whole);
        for behind in
            [&[0xFF][..], &[0xFF, 0xFF, 0xFF], b"MotionPhoto_Data\0\0\0\x18ftypmp42", &[0; 4096], &bytes]
        {
            assert_eq!(taken(&[open, behind].concat()).full, whole, "{behind:x?}");
            assert_eq!(taken(&[&bytes[..], behind].concat()).full, whole, "{behind:x?}");
        }
    }
}

#[test]
fn the_first_of_several_pictures_is_taken() {
    for name in ["stereo.mpo", "motion-photo.jpg"] {
        let photo = taken(&case(name));
        assert_eq!((photo.kind, photo.width, photo.height), (Kind::Jpeg, 640, 480), "{name}");
        let starts = photo.full.jpeg.windows(3).filter(|bytes| *bytes == [0xFF, 0xD8, 0xFF]).count();
        assert_eq!(starts, 1, "{name}: nothing of the second is kept");
    }
}

#[test]
fn a_restart_marker_that_was_lost_between_whole_intervals_is_done_without() {
    let mended = taken(&case("restart-one-missing.jpg"));
    let whole = taken(&case("motion-photo.jpg"));
    let off = difference(&mended, &whole);
    assert!(off < 1.5, "{off}: the same picture");
    // Other decoders show a grey field for the interval behind the marker that is missing.
    let corner = |photo: &Processed| -> Vec<u8> {
        let (rgb, width, _) = pixels(&photo.full.jpeg);
        rgb.chunks(width * 3).take(16).flat_map(|row| row[512 * 3..].to_vec()).collect()
    };
    let (mended, whole) = (corner(&mended), corner(&whole));
    let sum: u32 = mended.iter().zip(&whole).map(|(one, other)| u32::from(one.abs_diff(*other))).sum();
    assert!(sum < 8 * 16 * 128 * 3, "{sum}: no grey field");

    let bytes = Jpeg { restart_interval: 4, ..Jpeg::default() }.make(333, 222);
    let whole = taken(&bytes);
    let markers: Vec<usize> = (0..bytes.len() - 1)
        .filter(|&at| bytes[at] == 0xFF && (0xD0..=0xD7).contains(&bytes[at + 1]))
        .collect();
    for &at in &markers[..markers.len() - 1] {
        let lost = [&bytes[..at], &bytes[at + 2..]].concat();
        let off = difference(&taken(&lost), &whole);
        assert!(off < 3.0, "{off} without the marker at {at}");
    }
    // Two in a row are more than an accident, and an interval that is gone is a hole.
    let two = [&bytes[..markers[3]], &bytes[markers[3] + 2..markers[4]], &bytes[markers[4] + 2..]].concat();
    let hole = [&bytes[..markers[3]], &bytes[markers[4]..]].concat();
    for bytes in [two, hole] {
        let why = refused(&bytes);
        assert!(matches!(why, Refused::Truncated | Refused::Undecodable), "{why:?}");
    }
}

#[test]
fn pictures_of_other_kinds_are_refused_by_their_name() {
    assert_eq!(refused(&case("plain.heic")), Refused::Unsupported("HEIC"));
    assert_eq!(refused(&case("plain.avif")), Refused::Unsupported("AVIF"));
    let told = refused(&case("plain.heic")).to_string();
    assert!(told.contains("HEIC") && told.contains("JPEG, PNG or WebP"), "{told}");
    for (bytes, name) in [
        (&b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"[..], "HEIC"),
        (b"\0\0\0\x18ftypheix\0\0\0\0mif1heix", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypavis\0\0\0\0avismsf1", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"BM\0\0", "BMP"),
        (b"II*\0", "TIFF or raw"),
    ] {
        assert_eq!(refused(bytes), Refused::Unsupported(name));
    }
}

fn position(block: &[u8]) -> Option<Position> {
    exif::read(block).position
}

#[test]
fn signed_and_unknown_parts_of_a_position_are_read() {
    let hmd = taken(&case("gps-srational-hmd.jpg")).facts;
    let at = hmd.position.expect("a position");
    assert!((at.lat - (33.0 + 33.0 / 60.0 + 54.0 / 3600.0)).abs() < 1e-9, "{at:?}");
    assert!((at.lng - (113.0 + 44.0 / 60.0 + 1.0 / 3600.0)).abs() < 1e-9, "{at:?}");
    let at = taken(&case("gps-seconds-0-0.jpg")).facts.position.expect("a position");
    assert!((at.lat - 33.55).abs() < 1e-9 && (at.lng - (113.0 + 44.0 / 60.0)).abs() < 1e-9, "{at:?}");
}

#[test]
fn the_offset_that_the_camera_wrote_is_used() {
    let captured = taken(&case("time-offset.jpg")).facts.captured_at.expect("a time");
    assert_eq!((captured.local, captured.offset), (datetime!(2026-11-20 09:30), Some(offset!(+9))));
    assert_eq!(captured.unix_ms(offset!(+8)), 1_795_134_600_000);
}

/// The block of the tests with other parts for its latitude of 29° 30′, and another type for both.
fn latitude(kind: u8, parts: [(i32, i32); 3]) -> Vec<u8> {
    let mut block = exif_block(1);
    let plain: Vec<u8> = [29, 1, 30, 1, 0, 1].iter().flat_map(|number: &i32| number.to_be_bytes()).collect();
    let at = block.windows(plain.len()).position(|window| window == plain).expect("the latitude");
    let other: Vec<u8> =
        parts.iter().flat_map(|(over, under)| [over.to_be_bytes(), under.to_be_bytes()].concat()).collect();
    block.splice(at..at + plain.len(), other);
    let entry = block.windows(4).position(|window| window == [0, 2, 0, 5]).expect("the entry");
    block[entry + 3] = kind;
    block
}

#[test]
fn a_position_is_read_as_far_as_it_is_known() {
    const SIGNED: u8 = 10;
    let known = [
        (5, [(29, 1), (30, 1), (0, 0)], 29.5),
        (5, [(295, 10), (0, 0), (0, 0)], 29.5),
        (5, [(29, 1), (0, 1), (0, 0)], 29.0),
        (SIGNED, [(29, 1), (30, 1), (0, 1)], 29.5),
        (SIGNED, [(-29, 1), (30, 1), (0, 1)], -29.5),
        (SIGNED, [(29, -1), (-30, 1), (0, 0)], -29.5),
    ];
    for (kind, parts, expected) in known {
        let found = position(&latitude(kind, parts)).unwrap_or_else(|| panic!("{parts:?} is a place"));
        assert!((found.lat - expected).abs() < 1e-9, "{parts:?}: {found:?}");
    }
    let unknown = [
        // Whole degrees alone; nothing at all; nonsense; off the earth.
        (5, [(29, 1), (0, 0), (0, 0)]),
        (5, [(0, 0), (0, 0), (0, 0)]),
        (5, [(29, 1), (30, 1), (7, 0)]),
        (5, [(29, 0), (30, 1), (0, 1)]),
        (5, [(-29, 1), (30, 1), (0, 1)]),
        (SIGNED, [(-129, 1), (30, 1), (0, 1)]),
        (2, [(29, 1), (30, 1), (0, 1)]),
    ];
    for (kind, parts) in unknown {
        assert_eq!(position(&latitude(kind, parts)), None, "{kind} {parts:?}");
    }
}
