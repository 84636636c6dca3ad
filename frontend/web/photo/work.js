// What is done with a picture, in the worker or, where there is none, on the page: made upright and smaller, marked, drawn on.
import { facts } from "./exif.js";
import { drawMark } from "./mark.js";
import { named } from "./named.js";
import { drawShapes } from "./shapes.js";
import { sha256 } from "./sha256.js";

/** The longer edge of what is kept and sent: enough to read a sign across a street. */
const LONG_EDGE = 2048;
/** The longer edge of the small picture in lists. */
const THUMB_EDGE = 320;
/** JPEG quality of what is kept on the device, from which the other pictures are made. */
const KEPT = 0.9;
const THUMB = 0.7;
/** Qualities of what is sent: the first that is small enough for a weak network, or else the last. */
const SENT = [0.8, 0.72, 0.64];
const SENT_BYTES = 500 * 1024;

/**
 * The picture of a file, or a frame of the camera: upright, at most `LONG_EDGE`, without what the camera wrote into it. A file
 * fails with `Unreadable` when it was moved or changed since it was chosen, and with `CutOff` when a part of it is missing.
 */
export async function reduce(source) {
  if (!(source instanceof Blob)) return finished(scaled(source, LONG_EDGE), [KEPT], Infinity);
  const bytes = await read(source);
  const blob = new Blob([bytes]);
  const canvas = fitted(await decode(blob));
  // Some browsers show what is there of a picture, and nothing where the rest would be.
  if (!hasEnd(bytes) && endsBlank(canvas)) throw named("CutOff", "a part of the picture is missing");
  return { ...(await facts(blob)), ...(await finished(canvas, [KEPT], Infinity)) };
}

async function read(source) {
  try {
    return await source.arrayBuffer();
  } catch (error) {
    throw named("Unreadable", "the file cannot be read any more", error);
  }
}

/** Whether a JPEG has its end mark behind the first piece of the picture itself; what is no JPEG has other ways to end. */
function hasEnd(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return true;
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda) at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  for (at = bytes.indexOf(0xff, at + 2); at !== -1; at = bytes.indexOf(0xff, at + 1)) if (bytes[at + 1] === 0xd9) return true;
  return false;
}

/** Rows at the lower edge of a picture that are of one colour when nothing was there to be decoded. */
const EDGE_ROWS = 8;

function endsBlank(canvas) {
  const { width, height } = canvas;
  const rows = Math.min(EDGE_ROWS, height);
  const { data } = pen(canvas).getImageData(0, height - rows, width, rows);
  return data.every((value, at) => Math.abs(value - data[at % 4]) <= 2);
}

/** The kept picture as it is sent: with a line that says when and where it was taken. */
export async function finish(bytes, mark) {
  const canvas = fitted(await decode(new Blob([bytes])));
  drawMark(pen(canvas), canvas.width, canvas.height, mark);
  return finished(canvas, SENT, SENT_BYTES);
}

/** A copy of the kept picture with shapes drawn on it. */
export async function draw(bytes, shapes) {
  const canvas = fitted(await decode(new Blob([bytes])));
  drawShapes(pen(canvas), canvas.width, canvas.height, shapes);
  return finished(canvas, [KEPT], Infinity);
}

/** What nobody here can decode, as it is: the server has the last word on it. */
export async function raw(source) {
  const bytes = source instanceof Blob ? await source.arrayBuffer() : source.slice(0);
  return { raw: true, bytes, thumb: null, sha256: await sha256(bytes), width: 0, height: 0 };
}

/** The buffers of an answer that change hands instead of being copied. */
export function buffers(answer) {
  return [answer.bytes, answer.thumb].filter((it) => it instanceof ArrayBuffer);
}

/** Fails with `Undecodable` when the browser does not know the format, or the bytes are broken. */
async function decode(blob) {
  try {
    // Phones store pictures lying on their side.
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch (error) {
    // Older Safari knows no such word, and turns them anyway.
    if (error instanceof TypeError) return createImageBitmap(blob).catch(undecodable);
    return undecodable(error);
  }
}

function undecodable(cause) {
  throw named("Undecodable", "the picture cannot be decoded", cause);
}

/** A canvas with the picture fitted into `LONG_EDGE`; the picture is let go of at once, for it is the largest thing here. */
function fitted(picture) {
  try {
    return scaled(picture, LONG_EDGE);
  } finally {
    picture.close();
  }
}

function scaled(picture, edge) {
  const { width, height } = fit(picture.width, picture.height, edge);
  const canvas = blank(width, height);
  const context = pen(canvas);
  // What is transparent in a screenshot is white paper, not black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  // At exactly half the size the cheap way takes the mean of four pixels too, in a third of the time.
  context.imageSmoothingQuality = Math.round(picture.width / 2) === width ? "low" : "high";
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** The size that fits, never larger than it was; half of a phone's twelve megapixels rather than a little more than half. */
function fit(width, height, edge) {
  const times = Math.max(width, height) / edge;
  const scale = times > 1.8 && times <= 2 ? 0.5 : Math.min(1, 1 / times);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function finished(canvas, qualities, most) {
  const { width, height } = canvas;
  const small = scaled(canvas, THUMB_EDGE);
  const thumb = await encode(small, THUMB);
  release(small);
  let bytes;
  for (const quality of qualities) {
    bytes = await encode(canvas, quality);
    if (bytes.byteLength <= most) break;
  }
  release(canvas);
  return { raw: false, bytes, thumb, sha256: await sha256(bytes), width, height };
}

function blank(width, height) {
  if (typeof OffscreenCanvas === "function") return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function pen(canvas) {
  const context = canvas.getContext("2d", { alpha: false });
  // Safari gives none when its memory for canvases is used up.
  if (context === null) throw named("OutOfMemory", "no canvas");
  return context;
}

async function encode(canvas, quality) {
  const type = "image/jpeg";
  const blob = canvas.convertToBlob
    ? await canvas.convertToBlob({ type, quality })
    : await new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  if (blob === null) throw named("EncodingError", "the picture cannot be encoded");
  return blob.arrayBuffer();
}

/** Gives the memory back now: some browsers keep it until they happen to tidy up. */
function release(canvas) {
  canvas.width = 0;
  canvas.height = 0;
}
