// Unsent work as one file, for when the phone does not get it out: written here, read by another browser or the server.
import { current, profile } from "./account.js";
import { ownedBy } from "./drafts.js";
import { unsent } from "./items.js";
import { bytesOf } from "./progress.js";
import { read, result } from "./store.js";

/** What says how far an item is: on another device it begins anew. */
const PROGRESS = ["stage", "sent", "tries", "next_at", "resends", "may_have_arrived", "why", "answer", "received_at"];

/** Bytes are turned into text piece by piece; a multiple of three, so that the pieces fit together. */
const PIECE = 3 * 8192;

/**
 * The file with what is unsent of the account, or with the items and drafts of these ids. One line at a time goes into a
 * blob, which the browser may keep on the disk.
 * @param {string[] | null} ids
 * @returns {Promise<{ blob: Blob, name: string }>}
 */
export async function exportUnsent(ids) {
  const user = current();
  const account = await profile(user);
  const isWanted = ({ id }) => ids === null || ids.includes(id);
  const { items, drafts } = await read(["items", "drafts"], async ({ items, drafts }) => ({
    items: await unsent(items, user),
    drafts: await result(drafts.index("user").getAll(user)),
  }));
  const now = new Date();
  const count = { photos: 0, items: 0, drafts: 0 };
  const parts = [];
  const add = (line) => parts.push(new Blob([JSON.stringify(line), "\n"]));
  const written = new Set();
  const addPhotos = async (ids) => {
    for (const id of ids) {
      const line = written.has(id) ? null : await photoLine(id);
      if (line === null) continue;
      written.add(id);
      count.photos += 1;
      add(line);
    }
  };

  add({
    format: "spotfix-outbox",
    version: 1,
    account,
    exported_at: now.toISOString(),
    device: globalThis.navigator?.userAgent ?? "",
  });
  for (const item of items.filter(isWanted)) {
    await addPhotos(item.photos);
    add({ item: Object.fromEntries(Object.entries(item).filter(([key]) => !PROGRESS.includes(key))) });
    count.items += 1;
  }
  for (const draft of drafts.filter(isWanted)) {
    await addPhotos(await read(["photos"], ({ photos }) => ownedBy(photos, draft.id, user)));
    add({ draft });
    count.drafts += 1;
  }
  add({ end: count });
  return { blob: new Blob(parts, { type: "application/x-ndjson" }), name: fileName(account, now) };
}

async function photoLine(id) {
  const photo = await read(["photos"], ({ photos }) => result(photos.get(id)));
  const bytes = photo === undefined ? null : await bytesOf(id);
  if (bytes === null) return null;
  const { sha256, size, width, height, meta } = photo;
  return { photo: { id, sha256, size, width, height, meta }, bytes: base64(new Uint8Array(bytes)) };
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return text;
}

function fileName({ username }, now) {
  const two = (number) => `${number}`.padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const who = username.replaceAll(/[^\p{L}\p{N}_-]/gu, "") || "outbox";
  return `spotfix-${who}-${day}-${two(now.getHours())}${two(now.getMinutes())}.jsonl`;
}
