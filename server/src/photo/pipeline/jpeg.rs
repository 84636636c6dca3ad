//! JPEG: takes the stream apart, decodes it strictly at the scale that is needed, and writes it again with nothing but
//! the picture.
//!
//! The decoder is our own, since those there are hold a progressive picture whole: 64 megapixels are 600 MB. This one
//! holds what the rendition is made of. It reads checked segments alone, never profiles, previews and camera notes.
//!
//! A picture is complete when its scans have brought every bit of every coefficient and the data has lasted to the last
//! block. What follows that is not looked at, not even whether there is an end marker: some phones write none.

mod bits;
mod frame;
mod idct;
mod planes;
mod progressive;
mod scan;
mod sequential;
mod tables;
mod walk;

use super::decode::Pixels;
use super::{Refused, render};
use idct::Idct;
use planes::Plane;
use scan::{Coverage, Scan, extent};
use tables::{Tables, read_huffman, read_quantization};
use walk::Ended;

pub(super) use frame::Frame;

/// More scans than any encoder writes. Each is a pass over the whole picture, so this bounds the time.
const MAX_SCANS: usize = 64;
/// Tables and restart definitions; likewise.
const MAX_SEGMENTS: usize = 512;
/// So many zeros at the end of the data are no picture, but the filling of a file that broke off.
const FILLING: [u8; 8] = [0; 8];

pub(super) mod marker {
    use super::Refused;

    pub(in crate::photo::pipeline) const SOF_BASELINE: u8 = 0xC0;
    pub(in crate::photo::pipeline) const SOF_PROGRESSIVE: u8 = 0xC2;
    pub(super) const DHT: u8 = 0xC4;
    pub(super) const RST_FIRST: u8 = 0xD0;
    pub(super) const RST_LAST: u8 = 0xD7;
    pub(super) const SOI: u8 = 0xD8;
    pub(super) const EOI: u8 = 0xD9;
    pub(in crate::photo::pipeline) const SOS: u8 = 0xDA;
    pub(super) const DQT: u8 = 0xDB;
    pub(super) const DRI: u8 = 0xDD;
    pub(super) const APP_JFIF: u8 = 0xE0;
    pub(super) const APP_EXIF: u8 = 0xE1;
    pub(super) const APP_ADOBE: u8 = 0xEE;
    pub(super) const APP_FIRST: u8 = 0xE0;
    pub(super) const APP_LAST: u8 = 0xEF;
    pub(super) const COM: u8 = 0xFE;

    /// Whether a frame that starts so, or a segment in front of it, is decoded here.
    ///
    /// Arithmetic coding, lossless and hierarchical frames: the standard has them, cameras do not.
    pub(in crate::photo::pipeline) fn is_known(marker: u8) -> Result<(), Refused> {
        match marker {
            SOF_BASELINE..=SOF_PROGRESSIVE | DHT | SOS | DQT | DRI | APP_FIRST..=APP_LAST | COM => Ok(()),
            _ => Err(Refused::Unsupported("JPEG of a rare coding")),
        }
    }

    /// Whether a segment with a length follows.
    pub(in crate::photo::pipeline) fn has_body(marker: u8) -> bool {
        !matches!(marker, 0x00 | 0x01 | 0xFF | RST_FIRST..=EOI)
    }
}

/// What is copied, in the order it came.
enum Part<'a> {
    Segment {
        marker: u8,
        body: &'a [u8],
    },
    /// A scan's header and its coded data, which is cut behind its last block once it is decoded.
    Scan {
        body: &'a [u8],
        scan: Scan,
        data: &'a [u8],
    },
}

/// What the components are.
#[derive(Debug, Clone, Copy)]
struct Colours {
    /// Luma and colour differences, rather than colours.
    is_luma: bool,
}

/// A JPEG stream taken apart, every segment checked, nothing decoded yet.
pub(super) struct Outline<'a> {
    pub(super) frame: Frame,
    /// The TIFF block of the first EXIF segment.
    pub(super) exif: Option<&'a [u8]>,
    has_jfif: bool,
    /// The colour transform of Adobe's segment: without it CMYK and RGB cannot be told from YCbCr.
    adobe: Option<u8>,
    parts: Vec<Part<'a>>,
    has_end: bool,
    is_mended: bool,
}

impl<'a> Outline<'a> {
    /// Takes the stream apart from its start to the scan that completes it; what follows that is not looked at.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        let mut reader = Reader { bytes, at: 2 };
        let mut frame: Option<Frame> = None;
        let (mut exif, mut has_jfif, mut adobe) = (None, false, None);
        let (mut parts, mut scans) = (Vec::new(), 0);
        let mut coverage = Coverage::default();
        loop {
            let marker = reader.marker()?;
            if marker == marker::EOI {
                // A stream whose end marker was put back after a cut still lacks scans.
                return Err(if frame.is_some() { Refused::Truncated } else { Refused::Undecodable });
            }
            if !marker::has_body(marker) {
                return Err(Refused::Undecodable);
            }
            let body = reader.body()?;
            match marker {
                marker::SOF_BASELINE..=marker::SOF_PROGRESSIVE => {
                    if frame.replace(Frame::read(marker, body)?).is_some() {
                        return Err(Refused::Undecodable);
                    }
                }
                marker::DQT => read_quantization(body, |_, _| {})?,
                marker::DHT => read_huffman(body, |_, _, _, _| {})?,
                marker::DRI => Tables::default().take(marker, body)?,
                marker::SOS => {
                    let frame = frame.as_ref().ok_or(Refused::Undecodable)?;
                    let scan = coverage.begin(body, frame)?;
                    let (length, next) = extent(reader.rest());
                    parts.push(Part::Scan { body, scan, data: &reader.rest()[..length] });
                    reader.at += length;
                    scans += 1;
                    if coverage.is_complete(frame) {
                        let (frame, has_end) = (frame.clone(), next == Some(marker::EOI));
                        return Ok(Self { frame, exif, has_jfif, adobe, parts, has_end, is_mended: false });
                    }
                }
                marker::APP_JFIF if body.starts_with(b"JFIF\0") => has_jfif = true,
                marker::APP_EXIF if exif.is_none() => exif = body.strip_prefix(b"Exif\0\0"),
                marker::APP_ADOBE if body.starts_with(b"Adobe") => adobe = body.get(11).copied(),
                _ => marker::is_known(marker)?,
            }
            if matches!(marker, marker::DQT | marker::DHT | marker::DRI)
                || (marker::SOF_BASELINE..=marker::SOF_PROGRESSIVE).contains(&marker)
            {
                parts.push(Part::Segment { marker, body });
            }
            if scans >= MAX_SCANS || parts.len() > MAX_SEGMENTS {
                return Err(Refused::Undecodable);
            }
        }
    }

    /// Whether browsers show the stream as we decode it: not so the four colours of print, nor one that was mended.
    pub(super) fn shows_alike_everywhere(&self) -> bool {
        self.frame.components.len() != 4 && !self.is_mended
    }

    /// The picture as large as a rendition with this longer edge, or why not. Strict: the data must last to the last
    /// block. Afterwards nothing that follows the last block of a scan is left.
    pub(super) fn decode(&mut self, edge: u32, max_memory: u64) -> Result<Pixels, Refused> {
        let scale = self.frame.scale(edge, max_memory);
        let idct = Idct::new(scale as usize);
        let kept = Plane::kept(scale);
        let frame = &self.frame;
        let mut planes: Vec<_> =
            frame.components.iter().map(|component| Plane::new(frame, component, scale)).collect();
        let mut tables = Tables::default();
        for part in &mut self.parts {
            match part {
                Part::Segment { marker, body } => tables.take(*marker, body)?,
                Part::Scan { scan, data, .. } => {
                    for &(place, ..) in &scan.components {
                        let table = usize::from(frame.components[place].table);
                        planes[place].begin(tables.quantization[table].as_deref())?;
                    }
                    let Ended { used, is_mended } = if frame.is_progressive {
                        progressive::decode(scan, frame, &tables, data, &mut planes, &kept)?
                    } else {
                        sequential::decode(scan, frame, &tables, data, &mut planes, &idct)?
                    };
                    self.is_mended |= is_mended;
                    (*data, _) = data.split_at(used);
                }
            }
        }
        if let (false, Some(Part::Scan { data, .. })) = (self.has_end, self.parts.last())
            && data.ends_with(&FILLING)
        {
            return Err(Refused::Truncated);
        }
        if frame.is_progressive {
            for plane in &mut planes {
                plane.finish(&idct, &kept)?;
            }
        }
        let size = render::fit(frame.width, frame.height, edge);
        planes::picture(planes, frame, scale, size, self.colours())
    }

    /// As the decoders of browsers see it: JFIF knows luma alone, then Adobe's word counts, then the components' names.
    fn colours(&self) -> Colours {
        let ids: Vec<u8> = self.frame.components.iter().map(|component| component.id).collect();
        let is_luma = match (self.adobe, ids.len()) {
            (_, 3) if self.has_jfif => true,
            (Some(transform), _) => transform != 0,
            (None, 3) => ids != *b"RGB",
            (None, _) => false,
        };
        Colours { is_luma }
    }

    /// How many bytes [`Self::rewrite`] makes, a few more at most.
    pub(super) fn rewritten_len(&self) -> usize {
        let size = |part: &Part<'_>| match part {
            Part::Segment { body, .. } => body.len() + 4,
            Part::Scan { body, data, .. } => body.len() + 4 + data.len(),
        };
        64 + self.parts.iter().map(size).sum::<usize>()
    }

    /// The stream with nothing but the picture in it; after [`Self::decode`].
    pub(super) fn rewrite(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.rewritten_len());
        out.extend([0xFF, marker::SOI]);
        // Headers of our own: the originals may hold a preview or a copyright beside the one byte that matters.
        match self.adobe {
            Some(transform) if !self.has_jfif => {
                let mut body = *b"Adobe\0\x64\0\0\0\0\0";
                body[11] = transform;
                push_segment(&mut out, marker::APP_ADOBE, &body);
            }
            _ if self.has_jfif => {
                push_segment(&mut out, marker::APP_JFIF, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
            }
            _ => {}
        }
        for part in &self.parts {
            match part {
                Part::Segment { marker, body } => push_segment(&mut out, *marker, body),
                Part::Scan { body, data, .. } => {
                    push_segment(&mut out, marker::SOS, body);
                    out.extend(*data);
                }
            }
        }
        out.extend([0xFF, marker::EOI]);
        out
    }
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
