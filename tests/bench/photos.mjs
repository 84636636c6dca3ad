// The photos that are sent while measuring: drawn with grain, about 250 KB at 1600×1200, with the EXIF of a phone.
// Every one is another photo: the picture is one of a few, the id that the camera gives each shot is its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import jpeg from 'jpeg-js';

const SHOT_ID = '0'.repeat(32);

/** Photos as a phone's page sends them; `fresh()` gives one that was never sent before. */
export function album(count = 8) {
  const shots = Array.from({ length: count }, (_, seed) => photo({ seed, width: 1600, height: 1200 }));
  const places = shots.map((bytes) => bytes.indexOf(SHOT_ID, 0, 'latin1'));
  let next = 0;
  return {
    bytes: Math.round(shots.reduce((sum, shot) => sum + shot.length, 0) / count),
    fresh() {
      const at = next++ % count;
      const bytes = Buffer.from(shots[at]);
      bytes.write(randomBytes(16).toString('hex'), places[at], 'latin1');
      return bytes;
    },
  };
}

/** Writes the inputs of the comparison of pipelines into a folder; what each of them is, by its name. */
export function pipelineInputs(folder) {
  const inputs = {
    'a-1600x1200-upright.jpg': { seed: 1, width: 1600, height: 1200 },
    'b-1600x1200-turned.jpg': { seed: 2, width: 1600, height: 1200, orientation: 6 },
    'c-4032x3024-upright.jpg': { seed: 3, width: 4032, height: 3024, quality: 80 },
    'd-4032x3024-turned.jpg': { seed: 4, width: 4032, height: 3024, quality: 80, orientation: 6 },
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, input] of Object.entries(inputs)) writeFileSync(join(folder, name), photo(input));
  return Object.keys(inputs);
}

/** A drawn photo as a JPEG with a phone's EXIF. */
export function photo({ seed, width, height, quality = 60, orientation = 1 }) {
  const picture = Buffer.from(jpeg.encode({ data: street(seed, width, height), width, height }, quality).data);
  const tiff = exif(orientation);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(8 + tiff.length, 2);
  head.write('Exif\0\0', 4, 'latin1');
  return Buffer.concat([picture.subarray(0, 2), head, tiff, picture.subarray(2)]);
}

/** Sky, house fronts, paving, and the grain of a small sensor. */
function street(seed, width, height) {
  const data = Buffer.allocUnsafe(width * height * 4);
  let noise = (seed + 1) * 2654435761;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const y = row / height;
    for (let column = 0; column < width; column += 1) {
      const x = column / width;
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const grain = (noise >>> 27) - 16;
      const tile = (Math.floor(x * 24 + seed) + Math.floor(y * 30)) % 2;
      const wave = 16 * Math.sin(x * (90 + seed)) * Math.sin(y * 130);
      const [r, g, b] = y < 0.3 ? [120 + 60 * y, 170 + 80 * y, 228] : [96 + 60 * tile + wave, 90 + 50 * y + wave, 84 + 40 * tile];
      data[at++] = clamped(r + grain);
      data[at++] = clamped(g + grain);
      data[at++] = clamped(b + grain);
      data[at++] = 255;
    }
  }
  return data;
}

function clamped(value) {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** EXIF's TIFF block: maker, orientation, time, the shot's id, a position. */
function exif(orientation) {
  const ascii = (tag, text) => entry(tag, 2, text.length + 1, Buffer.from(`${text}\0`, 'latin1'));
  const long = (tag, value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return entry(tag, 4, 1, bytes);
  };
  const short = (tag, value) => entry(tag, 3, 1, Buffer.from([value, 0, 0, 0]));
  const degrees = (tag, ...parts) => {
    const bytes = Buffer.alloc(24);
    parts.forEach((part, index) => {
      bytes.writeUInt32LE(part, index * 8);
      bytes.writeUInt32LE(1, index * 8 + 4);
    });
    return entry(tag, 5, 3, bytes);
  };
  const first = (cameraAt, positionAt) => [
    ascii(0x010f, 'Testfon'),
    ascii(0x0110, 'TF-12'),
    short(0x0112, orientation),
    long(0x8769, cameraAt),
    long(0x8825, positionAt),
  ];
  const camera = [ascii(0x9003, '2026:01:15 09:30:00'), ascii(0xa420, SHOT_ID)];
  const position = [ascii(1, 'N'), degrees(2, 30, 0, 5), ascii(3, 'E'), degrees(4, 120, 0, 7)];
  const cameraAt = 8 + directory(first(0, 0), 8).length;
  const positionAt = cameraAt + directory(camera, cameraAt).length;
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]),
    directory(first(cameraAt, positionAt), 8),
    directory(camera, cameraAt),
    directory(position, positionAt),
  ]);
}

function entry(tag, type, count, bytes) {
  return { tag, type, count, bytes };
}

/** One image file directory at `offset`, the values that do not fit its entries behind it. */
function directory(entries, offset) {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length, 0);
  const values = [];
  let valueAt = offset + table.length;
  entries.forEach(({ tag, type, count, bytes }, index) => {
    const at = 2 + index * 12;
    table.writeUInt16LE(tag, at);
    table.writeUInt16LE(type, at + 2);
    table.writeUInt32LE(count, at + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, at + 8);
      return;
    }
    table.writeUInt32LE(valueAt, at + 8);
    // TIFF wants every value to begin at an even offset.
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    values.push(padded);
    valueAt += padded.length;
  });
  return Buffer.concat([table, ...values]);
}
