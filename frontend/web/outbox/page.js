// The outbox as the page sees it: everything goes in and comes out as JSON text, and all promises are kept when what they
// promise is on the disk.
import * as account from "./account.js";
import { askForSync, attend, kick } from "./drain.js";
import * as drafts from "./drafts.js";
import * as items from "./items.js";
import * as kept from "./kept.js";
import { setSkew } from "./names.js";
import * as pictures from "./pictures.js";
import { exportUnsent } from "./rescue.js";
import * as room from "./space.js";
import { tell, watch as watchChanges } from "./tell.js";
import { importUnsent } from "./unpack.js";
import { refreshWork } from "./work.js";

export { tuning } from "./pace.js";

let isAttending = false;

/** Begins or goes on sending; how it goes is told by the items, not here. */
function go(reason) {
  kick(reason).catch((error) => console.warn("the outbox could not be read", error));
}

/**
 * From now on this page is for this account, "" for nobody. `profile` may tell `{user_id, username, name}`, for the
 * rescue file.
 * @param {string} user
 * @param {string} [profile]
 */
export async function use_account(user, profile) {
  if (!isAttending) attend();
  isAttending = true;
  try {
    await account.use(user, profile ? JSON.parse(profile) : null);
  } finally {
    tell();
    go("start");
  }
  await pictures.dropOthers(user).catch(() => {});
  await kept.thin(user).catch(() => {});
  await drafts.sweepPhotos().catch(() => {});
}

export async function save_draft(json) {
  await drafts.saveDraft(JSON.parse(json));
}

/** The draft as JSON, to go on with here; "" if it is not here. */
export async function open_draft(id) {
  const draft = await drafts.openDraft(id);
  return draft === null ? "" : JSON.stringify(draft);
}

export async function list_drafts() {
  return JSON.stringify(await drafts.listDrafts());
}

/** Whether an id belongs to something of another account. */
export async function is_elses(id) {
  return drafts.isElses(id);
}

export async function drop_draft(id) {
  await drafts.dropDraft(id);
}

/** Everything was taken out of a draft again. */
export async function empty_draft(id) {
  await drafts.dropDraft(id, true);
}

/** How many milliseconds the device's clock is ahead of the server's. */
export function set_clock_skew(millis) {
  setSkew(millis);
}

/**
 * @param {string} json `{id, owner, sha256, width, height, meta}`
 * @param {ArrayBuffer | Uint8Array | Blob} bytes
 * @param {ArrayBuffer | Uint8Array | Blob} thumb
 */
export async function keep_photo(json, bytes, thumb) {
  await drafts.keepPhoto(JSON.parse(json), bytes, thumb);
}

/** @param {"thumb" | "full"} size */
export async function photo_url(id, size) {
  return drafts.photoUrl(id, size);
}

/** @param {string} json more of what the photo is sent with */
export async function note_photo(id, json) {
  await drafts.notePhoto(id, JSON.parse(json));
}

export async function photo_bytes(id) {
  return drafts.photoBytes(id);
}

export async function drop_photo(id) {
  await drafts.dropPhoto(id);
}

export async function list_photos(owner) {
  return JSON.stringify(await drafts.listPhotos(owner));
}

/** @param {string} json an array of items */
export async function queue(json, draft) {
  await items.queue(JSON.parse(json), draft);
  go("queued");
  void askForSync();
}

export async function list_items() {
  return JSON.stringify(await items.listItems());
}

/** @param {number} most so many of each stage */
export async function list_rows(most) {
  return JSON.stringify(await items.listRows(most));
}

/** @param {string} json an array of ids */
export async function stages(json) {
  return JSON.stringify(await items.stages(JSON.parse(json)));
}

export async function drop_item(id) {
  await items.drop(id);
  // What waited behind it may go.
  go("queued");
}

export async function mend_item(id) {
  const draft = await items.mend(id);
  go("queued");
  return JSON.stringify(draft);
}

export async function retry_item(id) {
  await items.retry(id);
  go("queued");
}

export async function send_now() {
  await kick("asked");
}

/** @param {() => void} callback @returns {() => void} what stops it */
export function watch(callback) {
  return watchChanges(callback);
}

export async function status() {
  return JSON.stringify(await account.status());
}

/** @param {string} json an array of ids of items and drafts, or `null` for all */
export async function export_unsent(json) {
  return exportUnsent(JSON.parse(json));
}

export async function import_unsent(file) {
  try {
    return JSON.stringify(await importUnsent(file));
  } finally {
    // What was added before the device was full is sent all the same.
    tell();
    go("queued");
  }
}

export async function space() {
  return JSON.stringify(await room.space());
}

export async function persist() {
  return room.persist();
}

/** @param {string} user whom it was given to */
export async function keep_answer(user, path, text, etag, at) {
  await kept.keepAnswer(user, path, text, etag, at);
}

export async function kept_answer(path) {
  return JSON.stringify(await kept.keptAnswer(path));
}

/** @param {string} path what is kept of it is still right */
export async function touch_answer(path) {
  await kept.touchAnswer(path);
}

/** @param {string} json an array of paths of lists that the screens show */
export async function refresh_work(json) {
  return JSON.stringify(await refreshWork(JSON.parse(json)));
}

/** Forgets what was read for an account. What is unsent stays. */
export async function forget_account(user) {
  await kept.forgetAnswers(user);
  await pictures.dropOf(user);
}

/** Shows kept pictures where the server cannot be reached; once, when the page starts. */
export function mend_images() {
  pictures.mendImages();
}
