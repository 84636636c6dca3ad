//! JPEG's scans: which coefficients they bring, and where their coded data ends.

use super::{Component, Refused, marker};

/// The standard's limit (ISO/IEC 10918-1, B.2.3); browsers show nothing beyond it.
const MAX_BLOCKS_PER_UNIT: u32 = 10;

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
    /// Checks a scan header (ISO/IEC 10918-1, B.2.3 and G.1.1.1) against the frame and the scans before it. Returns
    /// the components it brings.
    pub(super) fn begin(
        &mut self,
        body: &[u8],
        frame: &[Component],
        is_progressive: bool,
    ) -> Result<Vec<Component>, Refused> {
        let (&count, rest) = body.split_first().ok_or(Refused::Undecodable)?;
        let (selectors, &[first, last, bits]) = rest.split_last_chunk::<3>().ok_or(Refused::Undecodable)?;
        let (selectors, []) = selectors.as_chunks::<2>() else { return Err(Refused::Undecodable) };
        if selectors.len() != usize::from(count) || selectors.is_empty() || selectors.len() > frame.len() {
            return Err(Refused::Undecodable);
        }
        // A one-pass scan brings everything at once; some encoders fill in these fields wrongly, and nobody reads them.
        let (first, last, high, low) =
            if is_progressive { (first, last, bits >> 4, bits & 15) } else { (0, 63, 0, 0) };
        let is_dc = first == 0;
        let is_band = is_dc && (last == 0 || !is_progressive)
            || !is_dc && first <= last && last <= 63 && selectors.len() == 1;
        let is_precise = low <= 13 && (high == 0 || high == low + 1);
        if !is_band || !is_precise {
            return Err(Refused::Undecodable);
        }

        let mut components = Vec::with_capacity(4);
        for &[id, tables] in selectors {
            let place = frame.iter().position(|component| component.id == id).ok_or(Refused::Undecodable)?;
            if tables >> 4 > 3 || tables & 15 > 3 {
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
            components.push(frame[place]);
        }
        let blocks: u32 = components.iter().map(|component| component.horizontal * component.vertical).sum();
        if components.len() > 1 && blocks > MAX_BLOCKS_PER_UNIT {
            return Err(Refused::Undecodable);
        }
        Ok(components)
    }

    /// Whether every coefficient has been brought to its last bit.
    pub(super) fn is_complete(&self, frame: &[Component]) -> bool {
        self.lowest_bit.iter().take(frame.len()).flatten().all(|&bit| bit == Some(0))
    }
}

/// Sixteen bytes of ones, as they are written in coded data. No code consists of ones only, so a decoder that runs past
/// the end of a broken picture stumbles here, where it would otherwise paint grey to the last row.
const FENCE: [u8; 32] = {
    let mut fence = [0; 32];
    let mut at = 0;
    while at < fence.len() {
        fence[at] = 0xFF;
        at += 2;
    }
    fence
};

/// The coded data of one scan, with its restart markers.
pub(super) struct Entropy<'a> {
    pub(super) bytes: &'a [u8],
    restarts: usize,
}

impl<'a> Entropy<'a> {
    /// Finds where the coded data ends. There must be a restart marker after every `interval` of the scan's `units`
    /// (0: none at all), in turn.
    pub(super) fn read(bytes: &'a [u8], interval: u32, units: u64) -> Result<Self, Refused> {
        let mut restarts = 0;
        let mut at = 0;
        let end = loop {
            let found = bytes[at..].iter().position(|&byte| byte == 0xFF).ok_or(Refused::Truncated)?;
            let start = at + found;
            let fill = bytes[start..].iter().take_while(|&&byte| byte == 0xFF).count();
            let next = *bytes.get(start + fill).ok_or(Refused::Truncated)?;
            at = start + fill + 1;
            match next {
                0x00 if fill == 1 => {}
                marker::RST_FIRST..=marker::RST_LAST => {
                    if interval == 0 || usize::from(next - marker::RST_FIRST) != restarts % 8 {
                        return Err(Refused::Undecodable);
                    }
                    restarts += 1;
                }
                0x00 => return Err(Refused::Undecodable),
                _ => break start,
            }
        };
        if interval > 0 {
            let expected = units.saturating_sub(1) / u64::from(interval);
            let found = restarts as u64;
            if found < expected {
                return Err(Refused::Truncated);
            }
            // Some encoders close the last interval, too.
            if found > expected + 1 {
                return Err(Refused::Undecodable);
            }
        }
        Ok(Self { bytes: &bytes[..end], restarts })
    }

    /// How many bytes [`Self::write`] writes.
    pub(super) fn written_len(&self, is_fenced: bool) -> usize {
        self.bytes.len() + if is_fenced { (self.restarts + 1) * FENCE.len() } else { 0 }
    }

    /// Writes the coded data, with a fence behind each interval if asked.
    pub(super) fn write(&self, out: &mut Vec<u8>, is_fenced: bool) {
        if !is_fenced {
            out.extend(self.bytes);
            return;
        }
        let mut rest = self.bytes;
        let is_restart =
            |pair: &[u8]| pair[0] == 0xFF && (marker::RST_FIRST..=marker::RST_LAST).contains(&pair[1]);
        while let Some(at) = (self.restarts > 0).then(|| rest.windows(2).position(is_restart)).flatten() {
            out.extend(&rest[..at]);
            out.extend(FENCE);
            out.extend(&rest[at..at + 2]);
            rest = &rest[at + 2..];
        }
        out.extend(rest);
        out.extend(FENCE);
    }
}
