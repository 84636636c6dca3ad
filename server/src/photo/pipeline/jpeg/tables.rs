//! JPEG's table segments: checked, so that what is copied is a table and nothing beside it, and made ready to decode with.

use super::Refused;
use super::marker;

/// Bits that are looked up at once; longer codes are rare.
const QUICK_BITS: u32 = 9;

/// Where the zigzag order leads, as row × 8 + column.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Steps of quantization, in zigzag order.
pub(super) type Steps = [u16; 64];

/// One Huffman table.
#[derive(Clone)]
pub(super) struct Huffman {
    /// By the first bits: the length of the code and its symbol; length 0 where the code is longer.
    quick: Box<[(u8, u8); 1 << QUICK_BITS]>,
    /// By length less one: the first 16-bit string beyond the codes of this length, and what leads to its symbols.
    longer: [(u32, u32); 16],
    symbols: Vec<u8>,
}

impl Huffman {
    fn new(lengths: &[u8; 16], symbols: &[u8]) -> Self {
        let mut quick = Box::new([(0, 0); 1 << QUICK_BITS]);
        let mut longer = [(0, 0); 16];
        // Codes are counted as the 16-bit strings that they begin.
        let (mut code, mut index) = (0u32, 0u32);
        for ((length, &codes), longer) in (1u8..).zip(lengths).zip(&mut longer) {
            let share = 1 << (16 - length);
            *longer = (code + u32::from(codes) * share, index.wrapping_sub(code / share));
            for _ in 0..codes {
                if u32::from(length) <= QUICK_BITS {
                    let first = (code >> (16 - QUICK_BITS)) as usize;
                    let filled = 1 << (QUICK_BITS - u32::from(length));
                    quick[first..first + filled].fill((length, symbols[index as usize]));
                }
                code += share;
                index += 1;
            }
        }
        Self { quick, longer, symbols: symbols.to_vec() }
    }

    /// The length of the code at the top of these bits, and its symbol; length 0 where there is no such code.
    #[inline]
    pub(super) fn find(&self, bits: u64) -> (u32, u8) {
        let (length, symbol) = self.quick[(bits >> (64 - QUICK_BITS)) as usize];
        if length > 0 { (length.into(), symbol) } else { self.find_longer(bits) }
    }

    #[cold]
    fn find_longer(&self, bits: u64) -> (u32, u8) {
        let string = u32::try_from(bits >> 48).unwrap_or(u32::MAX);
        for (length, (beyond, lead)) in (1..).zip(self.longer) {
            if length > QUICK_BITS && string < beyond {
                let index = (string >> (16 - length)).wrapping_add(lead);
                let symbol = self.symbols.get(index as usize);
                return symbol.map_or((0, 0), |&symbol| (length, symbol));
            }
        }
        (0, 0)
    }
}

/// The tables in force at a place of the stream.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) quantization: [Option<Box<Steps>>; 4],
    /// For the averages of blocks.
    pub(super) averages: [Option<Huffman>; 4],
    /// For the other coefficients.
    pub(super) details: [Option<Huffman>; 4],
    /// Coded units between restart markers; 0 where there are none.
    pub(super) restart_interval: u32,
}

impl Tables {
    /// Takes over a segment of tables; any other changes nothing.
    pub(super) fn take(&mut self, marker: u8, body: &[u8]) -> Result<(), Refused> {
        match marker {
            marker::DQT => read_quantization(body, |slot, steps| self.quantization[slot] = Some(steps)),
            marker::DHT => read_huffman(body, |is_detail, slot, lengths, symbols| {
                let tables = if is_detail { &mut self.details } else { &mut self.averages };
                tables[slot] = Some(Huffman::new(lengths, symbols));
            }),
            marker::DRI => {
                let bytes = body.try_into().map_err(|_| Refused::Undecodable)?;
                self.restart_interval = u32::from(u16::from_be_bytes(bytes));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// One or more quantization tables (ISO/IEC 10918-1, B.2.4.1), filling the segment exactly.
pub(super) fn read_quantization(
    mut body: &[u8],
    mut take: impl FnMut(usize, Box<Steps>),
) -> Result<(), Refused> {
    while let Some((&head, rest)) = body.split_first() {
        let (precision, slot) = (head >> 4, usize::from(head & 15));
        if precision > 1 || slot > 3 {
            return Err(Refused::Undecodable);
        }
        let (steps, rest) = rest.split_at_checked(64 << precision).ok_or(Refused::Undecodable)?;
        let wide = steps.as_chunks::<2>().0;
        take(
            slot,
            Box::new(std::array::from_fn(|at| {
                if precision == 0 { u16::from(steps[at]) } else { u16::from_be_bytes(wide[at]) }
            })),
        );
        body = rest;
    }
    Ok(())
}

/// One or more Huffman tables (B.2.4.2), filling the segment exactly. Whether it is for details, its number, how many
/// codes have each length, and their symbols.
pub(super) fn read_huffman(
    mut body: &[u8],
    mut take: impl FnMut(bool, usize, &[u8; 16], &[u8]),
) -> Result<(), Refused> {
    while let Some((&head, rest)) = body.split_first() {
        let (class, slot) = (head >> 4, usize::from(head & 15));
        let (lengths, rest) = rest.split_first_chunk::<16>().ok_or(Refused::Undecodable)?;
        let codes: usize = lengths.iter().copied().map(usize::from).sum();
        // Codes of one length take up a share of all 16-bit strings. The string of ones must stay free (C.2).
        let taken: u32 =
            (1u32..).zip(lengths).map(|(length, &codes)| u32::from(codes) << (16 - length)).sum();
        if class > 1 || slot > 3 || codes > 256 || taken > 0xFFFF {
            return Err(Refused::Undecodable);
        }
        let (symbols, rest) = rest.split_at_checked(codes).ok_or(Refused::Undecodable)?;
        take(class == 1, slot, lengths, symbols);
        body = rest;
    }
    Ok(())
}
