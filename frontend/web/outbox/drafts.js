// Drafts and photos on the device, until they go into the outbox.
import { current, isMine, ownerOf } from "./account.js";
import { sha256 } from "./names.js";
import { Refused, read, result, write } from "./store.js";
import { tell } from "./tell.js";

/** Keeps a draft as it is now; one that has gone into the outbox, perhaps from another tab, does not come back. */
export async function saveDraft(draft) {
  const user = ownerOf(draft);
  await write(["drafts", "items"], async ({ drafts, items }) => {
    await assertNotQueued(items, draft.id);
    await assertNobodyElses(drafts, draft.id, user);
    await result(drafts.put({ ...draft, user }));
  });
  tell();
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

/** Throws a draft away, with its photos. */
export async function dropDraft(id) {
  await write(["drafts", "items", "photos", "bytes"], async (stores) => {
    const draft = await result(stores.drafts.get(id));
    if (draft !== undefined && !isMine(draft)) return;
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
