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
