// Answers of the API kept for reading without a network, each account's apart.
import { current } from "./account.js";
import { beginning, jot, read, result, walk } from "./store.js";

/** So many answers are kept; the oldest go first. */
const MOST = 1_000;

/** What nothing works without is never the oldest. */
const NEEDED = "/api/field-bundle";

/**
 * Keeps the last answer to a path, for whom it was given to; nothing if that is no longer whom this page is for. It is as old
 * as the question: what has happened since is not in it.
 */
export async function keepAnswer(user, path, text, etag, at = Date.now()) {
  if (user === "" || user !== current()) return;
  await jot(["kept"], ({ kept }) => result(kept.put({ user, path, text, at, etag: etag ?? "" })));
}

/** Keeps several answers at once. */
export async function keepAnswers(user, answers, at) {
  if (user === "" || user !== current()) return;
  await jot(["kept"], async ({ kept }) => {
    await Promise.all(answers.map(({ path, text }) => result(kept.put({ user, path, text, at, etag: "" }))));
  });
}

/** Says that an answer is still right. */
export async function touchAnswer(path) {
  const key = [current(), path];
  await jot(["kept"], async ({ kept }) => {
    const found = await result(kept.get(key));
    if (found !== undefined) await result(kept.put({ ...found, at: Date.now() }));
  });
}

/** Forgets every answer of an account. */
export async function forgetAnswers(user) {
  await jot(["kept"], ({ kept }) => result(kept.delete(beginning(user))));
}

/** What is kept of a path, or null. */
export async function keptAnswer(path) {
  const found = await read(["kept"], ({ kept }) => result(kept.get([current(), path])));
  return found === undefined ? null : { text: found.text, at: found.at, etag: found.etag };
}

/** Forgets the oldest answers where there are very many. */
export async function thin(user) {
  await jot(["kept"], async ({ kept }) => {
    const mine = beginning(user);
    if ((await result(kept.count(mine))) <= MOST) return;
    const ages = [];
    await walk(kept.openCursor(mine), ({ primaryKey, value }) => {
      if (!value.path.startsWith(NEEDED)) ages.push({ primaryKey, at: value.at });
    });
    ages.sort((a, b) => b.at - a.at);
    for (const { primaryKey } of ages.slice(MOST / 2)) await result(kept.delete(primaryKey));
  });
}
