// Drafts and photos on the device, until they go into the outbox.
import { current, isMine, ownerOf } from "./account.js";
import { madeAt, serverNow, sha256 } from "./names.js";
import { Refused, read, result, walk, write } from "./store.js";
import { tell } from "./tell.js";

/**
 * As of when this page knows the drafts that it writes on: one that another tab has changed meanwhile is not written over, nor
 * are photos thrown away that only the other tab knows of.
 * @type {Map<string, number>}
 */
const known = new Map();

/** Keeps a draft as it is now; one that has gone into the outbox, perhaps from another tab, does not come back. */
export async function saveDraft(draft) {
  const user = ownerOf(draft);
  const before = known.get(draft.id);
  try {
    await write(["drafts", "items"], async ({ drafts, items }) => {
      await assertNotQueued(items, draft.id);
      await assertNobodyElses(drafts, draft.id, user);
      const there = await result(drafts.get(draft.id));
      // Only looked at, or the second try of a transaction that had been written after all.
      if (there !== undefined && isSame(there, { ...draft, user })) {
        known.set(draft.id, there.updated_at);
        return;
      }
      assertUnchanged(there, draft.id, before);
      await result(drafts.put({ ...draft, user }));
      // Before the transaction ends: whoever sends right after it knows this one.
      known.set(draft.id, draft.updated_at);
    });
  } catch (error) {
    if (before === undefined) known.delete(draft.id);
    else known.set(draft.id, before);
    throw error;
  }
  tell();
}

/** A draft to go on with, or null. */
export async function openDraft(id) {
  const draft = await read(["drafts"], ({ drafts }) => result(drafts.get(id)));
  if (!isMine(draft)) return null;
  know(draft);
  return draft;
}

/** This page knows a draft as it is now. */
export function know({ id, updated_at }) {
  known.set(id, updated_at);
}

/** Fails where another tab has changed a draft since this page read or wrote it; `draft` is how it is now. */
export function assertUnchanged(draft, id, asOf = known.get(id)) {
  if (draft === undefined || draft.updated_at === asOf) return;
  throw new Refused("ChangedElsewhere", "another page has changed it");
}

/** The drafts of the account, the latest made first. */
export async function listDrafts() {
  const user = current();
  const found = await read(["drafts"], ({ drafts }) => result(drafts.index("user").getAll(user)));
  return found.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Whether a draft or item of this id is another account's. */
export async function isElses(id) {
  return read(["drafts", "items"], async (stores) => {
    const found = await Promise.all([result(stores.drafts.get(id)), result(stores.items.get(id))]);
    return found.some((it) => it !== undefined && !isMine(it));
  });
}

/** Whether two drafts say the same, whenever that was. */
function isSame(one, other) {
  const [first, second] = [one, other].map(({ updated_at: _, ...draft }) => draft);
  const keys = Object.keys(first);
  const isLike = (key) => JSON.stringify(first[key]) === JSON.stringify(second[key]);
  return keys.length === Object.keys(second).length && keys.every(isLike);
}

/** Throws a draft away, with its photos; `isEmptied` says that it is because everything was taken out of it in this page. */
export async function dropDraft(id, isEmptied = false) {
  await write(["drafts", "items", "photos", "bytes"], async (stores) => {
    const draft = await result(stores.drafts.get(id));
    if (draft !== undefined && !isMine(draft)) return;
    if (isEmptied) assertUnchanged(draft, id);
    await result(stores.drafts.delete(id));
    // A draft has the id of what is made of it: then the photos are that one's.
    if ((await result(stores.items.get(id))) !== undefined) return;
    for (const photo of await ownedBy(stores.photos, id, current())) await removePhoto(stores, photo);
  });
  tell();
}

/** Keeps a photo for a draft: what is known of it, the bytes that will be sent, and a small picture of it. */
export async function keepPhoto(photo, bytes, thumb) {
  const [full, small] = await Promise.all([buffer(bytes), buffer(thumb)]);
  const kept = {
    ...photo,
    user: ownerOf(photo),
    sha256: photo.sha256 || ((await sha256(full)) ?? ""),
    size: full.byteLength,
    meta: photo.meta ?? {},
    thumb: small,
    acked_at: null,
  };
  await write(["drafts", "items", "photos", "bytes"], async ({ drafts, items, photos, bytes }) => {
    const there = await result(photos.get(photo.id));
    for (const owner of new Set([kept.owner, there?.owner ?? kept.owner])) await assertNotQueued(items, owner);
    await assertNobodyElses(drafts, kept.owner, kept.user);
    await assertNobodyElses(photos, photo.id, kept.user);
    // What the server has, it has, as long as it is still the same.
    const acked_at = there?.sha256 === kept.sha256 ? there.acked_at : null;
    await result(photos.put({ ...kept, acked_at }));
    await result(bytes.put(full, photo.id));
  });
  tell();
}

/** Writes down anew what is known of a photo, unless it is gone. */
export async function notePhoto(id, meta) {
  await write(["photos"], async ({ photos }) => {
    const photo = await result(photos.get(id));
    if (isMine(photo)) await result(photos.put({ ...photo, meta: { ...photo.meta, ...meta } }));
  });
}

/** The bytes of a photo; null if it is not here. */
export async function photoBytes(id) {
  return read(["photos", "bytes"], async ({ photos, bytes }) => {
    const photo = await result(photos.get(id));
    return isMine(photo) ? ((await result(bytes.get(id))) ?? null) : null;
  });
}

/** Takes one photo away. */
export async function dropPhoto(id) {
  await write(["items", "photos", "bytes"], async (stores) => {
    const photo = await result(stores.photos.get(id));
    if (!isMine(photo)) return;
    await assertNotQueued(stores.items, photo.owner);
    await removePhoto(stores, id);
  });
  tell();
}

/** The photos of a draft or item, without their bytes, in the order they were taken. */
export async function listPhotos(owner) {
  const found = await read(["photos"], ({ photos }) => result(photos.index("owner").getAll(owner)));
  return found.filter(isMine).map(({ thumb: _, ...photo }) => photo);
}

/** A photo as an address inside this page; "" if it is not here. Who asked revokes it. */
export async function photoUrl(id, size) {
  const found = await read(["photos", "bytes"], async ({ photos, bytes }) => {
    const photo = await result(photos.get(id));
    if (!isMine(photo)) return null;
    const isSmall = size === "thumb" && photo.thumb?.byteLength > 0;
    return isSmall ? photo.thumb : ((await result(bytes.get(id))) ?? photo.thumb ?? null);
  });
  return found === null ? "" : URL.createObjectURL(new Blob([found], { type: "image/jpeg" }));
}

/** The ids of what a draft or item of an account owns: an address may have brought somebody else to the same draft. */
export async function ownedBy(photos, owner, user) {
  const found = await result(photos.index("owner").getAll(owner));
  return found.filter((photo) => photo.user === user).map(({ id }) => id);
}

/** Removes a photo with its bytes, inside a transaction. */
export async function removePhoto({ photos, bytes }, id) {
  await Promise.all([result(photos.delete(id)), result(bytes.delete(id))]);
}

/** A photo that nobody came back for is kept so long. */
const ORPHAN_MS = 86_400_000;

/** Removes photos whose draft or item is gone: a form was given up while they were still being made smaller. */
export async function sweepPhotos() {
  await write(["drafts", "items", "photos", "bytes"], async (stores) => {
    const found = [];
    await walk(stores.photos.index("owner").openKeyCursor(), ({ key, primaryKey }) => {
      if (Math.abs(serverNow() - madeAt(primaryKey)) > ORPHAN_MS) found.push({ owner: key, id: primaryKey });
    });
    for (const { owner, id } of found) {
      const owners = await Promise.all([stores.drafts, stores.items].map((store) => result(store.getKey(owner))));
      if (owners.every((it) => it === undefined)) await removePhoto(stores, id);
    }
  });
}

async function assertNotQueued(items, id) {
  if ((await result(items.get(id))) !== undefined) throw new Refused("AlreadyQueued", "it is in the outbox");
}

/** Nothing is written over what belongs to another account of this phone. */
async function assertNobodyElses(store, id, user) {
  const there = await result(store.get(id));
  if (there !== undefined && there.user !== user) throw new Refused("NotFound", "it belongs to another account");
}

/** Bytes as all browsers keep them: some lose the blobs in their database. */
async function buffer(bytes) {
  if (bytes instanceof Blob) return bytes.arrayBuffer();
  // A view may show a part of a larger memory, such as WebAssembly's.
  if (ArrayBuffer.isView(bytes)) return bytes.slice().buffer;
  return bytes ?? new ArrayBuffer(0);
}
