//! Checks JPEG's table segments, so that what is copied is a table and nothing beside it.

use super::Refused;

/// One or more quantization tables (ISO/IEC 10918-1, B.2.4.1), filling the segment exactly.
pub(super) fn check_quantization(mut body: &[u8]) -> Result<(), Refused> {
    while let Some((&head, rest)) = body.split_first() {
        let (precision, slot) = (head >> 4, head & 15);
        if precision > 1 || slot > 3 {
            return Err(Refused::Undecodable);
        }
        let length = 64 << precision;
        body = rest.get(length..).ok_or(Refused::Undecodable)?;
    }
    Ok(())
}

/// One or more Huffman tables (B.2.4.2), filling the segment exactly.
pub(super) fn check_huffman(mut body: &[u8]) -> Result<(), Refused> {
    while let Some((&head, rest)) = body.split_first() {
        let (class, slot) = (head >> 4, head & 15);
        let (lengths, rest) = rest.split_first_chunk::<16>().ok_or(Refused::Undecodable)?;
        let codes: usize = lengths.iter().copied().map(usize::from).sum();
        // Codes of one length take up a share of all 16-bit strings. The string of ones must stay free (C.2): it is
        // what lets the decoder notice that it has run past the end.
        let taken: u32 =
            (1u32..).zip(lengths).map(|(length, &codes)| u32::from(codes) << (16 - length)).sum();
        if class > 1 || slot > 3 || codes > 256 || taken > 0xFFFF {
            return Err(Refused::Undecodable);
        }
        body = rest.get(codes..).ok_or(Refused::Undecodable)?;
    }
    Ok(())
}
