//! Large pictures of few bytes, made bit by bit: the dearest that there are for what they weigh.

/// A progressive JPEG, grey all over, of components with these sampling factors.
pub(super) fn flat_progressive(width: u16, height: u16, sampling: &[(u8, u8)]) -> Vec<u8> {
    flat(0xC2, width, height, sampling)
}

/// The same in one go.
pub(super) fn flat_baseline(width: u16, height: u16, sampling: &[(u8, u8)]) -> Vec<u8> {
    flat(0xC0, width, height, sampling)
}

fn flat(frame: u8, width: u16, height: u16, sampling: &[(u8, u8)]) -> Vec<u8> {
    let is_progressive = frame == 0xC2;
    let count = u8::try_from(sampling.len()).expect("few components");
    let mut out = vec![0xFF, 0xD8];
    segment(&mut out, 0xDB, &[&[0][..], &[1; 64]].concat());
    let mut body = vec![8];
    body.extend(height.to_be_bytes());
    body.extend(width.to_be_bytes());
    body.push(count);
    for (id, &(wide, high)) in (1..).zip(sampling) {
        body.extend([id, wide << 4 | high, 0]);
    }
    segment(&mut out, frame, &body);
    // One code of one bit for each: no difference; the end of a block, or of as many as a run may hold.
    let one_code = |class: u8, symbol: u8| [&[class << 4, 1][..], &[0; 15], &[symbol]].concat();
    segment(&mut out, 0xC4, &one_code(0, 0));
    segment(&mut out, 0xC4, &one_code(1, if is_progressive { 0xE0 } else { 0 }));

    let most = |of: fn(&(u8, u8)) -> u8| u32::from(sampling.iter().map(of).max().expect("a component"));
    let (most_wide, most_high) = (most(|of| of.0), most(|of| of.1));
    let (width, height) = (u32::from(width), u32::from(height));
    let groups = width.div_ceil(8 * most_wide) * height.div_ceil(8 * most_high);
    let per_group: u32 = match sampling {
        [_] => 1,
        _ => sampling.iter().map(|&(wide, high)| u32::from(wide * high)).sum(),
    };
    let selected: Vec<u8> = (1..=count).flat_map(|id| [id, 0]).collect();
    if !is_progressive {
        segment(&mut out, 0xDA, &[&[count][..], &selected, &[0, 63, 0]].concat());
        bits(&mut out, std::iter::repeat_n((0, 2), (groups * per_group) as usize));
    } else {
        segment(&mut out, 0xDA, &[&[count][..], &selected, &[0, 0, 0]].concat());
        bits(&mut out, std::iter::repeat_n((0, 1), (groups * per_group) as usize));
        for (id, &(wide, high)) in (1..).zip(sampling) {
            let across = (width * u32::from(wide)).div_ceil(most_wide).div_ceil(8);
            let down = (height * u32::from(high)).div_ceil(most_high).div_ceil(8);
            segment(&mut out, 0xDA, &[1, id, 0, 1, 63, 0]);
            // A bit of code and fourteen of the run's length.
            bits(&mut out, std::iter::repeat_n((0x3FFF, 15), (across * down).div_ceil(32_767) as usize));
        }
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend(u16::try_from(body.len() + 2).expect("short").to_be_bytes());
    out.extend(body);
}

/// Writes values of so many bits each, stuffed, and filled up with ones.
fn bits(out: &mut Vec<u8>, values: impl Iterator<Item = (u32, u32)>) {
    let (mut held, mut count) = (0u64, 0);
    let mut push = |out: &mut Vec<u8>, value: u32, size: u32| {
        held = held << size | u64::from(value);
        count += size;
        while count >= 8 {
            count -= 8;
            let byte = (held >> count).to_le_bytes()[0];
            out.push(byte);
            if byte == 0xFF {
                out.push(0);
            }
        }
    };
    for (value, size) in values {
        push(out, value, size);
    }
    push(out, 0x7F, 7);
}

/// An interlaced PNG of RGBA with 16 bits a channel, all of it one colour: as dear as a PNG can be for its bytes.
pub(super) fn interlaced_png(width: u32, height: u32) -> Vec<u8> {
    png_of(width, height, 6, 16, true)
}

/// A PNG whose rows are all zeros: colour type and bit depth as in its header.
pub(super) fn png_of(width: u32, height: u32, colour: u8, depth: u8, is_interlaced: bool) -> Vec<u8> {
    use std::io::Write;
    let samples = [1, 0, 3, 1, 2, 0, 4][usize::from(colour)];
    let row = |wide: u32| 1 + (u64::from(wide) * u64::from(depth) * samples).div_ceil(8);
    let rows: Vec<(u64, u32)> = if is_interlaced {
        [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)]
            .map(|(left, wide, top, high): (u32, u32, u32, u32)| {
                (row(width.saturating_sub(left).div_ceil(wide)), height.saturating_sub(top).div_ceil(high))
            })
            .into_iter()
            .filter(|&(bytes, _)| bytes > 1)
            .collect()
    } else {
        vec![(row(width), height)]
    };
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for (bytes, count) in rows {
        let mut line = vec![0; usize::try_from(bytes).expect("a row")];
        // The dearest of the filters.
        line[0] = 4;
        for _ in 0..count {
            packed.write_all(&line).expect("packed");
        }
    }
    let packed = packed.finish().expect("packed");
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(&mut out, b"IHDR", &[&size[..], &[depth, colour, 0, 0, is_interlaced.into()]].concat());
    if colour == 3 {
        chunk(&mut out, b"PLTE", &[200, 100, 50]);
    }
    chunk(&mut out, b"IDAT", &packed);
    chunk(&mut out, b"IEND", b"");
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    out.extend(u32::try_from(body.len()).expect("short").to_be_bytes());
    let named = [&kind[..], body].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    out.extend(named);
    out.extend(crc.sum().to_be_bytes());
}
