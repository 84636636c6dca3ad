// The start page of the real binary shows something on a phone and a desk, without a word from the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertColours, desk, finish, phone, screenshot } from "./harness.mjs";
import { startBrowser, startServer } from "./harness.mjs";

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

test("what the page is made of is compressed, kept for good and confined by a policy", async () => {
  const shell = await fetch(server.url, { headers: { accept: "text/html" } });
  const policy = shell.headers.get("content-security-policy");
  assert.match(policy, /default-src '(none|self)'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  const files = (await shell.text()).match(/\/assets\/[^"]+/g);
  assert.equal(files.length, 3);
  for (const file of files) {
    const { headers } = await fetch(server.url + file, { headers: { "accept-encoding": "br" } });
    assert.equal(headers.get("content-encoding"), "br", file);
    assert.match(headers.get("cache-control"), /immutable/, file);
  }
});

for (const [name, device] of Object.entries({ phone, desk })) {
  test(`the start page shows on a ${name}`, async () => {
    const page = await device(browser, server);
    await page.goto("/");
    await page.locator("body :text-matches('\\\\p{Script=Han}', 'u')").first().waitFor();
    assert.ok((await page.title()).includes("点位通"));
    await assertAccessible(page);
    await screenshot(page, `start-${name}`);
    await finish(page);
  });
}

test("a phone that is set to dark is not dazzled by what is seen before the application has come", async () => {
  const page = await phone(browser, server, { colorScheme: "dark" });
  let goOn;
  const gate = new Promise((resolve) => (goOn = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto("/", { waitUntil: "commit" });
  const boot = page.locator(".boot");
  await boot.waitFor();
  const colours = await boot.evaluate((it) => [getComputedStyle(it).backgroundColor, getComputedStyle(it.firstElementChild).color]);
  assert.deepEqual(colours, ["rgb(12, 13, 15)", "rgb(252, 252, 253)"]);
  await assertColours(page);
  await screenshot(page, "boot-dark");
  goOn();
  await boot.waitFor({ state: "detached" });
  await finish(page);
});
