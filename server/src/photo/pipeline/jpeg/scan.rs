//! JPEG's scans: which coefficients they bring, and where their coded data ends.

use super::frame::{Component, Frame};
use super::{Refused, marker};

/// The standard's limit (ISO/IEC 10918-1, B.2.3); browsers show nothing beyond it.
const MAX_BLOCKS_PER_UNIT: u32 = 10;

/// What a scan header says.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    /// By component: its place in the frame, its table for averages and its table for details.
    pub(super) components: Vec<(usize, usize, usize)>,
    /// The coefficients it brings, in zigzag order, 0–63.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Whether it adds a bit to what is known of them.
    pub(super) is_refining: bool,
    /// The lowest bit that it brings, 0–13.
    pub(super) low: u32,
}

/// Which coefficients of which components the scans so far have brought.
pub(super) struct Coverage {
    /// By component and coefficient: the lowest bit brought, if any.
    lowest_bit: [[Option<u8>; 64]; 4],
}

impl Default for Coverage {
    fn default() -> Self {
        Self { lowest_bit: [[None; 64]; 4] }
    }
}

impl Coverage {
    /// Reads a scan header (ISO/IEC 10918-1, B.2.3 and G.1.1.1) and checks it against the frame and the scans before it.
    pub(super) fn begin(&mut self, body: &[u8], frame: &Frame) -> Result<Scan, Refused> {
        let (&count, rest) = body.split_first().ok_or(Refused::Undecodable)?;
        let (selectors, &[first, last, bits]) = rest.split_last_chunk::<3>().ok_or(Refused::Undecodable)?;
        let (selectors, []) = selectors.as_chunks::<2>() else { return Err(Refused::Undecodable) };
        let most = frame.components.len();
        if selectors.len() != usize::from(count) || selectors.is_empty() || selectors.len() > most {
            return Err(Refused::Undecodable);
        }
        // A one-pass scan brings everything at once; some encoders fill in these fields wrongly, and nobody reads them.
        let (first, last, high, low) =
            if frame.is_progressive { (first, last, bits >> 4, bits & 15) } else { (0, 63, 0, 0) };
        let is_dc = first == 0;
        let is_band = is_dc && (last == 0 || !frame.is_progressive)
            || !is_dc && first <= last && last <= 63 && selectors.len() == 1;
        let is_precise = low <= 13 && (high == 0 || high == low + 1);
        if !is_band || !is_precise {
            return Err(Refused::Undecodable);
        }

        let mut components = Vec::with_capacity(4);
        for &[id, tables] in selectors {
            let place = frame
                .components
                .iter()
                .position(|component| component.id == id)
                .ok_or(Refused::Undecodable)?;
            let (averages, details) = (usize::from(tables >> 4), usize::from(tables & 15));
            if averages > 3 || details > 3 {
                return Err(Refused::Undecodable);
            }
            for bit in &mut self.lowest_bit[place][usize::from(first)..=usize::from(last)] {
                // A first pass brings what nothing brought before; a later one continues the one before it.
                let expected = if high == 0 { None } else { Some(high) };
                if *bit != expected {
                    return Err(Refused::Undecodable);
                }
                *bit = Some(low);
            }
            components.push((place, averages, details));
        }
        let in_group = |component: &Component| component.horizontal * component.vertical;
        let blocks: u32 = components.iter().map(|&(place, ..)| in_group(&frame.components[place])).sum();
        if components.len() > 1 && blocks > MAX_BLOCKS_PER_UNIT {
            return Err(Refused::Undecodable);
        }
        let (first, last) = (usize::from(first), usize::from(last));
        Ok(Scan { components, first, last, is_refining: high > 0, low: u32::from(low) })
    }

    /// Whether every coefficient has been brought to its last bit.
    pub(super) fn is_complete(&self, frame: &Frame) -> bool {
        self.lowest_bit.iter().take(frame.components.len()).flatten().all(|&bit| bit == Some(0))
    }
}

/// How many bytes there are before the next marker that is no restart, over all of them where there is none; and that
/// marker.
pub(super) fn extent(bytes: &[u8]) -> (usize, Option<u8>) {
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == 0xFF) {
        let start = at + found;
        let fill = bytes[start..].iter().take_while(|&&byte| byte == 0xFF).count();
        match bytes.get(start + fill) {
            Some(&next @ (0x01..marker::RST_FIRST | marker::SOI..)) => return (start, Some(next)),
            Some(_) => at = start + fill + 1,
            None => break,
        }
    }
    (bytes.len(), None)
}
