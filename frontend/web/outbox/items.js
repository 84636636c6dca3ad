// The outbox as people use it: things go in, are looked at, taken back, thrown away, and tried again.
import { current, inStage, isMine, ownerOf, receivedOf } from "./account.js";
import { assertUnchanged, know, ownedBy, removePhoto } from "./drafts.js";
import { freshId, isId, isItemPath } from "./names.js";
import { Refused, read, result, walk, write } from "./store.js";
import { tuning } from "./pace.js";
import { tell } from "./tell.js";

/** What has not been received. */
const UNSENT = ["waiting", "sending", "needs_you"];

/** An item as it enters the outbox. */
export function asNew(item, seq) {
  return {
    step: null,
    detail: "",
    draft: null,
    subject: null,
    forecast: null,
    ...item,
    user: ownerOf(item),
    made_at: Number.isSafeInteger(item.made_at) ? item.made_at : Date.now(),
    lane: item.lane || item.id,
    photos: item.photos ?? [],
    answer_id: item.answer_id || item.id,
    seq,
    stage: "waiting",
    sent: 0,
    tries: 0,
    next_at: item.is_undoable ? Date.now() + tuning.undo_ms : 0,
    resends: 0,
    may_have_arrived: false,
    why: null,
    answer: null,
    received_at: null,
  };
}

/** Whether an item can be sent at all; it is looked at again before it is. */
export function isSound(item) {
  return (
    isId(item?.id) &&
    isItemPath(item.path) &&
    typeof item.body === "string" &&
    (item.photos === undefined || (Array.isArray(item.photos) && item.photos.every(isId)))
  );
}

/**
 * Puts items into the outbox and takes their draft away, all or nothing. What is in it already, word for word, stays as
 * it is: whoever pressed twice meant it once.
 */
export async function queue(list, draft) {
  if (list.length === 0 || !list.every(isSound)) throw new TypeError("this cannot be sent");
  await write(["meta", "drafts", "items", "photos", "bytes"], async (stores) => {
    for (const item of list) {
      const there = await result(stores.items.get(item.id));
      if (there === undefined) await add(stores, item);
      else if (there.body !== item.body || there.path !== item.path) {
        throw new Refused("AlreadyQueued", "something else is in the outbox under this id");
      }
    }
    if (!draft) return;
    const user = ownerOf(list[0]);
    const kept = await result(stores.drafts.get(draft));
    if (kept !== undefined && kept.user !== user) throw new Refused("NotFound", "it belongs to another account");
    assertUnchanged(kept, draft);
    await result(stores.drafts.delete(draft));
    // What neither an item nor the form it was made of names was taken out of the form.
    const named = JSON.stringify(list.map(({ photos, draft }) => [photos, draft]));
    for (const id of await ownedBy(stores.photos, draft, user)) if (!named.includes(id)) await removePhoto(stores, id);
  });
  tell();
}

/** Adds one item with the photos it is the first to name, inside a transaction. */
export async function add({ meta, items, photos }, item) {
  const seq = ((await result(meta.get("seq"))) ?? 0) + 1;
  await result(meta.put(seq, "seq"));
  const made = asNew(item, seq);
  for (const id of made.photos) {
    const photo = await result(photos.get(id));
    if (photo === undefined) continue;
    if (photo.acked_at !== null) made.sent += 1;
    const owner = await result(items.get(photo.owner));
    if (owner === undefined || owner.id === made.id) await result(photos.put({ ...photo, owner: made.id, user: made.user }));
  }
  await result(items.put(made));
}

/** The outbox of the account, the newest first, with what was received lately. */
export async function listItems() {
  const user = current();
  const found = await read(["items"], ({ items }) => result(items.index("user").getAll(user)));
  return withHeld(found.sort((a, b) => b.seq - a.seq));
}

/** Says of each whether it waits behind one that needs the person. */
function withHeld(items) {
  const stuck = new Map();
  for (const { stage, lane, seq } of items) {
    if (stage === "needs_you") stuck.set(lane, Math.min(seq, stuck.get(lane) ?? seq));
  }
  return items.map((item) => ({ ...item, is_held: item.stage === "waiting" && item.seq > (stuck.get(item.lane) ?? Infinity) }));
}

/**
 * What a list shows: so many of each stage, without what is sent, the newest first. What it costs does not grow with what waits.
 */
export async function listRows(most) {
  const user = current();
  const found = await read(["items"], async ({ items }) => {
    const stages = UNSENT.map((stage) => result(items.index("stage").getAll(IDBKeyRange.only([user, stage]), most)));
    const received = [];
    const walking = walk(receivedOf(items, user), ({ value }) => received.push(value) < most);
    const unsent = await Promise.all(stages);
    await walking;
    return [...unsent.flat(), ...received];
  });
  return withHeld(found.sort((a, b) => b.seq - a.seq)).map(({ body: _, draft: __, answer: ___, ...row }) => row);
}

/** How far items are, in the order of their ids; null for what is not there. */
export async function stages(ids) {
  const found = await read(["items"], ({ items }) => Promise.all(ids.map((id) => result(items.get(id)))));
  return found.map((item) => (isMine(item) ? item.stage : null));
}

/**
 * Takes an item back: it and what was made of the same draft leave the outbox, and the draft is there again with its
 * photos. What is being sent, or may have arrived with its answer lost, cannot be taken back.
 */
export async function mend(id) {
  const draft = await write(["drafts", "items", "photos", "bytes"], async ({ drafts, items, photos, bytes }) => {
    const item = await mine(items, id);
    if (item.stage === "received") throw new Refused("Received", "it has been received");
    if (item.draft === null || !item.draft.id) throw new Refused("NoDraft", "it was not made of a draft");
    const siblings = (await unsent(items, item.user)).filter((it) => it.draft?.id === item.draft.id);
    for (const it of siblings) {
      if (it.stage === "sending") throw new Refused("Sending", "it is being sent");
      if (it.stage === "waiting" && it.may_have_arrived) throw new Refused("MayHaveArrived", "it may have arrived");
    }
    for (const it of siblings) {
      for (const photo of await ownedBy(photos, it.id, it.user)) {
        await result(photos.put({ ...(await result(photos.get(photo))), owner: item.draft.id }));
      }
      await result(items.delete(it.id));
    }
    let draft = { ...item.draft, user: item.user };
    // The server has something else under these ids: what is mended is another thing, with other photos.
    if (item.why?.problem?.code === "id_taken") draft = await renamed(draft, { photos, bytes });
    await result(drafts.put(draft));
    return draft;
  });
  know(draft);
  tell();
  return draft;
}

/** The same draft under fresh ids, its photos too. */
async function renamed(draft, { photos, bytes }) {
  const id = freshId();
  let text = JSON.stringify({ ...draft, id });
  const names = new Map((await ownedBy(photos, draft.id, draft.user)).map((old) => [old, freshId()]));
  for (const [old, fresh] of names) {
    text = text.replaceAll(old, fresh);
    const [photo, content] = await Promise.all([result(photos.get(old)), result(bytes.get(old))]);
    const { copy_of } = photo.meta;
    const meta = { ...photo.meta, ...(names.has(copy_of) ? { copy_of: names.get(copy_of) } : {}) };
    await result(photos.put({ ...photo, id: fresh, owner: id, acked_at: null, meta }));
    if (content !== undefined) await result(bytes.put(content, fresh));
    await removePhoto({ photos, bytes }, old);
  }
  return JSON.parse(text);
}

/**
 * Throws an item away with its photos, as far as no other item names them; and what was made of the same draft to follow it:
 * a confirmation without its reply would confirm another one.
 */
export async function drop(id) {
  await write(["items", "photos", "bytes"], async (stores) => {
    const item = await mine(stores.items, id);
    const isGoing = (it) => it.id === id || (item.draft?.id && it.draft?.id === item.draft.id && it.seq > item.seq);
    const waiting = await unsent(stores.items, item.user);
    const going = item.stage === "received" ? [item] : waiting.filter(isGoing);
    if (going.some(({ stage }) => stage === "sending")) throw new Refused("Sending", "it is being sent");
    for (const it of going) await result(stores.items.delete(it.id));
    const rest = waiting.filter((it) => !going.includes(it));
    for (const it of going) {
      for (const photo of await ownedBy(stores.photos, it.id, it.user)) {
        const heir = rest.find((other) => other.photos.includes(photo));
        if (heir === undefined) await removePhoto(stores, photo);
        else await result(stores.photos.put({ ...(await result(stores.photos.get(photo))), owner: heir.id }));
      }
    }
  });
  tell();
}

/** Has an item tried again at once, whatever stopped it. */
export async function retry(id) {
  await write(["meta", "items"], async ({ meta, items }) => {
    const item = await mine(items, id);
    if (item.stage !== "waiting" && item.stage !== "needs_you") return;
    await result(items.put({ ...item, stage: "waiting", why: null, tries: 0, next_at: 0, resends: 0 }));
    // How long the server asked everybody to wait still holds.
    if (!(await result(meta.get("rest")))?.isAsked) await result(meta.delete("rest"));
  });
  tell();
}

/** Forgets what was received long ago. */
export async function prune(user) {
  const now = Date.now();
  await write(["items"], async ({ items }) => {
    let count = 0;
    await walk(receivedOf(items, user), (cursor) => {
      count += 1;
      const isOld = now - cursor.value.received_at > tuning.received_kept_ms;
      if (isOld || count > tuning.received_kept) cursor.delete();
    });
  });
}

/** Every item of an account that has not been received, in the order it was queued. */
export async function unsent(items, user) {
  const found = await Promise.all(UNSENT.map((stage) => inStage(items, user, stage)));
  return found.flat().sort((a, b) => a.seq - b.seq);
}

async function mine(items, id) {
  const item = await result(items.get(id));
  if (!isMine(item)) throw new Refused("NotFound", "there is no such item");
  return item;
}
