// The engine: sends what is due, rests when the network or the server does not want it, and comes back by itself.
import { unsent, prune } from "./items.js";
import { Lanes } from "./lanes.js";
import { alone } from "./lock.js";
import { backoff, due, tuning } from "./pace.js";
import { assertFull, free, latest, remembered, writeDown } from "./progress.js";
import { sendItem } from "./send.js";
import { jot, read, result } from "./store.js";
import { onOthers, tell } from "./tell.js";

/** Reasons after which a network that was not there may be: whoever opens the page does it somewhere. */
const HOPEFUL = new Set(["start", "online", "visible", "sync", "asked"]);

/** What has been wished for since the outbox was last read. */
const wishes = { fresh: false, hope: false, asked: false };
/** @type {Promise<void> | null} what this context has under way or waits for its turn with */
let turn = null;
let wake = () => {};
let timer = null;
/** How many lanes are sent at a time, as the line lets us; 0 before it has been tried. */
let width = 0;
/** Items whose failures from before there was hope are forgotten. */
let forgiven = new Set();

/**
 * Sends what is due. The promise is kept when nothing is any more.
 * @param {string} reason "start", "queued", "timer", "online", "visible", "sync", or "asked" by the person
 */
export function kick(reason) {
  wishes.fresh = true;
  wishes.hope ||= HOPEFUL.has(reason);
  wishes.asked ||= reason === "asked";
  wake();
  turn ??= alone(drain).finally(() => {
    turn = null;
  });
  return turn.then(
    // Somebody may have wished for something just as it ended.
    () => (wishes.fresh && turn === null ? kick("again") : undefined),
    (error) => {
      // Storage that does not work now may work later.
      comeBack(Date.now() + tuning.look_ms);
      throw error;
    },
  );
}

async function drain(lost) {
  const state = { run: null, lanes: null, sharers: 0, rest: null, isPaused: false, failures: 0, error: null };
  const busy = new Map();
  try {
    for (;;) {
      if (wishes.fresh) await refresh(state, lost);
      if (state.error !== null) throw state.error;
      if (state.run === null || lost.aborted) return;
      start(state, busy);
      if (wishes.fresh) continue;
      if (busy.size === 0) break;
      const woken = new Promise((resolve) => (wake = resolve));
      await Promise.race([woken, ...busy.values()]);
    }
  } finally {
    wake = () => {};
    await Promise.allSettled(busy.values());
  }
  await finish(state);
}

/** Reads what is to be sent, for whom, and what has been wished for. */
async function refresh(state, lost) {
  const { hope, asked } = wishes;
  Object.assign(wishes, { fresh: false, hope: false, asked: false });
  const user = await read(["meta"], ({ meta }) => result(meta.get("account")));
  const isFirst = state.run === null;
  state.run = null;
  if (!user) return;
  const memory = remembered(user);
  // What is marked as being sent before we began was left by somebody who is gone.
  if (isFirst) {
    await writeDown(memory);
    await free(user);
  }
  const { epoch, ...kept } = await read(["meta", "items"], async ({ meta, items }) => {
    const [epoch, pause, rest] = await Promise.all(["epoch", "pause", "rest"].map((key) => result(meta.get(key))));
    return { epoch, pause, rest, items: await unsent(items, user) };
  });
  if (asked) memory.pause = null;
  const pause = kept.pause ?? (memory.pause?.epoch === epoch ? memory.pause.why : undefined);
  const rest = kept.rest ?? memory.rest ?? undefined;
  if (pause !== undefined && asked) await jot(["meta"], ({ meta }) => result(meta.delete("pause")));
  state.run = { user, epoch, lost, memory };
  state.isPaused = pause !== undefined && !asked;
  state.lanes = new Lanes(kept.items.map(latest));
  // There is a network again, or somebody wants to see it tried: failures that say nothing now are forgotten, until each has
  // been tried once more, however often the queue rests meanwhile.
  forgiven = new Set(state.lanes.forgive(({ id, isUnreached }) => (hope && (isUnreached || asked)) || forgiven.has(id)));
  // What the server asked for is kept; what we made up ourselves is not, when there is hope.
  const isForgiven = hope && rest !== undefined && !rest.isAsked;
  if (isForgiven) memory.rest = null;
  if (isForgiven) await jot(["meta"], ({ meta }) => result(meta.delete("rest")));
  state.rest = isForgiven ? null : (rest ?? null);
}

/** Begins with as many items as may be under way at a time. */
function start(state, busy) {
  const now = Date.now();
  while (busy.size < lanes() && !state.isPaused && restsUntil(state, now) === 0) {
    const entry = state.lanes.next(busy, now);
    if (entry === null) return;
    const { run } = state;
    const sending = sendItem(entry.id, entry.tries, () => state.sharers, run)
      .then((outcome) => settle(state, run, entry, outcome))
      .catch((error) => {
        state.error = error;
      })
      .finally(() => {
        busy.delete(entry.lane);
        if (busy.size === 0) state.sharers = 0;
      });
    busy.set(entry.lane, sending);
    // So many share the line, or have while the others were under way.
    state.sharers = Math.max(state.sharers, busy.size);
  }
}

function lanes() {
  return width === 0 ? tuning.lanes : Math.min(width, tuning.lanes);
}

async function settle(state, run, entry, { how, item, heard, verdict }) {
  // The account or the item is not what it was: what is to be done is read anew.
  if (how === "over") wishes.fresh ||= !run.lost.aborted;
  if (how === "over" || run.user !== state.run?.user) return;
  if (how === "paused") {
    wishes.fresh = true;
    return;
  }
  forgiven.delete(entry.id);
  state.lanes.settle(entry.id, entry.lane, item ?? null);
  if (heard || how !== "waiting") state.failures = 0;
  if (how === "received") {
    state.rest = null;
    width = lanes() + 1;
  }
  if (how !== "waiting") return;
  // A line too slow for all may do for one.
  if (verdict.kind === "unreached") width = 1;
  state.failures += 1;
  const isCrowded = verdict.status === 429 || verdict.status === 503;
  if (isCrowded || state.failures >= tuning.failures_to_rest) await rest(state, verdict);
}

/** The whole queue waits: longer each time, until something arrives. */
async function rest(state, verdict) {
  state.failures = 0;
  // What a proxy without a word of the server's makes us guess, hope may overrule.
  const isAsked = typeof verdict.wait === "number";
  const { memory } = state.run;
  const last = (await read(["meta"], ({ meta }) => result(meta.get("rest")))) ?? memory.rest;
  const tries = (last?.tries ?? 0) + 1;
  const until = Date.now() + backoff(tries, verdict.wait);
  state.rest = { until, tries, isAsked };
  await jot(["meta"], ({ meta }) => result(meta.put(state.rest, "rest"))).catch((error) => {
    assertFull(error);
    memory.rest = state.rest;
  });
}

function restsUntil({ rest }, now) {
  return rest === null ? 0 : due(rest.until, now);
}

/** Nothing is due: says until when, and comes back then. */
async function finish(state) {
  const now = Date.now();
  const first = state.isPaused ? null : state.lanes.wake(now);
  const at = first === null ? 0 : Math.max(first, restsUntil(state, now));
  const isNew = await jot(["meta"], async ({ meta }) => {
    const was = await result(meta.get("wake"));
    await result(meta.put(at, "wake"));
    return (was ?? 0) !== at;
  }).catch(assertFull);
  await prune(state.run.user);
  if (at !== 0) {
    comeBack(at);
    await askForSync();
  }
  // Only news is told: two tabs would keep each other awake.
  if (isNew) tell();
}

/** Sets the alarm, if none rings before. A service worker has none: the browser wakes it. */
function comeBack(at) {
  if (typeof document === "undefined" || (timer !== null && timer.at <= at && timer.at > Date.now())) return;
  if (timer !== null) clearTimeout(timer.id);
  const id = setTimeout(
    () => {
      timer = null;
      kick("timer").catch(() => {});
    },
    Math.max(at - Date.now(), 0),
  );
  timer = { at, id };
}

/** Has the service worker woken when there is a network, even if no page is open any more. */
export async function askForSync() {
  try {
    const worker = await globalThis.navigator?.serviceWorker?.getRegistration();
    await worker?.sync?.register("spotfix-outbox");
  } catch {
    // Few browsers have it and people may forbid it: the page sends by itself.
  }
}

/** Listens for whatever means that sending may work now. */
export function attend() {
  addEventListener("online", () => kick("online").catch(() => {}));
  addEventListener("pageshow", () => kick("visible").catch(() => {}));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") kick("visible").catch(() => {});
  });
  // Another tab is at it; if it is closed before it is done, somebody has to go on.
  onOthers(() => comeBack(Date.now() + tuning.look_ms));
}
