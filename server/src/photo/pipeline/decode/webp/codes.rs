//! What the prefix codes of a lossless WebP take in memory, reckoned before its library makes them.
//!
//! A few bits may ask for 65 536 groups of five codes, each a table of kilobytes: five megabytes made 1.3 GB. The groups
//! are named by a small picture of their own, which is read here, and then the lengths of the codes.

use crate::photo::pipeline::Refused;

/// Symbols of the five codes of a group (RFC 9649, 6.2): green with lengths, red, blue, alpha, distance.
const SYMBOLS: [usize; 5] = [256 + 24, 256, 256, 256, 40];
/// The order in which the lengths of the lengths' own code come (RFC 9649, 6.2.1).
const LENGTH_ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const LONGEST: usize = 15;
/// How the library keeps a code: a table of its first bits, and nodes for what is longer.
const TABLE_BITS: usize = 10;
const ENTRY_BYTES: u64 = 4;
const NODE_BYTES: u64 = 16;
const CODE_BYTES: u64 = 64;

/// Bytes that the codes of this stream take. `size` is that of the picture where the stream does not say it itself.
pub(super) fn memory(stream: &[u8], size: Option<(u32, u32)>) -> Result<u64, Refused> {
    let mut bits = Bits { bytes: stream, at: 0 };
    let (mut width, height) = match size {
        Some(size) => size,
        None => {
            if bits.read(8)? != 0x2F {
                return Err(Refused::Undecodable);
            }
            let size = (bits.read(14)? + 1, bits.read(14)? + 1);
            bits.read(4)?;
            size
        }
    };
    let mut seen = [false; 4];
    while bits.read(1)? == 1 {
        let transform = bits.read(2)?;
        if std::mem::replace(&mut seen[transform as usize], true) {
            return Err(Refused::Undecodable);
        }
        match transform {
            // A picture of predictors or of colours, one pixel to a square.
            0 | 1 => {
                let by = bits.read(3)? + 2;
                small_picture(&mut bits, squares(width, by), squares(height, by))?;
            }
            2 => {}
            _ => {
                let colours = bits.read(8)? + 1;
                small_picture(&mut bits, colours, 1)?;
                // Few colours are several pixels to a byte.
                width = squares(
                    width,
                    match colours {
                        0..=2 => 3,
                        3..=4 => 2,
                        5..=16 => 1,
                        _ => 0,
                    },
                );
            }
        }
    }
    let cached = cached_colours(&mut bits)?;
    let mut groups = 1;
    if bits.read(1)? == 1 {
        let by = bits.read(3)? + 2;
        groups += small_picture(&mut bits, squares(width, by), squares(height, by))?;
    }
    let mut memory = 0;
    for _ in 0..groups {
        for code in codes(cached) {
            memory += CODE_BYTES + bytes_of(&lengths(&mut bits, code)?);
        }
    }
    Ok(memory)
}

fn squares(side: u32, bits: u32) -> u32 {
    side.div_ceil(1 << bits)
}

fn codes(cached: usize) -> [usize; 5] {
    let [green, others @ ..] = SYMBOLS;
    let [red, blue, alpha, distance] = others;
    [green + cached, red, blue, alpha, distance]
}

fn cached_colours(bits: &mut Bits<'_>) -> Result<usize, Refused> {
    Ok(if bits.read(1)? == 1 { 1 << bits.read(4)? } else { 0 })
}

/// Goes over a picture of one group of codes. The largest number that its red and green name: whatever is copied from
/// elsewhere in it came once as it is.
fn small_picture(bits: &mut Bits<'_>, width: u32, height: u32) -> Result<u32, Refused> {
    let cached = cached_colours(bits)?;
    let mut group = Vec::with_capacity(5);
    for code in codes(cached) {
        group.push(Code::new(&lengths(bits, code)?)?);
    }
    let [green, red, blue, alpha, distance] = &group[..] else { return Err(Refused::Undecodable) };
    let (mut left, mut largest) = (u64::from(width) * u64::from(height), 0);
    while left > 0 {
        let symbol = green.read(bits)?;
        let pixels = match symbol {
            0..256 => {
                largest = largest.max(red.read(bits)? << 8 | symbol);
                blue.read(bits)?;
                alpha.read(bits)?;
                1
            }
            256..280 => {
                let length = distance_of(symbol - 256, bits)?;
                let far = distance.read(bits)?;
                distance_of(far, bits)?;
                length
            }
            _ => 1,
        };
        left = left.checked_sub(u64::from(pixels)).ok_or(Refused::Undecodable)?;
    }
    Ok(largest)
}

/// A length or distance of a prefix and more bits (RFC 9649, 5.2.2).
fn distance_of(prefix: u32, bits: &mut Bits<'_>) -> Result<u32, Refused> {
    if prefix < 4 {
        return Ok(prefix + 1);
    }
    let more = (prefix - 2) >> 1;
    Ok(((2 + (prefix & 1)) << more) + bits.read(more)? + 1)
}

/// The lengths of the codes of so many symbols (RFC 9649, 6.2.1), in bits; of a code of one symbol no more than that.
fn lengths(bits: &mut Bits<'_>, symbols: usize) -> Result<Vec<u8>, Refused> {
    let mut lengths = vec![0; symbols];
    if bits.read(1)? == 1 {
        let has_two = bits.read(1)? == 1;
        let wide = 1 + 7 * bits.read(1)?;
        let first = bits.read(wide)?;
        *lengths.get_mut(first as usize).ok_or(Refused::Undecodable)? = 1;
        if has_two {
            let second = bits.read(8)?;
            *lengths.get_mut(second as usize).ok_or(Refused::Undecodable)? = 1;
        }
        return Ok(lengths);
    }
    let mut own = [0; 19];
    let count = 4 + bits.read(4)?;
    for &place in LENGTH_ORDER.iter().take(count as usize) {
        own[place] = u8::try_from(bits.read(3)?).unwrap_or(0);
    }
    let own = Code::new(&own)?;
    let mut most = if bits.read(1)? == 1 {
        let wide = 2 + 2 * bits.read(3)?;
        2 + bits.read(wide)? as usize
    } else {
        symbols
    };
    let (mut at, mut before) = (0, 8);
    while at < symbols && most > 0 {
        most -= 1;
        let (length, repeated) = match own.read(bits)? {
            16 => (before, 3 + bits.read(2)?),
            17 => (0, 3 + bits.read(3)?),
            18 => (0, 11 + bits.read(7)?),
            length => (u8::try_from(length).unwrap_or(0), 1),
        };
        if length != 0 {
            before = length;
        }
        let end = at + repeated as usize;
        lengths.get_mut(at..end).ok_or(Refused::Undecodable)?.fill(length);
        at = end;
    }
    Ok(lengths)
}

/// What the library keeps of a code with these lengths.
fn bytes_of(lengths: &[u8]) -> u64 {
    let longest = lengths.iter().copied().max().map_or(0, usize::from);
    let beyond = lengths.iter().filter(|&&length| usize::from(length) > TABLE_BITS).count();
    (ENTRY_BYTES << longest.min(TABLE_BITS)) + NODE_BYTES * 2 * beyond as u64
}

/// A prefix code: by its first bits, last bit first, the length and the symbol.
struct Code {
    table: Vec<(u8, u16)>,
    longest: usize,
}

impl Code {
    fn new(lengths: &[u8]) -> Result<Self, Refused> {
        let longest = lengths.iter().copied().max().map_or(0, usize::from);
        let used: Vec<usize> = (0..lengths.len()).filter(|&symbol| lengths[symbol] > 0).collect();
        let symbol_of = |symbol: usize| u16::try_from(symbol).map_err(|_| Refused::Undecodable);
        match used[..] {
            [] => return Err(Refused::Undecodable),
            // The one symbol takes no bits.
            [only] => return Ok(Self { table: vec![(0, symbol_of(only)?)], longest: 0 }),
            _ if longest > LONGEST => return Err(Refused::Undecodable),
            _ => {}
        }
        let mut table = vec![(0, 0); 1 << longest];
        let mut code = 0usize;
        for length in 1..=longest {
            for &symbol in used.iter().filter(|&&symbol| usize::from(lengths[symbol]) == length) {
                if code >> length > 0 {
                    return Err(Refused::Undecodable);
                }
                let first = code.reverse_bits() >> (usize::BITS as usize - length);
                for place in (first..table.len()).step_by(1 << length) {
                    table[place] = (lengths[symbol], symbol_of(symbol)?);
                }
                code += 1;
            }
            code <<= 1;
        }
        Ok(Self { table, longest })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<u32, Refused> {
        let (length, symbol) = self.table[bits.peek() as usize & ((1 << self.longest) - 1)];
        if length == 0 && self.longest > 0 {
            return Err(Refused::Undecodable);
        }
        bits.skip(length.into())?;
        Ok(symbol.into())
    }
}

/// Bits from the lowest of each byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    /// Bits read.
    at: usize,
}

impl Bits<'_> {
    /// The next bits, zeros behind the end; as many as are ever read at once.
    fn peek(&self) -> u32 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let mut word = [0; 8];
        for (place, &byte) in word.iter_mut().zip(rest) {
            *place = byte;
        }
        let bits = u64::from_le_bytes(word) >> (self.at % 8);
        u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0)
    }

    fn skip(&mut self, count: u32) -> Result<(), Refused> {
        self.at += count as usize;
        if self.at > self.bytes.len() * 8 { Err(Refused::Truncated) } else { Ok(()) }
    }

    fn read(&mut self, count: u32) -> Result<u32, Refused> {
        let bits = self.peek() & ((1 << count) - 1);
        self.skip(count)?;
        Ok(bits)
    }
}
