// Names of things on their way: ids, and the only paths the outbox ever sends to.

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ID = new RegExp(`^${UUID}$`);
const PATH = new RegExp(`^/api/(issues/${UUID}|orders/${UUID}/steps/${UUID})$`);
const PICTURE = new RegExp(`^/api/photos/${UUID}(\\?size=(thumb|full))?$`);

/** What may be told about a photo when it is sent; the server refuses what it does not know. */
const ABOUT_A_PHOTO = ["captured_at", "lng", "lat", "accuracy_m", "source", "shot_sha256", "copy_of"];

/** Whether it is an id. */
export function isId(text) {
  return typeof text === "string" && ID.test(text);
}

/** Whether it is a path that an item may be sent to: items come from storage and from files, and are not believed. */
export function isItemPath(path) {
  return typeof path === "string" && PATH.test(path);
}

/** Whether it is the path of a picture on our server. */
export function isPicturePath(path) {
  return typeof path === "string" && PICTURE.test(path);
}

/** Where a photo is sent, with what is known about it. */
export function photoPath(id, meta) {
  const about = new URLSearchParams();
  for (const name of ABOUT_A_PHOTO) {
    const value = meta?.[name];
    if (value !== null && value !== undefined && value !== "") about.set(name, `${value}`);
  }
  const query = about.toString();
  return `/api/photos/${id}${query === "" ? "" : `?${query}`}`;
}

/** How many milliseconds the device's clock is ahead of the server's, as far as is known. */
let skew = 0;

export function setSkew(millis) {
  skew = millis;
}

/** The time by the server's clock, in milliseconds. */
export function serverNow() {
  return Math.round(Date.now() - skew);
}

/** A fresh UUIDv7, by the server's clock: an id shows its time to whoever may see it, and a clock that is off is known again. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = serverNow().toString(16).padStart(12, "0");
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = time + [...bytes.subarray(6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** When an id was made, by the clock it was made with, in milliseconds. */
export function madeAt(id) {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The SHA-256 of bytes in hexadecimal, or null where the browser does not reckon it. */
export async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
