// What becomes of an item while it is sent: every step is on the disk before the next one begins. Where the disk has no room
// for that, it is remembered until the item has arrived and made room: the ids make it once all the same.
import { inStage } from "./account.js";
import { ownedBy, removePhoto } from "./drafts.js";
import { freshId } from "./names.js";
import { backoff } from "./pace.js";
import { read, result, write } from "./store.js";
import { tell } from "./tell.js";

/** What this context remembers of an account because the disk is full. */
const memory = { user: "", items: new Map(), photos: new Set(), pause: null, rest: null };

/** What is remembered of this account: items by their ids, photos that the server has, and why and until when to wait. */
export function remembered(user) {
  if (memory.user !== user) {
    Object.assign(memory, { user, pause: null, rest: null });
    memory.items.clear();
    memory.photos.clear();
  }
  return memory;
}

/** An item as it is remembered, or as it is kept: it may have been taken back and given anew meanwhile. */
export function latest(kept) {
  const told = memory.user === kept?.user ? memory.items.get(kept.id) : undefined;
  return told !== undefined && told.seq === kept.seq ? told : kept;
}

/** Writes down what is remembered, once there is room again. */
export async function writeDown({ items, photos }) {
  if (items.size === 0 && photos.size === 0) return;
  try {
    await write(["items", "photos"], async (stores) => {
      for (const id of items.keys()) {
        const kept = await result(stores.items.get(id));
        const told = latest(kept);
        if (told === kept) continue;
        await result(stores.items.put({ ...told, stage: told.stage === "sending" ? "waiting" : told.stage }));
      }
      for (const id of photos) {
        const kept = await result(stores.photos.get(id));
        if (kept?.acked_at === null) await result(stores.photos.put({ ...kept, acked_at: Date.now() }));
      }
    });
    items.clear();
    photos.clear();
    tell();
  } catch (error) {
    assertFull(error);
  }
}

/** Whatever somebody who is gone was sending is sent again; its ids make it once. */
export async function free(user) {
  const waiting = (item) => ({ ...item, stage: "waiting" });
  const stale = await read(["items"], ({ items }) => inStage(items, user, "sending"));
  if (stale.length === 0) return;
  try {
    await write(["items"], async ({ items }) => {
      for (const item of await inStage(items, user, "sending")) await result(items.put(waiting(item)));
    });
    tell();
  } catch (error) {
    assertFull(error);
    for (const item of stale) remembered(user).items.set(item.id, waiting(latest(item)));
  }
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
      if (photo === undefined || photo.acked_at !== null || run.memory.photos.has(id)) continue;
      if ((await result(bytes.getKey(id))) !== undefined) return photo;
    }
    return null;
  });
  return photo === null ? null : { photo, body: await bytesOf(photo.id) };
}

/**
 * The bytes of a photo; `null` where they cannot be read, which is this photo's misfortune and nobody else's. Where nothing
 * can be read just now, it fails: that says nothing of the photo.
 */
export async function bytesOf(id) {
  const ask = () => read(["bytes"], async ({ bytes }) => (await result(bytes.get(id))) ?? null);
  try {
    return await ask();
  } catch {
    await read(["bytes"], ({ bytes }) => result(bytes.count()));
    return ask().catch(() => null);
  }
}

/** The server has a photo: it is never sent again. */
export function acknowledge(item, photo, run) {
  const arrived = (item) => ({ ...item, sent: item.sent + 1 });
  const note = async (item, { photos }) => {
    const kept = await result(photos.get(photo.id));
    if (kept === undefined || kept.acked_at !== null) return item;
    await result(photos.put({ ...kept, acked_at: Date.now() }));
    return arrived(item);
  };
  return change(item.id, run, "sending", note, (item) => {
    run.memory.photos.add(photo.id);
    return arrived(item);
  });
}

/** The server has lost photos: they are sent again. Null if that has been tried often enough or they are not here. */
export async function forgetPhotos(item, ids, run) {
  const forget = async (item, { photos, bytes }) => {
    let count = 0;
    for (const id of item.photos.filter((id) => ids.includes(id))) {
      const photo = await result(photos.get(id));
      if (photo === undefined || (await result(bytes.getKey(id))) === undefined) continue;
      count += 1;
      run.memory.photos.delete(id);
      await result(photos.put({ ...photo, acked_at: null }));
    }
    if (count === 0 || item.resends >= 3) return null;
    return { ...item, resends: item.resends + 1, sent: Math.max(item.sent - count, 0), may_have_arrived: false };
  };
  return change(item.id, run, "sending", forget, null);
}

/** A photo's id is taken by something else: it gets a new one, everywhere. Null if that does not help. */
export async function rename(item, photo, run) {
  const fresh = freshId();
  const exchange = async (item, { photos, bytes }) => {
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
  };
  return change(item.id, run, "sending", exchange, null);
}

/** The record itself is about to go out: from here on it may arrive without our knowing. */
export function risk(item, run) {
  if (item.may_have_arrived || globalThis.navigator?.onLine === false) return item;
  return change(item.id, run, "sending", (item) => ({ ...item, may_have_arrived: true }));
}

/** The server has it all: only now does it leave the device. */
export function receive(item, answer, run) {
  const done = { stage: "received", answer, received_at: Date.now(), why: null, sent: item.photos.length };
  const received = (item) => ({ ...item, ...done, tries: item.tries + 1, next_at: 0, may_have_arrived: false });
  const leave = async (item, { meta, photos, bytes }) => {
    for (const id of await ownedBy(photos, item.id, run.user)) await removePhoto({ photos, bytes }, id);
    await result(meta.delete("rest"));
    return received(item);
  };
  return change(item.id, run, "sending", leave, async (item) => {
    await write(["meta", "items", "photos", "bytes"], async (stores) => {
      await leave(item, stores);
      await result(stores.items.delete(item.id));
    });
    // Its photos have made room for a line in the list of what has arrived; if not, it goes without.
    const row = { ...received(item), body: "", draft: null };
    await write(["items"], ({ items }) => result(items.put(row))).catch(assertFull);
    run.memory.rest = null;
    return row;
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
  const waiting = (item) => ({ ...item, stage: "waiting" });
  const stop = async (item, { meta }) => {
    // Said of a session that has been followed by another, it says nothing.
    if ((await result(meta.get("epoch"))) === run.epoch) await result(meta.put(verdict.pause, "pause"));
    return waiting(item);
  };
  return change(item.id, run, "sending", stop, (item) => {
    run.memory.pause = { epoch: run.epoch, why: verdict.pause };
    return waiting(item);
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

/**
 * Changes an item of this run that is in a stage; null if it is not, or `next` gives null. Where the disk has no room for it,
 * the run remembers what `tight` makes of the item: the same, where that needs no storage; `null` where nothing helps.
 */
async function change(id, run, stage, next, tight = next) {
  const find = async ({ meta, items }) => {
    if (run.lost.aborted) throw new Over("another sender");
    const kept = await result(items.get(id));
    const item = latest(kept);
    if (item?.user !== run.user || item.stage !== stage) return null;
    if (stage === "waiting") await assertOurs(meta, run);
    return item;
  };
  try {
    const changed = await write(["meta", "items", "photos", "bytes"], async (stores) => {
      const item = await find(stores);
      const changed = item === null ? null : await next(item, stores);
      if (changed !== null) await result(stores.items.put(changed));
      return changed;
    });
    run.memory.items.delete(id);
    if (changed !== null) tell();
    return changed;
  } catch (error) {
    if (tight === null) throw error;
    assertFull(error);
  }
  const item = await read(["meta", "items"], find);
  if (item === null) return null;
  const changed = await tight(item);
  run.memory.items.set(id, changed);
  tell();
  return changed;
}

/** Fails with any error but that of a full disk. */
export function assertFull(error) {
  if (error?.name !== "QuotaExceededError") throw error;
}
