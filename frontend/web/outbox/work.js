// The person's work on the device: orders and re-checks with their photos, fetched while there is a network, so that they
// can be done where there is none.
import { current } from "./account.js";
import { keepAnswer, keepAnswers, keptAnswer, touchAnswer } from "./kept.js";
import { isId } from "./names.js";
import { tuning } from "./pace.js";
import { keepPictures } from "./pictures.js";

/** All of it in one answer. */
const WORK = "/api/field-bundle?part=work";

/** Photos of the work may take so much of the device's space, in bytes; those of what is due first come first. */
const MOST_BYTES = 80 * 1024 * 1024;

/** @type {Promise<object> | null} */
let underWay = null;
let isAskedAgain = false;

/**
 * Fetches the work and these lists, as far as they have changed, and the photos. `count` is how many things there are;
 * `null` when the server did not answer and everything stays as it was.
 * @param {string[]} lists paths of lists that the screens show
 */
export function refreshWork(lists) {
  // What is under way may have been asked before the reason for asking now.
  isAskedAgain = underWay !== null;
  underWay ??= refresh(lists).finally(() => {
    underWay = null;
    if (isAskedAgain) refreshWork(lists).catch(() => {});
  });
  return underWay;
}

async function refresh(lists) {
  const user = current();
  if (user === "") return { count: null };
  for (const path of lists) {
    const at = Date.now();
    const list = await ask(path, "", user);
    if (list !== null) await keepAnswer(user, path, await list.text(), list.headers.get("etag"), at);
  }
  const at = Date.now();
  const before = await keptAnswer(WORK);
  const answer = await ask(WORK, before?.etag ?? "", user);
  if (answer === null || user !== current()) return { count: null };
  const isKnown = answer.status === 304;
  const text = isKnown ? before.text : await answer.text();
  const { items } = JSON.parse(text);
  if (isKnown) {
    await touchAnswer(WORK);
  } else {
    // Each under its own address, where the screens look for it.
    await keepAnswers(
      user,
      items.filter(({ id }) => isId(id)).map((item) => ({ path: `/api/issues/${item.id}`, text: JSON.stringify(item) })),
      at,
    );
    await keepAnswer(user, WORK, text, answer.headers.get("etag"), at);
  }
  await keepPictures(pictures(items), MOST_BYTES);
  return { count: items.length };
}

/** The addresses of the photos: the small ones of everything, then the whole ones in the order of the work. */
function pictures(items) {
  const ids = items.flatMap((item) => [
    ...(item.photo_ids ?? []),
    ...(item.fixed_photo_ids ?? []),
    ...(item.order?.reply_photo_ids ?? []),
  ]);
  return ["thumb", "full"].flatMap((size) => ids.map((id) => `/api/photos/${id}?size=${size}`));
}

/** The answer, 304 included; null when there is none to be had now. */
async function ask(path, etag, user) {
  try {
    const response = await fetch(path, {
      headers: { "spotfix-account": user, ...(etag ? { "if-none-match": etag } : {}) },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(tuning.answer_ms),
    });
    const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
    return response.status === 304 || (response.ok && isJson) ? response : null;
  } catch {
    return null;
  }
}
