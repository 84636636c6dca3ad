//! Reads blocks that come whole (ISO/IEC 10918-1, F.2) and draws each at once.

use super::Refused;
use super::bits::Bits;
use super::frame::Frame;
use super::idct::Idct;
use super::planes::Plane;
use super::scan::Scan;
use super::tables::{Huffman, Tables, ZIGZAG};
use super::walk::{Coder, Ended, walk};

struct Sequential<'a> {
    planes: &'a mut [Plane],
    idct: &'a Idct,
    components: Vec<Part<'a>>,
    block: [f32; 64],
}

struct Part<'a> {
    plane: usize,
    averages: &'a Huffman,
    details: &'a Huffman,
    steps: [f32; 64],
    average: i32,
}

/// Decodes a scan of blocks that come whole.
pub(super) fn decode(
    scan: &Scan,
    frame: &Frame,
    tables: &Tables,
    bytes: &[u8],
    planes: &mut [Plane],
    idct: &Idct,
) -> Result<Ended, Refused> {
    let mut components = Vec::with_capacity(4);
    for &(plane, averages, details) in &scan.components {
        components.push(Part {
            plane,
            averages: tables.averages[averages].as_ref().ok_or(Refused::Undecodable)?,
            details: tables.details[details].as_ref().ok_or(Refused::Undecodable)?,
            steps: planes[plane].steps.ok_or(Refused::Undecodable)?,
            average: 0,
        });
    }
    let mut coder = Sequential { planes, idct, components, block: [0.0; 64] };
    walk(scan, frame, tables.restart_interval, bytes, &mut coder)
}

impl Coder for Sequential<'_> {
    #[inline]
    fn block(&mut self, bits: &mut Bits<'_>, component: usize, row: u32, column: u32) -> Result<(), Refused> {
        let part = &mut self.components[component];
        let last = part.read(bits, &mut self.block)?;
        self.planes[part.plane].draw(self.idct, row, column, &self.block, last);
        if last > 0 {
            self.block.fill(0.0);
        }
        Ok(())
    }

    fn restart(&mut self) {
        for part in &mut self.components {
            part.average = 0;
        }
    }
}

impl Part<'_> {
    /// Reads a block into an empty one; the place in zigzag order of its last coefficient.
    #[inline]
    fn read(&mut self, bits: &mut Bits<'_>, block: &mut [f32; 64]) -> Result<usize, Refused> {
        let size = bits.symbol(self.averages)?;
        if size > 15 {
            return Err(Refused::Undecodable);
        }
        self.average = self.average.wrapping_add(bits.signed(size.into())?);
        block[0] = self.average as f32 * self.steps[0];
        let (mut next, mut last) = (1, 0);
        while next < 64 {
            let code = bits.symbol(self.details)?;
            let (run, size) = (usize::from(code >> 4), u32::from(code & 15));
            if size == 0 {
                if run < 15 {
                    break;
                }
                next += 16;
                continue;
            }
            next += run;
            let (Some(&natural), Some(step)) = (ZIGZAG.get(next), self.steps.get(next)) else {
                return Err(Refused::Undecodable);
            };
            block[usize::from(natural) & 63] = bits.signed(size)? as f32 * step;
            last = next;
            next += 1;
        }
        Ok(last)
    }
}
