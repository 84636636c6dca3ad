//! Pictures made for the tests: scenes, and the files that cameras and attackers would make of them.

use std::io::Cursor;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A picture of four coloured quarters (red, green / blue, white) with some texture, RGB.
pub(super) fn scene(width: u32, height: u32) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let quarter = match (x * 2 < width, y * 2 < height) {
                (true, true) => [210, 40, 40],
                (false, true) => [40, 190, 40],
                (true, false) => [40, 40, 200],
                (false, false) => [225, 225, 225],
            };
            let texture = ((x * 7 + y * 13) ^ (x * y / 5)) % 23;
            rgb.extend(quarter.map(|value: u8| value.saturating_add(u8::try_from(texture).unwrap_or(0))));
        }
    }
    rgb
}

/// How a test JPEG is made.
#[derive(Clone)]
pub(super) struct Jpeg {
    pub(super) quality: u8,
    pub(super) sampling: SamplingFactor,
    pub(super) is_progressive: bool,
    pub(super) restart_interval: u16,
    pub(super) segments: Vec<(u8, Vec<u8>)>,
}

impl Default for Jpeg {
    fn default() -> Self {
        let (quality, sampling) = (80, SamplingFactor::F_2_2);
        Self { quality, sampling, is_progressive: false, restart_interval: 0, segments: Vec::new() }
    }
}

impl Jpeg {
    pub(super) fn with_exif(block: &[u8]) -> Self {
        Self { segments: vec![(1, [b"Exif\0\0", block].concat())], ..Self::default() }
    }

    pub(super) fn make(&self, width: u16, height: u16) -> Vec<u8> {
        let rgb = scene(width.into(), height.into());
        self.encode(&rgb, width, height, ColorType::Rgb)
    }

    pub(super) fn encode(&self, pixels: &[u8], width: u16, height: u16, color: ColorType) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, self.quality);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.is_progressive);
        encoder.set_restart_interval(self.restart_interval);
        for (number, body) in &self.segments {
            encoder.add_app_segment(*number, body.clone()).expect("a segment fits");
        }
        encoder.encode(pixels, width, height, color).expect("a JPEG is made");
        out
    }
}

/// A JPEG with an EXIF segment put in front.
pub(super) fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let body = [b"Exif\0\0", block].concat();
    let length = u16::try_from(body.len() + 2).expect("a small block").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

/// A PNG; `chunks` stand before the picture.
pub(super) fn png(
    pixels: &[u8],
    (width, height): (u32, u32),
    color: png::ColorType,
    depth: png::BitDepth,
    chunks: &[([u8; 4], &[u8])],
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().expect("a PNG header is written");
    for (kind, body) in chunks {
        writer.write_chunk(png::chunk::ChunkType(*kind), body).expect("a chunk is written");
    }
    writer.write_image_data(pixels).expect("a PNG is made");
    drop(writer);
    out
}

pub(super) fn rgb_png(width: u32, height: u32, exif: Option<&[u8]>) -> Vec<u8> {
    let chunks: Vec<_> = exif.map(|block| (*b"eXIf", block)).into_iter().collect();
    png(&scene(width, height), (width, height), png::ColorType::Rgb, png::BitDepth::Eight, &chunks)
}

/// A lossless WebP.
pub(super) fn webp(width: u32, height: u32, exif: Option<&[u8]>) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = image_webp::WebPEncoder::new(&mut out);
    if let Some(block) = exif {
        encoder.set_exif_metadata(block.to_vec());
    }
    encoder
        .encode(&scene(width, height), width, height, image_webp::ColorType::Rgb8)
        .expect("a WebP is made");
    out.into_inner()
}

/// A lossy WebP of 16 × 16 pixels.
pub(super) fn lossy_webp() -> Vec<u8> {
    hex::decode(LOSSY_WEBP).expect("hex")
}

const LOSSY_WEBP: &str = "524946463c0000005745425056503820300000007001009d012a10001000\
    02804225a0027401400000fee21ffff6827ffa75cbff3f33f9eae747e477ffd187fffa0b7000";

/// What the camera of the tests writes: 7 March 2026, 09:41 in Shanghai, at 29.5 north and 106.55 east.
pub(super) fn exif_block(orientation: u16) -> Vec<u8> {
    const MAIN: u32 = 8;
    const EXIF: u32 = MAIN + 2 + 3 * 12 + 4;
    const GPS: u32 = EXIF + 2 + 2 * 12 + 4;
    const DATA: u32 = GPS + 2 + 4 * 12 + 4;
    const OFFSET_AT: u32 = DATA + 20;
    const LAT_AT: u32 = OFFSET_AT + 8;
    const LNG_AT: u32 = LAT_AT + 24;

    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    let inline = u32::from(orientation) << 16;
    directory(&mut block, &[(0x0112, 3, 1, inline), (0x8769, 4, 1, EXIF), (0x8825, 4, 1, GPS)]);
    directory(&mut block, &[(0x9003, 2, 20, DATA), (0x9011, 2, 7, OFFSET_AT)]);
    let letter = |letter: u8| u32::from(letter) << 24;
    let gps = [(1, 2, 2, letter(b'N')), (2, 5, 3, LAT_AT), (3, 2, 2, letter(b'E')), (4, 5, 3, LNG_AT)];
    directory(&mut block, &gps);
    block.extend(b"2026:03:07 09:41:00\0+08:00\0\0");
    for number in [29u32, 1, 30, 1, 0, 1, 106, 1, 33, 1, 0, 100] {
        block.extend(number.to_be_bytes());
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

/// The markers of a JPEG stream up to its coded picture, then whatever follows the end marker.
pub(super) fn segments(jpeg: &[u8]) -> (Vec<u8>, usize) {
    let mut markers = Vec::new();
    let mut at = 2;
    while let [0xFF, marker, high, low, ..] = jpeg[at..] {
        markers.push(marker);
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            break;
        }
    }
    let end = jpeg[at..].windows(2).position(|pair| pair == [0xFF, 0xD9]).expect("an end marker");
    (markers, jpeg.len() - (at + end + 2))
}

/// The average colour of a JPEG's quarter: 0 top left, 1 top right, 2 bottom left, 3 bottom right.
pub(super) fn quarters(jpeg: &[u8]) -> [[u8; 3]; 4] {
    let (rgb, width, height) = pixels(jpeg);
    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, below)| {
        let (x, y) = (width / 4 + right * width / 2, height / 4 + below * height / 2);
        let at = (y * width + x) * 3;
        [rgb[at], rgb[at + 1], rgb[at + 2]]
    })
}

/// The pixels of a JPEG as any reader sees them.
pub(super) fn pixels(jpeg: &[u8]) -> (Vec<u8>, usize, usize) {
    use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let rgb = decoder.decode().expect("a rendition decodes");
    let (width, height) = decoder.dimensions().expect("a rendition has a size");
    (rgb, width, height)
}

/// A PNG that ends after its header.
pub(super) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    drop(encoder.write_header().expect("a PNG header is written"));
    out
}
