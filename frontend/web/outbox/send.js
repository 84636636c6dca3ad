// Sends one item: its photos, each until the server has it, then the record that names them.
import { judge } from "./answer.js";
import { isItemPath, photoPath } from "./names.js";
import { patience } from "./pace.js";
import { Over, acknowledge, begin, forgetPhotos, nextPhoto, pause, receive, refuse, rename, risk, wait } from "./progress.js";

/** Refusals that are about what is told beside a photo, not about the photo. */
const BESIDE = new Set(["unknown_parameter", "invalid_parameter", "invalid_fields"]);

/**
 * What a run is for, as long as it lasts: whose items, in which session, and whether another has taken over.
 * @typedef {{ user: string, epoch: number, lost: AbortSignal, memory: ReturnType<typeof import("./progress.js").remembered> }} Run
 *
 * How it went. `heard` says that the server answered something, whatever it was.
 * @typedef {{ how: "received" | "refused" | "gone" | "paused" | "waiting" | "over", item?: object, heard: boolean,
 *   verdict?: import("./answer.js").Verdict }} Outcome
 */

/**
 * Sends an item. `tries` is how often that has failed before, as far as it says anything; `sharers` gives how many
 * share the line.
 * @param {string} id
 * @param {number} tries
 * @param {() => number} sharers
 * @param {Run} run
 * @returns {Promise<Outcome>}
 */
export async function sendItem(id, tries, sharers, run) {
  const sending = { item: null, tries, sharers, run, heard: false };
  try {
    sending.item = await begin(id, run);
    if (sending.item === null) return { how: "gone", heard: false };
    const outcome = await sendAll(sending);
    return { ...outcome, heard: sending.heard };
  } catch (error) {
    if (error instanceof Over || run.lost.aborted) return { how: "over", heard: sending.heard };
    throw error;
  }
}

async function sendAll(sending) {
  const { run } = sending;
  // It may come from a file: nothing is ever sent anywhere else.
  if (!isItemPath(sending.item.path)) return refused(sending, { kind: "refused", status: 0, problem: null }, null);
  for (;;) {
    const stopped = await sendPhotos(sending);
    if (stopped !== null) return stopped;
    sending.item = (await risk(sending.item, run)) ?? gone();
    const verdict = await sendRecord(sending);
    if (verdict.kind === "received") {
      const item = await receive(sending.item, verdict.answer, run);
      return item === null ? { how: "gone" } : { how: "received", item };
    }
    if (verdict.kind !== "refused" || verdict.problem.code !== "photo_missing") return settle(sending, verdict, null);
    // The server forgets photos that nothing names for a day; what it has lost is sent again.
    const again = await forgetPhotos(sending.item, verdict.problem.photo_ids ?? [], run);
    // Those it misses are not here any more either, or it loses them again and again.
    if (again === null) return refused(sending, { ...verdict, kind: "lost" }, null);
    sending.item = again;
  }
}

/** Sends the photos that are not there yet; null when all are. */
async function sendPhotos(sending) {
  const { run } = sending;
  for (;;) {
    const next = await nextPhoto(sending.item, run);
    if (next === null) return null;
    const { photo, body } = next;
    if (body === null) return refused(sending, { kind: "lost", status: 0, problem: null }, photo);
    const verdict = await sendPhoto(sending, photo, body);
    if (verdict.kind === "received") {
      sending.item = (await acknowledge(sending.item, photo, run)) ?? gone();
    } else if (verdict.kind === "refused" && verdict.problem.code === "id_taken") {
      const renamed = await rename(sending.item, photo, run);
      if (renamed === null) return refused(sending, verdict, photo);
      sending.item = renamed;
    } else {
      return settle(sending, verdict, photo);
    }
  }
}

async function sendPhoto(sending, photo, body) {
  const expected = { id: photo.id, sha256: photo.sha256 || undefined };
  const told = (meta) => put(sending, photoPath(photo.id, meta), "image/jpeg", body, body.byteLength, expected);
  const verdict = await told(photo.meta);
  // A clock or a position that cannot be is no reason to lose the photo.
  return verdict.kind === "refused" && BESIDE.has(verdict.problem.code) ? told(null) : verdict;
}

function sendRecord(sending) {
  const { path, body, answer_id: id } = sending.item;
  return put(sending, path, "application/json", body, body.length, { id });
}

async function settle(sending, verdict, photo) {
  const { item, tries, run } = sending;
  if (verdict.kind === "refused" || verdict.kind === "too_large") return refused(sending, verdict, photo);
  if (verdict.kind === "paused") {
    await pause(item, verdict, run);
    return { how: "paused", verdict };
  }
  const waiting = await wait(item, verdict, tries + 1, run);
  return waiting === null ? { how: "gone" } : { how: "waiting", item: waiting, verdict };
}

async function refused({ item, run }, verdict, photo) {
  const changed = await refuse(item, verdict, photo, run);
  return changed === null ? { how: "gone" } : { how: "refused", item: changed, verdict };
}

/** An item that is not ours any more in the middle of sending: somebody else has taken over. */
function gone() {
  throw new Over("the item has changed under us");
}

/** One request and what its answer means. */
async function put(sending, path, type, body, size, expected) {
  const { item, tries, sharers, run } = sending;
  const stop = new AbortController();
  const onLost = () => stop.abort();
  const begun = performance.now();
  let late;
  // Others may have joined meanwhile.
  const look = () => {
    const left = begun + patience(size, sharers(), tries) - performance.now();
    if (left > 0) late = setTimeout(look, left);
    else onLost();
  };
  look();
  run.lost.addEventListener("abort", onLost);
  try {
    if (run.lost.aborted) throw new Over("another sender");
    const response = await fetch(path, {
      method: "PUT",
      headers: {
        "content-type": type,
        accept: "application/json, application/problem+json",
        "spotfix-account": item.user,
        "spotfix-device-time": new Date().toISOString(),
      },
      body,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: stop.signal,
    });
    const heard = {
      status: response.status,
      type: response.type,
      redirected: response.redirected,
      contentType: response.headers.get("content-type"),
      retryAfter: response.headers.get("retry-after"),
      // An answer that breaks off is none, whatever its first line said.
      text: await response.text(),
    };
    const verdict = judge(heard, expected, Date.now());
    if (verdict.kind !== "unreadable" && verdict.kind !== "busy") sending.heard = true;
    return verdict;
  } catch (error) {
    if (error instanceof Over || run.lost.aborted) throw new Over("another sender");
    return { kind: "unreached", status: 0, problem: null };
  } finally {
    clearTimeout(late);
    run.lost.removeEventListener("abort", onLost);
  }
}
