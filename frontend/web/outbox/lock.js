// One sender at a time over all tabs and the service worker. Without Web Locks there may be two: the ids make it exactly
// once all the same.
import { tuning } from "./pace.js";
import { jot, read, result } from "./store.js";

const NAME = "spotfix-outbox";

/**
 * Does the work when nobody else does it. Its signal tells that the lock was taken away: a tab that the system had put
 * to sleep was taken for dead. Then it must write nothing any more.
 * @template T
 * @param {(lost: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  if (!globalThis.navigator?.locks) return work(new AbortController().signal);
  const impatience = new AbortController();
  const begun = performance.now();
  let isHeld = false;
  const watching = setInterval(async () => {
    const isLong = performance.now() - begun >= tuning.silence_ms;
    if (isLong && !isHeld && (await isSilent())) impatience.abort();
  }, tuning.heartbeat_ms);
  const begin = (lost) => {
    isHeld = true;
    clearInterval(watching);
    return beating(work, lost);
  };
  try {
    return await hold({ signal: impatience.signal }, begin);
  } catch (error) {
    if (isHeld) throw error;
    if (impatience.signal.aborted) return await hold({ steal: true }, begin);
    // The browser has locks and gives none: as if it had none.
    return await work(new AbortController().signal);
  } finally {
    clearInterval(watching);
  }
}

async function hold(options, begin) {
  const lost = new AbortController();
  let held = null;
  try {
    return await navigator.locks.request(NAME, options, () => (held = begin(lost.signal)));
  } catch (error) {
    if (held === null) throw error;
    // Either the work failed or the lock was stolen while it went on; in both cases the work has the last word.
    lost.abort();
    return held;
  }
}

async function beating(work, lost) {
  const beat = () => jot(["meta"], ({ meta }) => result(meta.put(Date.now(), "heartbeat"))).catch(() => {});
  const beats = setInterval(() => lost.aborted || beat(), tuning.heartbeat_ms);
  try {
    await beat();
    return await work(lost);
  } finally {
    clearInterval(beats);
  }
}

async function isSilent() {
  const last = await read(["meta"], ({ meta }) => result(meta.get("heartbeat"))).catch(() => undefined);
  // The distance, not the order: the clock may have been put back.
  return last === undefined || Math.abs(Date.now() - last) > tuning.silence_ms;
}
