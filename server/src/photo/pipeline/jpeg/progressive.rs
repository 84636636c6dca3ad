//! Reads blocks that come bit by bit (ISO/IEC 10918-1, G). Of the coefficients that the scale has no use for only is kept
//! whether they are zero, since the stream is read by that.

use super::Refused;
use super::bits::Bits;
use super::frame::Frame;
use super::planes::Plane;
use super::scan::Scan;
use super::tables::{Huffman, Tables};
use super::walk::{Coder, Ended, walk};

/// Decodes a scan that brings some bits of some coefficients. `kept`: see [`Plane::kept`].
pub(super) fn decode(
    scan: &Scan,
    frame: &Frame,
    tables: &Tables,
    bytes: &[u8],
    planes: &mut [Plane],
    kept: &[u8; 64],
) -> Result<Ended, Refused> {
    let table =
        |tables: &'_ [Option<Huffman>; 4], slot: usize| tables[slot].clone().ok_or(Refused::Undecodable);
    let interval = tables.restart_interval;
    if scan.first == 0 {
        let mut components = Vec::with_capacity(4);
        for &(plane, averages, _) in &scan.components {
            // Bits that are added to averages come without a code.
            let coded = if scan.is_refining { None } else { Some(table(&tables.averages, averages)?) };
            components.push((plane, coded, 0));
        }
        return walk(scan, frame, interval, bytes, &mut Averages { planes, components, low: scan.low });
    }
    let &[(plane, _, details)] = &scan.components[..] else { return Err(Refused::Undecodable) };
    let band = Band {
        plane: &mut planes[plane],
        kept,
        used: (0..64).filter(|&order| kept[order] < 64).map(|order| 1 << order).sum(),
        table: &table(&tables.details, details)?,
        first: scan.first,
        last: scan.last,
        low: scan.low,
        empty_blocks: 0,
    };
    if scan.is_refining {
        walk(scan, frame, interval, bytes, &mut Refining(band))
    } else {
        walk(scan, frame, interval, bytes, &mut Beginning(band))
    }
}

/// The averages of blocks.
struct Averages<'a> {
    planes: &'a mut [Plane],
    /// By component: its plane, its table if this is the first time, the average of the block before.
    components: Vec<(usize, Option<Huffman>, i32)>,
    low: u32,
}

impl Coder for Averages<'_> {
    fn block(&mut self, bits: &mut Bits<'_>, component: usize, row: u32, column: u32) -> Result<(), Refused> {
        let (plane, table, average) = &mut self.components[component];
        let plane = &mut self.planes[*plane];
        let per_block = plane.per_block();
        let place = plane.place(row, column) * per_block;
        let value = &mut plane.coefficients[place];
        if let Some(table) = table {
            let size = bits.symbol(table)?;
            if size > 15 {
                return Err(Refused::Undecodable);
            }
            *average = average.wrapping_add(bits.signed(size.into())?);
            *value = narrow(average.wrapping_shl(self.low));
        } else if bits.bit()? {
            *value |= 1 << self.low;
        }
        Ok(())
    }

    fn restart(&mut self) {
        for (_, _, average) in &mut self.components {
            *average = 0;
        }
    }
}

/// Some coefficients of the blocks of one component.
struct Band<'a> {
    plane: &'a mut Plane,
    kept: &'a [u8; 64],
    /// Those that the scale has a use for, from the lowest bit.
    used: u64,
    table: &'a Huffman,
    first: usize,
    last: usize,
    low: u32,
    /// Blocks that follow and bring nothing new.
    empty_blocks: u32,
}

impl Band<'_> {
    /// How many blocks bring nothing new, this one among them: a run's length is a power of two and more bits (G.1.2.2).
    fn run_of_empty(bits: &mut Bits<'_>, size: usize) -> Result<u32, Refused> {
        let size = u32::try_from(size).unwrap_or(0);
        let more = if size == 0 { 0 } else { bits.unsigned(size)? };
        Ok((1 << size) + more.cast_unsigned())
    }

    fn set(&mut self, block: usize, order: usize, value: i32) {
        self.plane.filled[block] |= 1 << order;
        let per_block = self.plane.per_block();
        let place = usize::from(self.kept[order]);
        if place < per_block {
            self.plane.coefficients[block * per_block + place] = narrow(value);
        }
    }

    /// Reads the next bit of each of these coefficients, none of which is zero.
    #[inline]
    fn refine(&mut self, bits: &mut Bits<'_>, block: usize, these: u64) -> Result<(), Refused> {
        for half in [these & u64::from(u32::MAX), these & !u64::from(u32::MAX)] {
            let count = half.count_ones();
            let told = bits.several(count)?;
            let mut left = half & self.used;
            while left != 0 {
                let order = left.trailing_zeros();
                left &= left - 1;
                // Their bits come in the same order.
                let before = (half & ((1 << order) - 1)).count_ones();
                if told >> (count - 1 - before) & 1 == 1 {
                    self.grow(block, order as usize);
                }
            }
        }
        Ok(())
    }

    /// Moves a coefficient away from zero by what the lowest bit of this scan is worth.
    fn grow(&mut self, block: usize, order: usize) {
        let per_block = self.plane.per_block();
        let place = usize::from(self.kept[order]);
        if place < per_block {
            let value = &mut self.plane.coefficients[block * per_block + place];
            let step = 1 << self.low;
            *value = if *value < 0 { value.wrapping_sub(step) } else { value.wrapping_add(step) };
        }
    }
}

/// Coefficients that come for the first time (G.1.2.2).
struct Beginning<'a>(Band<'a>);

impl Coder for Beginning<'_> {
    fn block(&mut self, bits: &mut Bits<'_>, _: usize, row: u32, column: u32) -> Result<(), Refused> {
        let band = &mut self.0;
        if band.empty_blocks > 0 {
            band.empty_blocks -= 1;
            return Ok(());
        }
        let block = band.plane.place(row, column);
        let mut order = band.first;
        while order <= band.last {
            let code = bits.symbol(band.table)?;
            let (run, size) = (usize::from(code >> 4), u32::from(code & 15));
            if size == 0 {
                if run < 15 {
                    band.empty_blocks = Band::run_of_empty(bits, run)? - 1;
                    break;
                }
                order += 16;
                continue;
            }
            order += run;
            if order > band.last {
                return Err(Refused::Undecodable);
            }
            let value = bits.signed(size)?;
            band.set(block, order, value << band.low);
            order += 1;
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.0.empty_blocks = 0;
    }
}

/// One more bit of coefficients that came before, and those that were zero up to now (G.1.2.3).
struct Refining<'a>(Band<'a>);

impl Coder for Refining<'_> {
    fn block(&mut self, bits: &mut Bits<'_>, _: usize, row: u32, column: u32) -> Result<(), Refused> {
        let band = &mut self.0;
        let block = band.plane.place(row, column);
        let filled = band.plane.filled[block];
        let within = u64::MAX >> (63 - band.last);
        let mut order = band.first;
        while band.empty_blocks == 0 && order <= band.last {
            let code = bits.symbol(band.table)?;
            let (run, size) = (code >> 4, code & 15);
            let value = match size {
                0 if run < 15 => {
                    band.empty_blocks = Band::run_of_empty(bits, run.into())?;
                    break;
                }
                0 => None,
                1 => Some(if bits.bit()? { 1 << band.low } else { -1 << band.low }),
                _ => return Err(Refused::Undecodable),
            };
            // Over so many zeros, to the next; what is not zero gets its bit on the way.
            let ahead = (u64::MAX << order) & within;
            let mut zeros = !filled & ahead;
            for _ in 0..run {
                zeros &= zeros.saturating_sub(1);
            }
            if zeros == 0 {
                band.refine(bits, block, filled & ahead)?;
                return if value.is_none() { Ok(()) } else { Err(Refused::Undecodable) };
            }
            let place = zeros.trailing_zeros() as usize;
            band.refine(bits, block, filled & ahead & ((1 << place) - 1))?;
            if let Some(value) = value {
                band.set(block, place, value);
            }
            order = place + 1;
        }
        if band.empty_blocks > 0 {
            band.empty_blocks -= 1;
            if order < 64 {
                band.refine(bits, block, filled & (u64::MAX << order) & within)?;
            }
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.0.empty_blocks = 0;
    }
}

fn narrow(value: i32) -> i16 {
    i16::try_from(value.clamp(i16::MIN.into(), i16::MAX.into())).unwrap_or(0)
}
