//! JPEG: reads the outline of the stream, decodes it strictly, and writes it again with nothing but the picture.
//!
//! The decoder never sees the bytes as sent. It gets a stream that was taken apart into checked segments and put
//! together again, so its parsers of profiles, previews and camera notes have nothing to chew on.

mod scan;
mod tables;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Refused;
use scan::{Coverage, Entropy};

/// More scans than any encoder writes. Each is a pass over the whole picture, so this bounds the time.
const MAX_SCANS: usize = 64;
/// Tables and restart definitions; likewise.
const MAX_SEGMENTS: usize = 512;

mod marker {
    pub(super) const SOF_BASELINE: u8 = 0xC0;
    pub(super) const SOF_EXTENDED: u8 = 0xC1;
    pub(super) const SOF_PROGRESSIVE: u8 = 0xC2;
    pub(super) const DHT: u8 = 0xC4;
    pub(super) const RST_FIRST: u8 = 0xD0;
    pub(super) const RST_LAST: u8 = 0xD7;
    pub(super) const SOI: u8 = 0xD8;
    pub(super) const EOI: u8 = 0xD9;
    pub(super) const SOS: u8 = 0xDA;
    pub(super) const DQT: u8 = 0xDB;
    pub(super) const DRI: u8 = 0xDD;
    pub(super) const APP_JFIF: u8 = 0xE0;
    pub(super) const APP_EXIF: u8 = 0xE1;
    pub(super) const APP_ADOBE: u8 = 0xEE;
    pub(super) const APP_FIRST: u8 = 0xE0;
    pub(super) const APP_LAST: u8 = 0xEF;
    pub(super) const COM: u8 = 0xFE;
}

/// One component of the frame: its number and sampling factors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    id: u8,
    horizontal: u32,
    vertical: u32,
}

/// What is copied, in the order it came.
enum Part<'a> {
    Segment { marker: u8, body: &'a [u8] },
    Entropy(Entropy<'a>),
}

/// A JPEG stream taken apart, every segment checked, nothing decoded yet.
pub(super) struct Outline<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    /// The TIFF block of the first EXIF segment.
    pub(super) exif: Option<&'a [u8]>,
    components: Vec<Component>,
    is_progressive: bool,
    scans: usize,
    has_jfif: bool,
    /// The colour transform of Adobe's segment: without it CMYK and RGB cannot be told from YCbCr.
    adobe: Option<u8>,
    parts: Vec<Part<'a>>,
}

impl<'a> Outline<'a> {
    /// Takes the stream apart from its start to its end marker; what follows that is not looked at.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        let mut reader = Reader { bytes, at: 2 };
        let mut outline = Self {
            width: 0,
            height: 0,
            exif: None,
            components: Vec::new(),
            is_progressive: false,
            scans: 0,
            has_jfif: false,
            adobe: None,
            parts: Vec::new(),
        };
        let mut coverage = Coverage::default();
        let mut restart_interval = 0;
        loop {
            let marker = reader.marker()?;
            if marker == marker::EOI {
                break;
            }
            if !has_body(marker) {
                return Err(Refused::Undecodable);
            }
            let body = reader.body()?;
            match marker {
                marker::SOF_BASELINE | marker::SOF_EXTENDED | marker::SOF_PROGRESSIVE => {
                    outline.read_frame(marker, body)?;
                }
                marker::DQT => tables::check_quantization(body)?,
                marker::DHT => tables::check_huffman(body)?,
                marker::DRI => {
                    let bytes = body.try_into().map_err(|_| Refused::Undecodable)?;
                    restart_interval = u32::from(u16::from_be_bytes(bytes));
                }
                marker::SOS => {
                    let components = coverage.begin(body, &outline.components, outline.is_progressive)?;
                    let units = outline.units(&components);
                    let entropy = Entropy::read(reader.rest(), restart_interval, units)?;
                    reader.at += entropy.bytes.len();
                    outline.scans += 1;
                    outline.parts.push(Part::Segment { marker, body });
                    outline.parts.push(Part::Entropy(entropy));
                }
                marker::APP_FIRST..=marker::APP_LAST => outline.read_application(marker, body),
                marker::COM => {}
                // Arithmetic coding, lossless and hierarchical frames: the standard has them, cameras do not.
                _ => return Err(Refused::Unsupported),
            }
            if matches!(marker, marker::DQT | marker::DHT | marker::DRI)
                || (marker::SOF_BASELINE..=marker::SOF_PROGRESSIVE).contains(&marker)
            {
                outline.parts.push(Part::Segment { marker, body });
            }
            if outline.scans > MAX_SCANS || outline.parts.len() > MAX_SEGMENTS {
                return Err(Refused::Undecodable);
            }
        }
        if outline.components.is_empty() {
            return Err(Refused::Undecodable);
        }
        // A stream whose end marker was put back after a cut still lacks scans.
        if !coverage.is_complete(&outline.components) {
            return Err(Refused::Truncated);
        }
        Ok(outline)
    }

    /// What the decoder holds at its peak: the RGB picture, and the coefficients of all components where they do not
    /// come in one go.
    pub(super) fn bytes_per_pixel(&self) -> u64 {
        let coefficients: u64 = if self.scans > 1 || self.is_progressive {
            let (wide, high) = self.sampling();
            let samples: u32 = self.components.iter().map(|c| c.horizontal * c.vertical).sum();
            u64::from(2 * samples).div_ceil(u64::from(wide * high))
        } else {
            0
        };
        3 + coefficients
    }

    /// Whether browsers show the stream as we decoded it: not so the four colours of print.
    pub(super) fn shows_alike_everywhere(&self) -> bool {
        self.components.len() != 4
    }

    /// RGB pixels, or why not. Strict: the data must last to the last block.
    pub(super) fn decode(&self) -> Result<Vec<u8>, Refused> {
        let options = DecoderOptions::default()
            .set_strict_mode(true)
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            .jpeg_set_max_scans(MAX_SCANS)
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let stream = self.write(true);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&stream), options);
        decoder.decode_headers().map_err(|_| Refused::Undecodable)?;
        let expected = self.width as usize * self.height as usize * 3;
        if decoder.output_buffer_size() != Some(expected) {
            return Err(Refused::Undecodable);
        }
        let mut rgb = vec![0; expected];
        decoder.decode_into(&mut rgb).map_err(|_| Refused::Undecodable)?;
        Ok(rgb)
    }

    /// The stream with nothing but the picture in it.
    pub(super) fn rewrite(&self) -> Vec<u8> {
        self.write(false)
    }

    /// `with_fences`: so that the decoder cannot run past the end of a scan unnoticed. That goes for all scans but
    /// those the decoder leaves only when it happens to read the next marker: the first of a progressive picture, and
    /// all but the last of a sequential one. A cut there leaves later scans missing, which is noticed anyway.
    fn write(&self, with_fences: bool) -> Vec<u8> {
        let size: usize = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Segment { body, .. } => body.len() + 4,
                Part::Entropy(entropy) => entropy.written_len(with_fences),
            })
            .sum();
        let mut out = Vec::with_capacity(size + 64);
        let mut scan = 0;
        out.extend([0xFF, marker::SOI]);
        // Headers of our own: the originals may hold a preview or a copyright beside the one byte that matters.
        match self.adobe {
            Some(transform) => {
                let mut body = *b"Adobe\0\x64\0\0\0\0\0";
                body[11] = transform;
                push_segment(&mut out, marker::APP_ADOBE, &body);
            }
            None if self.has_jfif => {
                push_segment(&mut out, marker::APP_JFIF, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
            }
            None => {}
        }
        for part in &self.parts {
            match part {
                Part::Segment { marker, body } => push_segment(&mut out, *marker, body),
                Part::Entropy(entropy) => {
                    scan += 1;
                    let is_left_by_count = if self.is_progressive { scan > 1 } else { scan == self.scans };
                    entropy.write(&mut out, with_fences && is_left_by_count);
                }
            }
        }
        out.extend([0xFF, marker::EOI]);
        out
    }

    fn read_frame(&mut self, marker: u8, body: &[u8]) -> Result<(), Refused> {
        let &[precision, h1, h0, w1, w0, count, ref rest @ ..] = body else {
            return Err(Refused::Undecodable);
        };
        let (components, []) = rest.as_chunks::<3>() else { return Err(Refused::Undecodable) };
        if !self.components.is_empty() || components.len() != usize::from(count) {
            return Err(Refused::Undecodable);
        }
        if precision != 8 || !matches!(count, 1 | 3 | 4) {
            return Err(Refused::Unsupported);
        }
        self.height = u32::from(u16::from_be_bytes([h1, h0]));
        self.width = u32::from(u16::from_be_bytes([w1, w0]));
        self.is_progressive = marker == marker::SOF_PROGRESSIVE;
        for &[id, sampling, table] in components {
            let component =
                Component { id, horizontal: u32::from(sampling >> 4), vertical: u32::from(sampling & 15) };
            let is_known = |factor| matches!(factor, 1 | 2 | 4);
            let is_repeated = self.components.iter().any(|other| other.id == id);
            if !is_known(component.horizontal) || !is_known(component.vertical) || is_repeated || table > 3 {
                return Err(Refused::Undecodable);
            }
            self.components.push(component);
        }
        // The first component is the one that is seen sharply. The decoder spoils pictures where another is finer,
        // and nobody makes them.
        let (wide, high) = self.sampling();
        if self.components.first().is_some_and(|first| (first.horizontal, first.vertical) != (wide, high)) {
            return Err(Refused::Unsupported);
        }
        Ok(())
    }

    fn read_application(&mut self, marker: u8, body: &'a [u8]) {
        match marker {
            marker::APP_JFIF if body.starts_with(b"JFIF\0") => self.has_jfif = true,
            marker::APP_EXIF if self.exif.is_none() => self.exif = body.strip_prefix(b"Exif\0\0"),
            marker::APP_ADOBE if body.starts_with(b"Adobe") => self.adobe = body.get(11).copied(),
            _ => {}
        }
    }

    /// The largest sampling factors: the picture's resolution.
    fn sampling(&self) -> (u32, u32) {
        let wide = self.components.iter().map(|c| c.horizontal).max().unwrap_or(1);
        let high = self.components.iter().map(|c| c.vertical).max().unwrap_or(1);
        (wide, high)
    }

    /// Coded units in a scan of these components (ISO/IEC 10918-1, A.2): blocks of the one component, or groups of
    /// blocks of several.
    fn units(&self, components: &[Component]) -> u64 {
        let (wide, high) = self.sampling();
        let (across, down) = match components {
            [only] => (
                (self.width * only.horizontal).div_ceil(wide).div_ceil(8),
                (self.height * only.vertical).div_ceil(high).div_ceil(8),
            ),
            _ => (self.width.div_ceil(8 * wide), self.height.div_ceil(8 * high)),
        };
        u64::from(across) * u64::from(down)
    }
}

fn has_body(marker: u8) -> bool {
    !matches!(marker, 0x00 | 0x01 | 0xFF | marker::RST_FIRST..=marker::EOI)
}

fn push_segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    // A body came out of a segment or is one of our two headers, so it fits a segment's length.
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(body);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next marker, over any fill bytes.
    fn marker(&mut self) -> Result<u8, Refused> {
        match self.rest() {
            [0xFF, ..] => {}
            [] => return Err(Refused::Truncated),
            _ => return Err(Refused::Undecodable),
        }
        let fill = self.rest().iter().take_while(|&&byte| byte == 0xFF).count();
        let marker = *self.rest().get(fill).ok_or(Refused::Truncated)?;
        self.at += fill + 1;
        Ok(marker)
    }

    /// The body of the segment whose marker was just read.
    fn body(&mut self) -> Result<&'a [u8], Refused> {
        let &[high, low, ref rest @ ..] = self.rest() else { return Err(Refused::Truncated) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let length = length.checked_sub(2).ok_or(Refused::Undecodable)?;
        self.at += 2 + length;
        rest.get(..length).ok_or(Refused::Truncated)
    }
}
