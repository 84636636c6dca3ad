// Whose outbox this is: what a page shows, and what the engine may send.
import { Refused, beginning, read, result, walk, write } from "./store.js";

/** Whom this page is for. */
let shown = "";

/** Whom this page is for, "" before anybody is known. */
export function current() {
  return shown;
}

/** Whom something is kept for: the one it names, else the one this page is for. */
export function ownerOf(thing) {
  const user = thing.user || shown;
  if (!user) throw new Refused("NoAccount", "nobody is signed in here");
  return user;
}

/** Whether something belongs to whom this page is for. */
export function isMine(thing) {
  return shown !== "" && thing?.user === shown;
}

/**
 * From now on the page is for this account and the engine sends what is theirs; "" stops sending and forgets nothing.
 * Whatever stopped the queue for want of the right session is over.
 */
export async function use(user, profile) {
  shown = user;
  await write(["meta"], async ({ meta }) => {
    await result(meta.put(user, "account"));
    await result(meta.delete("pause"));
    if (user === "") return;
    // What is said of a session before this one is not said of this one.
    await result(meta.put(((await result(meta.get("epoch"))) ?? 0) + 1, "epoch"));
    if (profile !== null) await result(meta.put(profile, `profile:${user}`));
  });
}

/** What is known of an account: `{user_id, username, name}`. */
export async function profile(user) {
  const [told, kept] = await read(["meta", "kept"], ({ meta, kept }) =>
    Promise.all([result(meta.get(`profile:${user}`)), result(kept.get([user, "/api/me"]))]),
  );
  let me = told;
  try {
    me ??= JSON.parse(kept?.text ?? "null");
  } catch {
    // Kept as it came; what cannot be read is not known.
  }
  return { user_id: user, username: me?.username ?? "", name: me?.name ?? "" };
}

/**
 * How the outbox is: for the account of this page, and how much of other people's waits on this device.
 */
export async function status() {
  const now = Date.now();
  return read(["meta", "items", "drafts"], async ({ meta, items, drafts }) => {
    const counts = new Map();
    const pairs = [];
    await walk(items.index("stage").openKeyCursor(null, "nextunique"), ({ key }) => {
      if (key[1] !== "received") pairs.push(key);
    });
    for (const [user, stage] of pairs) {
      const of = counts.get(user) ?? { waiting: 0, sending: 0, needs_you: 0 };
      of[stage] = await result(items.index("stage").count(IDBKeyRange.only([user, stage])));
      counts.set(user, of);
    }
    const mine = counts.get(shown) ?? { waiting: 0, sending: 0, needs_you: 0 };
    const [account, pause, wake] = await Promise.all(["account", "pause", "wake"].map((it) => result(meta.get(it))));
    // In another tab somebody may have signed out, or in as somebody else: then nothing of this account is sent.
    const isOurs = account === shown;
    const why = (isOurs ? pause : account ? "other_account" : "signed_out") ?? null;
    const isAsleep = mine.waiting > 0 && mine.sending === 0 && why === null && wake > now;
    counts.delete(shown);
    const others = [...counts].map(([user, of]) => ({ user, count: of.waiting + of.sending + of.needs_you }));
    return {
      user: shown,
      sending: mine.sending > 0,
      pause: shown === "" ? null : why,
      wait_until: isAsleep ? wake : null,
      waiting: mine.waiting,
      needs_you: mine.needs_you,
      unsent: mine.waiting + mine.sending + mine.needs_you,
      drafts: await result(drafts.index("user").count(shown)),
      others,
      of_others: others.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

/** Every item of an account that is in this stage. */
export function inStage(items, user, stage) {
  return result(items.index("stage").getAll(IDBKeyRange.only([user, stage])));
}

/** Every item of an account that was received, the latest first, for walking. */
export function receivedOf(items, user) {
  return items.index("received").openCursor(beginning(user), "prev");
}
