//! From the bytes somebody sent to what others may see: checked, decoded once, upright, without metadata.
//!
//! [`process`] is pure and synchronous: bytes in, two JPEG pictures and the facts about them out. It takes
//! milliseconds to seconds of one core and up to [`Limits::max_memory`] bytes, so a server calls it off its
//! async threads and behind a semaphore. It fails closed: what cannot be decoded to the last row is refused, and no
//! byte of it is ever shown to anybody.
//!
//! # What is stored
//!
//! The full rendition is encoded anew, except for a JPEG that is already upright, small enough and not wasteful: that
//! is most of what phones send, since the page reduces photos before sending. Such a picture is *rewritten*: only the
//! frame, its tables and the coded picture are copied, each checked, behind a header of our own; application
//! segments, comments, embedded previews, second pictures and everything after the end are left behind, and the
//! pixels stay exactly as sent. The rewritten stream has been decoded to the end before it is kept.
//!
//! What rewriting cannot exclude is a payload hidden on purpose in the coded picture itself (after its last block,
//! or in the low bits of its coefficients). No camera writes facts there, and encoding anew would not exclude the
//! second either. Renditions are served with their own media type and `nosniff`, so such bytes are inert.
//!
//! # Colour
//!
//! Colour profiles are dropped, not applied: a wide-gamut original loses a little saturation. The page's canvas has
//! already converted to sRGB what it reduces, a profile is one more hostile format to parse, and nobody judges a
//! pothole by its red. Transparency is laid on white; 16-bit, grey and CMYK pictures become 8-bit RGB.

mod decode;
mod exif;
mod fingerprint;
mod header;
mod jpeg;
mod orient;
mod render;
mod shrink;
#[cfg(test)]
mod tests;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

pub use exif::{CapturedAt, Facts, Position};
pub use fingerprint::Fingerprint;
pub use header::{Header, Kind};
pub use orient::Orientation;

/// What a photo may cost, and how large its renditions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes as sent.
    pub max_bytes: usize,
    /// Pixels of the original, width × height, read from its header before anything is decoded.
    pub max_pixels: u64,
    /// Pixels along the longer edge of the original.
    pub max_side: u32,
    /// Bytes that the rows of a PNG have when they are unpacked: what its time goes by.
    pub max_png_bytes: u64,
    /// Pixels of a WebP, which is decoded whole.
    pub max_webp_pixels: u64,
    /// Bytes of memory the decoder may need, known from the header before anything is decoded. The bytes as sent come
    /// on top.
    pub max_memory: u64,
    /// Pixels along the longer edge of the full rendition; a smaller original is never enlarged.
    pub full_edge: u32,
    /// Pixels along the longer edge of the thumbnail.
    pub thumb_edge: u32,
    /// JPEG quality of what is encoded here, 1–100.
    pub quality: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 30 * 1024 * 1024,
            max_pixels: 64_000_000,
            max_side: 16_384,
            max_png_bytes: 192_000_000,
            max_webp_pixels: 12_000_000,
            max_memory: 128 * 1024 * 1024,
            full_edge: 2048,
            thumb_edge: 320,
            quality: 82,
        }
    }
}

/// Why a photo was not taken. Every variant says something different to whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No bytes at all: an upload that broke off before it began.
    #[error("the photo has no bytes")]
    Empty,
    /// More than [`Limits::max_bytes`].
    #[error("the photo has more bytes than allowed")]
    TooLarge,
    /// Neither a picture nor anything that looks like one, whatever its name or header said.
    #[error("the bytes are not a picture")]
    NotAnImage,
    /// A picture of a kind that is not taken (HEIC, GIF, AVIF …, or a rare coding of JPEG), and which.
    #[error("pictures of this kind ({0}) are not taken: send JPEG, PNG or WebP")]
    Unsupported(&'static str),
    /// Several frames: evidence is one picture, and keeping only the first would lose the rest silently.
    #[error("moving pictures are not taken")]
    Animated,
    /// More than [`Limits::max_pixels`], [`Limits::max_side`] or [`Limits::max_memory`].
    #[error("the photo has more pixels than allowed")]
    TooManyPixels,
    /// The picture ends before its last row: an upload or a copy that broke off.
    #[error("the photo is cut off")]
    Truncated,
    /// Damaged in any other way.
    #[error("the photo cannot be decoded")]
    Undecodable,
}

impl Refused {
    /// The stable code for the API and for logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::NotAnImage => "not_an_image",
            Self::Unsupported(_) => "unsupported",
            Self::Animated => "animated",
            Self::TooManyPixels => "too_many_pixels",
            Self::Truncated => "truncated",
            Self::Undecodable => "undecodable",
        }
    }
}

/// One stored picture: a JPEG without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    pub jpeg: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Everything that is kept of a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Processed {
    /// What the bytes were.
    pub kind: Kind,
    /// Width of the original in pixels, turned upright.
    pub width: u32,
    /// Height of the original in pixels, turned upright.
    pub height: u32,
    /// SHA-256 of the bytes as sent, lower-case hex.
    pub sha256: String,
    /// How the picture looks, to find the same picture used again.
    pub fingerprint: Fingerprint,
    /// What the camera wrote beside the picture; in none of the renditions.
    pub facts: Facts,
    pub full: Rendition,
    pub thumb: Rendition,
}

/// Checks, decodes and reduces one photo.
///
/// # Errors
///
/// [`Refused`] says why the photo is not taken. Whatever the bytes are, there is no panic.
pub fn process(bytes: &[u8], limits: &Limits) -> Result<Processed, Refused> {
    // The decoders are other people's work on hostile input. A panic in one of them is a picture that cannot be
    // decoded, not a request that dies; nothing shared is touched, so nothing is left half-done.
    catch_unwind(AssertUnwindSafe(|| run(bytes, limits))).unwrap_or(Err(Refused::Undecodable))
}

fn run(bytes: &[u8], limits: &Limits) -> Result<Processed, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > limits.max_bytes {
        return Err(Refused::TooLarge);
    }
    let header = Header::read(&mut Cursor::new(bytes))?;
    header.admit(limits)?;
    let decoded = decode::decode(bytes, &header, limits)?;
    let facts = decoded.exif.as_deref().map(exif::read).unwrap_or_default();
    let sent = (header.width, header.height);
    let (width, height) = facts.orientation.upright(sent.0, sent.1);

    let rendered = render::render(decoded.pixels, sent, decoded.outline.as_ref(), facts.orientation, limits)?;
    Ok(Processed {
        kind: header.kind(),
        width,
        height,
        sha256: hex::encode(Sha256::digest(bytes)),
        fingerprint: rendered.fingerprint,
        facts,
        full: rendered.full,
        thumb: rendered.thumb,
    })
}
