// Drafts and photos on the device, until they go into the outbox.
import { current, isMine, ownerOf } from "./account.js";
import { sha256 } from "./names.js";
import { read, result, walk, write } from "./store.js";
import { tell } from "./tell.js";

/** Keeps a draft as it is now. */
export async function saveDraft(draft) {
  const user = ownerOf(draft);
  await write(["drafts"], ({ drafts }) => result(drafts.put({ ...draft, user })));
  tell();
}

/** The drafts of the account, the latest made first. */
export async function listDrafts() {
  const user = current();
  const found = await read(["drafts"], ({ drafts }) => result(drafts.index("user").getAll(user)));
  return found.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Throws a draft away, with its photos. */
export async function dropDraft(id) {
  await write(["drafts", "photos", "bytes"], async (stores) => {
    const draft = await result(stores.drafts.get(id));
    if (draft !== undefined && !isMine(draft)) return;
    await result(stores.drafts.delete(id));
    for (const photo of await ownedBy(stores.photos, id)) await removePhoto(stores, photo);
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
  await write(["photos", "bytes"], async ({ photos, bytes }) => {
    await result(photos.put(kept));
    await result(bytes.put(full, photo.id));
  });
  tell();
}

/** Takes one photo away. */
export async function dropPhoto(id) {
  await write(["photos", "bytes"], async (stores) => {
    const photo = await result(stores.photos.get(id));
    if (isMine(photo)) await removePhoto(stores, id);
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

/** The ids of what a draft or item owns. */
export async function ownedBy(photos, owner) {
  const ids = [];
  await walk(photos.index("owner").openKeyCursor(IDBKeyRange.only(owner)), ({ primaryKey }) => {
    ids.push(primaryKey);
  });
  return ids;
}

/** Removes a photo with its bytes, inside a transaction. */
export async function removePhoto({ photos, bytes }, id) {
  await Promise.all([result(photos.delete(id)), result(bytes.delete(id))]);
}

/** Bytes as all browsers keep them: some lose the blobs in their database. */
async function buffer(bytes) {
  if (bytes instanceof Blob) return bytes.arrayBuffer();
  // A view may show a part of a larger memory, such as WebAssembly's.
  if (ArrayBuffer.isView(bytes)) return bytes.slice().buffer;
  return bytes ?? new ArrayBuffer(0);
}
