// Photos as phones make them: twelve megapixels lying on their side, with EXIF that says where, when, by what
// and how to turn them. Drawn, deterministic, and made once per checkout.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import jpeg from "jpeg-js";

/** The upright picture; the file holds it turned, as a phone held upright does. */
export const UPRIGHT = { width: 3024, height: 4032 };
export const CAMERA = { make: "Testfon", model: "TF-12 Kamera" };
/** When the camera says that it took the photo. */
const TAKEN = "2026:01:15 09:30:00";
export const PLACE = { lat: 29.987654, lng: 120.123456 };

const cache = join(dirname(fileURLToPath(import.meta.url)), "out/fixtures");

/**
 * Path of a JPEG of 4032×3024 pixels and some 4 MB: orientation 6, GPS, make and model, a thumbnail. `seed` gives
 * a different picture of the same kind; `place` another position.
 */
export function phonePhoto(seed = 1, place = PLACE) {
  const file = join(cache, `photo-${seed}-${place.lat}-${place.lng}.jpg`);
  if (existsSync(file)) return file;
  const thumb = encode(turned(seed, 120, 160), 70);
  const picture = encode(turned(seed, UPRIGHT.width, UPRIGHT.height), 88);
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.part`, withExif(picture, exif(thumb, place)));
  renameSync(`${file}.part`, file);
  return file;
}

/** The same, taken just now, as a file chosen in a form. */
export function freshPhoto(seed, place) {
  const bytes = readFileSync(phonePhoto(seed, place));
  const now = Buffer.from(exifTime(new Date()), "latin1");
  // Twice, each as long as what stood there.
  for (let at = bytes.indexOf(TAKEN); at !== -1; at = bytes.indexOf(TAKEN, at + 1)) now.copy(bytes, at);
  return { name: `fresh-${seed}.jpg`, mimeType: "image/jpeg", buffer: bytes };
}

/** The bytes of `phonePhoto`. */
export function phonePhotoBytes(seed, place) {
  return readFileSync(phonePhoto(seed, place));
}

/** A JPEG whose camera says that it was taken at `at`, in `place` if there is one. */
export function stamped(picture, at, place = null) {
  const camera = [ascii(0x9003, exifTime(at)), ascii(0x9011, "+08:00")];
  const position = place === null ? [] : positionOf(place);
  const first = (cameraAt, positionAt) => [
    long(0x8769, cameraAt),
    ...(place === null ? [] : [long(0x8825, positionAt)]),
  ];
  const cameraAt = 8 + directory(first(0, 0), 0, 0).length;
  const positionAt = cameraAt + directory(camera, 0, 0).length;
  const tiff = Buffer.concat([
    Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]),
    directory(first(cameraAt, positionAt), 8, 0),
    directory(camera, cameraAt, 0),
    ...(place === null ? [] : [directory(position, positionAt, 0)]),
  ]);
  return withExif(picture, tiff);
}

/** A moment as cameras in China write it. */
function exifTime(at) {
  const china = new Date(at.getTime() + 8 * 3_600_000).toISOString();
  return china.slice(0, 19).replaceAll("-", ":").replace("T", " ");
}

function positionOf(place) {
  return [
    ascii(0x0001, place.lat < 0 ? "S" : "N"),
    rational(0x0002, degrees(place.lat)),
    ascii(0x0003, place.lng < 0 ? "W" : "E"),
    rational(0x0004, degrees(place.lng)),
  ];
}

/** What would betray the photo's origin if it were still in `bytes`: the names of what was found. */
export function traces(bytes) {
  const text = Buffer.from(bytes).toString("latin1");
  return ["Exif\0\0", CAMERA.make, CAMERA.model, "http://ns.adobe.com/xap"].filter((mark) => text.includes(mark));
}

function encode(image, quality) {
  return jpeg.encode(image, quality).data;
}

/**
 * A market street: sky above, stalls, pavement below, a heap of waste; grain as of a small sensor. Orientation 6
 * stores the top of the upright picture in the first column and its right side in the first row.
 */
function turned(seed, width, height) {
  const data = Buffer.allocUnsafe(width * height * 4);
  let noise = seed * 2654435761 >>> 0;
  let at = 0;
  for (let row = 0; row < width; row++) {
    const x = (width - 1 - row) / width;
    for (let column = 0; column < height; column++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const grain = (noise >>> 27) - 16;
      const [r, g, b] = scene(x, column / height, seed);
      data[at++] = clamp(r + grain);
      data[at++] = clamp(g + grain);
      data[at++] = clamp(b + grain);
      data[at++] = 255;
    }
  }
  // As the file has it: wider than high.
  return { data, width: height, height: width };
}

/** The colour at a point of the upright picture, both coordinates from 0 to 1. */
function scene(x, y, seed) {
  if (y < 0.3) return [120 + 60 * y, 170 + 80 * y, 230];
  if (y < 0.62) {
    const stall = Math.floor(x * 6 + seed);
    const roof = y < 0.38 ? 40 : 0;
    const goods = 18 * Math.sin(x * 160) * Math.sin(y * 210);
    return [90 + ((stall * 53) % 110) + roof + goods, 70 + ((stall * 97) % 90) + roof + goods, 60 + ((stall * 31) % 80) + goods];
  }
  const heap = ((x - 0.55) / 0.22) ** 2 + ((y - 0.78) / 0.08) ** 2 < 1;
  if (heap) return [96 + 30 * Math.sin(x * 300 + seed), 84 + 26 * Math.sin(y * 260), 62];
  const slab = Math.floor(x * 14) + Math.floor(y * 22);
  return slab % 2 === 0 ? [148, 145, 140] : [134, 131, 127];
}

function clamp(value) {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** The picture with the segment in front of everything but the start mark. */
function withExif(picture, tiff) {
  const head = Buffer.from("Exif\0\0", "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(2 + head.length + tiff.length);
  const start = picture.subarray(0, 2);
  return Buffer.concat([start, Buffer.from([0xff, 0xe1]), length, head, tiff, picture.subarray(2)]);
}

/** The TIFF block of EXIF 2.3: the picture's directory, the camera's, the position's, the thumbnail's. */
function exif(thumb, place) {
  const camera = [
    ascii(0x9003, TAKEN),
    ascii(0x9011, "+08:00"),
    rational(0x829a, [[1, 120]]),
  ];
  const position = positionOf(place);
  // Offsets depend on sizes alone, so a first run with zeros says where everything comes to lie.
  const picture = (cameraAt, positionAt) => [
    ascii(0x010f, CAMERA.make),
    ascii(0x0110, CAMERA.model),
    short(0x0112, 6),
    ascii(0x0132, TAKEN),
    long(0x8769, cameraAt),
    long(0x8825, positionAt),
  ];
  const preview = (at) => [short(0x0103, 6), long(0x0201, at), long(0x0202, thumb.length)];
  const size = (entries) => directory(entries, 0, 0).length;
  const cameraAt = 8 + size(picture(0, 0));
  const positionAt = cameraAt + size(camera);
  const previewAt = positionAt + size(position);
  const thumbAt = previewAt + size(preview(0));
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]),
    directory(picture(cameraAt, positionAt), 8, previewAt),
    directory(camera, cameraAt, 0),
    directory(position, positionAt, 0),
    directory(preview(thumbAt), previewAt, 0),
    thumb,
  ]);
}

/** One image file directory at `offset` with the values that do not fit its entries behind it. */
function directory(entries, offset, next) {
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
    } else {
      table.writeUInt32LE(valueAt, at + 8);
      // TIFF wants every value to begin at an even offset.
      const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
      values.push(padded);
      valueAt += padded.length;
    }
  });
  table.writeUInt32LE(next, table.length - 4);
  return Buffer.concat([table, ...values]);
}

function ascii(tag, text) {
  const bytes = Buffer.from(`${text}\0`, "latin1");
  return { tag, type: 2, count: bytes.length, bytes };
}

function short(tag, value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return { tag, type: 3, count: 1, bytes };
}

function long(tag, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { tag, type: 4, count: 1, bytes };
}

function rational(tag, fractions) {
  const bytes = Buffer.alloc(fractions.length * 8);
  fractions.flat().forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return { tag, type: 5, count: fractions.length, bytes };
}

/** Degrees, minutes and seconds (to the ten-thousandth), as cameras write them. */
function degrees(value) {
  const whole = Math.abs(value);
  const minutes = (whole % 1) * 60;
  return [
    [Math.floor(whole), 1],
    [Math.floor(minutes), 1],
    [Math.round((minutes % 1) * 60 * 10_000), 10_000],
  ];
}
