// Reads a rescue file back: first all of it is checked and nothing believed, then what is not here yet is added.
import { current } from "./account.js";
import { ownedBy, removePhoto } from "./drafts.js";
import { add, isSound } from "./items.js";
import { isId, sha256 } from "./names.js";
import { read, result, write } from "./store.js";

const FORMAT = "spotfix-outbox";
const VERSION = 1;
const LONGEST_LINE = 45 * 1024 * 1024;
const MOST_ITEMS = 2_000;
/** Photos that may stand before what names them; more than any form takes. */
const MOST_PHOTOS = 50;

/** Why a file is refused as a whole. */
class Unfit extends Error {
  constructor(code, more = {}) {
    super(code);
    this.reason = { code, ...more };
  }
}

/**
 * Takes a file in. `added` and `known` count items, `drafts` drafts; `refused` says why nothing was taken.
 * @param {Blob} file
 */
export async function importUnsent(file) {
  const done = { added: 0, known: 0, drafts: 0, refused: [] };
  try {
    await check(file);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    done.refused.push(error.reason);
    return done;
  }
  const draftsSent = await draftsInItems();
  let photos = new Map();
  for await (const { value } of lines(file)) {
    if (value.photo) {
      photos.set(value.photo.id, { photo: value.photo, bytes: unbase64(value.bytes) });
      continue;
    }
    if (value.item) {
      const isNew = await addItem(value.item, photos);
      done[isNew ? "added" : "known"] += 1;
    } else if (value.draft && !draftsSent.has(value.draft.id)) {
      if (await addDraft(value.draft, photos)) done.drafts += 1;
    }
    photos = new Map();
  }
  return done;
}

/** Goes through the whole file and throws what is wrong with it. */
async function check(file) {
  const count = { photos: 0, items: 0, drafts: 0 };
  let pending = 0;
  let end = null;
  for await (const { value, number } of lines(file)) {
    const unfit = (code, more) => new Unfit(code, { line: number, ...more });
    if (number === 1) checkHead(value);
    else if (end !== null) throw unfit("bad_line");
    else if (value.photo) {
      pending += 1;
      count.photos += 1;
      if (pending > MOST_PHOTOS || !(await isPhoto(value))) throw unfit("bad_photo", { id: `${value.photo.id}` });
    } else if (value.item) {
      pending = 0;
      count.items += 1;
      if (count.items > MOST_ITEMS) throw unfit("too_many");
      if (!isItem(value.item)) throw unfit("bad_item", { id: `${value.item.id}` });
    } else if (value.draft) {
      pending = 0;
      count.drafts += 1;
      if (!isId(value.draft.id) || value.draft.user !== current()) throw unfit("bad_draft", { id: `${value.draft.id}` });
    } else if (value.end) end = value.end;
    else throw unfit("bad_line");
  }
  const isWhole = end !== null && Object.keys(count).every((of) => end[of] === count[of]);
  if (!isWhole) throw new Unfit("cut_off");
}

function checkHead({ format, version, account }) {
  if (format !== FORMAT) throw new Unfit("not_ours");
  if (version !== VERSION) throw new Unfit("other_version");
  if (current() === "" || account?.user_id !== current()) {
    throw new Unfit("other_account", { name: `${account?.name || account?.username || ""}` });
  }
}

async function isPhoto({ photo, bytes }) {
  if (!isId(photo.id) || typeof bytes !== "string") return false;
  try {
    const read = unbase64(bytes);
    const hash = await sha256(read);
    return read.byteLength > 0 && read.byteLength === photo.size && (hash === null || hash === photo.sha256);
  } catch {
    return false;
  }
}

function isItem(item) {
  if (!isSound(item) || item.user !== current() || !["report", "step"].includes(item.kind)) return false;
  const { title, detail, lane, answer_id, made_at, draft } = item;
  const isComplete = [title, detail].every((it) => typeof it === "string") && [lane, answer_id].every(isId);
  if (!isComplete || typeof made_at !== "number" || (draft && !isId(draft.id))) return false;
  try {
    const body = JSON.parse(item.body);
    return typeof body === "object" && body !== null;
  } catch {
    return false;
  }
}

function addItem(item, photos) {
  return write(["meta", "drafts", "items", "photos", "bytes"], async (stores) => {
    if ((await result(stores.items.get(item.id))) !== undefined) return false;
    // What was taken back here and written on since is newer than the file; what was not is what the file sends.
    const draft = await result(stores.drafts.get(item.draft?.id ?? item.id));
    if (draft !== undefined) {
      if (draft.user !== item.user || !(draft.updated_at <= (item.draft?.updated_at ?? 0))) return false;
      await result(stores.drafts.delete(draft.id));
      // A photo that the file names and does not bring is better the one that is here.
      const isWanted = (id) => item.photos?.includes(id) && !photos.has(id);
      const owned = await ownedBy(stores.photos, draft.id, draft.user);
      for (const id of owned) if (!isWanted(id)) await removePhoto(stores, id);
    }
    await addPhotos(stores, item, item.photos ?? [], photos);
    await add(stores, item);
    return true;
  });
}

function addDraft(draft, photos) {
  return write(["drafts", "items", "photos", "bytes"], async (stores) => {
    const there = await Promise.all([result(stores.drafts.get(draft.id)), result(stores.items.get(draft.id))]);
    if (there.some((it) => it !== undefined)) return false;
    await addPhotos(stores, draft, [...photos.keys()], photos);
    await result(stores.drafts.put(draft));
    return true;
  });
}

async function addPhotos(stores, owner, ids, photos) {
  for (const id of ids) {
    const found = photos.get(id);
    const there = await result(stores.photos.get(id));
    if (found === undefined || there !== undefined) continue;
    const { sha256, size, width, height, meta } = found.photo;
    const about = { id, sha256, size, width, height, meta: meta ?? {}, thumb: null, acked_at: null };
    await result(stores.photos.put({ ...about, user: owner.user, owner: owner.id }));
    await result(stores.bytes.put(found.bytes, id));
  }
}

/** Drafts that have become items since: they are not drafts any more. */
async function draftsInItems() {
  const items = await read(["items"], ({ items }) => result(items.index("user").getAll(current())));
  return new Set(items.map(({ draft }) => draft?.id));
}

/** The lines of a file with their numbers, one at a time in memory. */
async function* lines(file) {
  const reader = file.stream().pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  let pieces = [];
  let length = 0;
  let number = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw error instanceof TypeError ? new Unfit(number === 0 ? "not_ours" : "bad_line", { line: number + 1 }) : error;
      });
      const parts = done ? [] : value.split("\n");
      for (const [at, part] of parts.entries()) {
        if (at > 0) {
          number += 1;
          yield parsed(pieces.join(""), number);
          pieces = [];
          length = 0;
        }
        pieces.push(part);
        length += part.length;
        if (length > LONGEST_LINE) throw new Unfit("line_too_long", { line: number + 1 });
      }
      if (!done) continue;
      // The last line ends like every other, or it was cut off.
      if (length > 0 || number === 0) throw new Unfit(number === 0 ? "not_ours" : "cut_off");
      return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(text, number) {
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (typeof value !== "object" || value === null) throw new Unfit(number === 1 ? "not_ours" : "bad_line", { line: number });
  return { value, number };
}

function unbase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
}
