//! What a picture's header says, read before anything is decoded: how large it is and what decoding it costs.
//!
//! Decoding takes no more than is said here, so that whoever decodes several at once can add it up.

use std::io::{Read, Seek, SeekFrom};

use super::jpeg::{Frame, marker};
use super::{Limits, Refused, render};

/// Segments in front of a JPEG's frame; a picture with more of them is none.
const MAX_SEGMENTS: usize = 4096;
/// Bytes that tell every kind apart, and the size of PNG and WebP.
const START: u64 = 64;
/// As many as WebP's size needs.
const WEBP_BYTES: usize = 30;

/// The kinds of picture that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Webp,
}

/// What is known of a picture from its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Pixels, not turned upright.
    pub width: u32,
    /// Pixels, not turned upright.
    pub height: u32,
    pub(super) form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Jpeg(Frame),
    Png {
        bits_per_pixel: u64,
        is_interlaced: bool,
    },
    /// Plain is lossy and without transparency.
    Webp {
        is_plain: bool,
    },
}

impl Header {
    /// Reads it from the start of a file, wherever that stands now.
    ///
    /// # Errors
    /// [`Refused`], when it is no picture, or of no kind that is taken, or ends before its header does. A file that
    /// cannot be read counts as one that ends.
    pub fn read(file: &mut (impl Read + Seek)) -> Result<Self, Refused> {
        let mut start = Vec::new();
        let read = file.rewind().and_then(|()| file.by_ref().take(START).read_to_end(&mut start));
        if read.is_err() || start.is_empty() {
            return Err(Refused::Truncated);
        }
        match sniff(&start)? {
            Kind::Jpeg => {
                let frame = jpeg_frame(file)?;
                Ok(Self { width: frame.width, height: frame.height, form: Form::Jpeg(frame) })
            }
            Kind::Png => png_header(&start),
            Kind::Webp => webp_canvas(&start),
        }
    }

    /// What the bytes are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.form {
            Form::Jpeg(_) => Kind::Jpeg,
            Form::Png { .. } => Kind::Png,
            Form::Webp { .. } => Kind::Webp,
        }
    }

    /// Bytes of memory that decoding takes at its peak, beside the bytes as sent.
    #[must_use]
    pub fn memory(&self, limits: &Limits) -> u64 {
        let edge = limits.full_edge;
        let pixels = u64::from(self.width) * u64::from(self.height);
        let (width, height) = render::fit(self.width, self.height, edge);
        // The rendition, what resizing holds, and the rendition turned.
        let rendition = u64::from(width) * u64::from(height) * 12;
        match &self.form {
            Form::Jpeg(frame) => frame.memory(frame.scale(edge, limits.max_memory), edge),
            Form::Png { is_interlaced, .. } => {
                let by = u64::from(self.shrinking(edge));
                // Sums of what is put together, where the rows do not come in order.
                let bytes = if *is_interlaced && by > 1 { 9 } else { 3 };
                pixels / (by * by) * bytes + rendition
            }
            // The planes, and the RGB made of them.
            Form::Webp { is_plain: true } => pixels * 5 + rendition,
            // Transparency and lossless coding have tables of any size; what they may take is all there is.
            Form::Webp { is_plain: false } => limits.max_memory,
        }
    }

    /// So many pixels each way become one while rows are read.
    pub(super) fn shrinking(&self, edge: u32) -> u32 {
        // Not more than sums of two bytes hold.
        (self.width.max(self.height) / edge.max(1)).clamp(1, 16)
    }

    /// The gate before any decoding.
    pub(super) fn admit(&self, limits: &Limits) -> Result<(), Refused> {
        if self.width == 0 || self.height == 0 {
            return Err(Refused::Undecodable);
        }
        let pixels = u64::from(self.width) * u64::from(self.height);
        let is_dear = match self.form {
            Form::Jpeg(_) => false,
            Form::Png { bits_per_pixel, .. } => pixels * bits_per_pixel / 8 > limits.max_png_bytes,
            Form::Webp { .. } => pixels > limits.max_webp_pixels,
        };
        let is_large = pixels > limits.max_pixels || self.width.max(self.height) > limits.max_side;
        if is_dear || is_large || self.memory(limits) > limits.max_memory {
            return Err(Refused::TooManyPixels);
        }
        Ok(())
    }
}

/// The kind by the first bytes; names and headers are not asked.
fn sniff(bytes: &[u8]) -> Result<Kind, Refused> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    // Pictures a phone or a desktop may well hold, which deserve a better answer than "not a picture".
    const KNOWN: [(&[u8], &str); 8] = [
        (b"GIF8", "GIF"),
        (b"BM", "BMP"),
        (b"II*\0", "TIFF or raw"),
        (b"MM\0*", "TIFF or raw"),
        (b"8BPS", "Photoshop"),
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    ];
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(Kind::Jpeg);
    }
    if bytes.starts_with(PNG) {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(Kind::Webp);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(Refused::Unsupported(brand(bytes)));
    }
    match KNOWN.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, name)) => Err(Refused::Unsupported(name)),
        None if PNG.starts_with(bytes) || [0xFF, 0xD8, 0xFF].starts_with(bytes) => Err(Refused::Truncated),
        None => Err(Refused::NotAnImage),
    }
}

/// What a file of the family of MP4 calls itself.
fn brand(bytes: &[u8]) -> &'static str {
    const HEIC: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    let main = bytes.get(8..12).unwrap_or_default();
    let others = bytes.get(16..).unwrap_or_default().as_chunks::<4>().0;
    let is_avif = |brand: &[u8]| brand == b"avif" || brand == b"avis";
    // AVIF may name itself behind the name of the family that it shares with HEIC.
    if is_avif(main) || others.iter().any(|brand| is_avif(brand)) {
        "AVIF"
    } else if HEIC.contains(&main) {
        "HEIC"
    } else {
        "video"
    }
}

/// The frame of a JPEG, over the segments in front of it.
fn jpeg_frame(file: &mut (impl Read + Seek)) -> Result<Frame, Refused> {
    let cut = |_| Refused::Truncated;
    let mut file = std::io::BufReader::new(file);
    file.seek(SeekFrom::Start(2)).map_err(cut)?;
    let byte = |file: &mut dyn Read| {
        let mut byte = [0];
        file.read_exact(&mut byte).map(|()| byte[0]).map_err(cut)
    };
    for _ in 0..MAX_SEGMENTS {
        if byte(&mut file)? != 0xFF {
            return Err(Refused::Undecodable);
        }
        let mut code = byte(&mut file)?;
        while code == 0xFF {
            code = byte(&mut file)?;
        }
        if !marker::has_body(code) || code == marker::SOS {
            return Err(Refused::Undecodable);
        }
        let length = u16::from_be_bytes([byte(&mut file)?, byte(&mut file)?]);
        let length = length.checked_sub(2).ok_or(Refused::Undecodable)?;
        if (marker::SOF_BASELINE..=marker::SOF_PROGRESSIVE).contains(&code) {
            let mut body = vec![0; length.into()];
            file.read_exact(&mut body).map_err(cut)?;
            return Frame::read(code, &body);
        }
        marker::is_known(code)?;
        file.seek_relative(length.into()).map_err(cut)?;
    }
    Err(Refused::Undecodable)
}

/// PNG's first chunk (ISO/IEC 15948, 11.2.2).
fn png_header(start: &[u8]) -> Result<Header, Refused> {
    let chunk = start.get(8..29).ok_or(Refused::Truncated)?;
    let &[0, 0, 0, 13, b'I', b'H', b'D', b'R', ref size @ .., depth, colour, _, _, interlacing] = chunk
    else {
        return Err(Refused::Undecodable);
    };
    let &[w3, w2, w1, w0, h3, h2, h1, h0] = size else { return Err(Refused::Undecodable) };
    let samples = match colour {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    Ok(Header {
        width: u32::from_be_bytes([w3, w2, w1, w0]),
        height: u32::from_be_bytes([h3, h2, h1, h0]),
        form: Form::Png { bits_per_pixel: u64::from(depth) * samples, is_interlaced: interlacing != 0 },
    })
}

/// The canvas of a WebP (RFC 9649, 2.5–2.7).
fn webp_canvas(start: &[u8]) -> Result<Header, Refused> {
    let (kind, body) = (start.get(12..16), start.get(20..).unwrap_or_default());
    let (width, height) = match (kind.ok_or(Refused::Truncated)?, body) {
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1, ..]) => {
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            (side(*w0, *w1), side(*h0, *h1))
        }
        (b"VP8L", [0x2F, b0, b1, b2, b3, ..]) => {
            let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
            ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        (b"VP8X", [_, _, _, _, w0, w1, w2, h0, h1, h2, ..]) => {
            (u32::from_le_bytes([*w0, *w1, *w2, 0]) + 1, u32::from_le_bytes([*h0, *h1, *h2, 0]) + 1)
        }
        _ if start.len() < WEBP_BYTES => return Err(Refused::Truncated),
        _ => return Err(Refused::Undecodable),
    };
    Ok(Header { width, height, form: Form::Webp { is_plain: kind == Some(b"VP8 ") } })
}
