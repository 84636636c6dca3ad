// The dearest pictures that are taken, made of few bytes: what somebody would send who wants to hold the server up.
import { crc32, deflateSync } from 'node:zlib';

/** By name: the bytes of one picture at the limits of its kind. */
export function dearest() {
  return {
    'PNG, interlaced, 16 bits, 24 megapixels': png(6000, 4000, { colour: 6, depth: 16, interlaced: true }),
    'PNG, 8 bits, 64 megapixels': png(8000, 8000, { colour: 2, depth: 8, interlaced: false }),
    'JPEG, progressive, full colour, 64 megapixels': progressive(8000, 8000),
    'JPEG, progressive, full colour, 55 megapixels': progressive(7420, 7420),
    'WebP, lossless, 12 megapixels': webp(4000, 3000),
  };
}

const SAMPLES = { 0: 1, 2: 3, 4: 2, 6: 4 };
const AT_ONCE = [[0, 1, 0, 1]];
/** First column, columns, first row, rows. */
const PASSES = [
  [0, 8, 0, 8],
  [4, 8, 0, 8],
  [0, 4, 4, 8],
  [2, 4, 0, 4],
  [0, 2, 2, 4],
  [1, 2, 0, 2],
  [0, 1, 1, 2],
];

/** All of one colour, each row under the dearest of the filters. */
function png(width, height, { colour, depth, interlaced }) {
  const rows = (interlaced ? PASSES : AT_ONCE).map(([left, wide, top, high]) => {
    const bytes = Math.ceil((Math.ceil((width - left) / wide) * SAMPLES[colour] * depth) / 8);
    const row = Buffer.alloc(bytes + 1);
    row[0] = 4;
    return Buffer.concat(Array(Math.ceil((height - top) / high)).fill(row));
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const packed = deflateSync(Buffer.concat(rows), { level: 9 });
  const start = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** Three components that come bit by bit, none of them sampled more coarsely. */
function progressive(width, height) {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const segment = (marker, ...body) => Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]);
  const oneCode = (place, symbol) => segment(0xc4, place, 1, ...Array(15).fill(0), symbol);
  const sides = [height >> 8, height & 255, width >> 8, width & 255];
  const details = [1, 2, 3].flatMap((id) => [
    segment(0xda, 1, id, 0, 1, 63, 0),
    // A bit of code, and fourteen that say how many blocks are empty.
    bits(Array(Math.ceil(blocks / 32_767)).fill([0x3fff, 15])),
  ]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array(64).fill(1)),
    segment(0xc2, 8, ...sides, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0),
    oneCode(0x00, 0x00),
    oneCode(0x10, 0xe0),
    segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0),
    bits(Array(blocks * 3).fill([0, 1])),
    ...details,
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Values of so many bits each, stuffed, and filled up with ones. */
function bits(values) {
  const bytes = [];
  let held = 0;
  let count = 0;
  for (const [value, size] of [...values, [0x7f, 7]]) {
    held = (held << size) | value;
    count += size;
    while (count >= 8) {
      count -= 8;
      const byte = (held >> count) & 255;
      bytes.push(byte);
      if (byte === 255) bytes.push(0);
    }
    held &= (1 << count) - 1;
  }
  return Buffer.from(bytes);
}

/** Codes of one symbol each, so that the pixels take no bits at all. */
function webp(width, height) {
  const stream = Buffer.alloc(16);
  stream[0] = 0x2f;
  stream.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  // No transforms, no cache, one group; then five times: simple, one symbol, of one bit, zero.
  let at = 40;
  for (const bit of [0, 0, 0, ...Array(5).fill([1, 0, 0, 0]).flat()]) {
    stream[at >> 3] |= bit << (at & 7);
    at += 1;
  }
  const head = Buffer.alloc(20);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(12 + stream.length, 4);
  head.write('WEBPVP8L', 8, 'latin1');
  head.writeUInt32LE(stream.length, 16);
  return Buffer.concat([head, stream]);
}
