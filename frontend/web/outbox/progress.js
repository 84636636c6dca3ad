// What becomes of an item while it is sent: every step is on the disk before the next one begins.
import { inStage } from "./account.js";
import { ownedBy, removePhoto } from "./drafts.js";
import { freshId } from "./names.js";
import { backoff } from "./pace.js";
import { read, result, write } from "./store.js";
import { tell } from "./tell.js";

/** Whatever somebody who is gone was sending is sent again; its ids make it once. */
export async function free(user) {
  const count = await write(["items"], async ({ items }) => {
    const stale = await inStage(items, user, "sending");
    for (const item of stale) await result(items.put({ ...item, stage: "waiting" }));
    return stale.length;
  });
  if (count > 0) tell();
}

/** Marks an item as being sent and gives it; null if it is no longer to be sent. */
export function begin(id, run) {
  return change(id, run, "waiting", (item) => ({ ...item, stage: "sending" }));
}

/**
 * The next photo of an item that the server has not acknowledged, with its bytes, which are `null` where the device can no
 * longer read them. `null` when there is none left; what is no longer here is left to the server, which may have it.
 */
export async function nextPhoto(item, run) {
  const photo = await read(["meta", "photos", "bytes"], async ({ meta, photos, bytes }) => {
    await assertOurs(meta, run);
    for (const id of item.photos) {
      const photo = await result(photos.get(id));
      if (photo === undefined || photo.acked_at !== null) continue;
      if ((await result(bytes.getKey(id))) !== undefined) return photo;
    }
    return null;
  });
  return photo === null ? null : { photo, body: await bytesOf(photo.id) };
}

/** The bytes of a photo; `null` where they cannot be read, which is this photo's misfortune and nobody else's. */
export function bytesOf(id) {
  return read(["bytes"], async ({ bytes }) => (await result(bytes.get(id))) ?? null).catch(() => null);
}

/** The server has a photo: it is never sent again. */
export async function acknowledge(item, photo, run) {
  const changed = await change(item.id, run, "sending", async (item, { photos }) => {
    const kept = await result(photos.get(photo.id));
    if (kept === undefined || kept.acked_at !== null) return item;
    await result(photos.put({ ...kept, acked_at: Date.now() }));
    return { ...item, sent: item.sent + 1 };
  });
  return changed;
}

/** The server has lost photos: they are sent again. Null if that has been tried often enough or they are not here. */
export async function forgetPhotos(item, ids, run) {
  return change(item.id, run, "sending", async (item, { photos, bytes }) => {
    let count = 0;
    for (const id of item.photos.filter((id) => ids.includes(id))) {
      const photo = await result(photos.get(id));
      if (photo === undefined || (await result(bytes.getKey(id))) === undefined) continue;
      count += 1;
      await result(photos.put({ ...photo, acked_at: null }));
    }
    if (count === 0 || item.resends >= 3) return null;
    return { ...item, resends: item.resends + 1, sent: Math.max(item.sent - count, 0), may_have_arrived: false };
  });
}

/** A photo's id is taken by something else: it gets a new one, everywhere. Null if that does not help. */
export async function rename(item, photo, run) {
  const fresh = freshId();
  return change(item.id, run, "sending", async (item, { photos, bytes }) => {
    const kept = await result(photos.get(photo.id));
    const body = await result(bytes.get(photo.id));
    if (kept === undefined || body === undefined || (kept.renamed ?? 0) >= 3) return null;
    await removePhoto({ photos, bytes }, photo.id);
    await result(photos.put({ ...kept, id: fresh, renamed: (kept.renamed ?? 0) + 1 }));
    await result(bytes.put(body, fresh));
    for (const id of await ownedBy(photos, kept.owner, run.user)) {
      const copy = await result(photos.get(id));
      if (copy.meta?.copy_of !== photo.id) continue;
      await result(photos.put({ ...copy, meta: { ...copy.meta, copy_of: fresh } }));
    }
    const renamed = (text) => text.replaceAll(photo.id, fresh);
    return {
      ...item,
      photos: item.photos.map(renamed),
      body: renamed(item.body),
      draft: JSON.parse(renamed(JSON.stringify(item.draft))),
    };
  });
}

/** The record itself is about to go out: from here on it may arrive without our knowing. */
export function risk(item, run) {
  if (item.may_have_arrived || globalThis.navigator?.onLine === false) return item;
  return change(item.id, run, "sending", (item) => ({ ...item, may_have_arrived: true }));
}

/** The server has it all: only now does it leave the device. */
export function receive(item, answer, run) {
  return change(item.id, run, "sending", async (item, { meta, photos, bytes }) => {
    for (const id of await ownedBy(photos, item.id, run.user)) await removePhoto({ photos, bytes }, id);
    await result(meta.delete("rest"));
    const received = { stage: "received", answer, received_at: Date.now(), why: null, sent: item.photos.length };
    return { ...item, ...received, tries: item.tries + 1, next_at: 0, may_have_arrived: false };
  });
}

/** Nobody but the person can help: the server refuses it. */
export function refuse(item, verdict, photo, run) {
  return change(item.id, run, "sending", (item) => ({
    ...item,
    stage: "needs_you",
    why: { ...why(verdict), photo: photo?.id ?? null },
    next_at: 0,
    // A refusal says that it is not there, but for one that comes before anybody looked.
    may_have_arrived: item.may_have_arrived && verdict.status === 403,
  }));
}

/** It did not work out this time. `tries` counts how often it has not, as far as that says anything. */
export function wait(item, verdict, tries, run) {
  const next_at = Date.now() + backoff(tries, verdict.wait);
  return change(item.id, run, "sending", (item) => ({ ...item, stage: "waiting", why: why(verdict), tries, next_at }));
}

/** The session is not ours any more: nothing has changed, and the queue stands until somebody signs in. */
export function pause(item, verdict, run) {
  return change(item.id, run, "sending", async (item, { meta }) => {
    // Said of a session that has been followed by another, it says nothing.
    if ((await result(meta.get("epoch"))) === run.epoch) await result(meta.put(verdict.pause, "pause"));
    return { ...item, stage: "waiting" };
  });
}

function why({ kind, status, problem }) {
  return { kind, status: status ?? 0, problem: problem ?? null };
}

/** Thrown where this run has nothing more to say: the account changed, or another sender has taken over. */
export class Over extends Error {}

async function assertOurs(meta, run) {
  if (run.lost.aborted || (await result(meta.get("account"))) !== run.user) throw new Over("another account");
}

/** Changes an item of this run that is in a stage; null if it is not, or `next` gives null. */
async function change(id, run, stage, next) {
  const changed = await write(["meta", "items", "photos", "bytes"], async (stores) => {
    if (run.lost.aborted) throw new Over("another sender");
    const item = await result(stores.items.get(id));
    if (item?.user !== run.user || item.stage !== stage) return null;
    if (stage === "waiting") await assertOurs(stores.meta, run);
    const changed = await next(item, stores);
    if (changed !== null) await result(stores.items.put(changed));
    return changed;
  });
  if (changed !== null) tell();
  return changed;
}
