//! JPEG's frame: size, components, how they are sampled, and what decoding them at a reduced scale costs.

use super::{Refused, marker};
use crate::photo::pipeline::render;

/// Samples along the edge of a block as it is coded.
pub(super) const BLOCK: u32 = 8;

/// Bytes of tables and the like, whatever the size.
const TABLES_BYTES: u64 = 2 * 1024 * 1024;

/// One component of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, 1–4.
    pub(super) horizontal: u32,
    pub(super) vertical: u32,
    /// Its quantization table, 0–3.
    pub(super) table: u8,
}

/// What the frame header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::photo::pipeline) struct Frame {
    /// Pixels.
    pub(in crate::photo::pipeline) width: u32,
    /// Pixels.
    pub(in crate::photo::pipeline) height: u32,
    pub(super) components: Vec<Component>,
    pub(super) is_progressive: bool,
}

impl Frame {
    pub(in crate::photo::pipeline) fn read(marker: u8, body: &[u8]) -> Result<Self, Refused> {
        let &[precision, h1, h0, w1, w0, count, ref rest @ ..] = body else {
            return Err(Refused::Undecodable);
        };
        let (described, []) = rest.as_chunks::<3>() else { return Err(Refused::Undecodable) };
        if described.len() != usize::from(count) {
            return Err(Refused::Undecodable);
        }
        if precision != 8 || !matches!(count, 1 | 3 | 4) {
            return Err(Refused::Unsupported("JPEG of a rare coding"));
        }
        let mut components: Vec<Component> = Vec::with_capacity(4);
        for &[id, sampling, table] in described {
            let (horizontal, vertical) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            let is_repeated = components.iter().any(|other| other.id == id);
            let is_known = |factor| (1..=4).contains(&factor);
            if !is_known(horizontal) || !is_known(vertical) || is_repeated || table > 3 {
                return Err(Refused::Undecodable);
            }
            components.push(Component { id, horizontal, vertical, table });
        }
        Ok(Self {
            width: u32::from(u16::from_be_bytes([w1, w0])),
            height: u32::from(u16::from_be_bytes([h1, h0])),
            components,
            is_progressive: marker == marker::SOF_PROGRESSIVE,
        })
    }

    /// The largest sampling factors: the picture's resolution.
    pub(super) fn sampling(&self) -> (u32, u32) {
        let wide = self.components.iter().map(|c| c.horizontal).max().unwrap_or(1);
        let high = self.components.iter().map(|c| c.vertical).max().unwrap_or(1);
        (wide, high)
    }

    /// Groups of blocks across and down (ISO/IEC 10918-1, A.2.4).
    pub(super) fn groups(&self) -> (u32, u32) {
        let (wide, high) = self.sampling();
        (self.width.div_ceil(BLOCK * wide), self.height.div_ceil(BLOCK * high))
    }

    /// Blocks of a component across and down, as scans of it alone count them (A.2.3).
    pub(super) fn blocks(&self, component: &Component) -> (u32, u32) {
        let (wide, high) = self.sampling();
        (
            (self.width * component.horizontal).div_ceil(wide).div_ceil(BLOCK),
            (self.height * component.vertical).div_ceil(high).div_ceil(BLOCK),
        )
    }

    /// The scale in eighths at which the picture is decoded, for a rendition with this longer edge: so much larger than
    /// the rendition that reducing the rest is sharp, unless that needs more memory than there may be.
    pub(in crate::photo::pipeline) fn scale(&self, edge: u32, max_memory: u64) -> u32 {
        let longer = self.width.max(self.height).max(1);
        let scale_to = |edge: u32| (edge * BLOCK).div_ceil(longer).clamp(1, BLOCK);
        let least = scale_to(edge);
        let wanted = scale_to(edge + edge * 3 / 8);
        (least..=wanted).rev().find(|&scale| self.memory(scale, edge) <= max_memory).unwrap_or(least)
    }

    /// Bytes that decoding at this scale takes at its peak, beside the bytes as sent.
    pub(in crate::photo::pipeline) fn memory(&self, scale: u32, edge: u32) -> u64 {
        let (across, down) = self.groups();
        let blocks = self.components.iter().map(|component| {
            let in_group = u64::from(component.horizontal * component.vertical);
            u64::from(across) * u64::from(down) * in_group
        });
        let samples = u64::from(scale * scale);
        let planes: u64 = blocks.clone().map(|blocks| blocks * samples).sum();
        let decoding = if self.is_progressive {
            // Two bytes a coefficient, a bit for each of the sixty-four; the first plane is made beside them.
            let largest = blocks.clone().max().unwrap_or(0) * samples;
            blocks.sum::<u64>() * (2 * samples + 8) + largest
        } else {
            planes
        };
        let (width, height) = render::fit(self.width, self.height, edge);
        let rendition = u64::from(width) * u64::from(height);
        // Then the components are resized one by one, the picture is made of them, and it is turned and encoded.
        decoding.max(planes + planes / 2 + rendition * 7).max(rendition * 8) + TABLES_BYTES
    }
}
