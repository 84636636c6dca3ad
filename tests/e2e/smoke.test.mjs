// The start page of the real binary shows something on a phone and a desk, without a word from the console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, desk, finish, phone, screenshot, startBrowser, startServer } from "./harness.mjs";

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
