// What the page can do with photos: reduce, mark and draw on them (in a worker), and the camera. The application's Rust binds
// to the functions of this file.
import * as camera from "./camera.js";
import { makeDesk } from "./desk.js";
import { named } from "./named.js";

/** The longer edge of what shows that a photo was taken. */
const PREVIEW_EDGE = 160;

const desk = makeDesk(PHOTO_WORKER_URL);

/** Starts the worker in advance. */
export function ready() {
  desk.start();
}

/**
 * A photo as it is kept on this device: upright, at most 2048 px, nothing of what the camera wrote into it. `source` is a File,
 * a Blob or an ImageBitmap (which is closed once it is reduced). Gives `{raw, bytes, thumb, sha256, width, height, source}` and
 * what the file says of when and where. Fails with `Undecodable` when this browser cannot show it, so that the person hears of
 * it on the spot; with `Unreadable` or `CutOff` when the file is gone or not whole.
 */
export async function reduce(source, is_camera) {
  const answer = await reduced(source);
  return { ...answer, source: is_camera ? "camera" : "gallery" };
}

async function reduced(source) {
  if (!(source instanceof Blob)) {
    const answer = await desk.do("reduce", source);
    // Only now: what failed can be tried again.
    source.close();
    return answer;
  }
  try {
    return await desk.do("reduce", source);
  } catch (error) {
    if (error.name !== "Undecodable") throw error;
  }
  const picture = await shown(source);
  if (picture === null) throw named("Undecodable", "this browser cannot show the picture");
  return reduced(picture);
}

/** The picture as an `<img>` decodes it, which in some browsers knows more formats than a worker does. */
async function shown(blob) {
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await createImageBitmap(image);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The kept photo as it is sent, with `mark` = `{time, spot, hash}` written into it. Answers as `reduce`; `bytes` stay the caller's. */
export function finish(bytes, mark) {
  return orRaw("finish", bytes, mark);
}

/** A copy of the kept photo with `shapes` (JSON text, or what it says) drawn on it. Answers as `reduce`; `bytes` stay the caller's. */
export function draw(bytes, shapes) {
  return orRaw("draw", bytes, typeof shapes === "string" ? JSON.parse(shapes) : shapes);
}

async function orRaw(task, bytes, how) {
  try {
    return await desk.do(task, bytes, how);
  } catch (error) {
    if (error.name !== "Undecodable") throw error;
    return desk.do("raw", bytes);
  }
}

/** Opens the camera; see `camera.js`. `changed` is told "live", "paused", or the name of what went wrong later. */
export function open_camera(video, facing, changed) {
  desk.start();
  return camera.open(video, { facing, changed });
}

/** The frame of this moment, as an ImageBitmap. Waits while too many pictures are in hand for a small phone's memory. */
export async function shoot() {
  await desk.room();
  return camera.shoot();
}

/** Turns the light on or off. */
export function torch(on) {
  return camera.torch(on);
}

/** Lets go of the camera. */
export function close_camera() {
  camera.close();
}

/** The address of a small picture of what was taken, until `forget`: a frame drawn small now, a file as it is. */
export function preview(source) {
  if (source instanceof Blob) return URL.createObjectURL(source);
  const canvas = document.createElement("canvas");
  const scale = PREVIEW_EDGE / Math.max(source.width, source.height);
  canvas.width = Math.round(source.width * scale);
  canvas.height = Math.round(source.height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.7);
}

/** Lets go of what `preview` gave. */
export function forget(address) {
  if (address.startsWith("blob:")) URL.revokeObjectURL(address);
}
