//! Files that cameras and attackers would send, made here byte by byte, and what is on the disk.

use std::path::{Path, PathBuf};
use tests::{Client, Reply, TestApp};
use uuid::Uuid;

/// The address of a photo.
pub(crate) fn path(id: impl Into<Uuid>) -> String {
    format!("/api/photos/{}", id.into())
}

/// Sends bytes as a photo.
pub(crate) async fn send(client: &Client, id: Uuid, content_type: &str, bytes: &[u8]) -> Reply {
    client.put_bytes(&path(id), content_type, bytes.to_vec()).await
}

/// What the camera wrote beside the picture; none of it may come out again.
pub(crate) const MAKER: &[u8] = b"SpyPhone X";
/// 33 degrees north as a rational of EXIF.
const DEGREES: [u8; 8] = [0, 0, 0, 33, 0, 0, 0, 1];

/// A TIFF block as it stands in EXIF: maker, orientation, and a position.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    let (maker_at, gps_at, lat_at, lng_at) = (8 + 42, 8 + 42 + 12, 8 + 42 + 12 + 54, 8 + 42 + 12 + 54 + 24);
    let length = u32::try_from(MAKER.len() + 1).expect("short");
    let upright = u32::from(orientation) << 16;
    directory(&mut block, &[(0x010F, 2, length, maker_at), (0x0112, 3, 1, upright), (0x8825, 4, 1, gps_at)]);
    block.extend(MAKER);
    block.extend([0, 0]);
    let letter = |letter: u8| u32::from(letter) << 24;
    let north_and_east =
        [(1, 2, 2, letter(b'N')), (2, 5, 3, lat_at), (3, 2, 2, letter(b'E')), (4, 5, 3, lng_at)];
    directory(&mut block, &north_and_east);
    for rational in [DEGREES, [0, 0, 0, 33, 0, 0, 0, 1], [0, 0, 0, 36, 0, 0, 0, 1]] {
        block.extend(rational);
    }
    for rational in [[0, 0, 0, 113, 0, 0, 0, 1], [0, 0, 0, 43, 0, 0, 0, 1], [0, 0, 0, 12, 0, 0, 0, 1]] {
        block.extend(rational);
    }
    block
}

fn directory(block: &mut Vec<u8>, entries: &[(u16, u16, u32, u32)]) {
    block.extend(u16::try_from(entries.len()).expect("few entries").to_be_bytes());
    for (tag, kind, count, value) in entries {
        block.extend(tag.to_be_bytes());
        block.extend(kind.to_be_bytes());
        block.extend(count.to_be_bytes());
        block.extend(value.to_be_bytes());
    }
    block.extend([0; 4]);
}

/// The JPEG with an EXIF segment in front.
pub(crate) fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let body = [b"Exif\0\0", block].concat();
    let length = u16::try_from(body.len() + 2).expect("a small block").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

/// The application segments of a JPEG, by number, up to its first scan.
pub(crate) fn application_segments(jpeg: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    let mut at = 2;
    while let [0xFF, marker, high, low, ..] = jpeg[at..] {
        if marker == 0xDA {
            break;
        }
        if (0xE0..=0xEF).contains(&marker) {
            found.push(marker - 0xE0);
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    found
}

/// Where the frame header says height and width.
fn frame(jpeg: &[u8]) -> usize {
    jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline frame") + 5
}

/// Width and height as the frame header says.
pub(crate) fn size(jpeg: &[u8]) -> (u16, u16) {
    let at = frame(jpeg);
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    (number(at + 2), number(at))
}

/// The JPEG with another size in its frame header.
pub(crate) fn claiming(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let at = frame(&jpeg);
    jpeg[at..at + 2].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 2..at + 4].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A black picture of one bit a pixel: 200 megapixels are some 25 kB.
pub(crate) fn black_png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let rows = vec![0; width.div_ceil(8) as usize * height as usize];
    encoder.write_header().expect("a header").write_image_data(&rows).expect("a picture");
    out
}

/// Whether one text of bytes holds the other.
pub(crate) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Fails when anything the camera wrote is in the bytes.
#[track_caller]
pub(crate) fn assert_stripped(jpeg: &[u8]) {
    assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG");
    let segments = application_segments(jpeg);
    assert!(segments.iter().all(|number| *number != 1), "APP1 is still there: {segments:?}");
    for part in [b"Exif".as_slice(), b"GPS", b"MM\0*", MAKER, &DEGREES] {
        assert!(!holds(jpeg, part), "{part:?} is still there");
    }
}

/// Every file under the photo folder.
pub(crate) fn files(app: &TestApp) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(&app.state.settings.photos), &mut found);
    found.sort();
    found
}
