// What stands up in an argument: when and where a photo was taken, that none is left out, and that what was done once is
// neither offered nor sent again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOver, limitDisk, onServer, stored } from "./engine.mjs";
import { MARKET, close, comeBack, leave, ready, somebody } from "./fieldwork.mjs";
import { phonePhoto } from "./fixtures.mjs";
import { look } from "./looks.mjs";
import { album, report, smallPhoto, take } from "./steps.mjs";

onServer();

/** Waits until so many photos of the phone have what is asked for, and gives what is known of them in the order of their taking. */
async function photos(page, count, holds = () => true) {
  for (let tries = 0; ; tries += 1) {
    const found = (await stored(page, "photos")).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ meta }) => meta);
    if (found.length === count && found.every(holds)) return found;
    assert.ok(tries < 200, JSON.stringify(found));
    await page.waitForTimeout(100);
  }
}

const camera = (page) => page.locator("dialog.viewfinder[open]");

test("a chosen photo is as old as its camera says, and was taken where nobody knows; one made just now was taken here", async () => {
  const page = await somebody("inspector1");
  await page.goto("/report?shoot=1");
  await album(page, await phonePhoto(), false);
  const [old] = await photos(page, 1);
  assert.equal(new Date(old.captured_at).toISOString(), "2026-01-15T01:30:00.000Z");
  assert.deepEqual([old.source, old.lng, old.lat], ["gallery", undefined, undefined]);
  await page.getByRole("button", { name: "拍照" }).first().click();
  const before = Date.now();
  await album(page, smallPhoto(3));
  const [, fresh] = await photos(page, 2, ({ captured_at, lng }) => captured_at.startsWith("2026-01-15") || lng !== undefined);
  assert.ok(Math.abs(new Date(fresh.captured_at) - before) < 60_000, fresh.captured_at);
  assert.equal(fresh.lat, MARKET.latitude);
  await close(page);
});

test("the position is that of the shutter, not of where the form was opened", async () => {
  const page = await somebody("inspector1");
  await page.goto("/report?shoot=1");
  await page.getByText(MARKET.name).first().waitFor({ state: "attached" });
  const there = { latitude: MARKET.latitude + 0.0004, longitude: MARKET.longitude, accuracy: 7 };
  // What was found a moment ago is taken for the place of the shutter.
  await page.waitForTimeout(11_000);
  await page.context().setGeolocation(there);
  await camera(page).getByRole("button", { name: "拍照" }).click();
  await photos(page, 1, ({ lat }) => lat === there.latitude);
  for (let tries = 0; ; tries += 1) {
    const [draft] = await stored(page, "drafts");
    if (draft?.form.report.location?.lat === there.latitude) break;
    assert.ok(tries < 100, JSON.stringify(draft));
    await page.waitForTimeout(100);
  }
  await close(page);
});

test("a re-check is not given without the photo that could not be kept", async () => {
  const [reporter, liaison, page] = [await somebody("inspector2"), await somebody("sjj1"), await somebody("inspector1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "存不下的照片。");
  await take(liaison, issue.order.id, "accept", "reply", "confirm");
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByText("存不下的照片。").first().waitFor();
  await page.evaluate(limitDisk, "bytes");
  await page.evaluate(() => (window.isFull = true));
  await page.getByLabel("复查意见").fill("背面还有。");
  await page.getByRole("button", { name: "拍照" }).first().click();
  await album(page, smallPhoto(5));
  await page.getByText("本机空间已满").first().waitFor();
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.waitForTimeout(500);
  assert.deepEqual(await stored(page, "items"), []);
  assert.ok(page.url().includes(issue.id));
  await page.getByText("本机空间已满").first().waitFor();
  // What was remarked is the beginning of the reason.
  await page.getByRole("button", { name: "不通过", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "复查不通过" });
  assert.equal(await sheet.getByLabel("不通过的原因").inputValue(), "背面还有。");
  await sheet.getByRole("button", { name: "取消" }).click();
  await page.evaluate(() => (window.isFull = false));
  await page.getByRole("button", { name: /重试/ }).first().click();
  await page.getByText("本机空间已满").first().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("复查通过，已销号").first().waitFor();
  // The list may still be from before: what is done is not in it again.
  await page.getByRole("heading", { name: "待我复查" }).waitFor();
  assert.equal(await page.getByText("存不下的照片。").count(), 0);
  const closed = await (await reporter.request.get(`/api/issues/${issue.id}`)).json();
  assert.equal(closed.state, "closed");
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
  for (const it of [reporter, liaison, page]) await close(it);
});

test("a unit's list counts what is done on the phone, and offers nothing twice that has arrived since", async () => {
  const [reporter, page] = [await somebody("inspector3"), await somebody("sjj1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "公平秤失准。");
  await ready(page, "/orders");
  await page.goto(`/orders/${issue.id}`);
  await page.getByText("公平秤失准。").first().waitFor();
  await leave(page);
  await page.getByRole("button", { name: "签收" }).click();
  await page.getByText("本机有待发送的步骤").waitFor();
  await page.goto("/orders?show=in_hand");
  const row = page.locator(`a.row[href="/orders/${issue.id}"]`);
  await row.getByText("已存本机").waitFor();
  await look(page, "orders-pending");
  await page.goto("/orders?show=to_accept");
  await page.getByRole("heading", { name: "交办单" }).first().waitFor();
  await page.locator(".chips a[aria-current]").waitFor();
  assert.equal(await row.count(), 0);
  // A moment of network, in which the step arrives and nothing else is answered.
  page.net.answer("GET", /^\/api\//, 503, { "content-type": "text/html" }, "<h1>busy</h1>", 100);
  await comeBack(page);
  await page.getByRole("link", { name: "全部已送达" }).waitFor();
  await leave(page);
  await page.goto(`/orders/${issue.id}`);
  await page.getByRole("button", { name: "整改反馈" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "签收" }).count(), 0);
  page.net.heal();
  await comeBack(page);
  const seen = await (await page.request.get(`/api/issues/${issue.id}`)).json();
  assert.equal(seen.state, "accepted");
  for (const it of [reporter, page]) await close(it);
});
