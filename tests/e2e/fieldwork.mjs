// A phone in the field: somebody signed in on a network that can be taken away, with the service worker and their work on the
// phone, and a report that is filled in as an inspector does.
import assert from "node:assert/strict";
import { shared } from "./engine.mjs";
import { finish, phone, UNREACHED_OR_REFUSED } from "./harness.mjs";
import { startNetwork } from "./net.mjs";
import { PASSWORD } from "./people.mjs";
import { holdsIn, photograph, smallPhoto } from "./steps.mjs";

/** The spot before which the phone stands. */
export const MARKET = { code: "NMSC-001", name: "城东农贸市场", latitude: 33.565175, longitude: 113.733556, accuracy: 9 };

/** A phone of somebody who is signed in, on a network of its own; `net` is that. */
export async function somebody(username, options = {}) {
  const net = await startNetwork(shared.server);
  const page = await phone(shared.browser, net, { geolocation: MARKET, ...options });
  page.net = net;
  const answer = await page.request.post("/api/session", { data: { username, password: PASSWORD } });
  assert.equal(answer.status(), 204);
  page.me = await (await page.request.get("/api/me")).json();
  return page;
}

/** Waits until the service worker serves the page and the person's work is on the phone. */
export async function ready(page, path) {
  await page.goto(path);
  await holdsIn(page, () => navigator.serviceWorker.controller !== null);
  await holdsIn(page, async () => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const keys = await new Promise((resolve) => (db.transaction("kept").objectStore("kept").getAllKeys().onsuccess = (it) => resolve(it.target.result)));
    db.close();
    const has = (part) => keys.some(([, path]) => path.includes(part));
    const isShell = (await caches.keys()).some((name) => name.startsWith("spotfix-shell-"));
    return isShell && has("part=catalogue") && has("part=work");
  });
}

/** Holds the phone's storage, as another tab that writes does: whoever asks waits until the function that is given back is called. */
export async function holdStorage(page) {
  const tab = await page.context().newPage();
  await tab.goto("/healthz");
  await tab.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const tx = db.transaction([...db.objectStoreNames], "readwrite");
    tx.oncomplete = () => db.close();
    await new Promise((resolve) => {
      const again = () => {
        resolve();
        if (!window.isReleased) tx.objectStore("meta").get("account").onsuccess = again;
      };
      again();
    });
  });
  return async () => {
    await tab.evaluate(() => (window.isReleased = true));
    await tab.close();
  };
}

/** Takes the network away, from the browser and beneath it. */
export async function leave(page) {
  page.net.down();
  await page.context().setOffline(true);
}

/** Gives the network back. */
export async function comeBack(page) {
  page.net.up();
  await page.context().setOffline(false);
}

/** What the browser says of requests that could not be made is no fault of the page. */
export async function close(page) {
  await finish(page, UNREACHED_OR_REFUSED);
  await page.net.stop();
}

/** Fills a report in from the shutter to the clause. */
export async function fillIn(page, seed, clause = "公平秤") {
  await page.goto("/");
  // A phone's camera writes the time of its own clock, right or wrong.
  const at = new Date(await page.evaluate(() => Date.now()));
  await photograph(page, smallPhoto(seed, { at }));
  await page.getByText(MARKET.name).first().waitFor();
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill(clause);
  await page.getByRole("button", { name: new RegExp(clause) }).first().click();
  await page.getByText("已保存到手机").first().waitFor();
}

/** An inspector without a network fills a report in and gives it to send; gives the page and the report's id. */
export async function reportAway(username, seed, words = "") {
  const page = await somebody(username);
  await ready(page, "/");
  await leave(page);
  await fillIn(page, seed);
  const id = openId(page);
  await page.getByLabel("情况描述").fill(words);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已保存到手机，等待上传").waitFor();
  return [page, id];
}

/** The id in the address of the report that is open. */
export function openId(page) {
  return new URL(page.url()).searchParams.get("draft");
}
