//! Goes through the blocks of a scan in the order of the stream, from one restart marker to the next.

use super::Refused;
use super::bits::Bits;
use super::frame::Frame;
use super::scan::Scan;

/// What is done with each block.
pub(super) trait Coder {
    /// Reads a block: of the scan's component with this number, in this row and column of its plane.
    fn block(&mut self, bits: &mut Bits<'_>, component: usize, row: u32, column: u32) -> Result<(), Refused>;

    /// Forgets what was known of the blocks before.
    fn restart(&mut self);
}

/// What was found at the end of a scan.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ended {
    /// Bytes that its last block reaches to.
    pub(super) used: usize,
    /// Whether a restart marker was missing between whole intervals.
    pub(super) is_mended: bool,
}

/// Reads all blocks of a scan. `interval`: units between restart markers, 0 for none.
pub(super) fn walk(
    scan: &Scan,
    frame: &Frame,
    interval: u32,
    bytes: &[u8],
    coder: &mut impl Coder,
) -> Result<Ended, Refused> {
    let mut bits = Bits::new(bytes);
    let mut ended = Ended::default();
    // A component alone comes block by block, several in groups (ISO/IEC 10918-1, A.2).
    let ((across, down), groups) = match scan.components[..] {
        [(only, ..)] => (frame.blocks(&frame.components[only]), vec![(1, 1)]),
        _ => {
            let of = |&(place, ..): &(usize, usize, usize)| {
                (frame.components[place].horizontal, frame.components[place].vertical)
            };
            (frame.groups(), scan.components.iter().map(of).collect())
        }
    };
    let (mut left, mut number) = (interval, 0);
    for row in 0..down {
        for column in 0..across {
            if interval > 0 {
                if left == 0 {
                    ended.is_mended |= !bits.restart(number)?;
                    number = (number + 1) % 8;
                    left = interval;
                    coder.restart();
                }
                left -= 1;
            }
            for (component, &(wide, high)) in groups.iter().enumerate() {
                for y in 0..high {
                    for x in 0..wide {
                        coder.block(&mut bits, component, row * high + y, column * wide + x)?;
                    }
                }
            }
        }
    }
    (ended.used, _) = bits.end();
    Ok(ended)
}
