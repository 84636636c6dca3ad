// What somebody is writing or has just photographed stays theirs, whatever the page does meanwhile: left too early, storage that
// fails for a moment, a catalogue that changes, a portal that answers, everything taken out again, another account.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOver, limitDisk, onServer } from "./engine.mjs";
import { MARKET, close, comeBack, fillIn, leave, openId, ready, somebody } from "./fieldwork.mjs";
import { freshPhoto } from "./fixtures.mjs";
import { look } from "./looks.mjs";
import { PASSWORD } from "./people.mjs";
import { holdsIn, photograph, report, smallPhoto, take } from "./steps.mjs";

onServer();

/** An order that waits for this inspector's re-check. */
async function toRecheck(description) {
  const reporter = await somebody("inspector2");
  const liaison = await somebody("sjj1");
  const issue = await report(reporter, MARKET.code, "NMSC-03", description);
  await take(liaison, issue.order.id, "accept", "reply", "confirm");
  await close(reporter);
  await close(liaison);
  return issue;
}

const camera = (page) => page.locator("dialog.viewfinder[open]");

test("a photo whose page is left before it is kept is found again in its draft", async () => {
  const page = await somebody("inspector1");
  await ready(page, "/");
  await page.getByRole("link", { name: "上报问题" }).click();
  await camera(page).getByLabel("相册").setInputFiles(freshPhoto(1, { lat: MARKET.latitude, lng: MARKET.longitude }));
  await page.waitForURL(/draft=/);
  const id = openId(page);
  await page.getByRole("link", { name: "返回" }).first().click();
  await holdsIn(page, async () => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const count = await new Promise((resolve) => (db.transaction("photos").objectStore("photos").count().onsuccess = (it) => resolve(it.target.result)));
    db.close();
    return count === 1;
  });
  await page.goto("/outbox");
  await page.locator(`a[href*="${id}"]`).first().click();
  await page.locator(".photos img").first().waitFor();
  await page.getByText(MARKET.name).first().waitFor();
  // Taking everything out again leaves nothing behind.
  await page.getByRole("button", { name: /删除|移除/ }).first().click();
  await holdsIn(page, async () => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const count = (name) => new Promise((resolve) => (db.transaction(name).objectStore(name).count().onsuccess = (it) => resolve(it.target.result)));
    const left = (await count("photos")) + (await count("drafts"));
    db.close();
    return left === 0;
  });
  await close(page);
});

test("a photo of the camera that could not be kept is kept at the second try", async () => {
  const page = await somebody("inspector1");
  await page.goto("/");
  await page.evaluate(limitDisk, "bytes");
  await page.evaluate(() => (window.isFull = true));
  await page.getByRole("link", { name: "上报问题" }).click();
  await camera(page).getByRole("button", { name: "拍照" }).click();
  await page.getByText("本机空间已满").first().waitFor();
  await look(page, "photo-not-kept", true);
  await page.evaluate(() => (window.isFull = false));
  await page.getByRole("button", { name: /重试/ }).first().click();
  await page.getByText("本机空间已满").first().waitFor({ state: "detached" });
  assert.equal((await leftOver(page)).bytes, 1);
  await close(page);
});

test("no photo is taken any more before the space is gone, and the browser is asked to keep what is there", async () => {
  const page = await somebody("inspector1");
  await page.addInitScript(() => {
    window.asked = 0;
    navigator.storage.persist = async () => (window.asked += 1) > 0;
    navigator.storage.estimate = async () => ({ usage: 990e6, quota: 1_000e6 });
  });
  await page.goto("/");
  await page.getByRole("link", { name: "上报问题" }).click();
  await page.getByText("本机空间快用完了").waitFor();
  assert.equal(await camera(page).count(), 0);
  assert.ok((await page.evaluate(() => window.asked)) > 0);
  await look(page, "space-low", true);
  await page.getByRole("link", { name: "待上传", exact: true }).click();
  await page.getByText("已用 944.1 MB，共 953.7 MB").waitFor();
  await close(page);
});

test("what is written of a re-check stays when the county's catalogue changes meanwhile", async () => {
  const issue = await toRecheck("目录变动时复查。");
  const page = await somebody("inspector1");
  await ready(page, "/");
  await page.clock.install();
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByLabel("复查意见").fill("第一句。");
  await page.getByText("已保存到手机").first().waitFor();
  await page.goto("/outbox");
  await page.locator('.draft a, a[href*="/rechecks/"]').first().click();
  const remark = page.getByLabel("复查意见");
  await remark.waitFor();
  assert.equal(await remark.inputValue(), "第一句。");
  await remark.fill("第一句。第二句。");
  await remark.evaluate((field) => (field.isTheSame = true));
  const bundle = await (await page.request.get("/api/field-bundle?part=catalogue")).json();
  bundle.spots.find(({ code }) => code === MARKET.code).name = "城东农贸市场（新）";
  const changed = page.net.answer("GET", /part=catalogue/, 200, { "content-type": "application/json", etag: '"new"' }, JSON.stringify(bundle));
  await page.clock.fastForward("11:00");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await changed;
  await page.clock.runFor(2_000);
  assert.equal(await remark.inputValue(), "第一句。第二句。");
  assert.ok(await remark.evaluate((field) => field.isTheSame && field === document.activeElement), "nobody takes the pen away");
  await page.goto("/");
  await page.getByText("城东农贸市场（新）").first().waitFor();
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByLabel("复查意见").waitFor();
  assert.equal(await page.getByLabel("复查意见").inputValue(), "第一句。第二句。");
  // What the spot was called on the day of the report stays.
  assert.equal(await page.getByText("城东农贸市场（新）").count(), 0);
  await close(page);
});

test("a portal's page takes the place of nothing that is kept", async () => {
  const issue = await toRecheck("门户网站之下复查。");
  const page = await somebody("inspector1");
  await ready(page, "/");
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByText("门户网站之下复查。").first().waitFor();
  page.net.answer("GET", /^\/api\/(?!me)/, 200, { "content-type": "text/html" }, "<html><form>请登录上网</form></html>", 50);
  for (const _ of [1, 2]) {
    await page.reload();
    await page.getByText("门户网站之下复查。").first().waitFor();
  }
  page.net.heal();
  await leave(page);
  await page.reload();
  await page.getByText("门户网站之下复查。").first().waitFor();
  await page.getByRole("button", { name: "通过", exact: true }).waitFor();
  await comeBack(page);
  await close(page);
});

test("whoever signs in next at the address of another's report begins one of their own", async () => {
  const page = await somebody("inspector1");
  await ready(page, "/");
  await fillIn(page, 81);
  const id = openId(page);
  await page.getByLabel("情况描述").fill("第一个人写的");
  await page.getByText("已保存到手机").first().waitFor();
  const before = await leftOver(page);
  await page.request.delete("/api/session");
  await page.reload();
  await page.getByLabel("用户名").fill("inspector12");
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForFunction((id) => !new URLSearchParams(location.search).get("draft")?.includes(id), id);
  const theirs = page.getByLabel("情况描述");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  assert.equal(await theirs.inputValue(), "");
  await theirs.fill("第二个人写的");
  await page.getByText("已保存到手机").first().waitFor();
  const after = await leftOver(page);
  assert.deepEqual([after.drafts, after.photos], [before.drafts + 1, before.photos]);
  await close(page);
});
