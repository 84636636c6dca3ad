// The outbox without the application's screens: its scripts, as the page bundles them, in a page of the server's origin.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { finish, phone, startBrowser, startServer, UNREACHED_OR_REFUSED } from "./harness.mjs";
import { startNetwork } from "./net.mjs";
import { PASSWORD } from "./people.mjs";
import { catalogue, freshId, smallPhoto } from "./steps.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../frontend/web");

/** Waiting times for tests: nothing is tried again before a test wants it. */
export const STILL = { first_wait_ms: 120_000, longest_wait_ms: 120_000, watch_ms: 0 };
/** Waiting times for tests of what happens by itself. */
export const QUICK = { first_wait_ms: 40, longest_wait_ms: 200, least_asked_ms: 100, watch_ms: 0 };

/** The server and the browser of a file's tests. */
export const shared = { server: null, browser: null };

/** Has a server and a browser for the tests of this file. */
export function onServer() {
  before(async () => {
    shared.server = await startServer();
    shared.browser = await startBrowser();
  });
  after(async () => {
    await shared.browser?.close();
    await shared.server?.stop();
  });
}

/** A test with a network of its own before the server. */
export function onNetwork(name, run) {
  test(name, { timeout: 120_000 }, async () => {
    const net = await startNetwork(shared.server);
    try {
      await run(net);
    } finally {
      await net.stop();
    }
  });
}

/** Closes a phone whose console had reason to complain of the network. */
export async function close(page) {
  await finish(page, UNREACHED_OR_REFUSED);
}

const bundles = new Map();

/** The outbox of the page, and what it uses itself that tests want to use alone. */
const PAGE = `export * from "./page.js"; export { keepPictures } from "./pictures.js";`;

/** The scripts of the outbox as one piece; what they export is in `outbox`. */
export async function script(contents = PAGE) {
  if (!bundles.has(contents)) {
    const stdin = { contents, resolveDir: join(web, "outbox") };
    const made = await build({ stdin, bundle: true, format: "iife", globalName: "outbox", write: false });
    bundles.set(contents, made.outputFiles[0].text);
  }
  return bundles.get(contents);
}

/** What a script of the outbox exports, here. */
export async function inNode(file) {
  const entryPoints = [join(web, "outbox", file)];
  const made = await build({ entryPoints, bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`);
}

/** Signs somebody in on a phone of their own, without a page of the application. */
export async function signedIn(net, username) {
  const page = await phone(shared.browser, net);
  await enter(page, username);
  page.county = await catalogue(page);
  return page;
}

/** Signs somebody in on a phone on which somebody else may be; gives who they are. */
export async function enter(page, username) {
  const answer = await page.request.post("/api/session", { data: { username, password: PASSWORD } });
  assert.equal(answer.status(), 204);
  page.me = await (await page.request.get("/api/me")).json();
  return page.me;
}

/** Loads the outbox into a page; `prepare` runs in it before. */
export async function load(page, tuning = STILL, prepare = () => {}) {
  // A page of the origin with the policy every page has, and nothing of the application.
  await page.goto("/healthz");
  await page.evaluate(prepare);
  await page.evaluate(`${await script()}\nwindow.outbox = outbox;`);
  await page.evaluate((tuning) => Object.assign(outbox.tuning, tuning), tuning);
}

/**
 * Run in a page: while its `isFull` says so, the disk takes nothing more into a store, or into any. As browsers do it: the
 * transaction is ended, and its error says why.
 */
export function limitDisk(store) {
  window.isFull = false;
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...words) {
    const request = put.apply(this, words);
    if (window.isFull && (store === undefined || store === this.name)) {
      const error = new DOMException("full", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { get: () => error });
      this.transaction.abort();
    }
    return request;
  };
}

/** Everything in one store of the phone's database, without small pictures. */
export function stored(page, name) {
  return page.evaluate(async (name) => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const all = db.transaction(name).objectStore(name).getAll();
    const found = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    db.close();
    return found.map(({ thumb: _, ...it }) => it);
  }, name);
}

/** A phone of somebody who is signed in, with their outbox. */
export async function device(net, username, tuning) {
  const page = await signedIn(net, username);
  await load(page, tuning);
  await call(page, "use_account", page.me.user_id, JSON.stringify(page.me));
  return page;
}

/** Another tab of the same phone. */
export async function anotherTab(page, tuning, prepare) {
  const tab = await page.context().newPage();
  Object.assign(tab, { me: page.me, county: page.county });
  await load(tab, tuning, prepare);
  await call(tab, "use_account", page.me.user_id);
  return tab;
}

/** Calls a function of the outbox; what it gives as JSON is read, what it fails with is thrown with its name. */
export async function call(page, name, ...args) {
  const done = await page.evaluate(
    ([name, args]) =>
      outbox[name](...args).then(
        (value) => ({ value }),
        (error) => ({ error: { name: error.name, message: error.message } }),
      ),
    [name, args],
  );
  if (done.error) throw Object.assign(new Error(done.error.message), { name: done.error.name });
  const { value } = done;
  return typeof value === "string" && /^[[{n]/.test(value) ? JSON.parse(value) : value;
}

/** The item as it is now. */
export async function find(page, id) {
  return (await call(page, "list_items")).find((item) => item.id === id);
}

/** Waits until an item is as wanted, a stage or some of its fields, and gives it. */
export async function until(page, id, wanted) {
  const fields = typeof wanted === "string" ? { stage: wanted } : wanted;
  const found = page.evaluate(
    async ([id, fields]) => {
      let changed = () => {};
      const stop = outbox.watch(() => changed());
      try {
        for (;;) {
          const next = new Promise((resolve) => (changed = resolve));
          const item = JSON.parse(await outbox.list_items()).find((item) => item.id === id);
          if (item && Object.entries(fields).every(([key, value]) => item[key] === value)) return item;
          await next;
        }
      } finally {
        stop();
      }
    },
    [id, fields],
  );
  let late;
  const patience = new Promise((resolve) => (late = setTimeout(resolve, 20_000)));
  const item = await Promise.race([found, patience.then(() => null)]);
  clearTimeout(late);
  if (item !== null) return item;
  found.catch(() => {});
  const state = { item: await find(page, id), status: await call(page, "status") };
  assert.fail(`the item did not become ${JSON.stringify(fields)}: ${JSON.stringify(state, null, 1)}`);
}

let seed = 0;

/** Keeps a drawn photo for a draft or item, as the camera does; gives its id and hash. */
export async function keepPhoto(page, owner, meta = { source: "camera" }) {
  const bytes = smallPhoto((seed += 1)).buffer;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const about = { id: freshId(), owner, sha256, size: bytes.length, width: 320, height: 240, meta };
  await keepBytes(page, about, bytes);
  return { ...about, bytes };
}

/** Keeps a photo as the page gives it: with bytes, not text. */
export async function keepBytes(page, about, bytes) {
  const done = await page.evaluate(
    async ([about, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      try {
        await outbox.keep_photo(JSON.stringify(about), bytes.buffer, new Blob([bytes.slice(0, 100)]));
        return null;
      } catch (error) {
        return { name: error.name, message: error.message };
      }
    },
    [about, Buffer.from(bytes).toString("base64")],
  );
  if (done !== null) throw Object.assign(new Error(done.message), { name: done.name });
}

/** A report as the form makes it, with photos that are kept: `{item, photos}`; `more` goes into the record. */
export async function report(page, photoCount = 2, more = {}) {
  const spot = page.county.spots.find(({ code }) => code === "BJXX-001");
  const id = freshId();
  const draft = { id, user: page.me.user_id, title: "前进巷", form: {} };
  await call(page, "save_draft", JSON.stringify(draft));
  const photos = [];
  while (photos.length < photoCount) photos.push(await keepPhoto(page, id));
  const photo_ids = photos.map(({ id }) => id);
  const body = JSON.stringify({
    spot_id: spot.id,
    clause_code: "G06",
    severity: photoCount > 0 ? "general" : "minor",
    description: `北门柱子上有小广告 ${id}`,
    location: { lng: spot.lng, lat: spot.lat, accuracy_m: 8, source: "device" },
    observed_at: new Date(Date.now() - 60_000).toISOString(),
    photo_ids,
    ...more,
  });
  const item = {
    ...{ id, user: page.me.user_id, kind: "report", path: `/api/issues/${id}`, body, answer_id: id },
    ...{ photos: photo_ids, lane: id, title: "前进巷", detail: "G06", draft, made_at: Date.now() },
  };
  return { item, photos };
}

/** Makes a report and gives it to the outbox. */
export async function send(page, photoCount, more) {
  const made = await report(page, photoCount, more);
  await call(page, "queue", JSON.stringify([made.item]), made.item.draft.id);
  return made;
}

/** What is left on the device beside the outbox itself. */
export function leftOver(page) {
  return page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const count = (name) =>
      new Promise((resolve) => (db.transaction(name).objectStore(name).count().onsuccess = (it) => resolve(it.target.result)));
    const left = { photos: await count("photos"), bytes: await count("bytes"), drafts: await count("drafts") };
    db.close();
    return left;
  });
}

/**
 * Fails unless the server has each report exactly once with the very bytes of its photos, the phone has nothing left of
 * them, and no photo was taken in twice. `lost` are the ids whose answer was kept from us on purpose.
 */
export async function assertArrived(page, net, reports, lost = []) {
  for (const { item, photos } of reports) {
    const { body, photos: ids } = await until(page, item.id, "received");
    const listed = await page.request.get(`/api/issues?mine=true&q=${item.id}`);
    assert.deepEqual((await listed.json()).items.map(({ id }) => id), [item.id], "on the server exactly once");
    const issue = await (await page.request.get(`/api/issues/${item.id}`)).json();
    assert.deepEqual(issue.photo_ids, ids);
    assert.deepEqual(JSON.parse(body).photo_ids, ids);
    assertTakenOnce(net, new RegExp(`^/api/issues/${item.id}$`), lost.includes(item.id));
    for (const [at, photo] of photos.entries()) {
      assertTakenOnce(net, new RegExp(`^/api/photos/${ids[at]}(\\?|$)`), lost.includes(photo.id));
      // The same bytes under the same id are answered as known, others would be refused.
      const headers = { "content-type": "image/jpeg" };
      const again = await page.request.put(`${net.server.url}/api/photos/${ids[at]}`, { headers, data: photo.bytes });
      assert.equal(again.status(), 200, await again.text());
      assert.equal((await again.json()).sha256, photo.sha256);
    }
  }
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
}

/** Fails unless the server took it in with one 201, and was asked again only if that answer was lost. */
function assertTakenOnce(net, path, isLost) {
  const good = net.statuses("PUT", path).filter((status) => status === 200 || status === 201);
  assert.deepEqual(good, isLost ? [201, 200] : [201], `${path}`);
}
