// The page as a program on a phone: what the service worker keeps and what it never keeps, a new build that is offered and
// not forced, browsers without a service worker, the manifest.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { finish, phone, startBrowser, startServer, UNREACHED_OR_REFUSED } from "./harness.mjs";
import { look } from "./looks.mjs";
import { startNetwork } from "./net.mjs";
import { PASSWORD } from "./people.mjs";
import { holdsIn, photograph, smallPhoto } from "./steps.mjs";

/** WeChat's browser on an iPhone. */
const WECHAT =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 Language/zh_CN";
/** Safari on an iPhone. */
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function inspector(from, options = {}) {
  const geolocation = { latitude: 33.565175, longitude: 113.733556, accuracy: 9 };
  const page = await phone(browser, from, { geolocation, ...options });
  const answer = await page.request.post("/api/session", { data: { username: "inspector1", password: PASSWORD } });
  assert.equal(answer.status(), 204);
  return page;
}

/** Waits until the service worker has kept the whole page and serves it. */
async function kept(page) {
  await holdsIn(page, () => navigator.serviceWorker.controller !== null);
}

/** Every address in every cache, by the cache's name. */
function caches(page) {
  return page.evaluate(async () => {
    const found = {};
    for (const name of await caches.keys()) {
      found[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    }
    return found;
  });
}

/** Has the server offer another build, as `isNewer` knows it; gives the name of the one there is. */
async function offerNewer(page, net) {
  const worker = await (await page.request.get(`${server.url}/sw.js`)).text();
  const build = worker.match(/BUILD="([0-9a-f]+)"/)[1];
  const newer = worker.replaceAll(build, "0123456789ab");
  net.answer("GET", /^\/sw\.js/, 200, { "content-type": "text/javascript", "cache-control": "no-cache" }, newer, 9);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.getByText("有新版本").waitFor();
  return build;
}

/** Waits until the page that was marked as `isSamePage` has made room for one that shows something. */
async function comesAnew(page) {
  const isAnew = () => !window.isSamePage && document.querySelector("h1")?.textContent;
  await page.waitForFunction(isAnew, null, { timeout: 50_000 });
}

/** Waits until nothing but the offered build is kept. */
async function isNewer(page) {
  await holdsIn(page, async () => (await caches.keys()).filter((name) => name.startsWith("spotfix-shell-")).join() === "spotfix-shell-0123456789ab");
}

async function close(page, net) {
  await finish(page, UNREACHED_OR_REFUSED);
  await net?.stop();
}

test("the worker keeps one build whole, and nothing of the API but photos that the page put aside", async () => {
  const page = await inspector(server);
  await page.goto("/rechecks");
  await kept(page);
  await holdsIn(page, async () => (await caches.keys()).some((name) => name.startsWith("spotfix-photos-")));
  const found = await caches(page);
  const shells = Object.keys(found).filter((name) => name.startsWith("spotfix-shell-"));
  assert.equal(shells.length, 1);
  const shell = found[shells[0]];
  assert.ok(shell.includes("/index.html") && shell.includes("/manifest.webmanifest"));
  assert.ok(shell.filter((path) => path.endsWith(".wasm")).length > 1, "lazy parts are kept too");
  assert.deepEqual(shell.filter((path) => path.startsWith("/api")), []);
  for (const [name, paths] of Object.entries(found)) {
    if (name.startsWith("spotfix-photos-")) assert.ok(paths.every((path) => path.startsWith("/api/photos/")));
  }
  await close(page);
});

test("a new build is offered and never forced; a draft and what waits go over to it", async () => {
  const net = await startNetwork(server);
  const page = await inspector(net);
  await page.goto("/");
  await kept(page);
  // Something waits, and something is half written.
  net.answer("PUT", /\/api\/(photos|issues)\//, 500, {}, "", 50);
  await photograph(page, smallPhoto(61));
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已保存到手机，等待上传").waitFor();
  await page.goto("/");
  await photograph(page, smallPhoto(62));
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  await page.getByLabel("情况描述").fill("换版本之前写的");
  await page.getByText("已保存到手机").first().waitFor();
  await page.evaluate(() => (window.isSamePage = true));

  const build = await offerNewer(page, net);
  await page.getByText("已填写的内容已保存在本机").waitFor();
  await look(page, "update-offered");
  assert.ok(await page.evaluate(() => window.isSamePage), "the page is still the one that was being written in");
  assert.ok(Object.keys(await caches(page)).includes(`spotfix-shell-${build}`), "the old build is still whole");

  await page.getByRole("button", { name: "更新", exact: true }).click();
  await comesAnew(page);
  assert.equal(await page.getByLabel("情况描述").inputValue(), "换版本之前写的");
  await page.getByRole("link", { name: "待传 1 条，打开待上传列表" }).waitFor();
  await isNewer(page);
  net.heal();
  await page.goto("/outbox");
  // As the browser says it when there is a network again.
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByRole("heading", { name: "已上传" }).waitFor();
  await close(page, net);
});

test("a new build comes also where it is asked for amid requests", async () => {
  // A browser that stops the old worker amid requests may start it again and lose one; that happens to every third round or so.
  for (let round = 0; round < 3; round += 1) {
    const net = await startNetwork(server);
    const page = await inspector(net);
    await page.goto("/");
    await kept(page);
    await offerNewer(page, net);
    await page.evaluate(() => {
      window.isSamePage = true;
      const end = Date.now() + 2_000;
      const ask = () => Date.now() < end && fetch("/api/me").then((answer) => answer.text()).then(ask, () => {});
      ask();
    });
    await page.getByRole("button", { name: "更新", exact: true }).click();
    await comesAnew(page);
    await isNewer(page);
    await close(page, net);
  }
});

test("the browser wakes the worker when there is a network, and it sends what a closed page has left", async () => {
  const net = await startNetwork(server);
  const page = await inspector(net);
  await page.goto("/");
  await kept(page);
  await page.getByText("城东").first().waitFor();
  await page.waitForLoadState("networkidle");
  net.down();
  await photograph(page, smallPhoto(64));
  const id = new URL(page.url()).searchParams.get("draft");
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已保存到手机，等待上传").waitFor();
  // Something of the origin that is no page of the application: nobody but the worker is there to send.
  await page.goto("/favicon.svg");
  net.up();
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations.length > 0 && resolve(registrations[0]));
  });
  await devtools.send("ServiceWorker.enable");
  const { registrationId } = await registered;
  assert.deepEqual(net.statuses("PUT", /^\/api\//), []);
  await devtools.send("ServiceWorker.dispatchSyncEvent", { origin: net.url, registrationId, tag: "spotfix-outbox", lastChance: false });
  for (const late = Date.now() + 20_000; net.statuses("PUT", new RegExp(`^/api/issues/${id}$`)).length === 0; ) {
    assert.ok(Date.now() < late, "nothing was sent");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(net.statuses("PUT", /^\/api\//), [201, 201]);
  await close(page, net);
});

test("a line that breaks off while the page is put aside for the first time is tried again", async () => {
  const net = await startNetwork(server);
  const page = await inspector(net);
  let broken = 0;
  const isWorkers = ({ url, headers }) => /^\/assets\//.test(url) && (headers.referer ?? "").endsWith("/sw.js");
  net.leaveToLuck((request) => (isWorkers(request) && (broken += 1) <= 9 ? { fault: "answer", status: 502, headers: {}, body: "" } : undefined));
  await page.goto("/");
  await kept(page);
  assert.ok(broken > 9);
  await close(page, net);
});

test("where there is no service worker everything but a cold start works, and the page says what helps", async () => {
  const net = await startNetwork(server);
  const page = await inspector(net, { serviceWorkers: "block", userAgent: WECHAT });
  await page.goto("/me");
  await page.getByText("在浏览器打开").first().waitFor();
  await look(page, "wechat-hint");
  await page.goto("/");
  await page.getByText("城东").first().waitFor();
  // What a report needs comes while there is a network; then it is lost.
  await page.waitForLoadState("networkidle");
  await page.getByRole("link", { name: "上报问题" }).waitFor();
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /worker-/.test(name)));
  net.down();
  await page.context().setOffline(true);
  await photograph(page, smallPhoto(63));
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已保存到手机，等待上传").waitFor();
  net.up();
  await page.context().setOffline(false);
  await page.getByText("已交办：").waitFor();
  await close(page, net);

  const safari = await inspector(server, { serviceWorkers: "block", userAgent: SAFARI });
  await safari.goto("/me");
  await safari.getByText("添加到主屏幕").first().waitFor();
  await safari.getByText("七天").first().waitFor();
  await close(safari);
});

test("the manifest names the page, its icons are what they say, and its shortcuts lead somewhere", async () => {
  const page = await inspector(server);
  const manifest = await (await page.request.get("/manifest.webmanifest")).json();
  assert.equal(manifest.short_name ?? manifest.name, "点位通");
  assert.equal(manifest.display, "standalone");
  assert.deepEqual(manifest.shortcuts.map(({ name }) => name), ["上报问题", "待复查", "整改单"]);
  assert.ok(manifest.icons.some(({ purpose }) => purpose === "maskable"));
  for (const { src, sizes, type } of [...manifest.icons, ...manifest.shortcuts.flatMap(({ icons }) => icons)]) {
    const icon = await page.request.get(src);
    assert.equal(icon.status(), 200, src);
    if (type !== "image/png") continue;
    const bytes = await icon.body();
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src);
  }
  for (const { url } of manifest.shortcuts) assert.equal((await page.request.get(url)).status(), 200);
  await close(page);
});
