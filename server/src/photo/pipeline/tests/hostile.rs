//! Broken and hostile bytes: refused, or taken whole; never a panic, never half a picture.

use std::sync::LazyLock;

use jpeg_encoder::ColorType;
use proptest::prelude::*;

use super::samples::{self, Jpeg, exif_block, rgb_png, webp};
use super::{Kind, Limits, Processed, Refused, exif, process, refused, taken};

/// One small file of every kind and coding, with metadata.
static FILES: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(|| {
    let block = exif_block(6);
    let jpeg = Jpeg::with_exif(&block);
    vec![
        ("baseline", jpeg.make(160, 120)),
        ("restarts", Jpeg { restart_interval: 4, ..jpeg.clone() }.make(160, 120)),
        ("progressive", Jpeg { is_progressive: true, ..jpeg.clone() }.make(160, 120)),
        ("progressive restarts", Jpeg { is_progressive: true, restart_interval: 4, ..jpeg }.make(160, 120)),
        ("png", rgb_png(80, 60, Some(&block))),
        ("webp", webp(80, 60, Some(&block))),
        ("lossy webp", samples::lossy_webp()),
    ]
});

/// The lengths to cut at: every fiftieth, and just before the end.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..50).map(move |part| length * part / 50).chain([length - 2, length - 1])
}

#[test]
fn refuses_every_truncation() {
    for (name, bytes) in FILES.iter() {
        // A JPEG is whole without its end marker.
        let end = if bytes.starts_with(&[0xFF, 0xD8]) { bytes.len() - 2 } else { bytes.len() };
        for cut in cuts(end) {
            let why = refused(&bytes[..cut]);
            let is_told = matches!(
                why,
                Refused::Truncated | Refused::Empty | Refused::NotAnImage | Refused::Undecodable
            );
            assert!(is_told, "{name} cut at {cut}: {why:?}");
        }
    }
}

/// A lenient decoder paints the missing rows grey when the end marker is put back.
#[test]
fn refuses_a_truncated_jpeg_with_an_end_marker() {
    for (name, bytes) in FILES.iter().take(4) {
        let start = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("a scan") + 14;
        for part in 0..50 {
            let cut = start + (bytes.len() - start) * part / 50;
            // Not in the middle of a marker, which would make another one.
            let cut = if bytes[cut - 1] == 0xFF { cut - 1 } else { cut };
            let closed = [&bytes[..cut], &[0xFF, 0xD9]].concat();
            let why = refused(&closed);
            assert!(matches!(why, Refused::Truncated | Refused::Undecodable), "{name} cut at {cut}: {why:?}");
        }
    }
}

#[test]
fn refuses_a_jpeg_with_a_hole() {
    let (_, bytes) = &FILES[1];
    let restart = |number: u8| {
        bytes.windows(2).position(|pair| pair == [0xFF, 0xD0 + number]).expect("a restart marker")
    };
    // A whole interval is missing; then one is only shorter.
    let missing = [&bytes[..restart(2)], &bytes[restart(3)..]].concat();
    assert!(matches!(refused(&missing), Refused::Undecodable));
    let shorter = [&bytes[..restart(2) + 6], &bytes[restart(3)..]].concat();
    assert_eq!(refused(&shorter), Refused::Truncated);
}

/// Each would be a pass over the whole picture.
#[test]
fn scans_behind_a_complete_picture_are_not_decoded() {
    let bytes = Jpeg { is_progressive: true, ..Jpeg::default() }.make(16, 16);
    let last = bytes.windows(2).rposition(|pair| pair == [0xFF, 0xDA]).expect("a scan");
    let scan = &bytes[last..bytes.len() - 2];
    let bomb = [&bytes[..bytes.len() - 2], &scan.repeat(1_000_000 / scan.len()), &[0xFF, 0xD9]].concat();
    assert_eq!(taken(&bomb).full, taken(&bytes).full);
    // In front of the last they are refused.
    let bomb = [&bytes[..last], &scan.repeat(2)].concat();
    assert_eq!(taken(&bomb).full, taken(&bytes).full);
    let scans: Vec<usize> = (0..bytes.len() - 1).filter(|&at| bytes[at..at + 2] == [0xFF, 0xDA]).collect();
    let bomb = [&bytes[..scans[1]], &bytes[scans[0]..]].concat();
    assert_eq!(refused(&bomb), Refused::Undecodable);
}

#[test]
fn refuses_pictures_without_size_or_frame() {
    let bytes = Jpeg::default().make(16, 16);
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame");
    let mut flat = bytes.clone();
    flat[frame + 5..frame + 7].fill(0);
    assert_eq!(refused(&flat), Refused::Undecodable);
    assert_eq!(refused(&[0xFF, 0xD8, 0xFF, 0xD9]), Refused::Undecodable);
    let mut arithmetic = bytes;
    arithmetic[frame + 1] = 0xC9;
    assert!(matches!(refused(&arithmetic), Refused::Unsupported(_)));
}

#[test]
fn takes_a_jpeg_whose_first_component_is_not_the_finest() {
    let finer_black = Jpeg::default().encode(&[255, 0, 0, 0].repeat(64 * 64), 64, 64, ColorType::Cmyk);
    let shown = samples::quarters(&taken(&finer_black).full.jpeg);
    assert!(shown.iter().all(|&[red, green, blue]| red < 40 && green > 215 && blue > 215), "{shown:?}");
}

#[test]
fn circular_exif_ends() {
    let mut block = exif_block(6);
    // The pointer to the EXIF directory points at the main one.
    block[30..34].copy_from_slice(&8u32.to_be_bytes());
    assert_eq!(exif::read(&block).captured_at, None);
    assert!(exif::read(&block).position.is_some());
}

/// Whatever was taken is a whole picture.
fn check(result: Result<Processed, Refused>) {
    if let Ok(photo) = result {
        for rendition in [&photo.full, &photo.thumb] {
            let (_, width, height) = samples::pixels(&rendition.jpeg);
            assert_eq!((width as u64, height as u64), (rendition.width.into(), rendition.height.into()));
        }
    }
}

fn limits() -> Limits {
    // A flipped bit in a size makes a picture of any size; small ones are as good here and faster.
    Limits { max_pixels: 300_000, ..Limits::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(kind in 0usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let starts: [&[u8]; 4] = [b"", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"RIFF\0\x01\0\0WEBPVP8L"];
        check(process(&[starts[kind], &bytes].concat(), &limits()));
    }

    #[test]
    fn flipped_bits_never_panic(file in 0usize..7, flips in proptest::collection::vec((any::<prop::sample::Index>(), 0u32..8), 1..6)) {
        let mut bytes = FILES[file].1.clone();
        for (place, bit) in flips {
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
        }
        check(process(&bytes, &limits()));
    }

    #[test]
    fn replaced_stretches_never_panic(
        file in 0usize..7,
        from in any::<prop::sample::Index>(),
        length in 0usize..40,
        with in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = FILES[file].1.clone();
        let from = from.index(bytes.len());
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, with);
        check(process(&bytes, &limits()));
    }

    #[test]
    fn random_exif_never_panics(is_big in any::<bool>(), bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let start: &[u8] = if is_big { b"MM\0*\0\0\0\x08" } else { b"II*\0\x08\0\0\0" };
        exif::read(&[start, &bytes].concat());
    }

    #[test]
    fn flipped_exif_never_panics(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut block = exif_block(6);
        for (place, value) in flips {
            let place = place.index(block.len());
            block[place] = value;
        }
        let facts = exif::read(&block);
        if let Some(position) = facts.position {
            prop_assert!(position.lat.abs() <= 90.0 && position.lng.abs() <= 180.0);
        }
    }

    #[test]
    fn pictures_of_any_size_are_taken(width in 1u16..200, height in 1u16..200, orientation in 1u16..9, progressive in any::<bool>()) {
        let file = Jpeg { is_progressive: progressive, ..Jpeg::with_exif(&exif_block(orientation)) };
        let photo = process(&file.make(width, height), &Limits::default()).expect("the photo is taken");
        prop_assert_eq!(photo.kind, Kind::Jpeg);
        check(Ok(photo));
    }
}
