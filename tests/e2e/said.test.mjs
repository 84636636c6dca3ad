// What the screens say where something stands in the way: a refused step and what waits behind it, a draft that cannot be read or
// that another tab has changed, words that are too many, a clock that is slow – each looked at in every form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer, stored } from "./engine.mjs";
import { MARKET, close, comeBack, fillIn, leave, openId, ready, somebody } from "./fieldwork.mjs";
import { look } from "./looks.mjs";
import { album, holdsIn, report, smallPhoto, take } from "./steps.mjs";

onServer();

/** More than any text may hold. */
const ENDLESS = "公平秤未检定，".repeat(300);

/** Whether what is wrong with a field is in view, and nothing lies over it. */
function isSeen() {
  const error = [...document.querySelectorAll(".field-error")].find((it) => it.checkVisibility());
  const { left, top, height } = error.getBoundingClientRect();
  return error.contains(document.elementFromPoint(left + 4, top + height / 2));
}

test("what the server refuses meanwhile is seen to before anything follows it", async () => {
  const [reporter, page, colleague] = [await somebody("inspector3"), await somebody("sjj1"), await somebody("sjj1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "公平秤被挪用。");
  await ready(page, "/orders");
  await page.goto(`/orders/${issue.id}`);
  await page.getByText("公平秤被挪用。").first().waitFor();
  await leave(page);
  await page.getByRole("button", { name: "签收" }).click();
  await page.getByRole("button", { name: "整改反馈" }).click();
  const sheet = page.getByRole("dialog", { name: "整改反馈" });
  await sheet.getByLabel("整改情况").fill(ENDLESS);
  await sheet.getByRole("button", { name: "提交并确认" }).click();
  await sheet.getByText("太长").waitFor();
  await holdsIn(page, isSeen);
  assert.equal((await stored(page, "items")).length, 1, "the acceptance alone");
  await look(page, "reply-too-long");
  await sheet.getByLabel("整改情况").fill("已放回原处。");
  await sheet.getByRole("button", { name: "提交并确认" }).click();
  await page.getByRole("link", { name: "待传 3 条，打开待上传列表" }).waitFor();
  // Somebody else of the unit was quicker.
  await take(colleague, issue.order.id, "accept");
  await comeBack(page);
  await page.getByText("有一步没有被服务器接收").waitFor();
  assert.equal(await page.getByRole("button", { name: "整改反馈" }).count(), 0, "nothing is added behind it");
  await look(page, "order-blocked");
  await page.goto("/outbox");
  await page.getByText("排在前面的一步需要您处理").first().waitFor();
  await look(page, "outbox-held");
  const [reply] = (await stored(page, "items")).filter(({ step }) => step === "reply");
  await page.goto(`/outbox/${reply.id}`);
  await page.getByText("排在前面的一步需要您处理").first().waitFor();
  await look(page, "item-held");
  // The acceptance is thrown away: the colleague's stands, and the rest goes by itself.
  const [accept] = (await stored(page, "items")).filter(({ step }) => step === "accept");
  await page.goto(`/outbox/${accept.id}`);
  await page.getByText("服务器上的现状").waitFor();
  await look(page, "item-refused");
  await page.getByRole("button", { name: "从本机删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "从本机删除" }).click();
  await page.getByRole("link", { name: "全部已上传" }).waitFor();
  const seen = await (await page.request.get(`/api/issues/${issue.id}`)).json();
  assert.deepEqual([seen.state, seen.order.reply_note], ["confirmed", "已放回原处。"]);
  for (const it of [reporter, page, colleague]) await close(it);
});

test("what may have arrived is said to be unsure before it is thrown away", async () => {
  const page = await somebody("inspector1");
  await ready(page, "/");
  await fillIn(page, 91);
  const id = openId(page);
  page.net.swallow("PUT", /\/api\/issues\//, 50);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("网络连接失败").first().waitFor();
  await leave(page);
  await page.goto(`/outbox/${id}`);
  await page.getByRole("button", { name: "从本机删除" }).click();
  await page.getByText("服务器可能已经收到这条内容").waitFor();
  await look(page, "delete-unsure");
  await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();
  page.net.heal();
  await comeBack(page);
  await page.getByRole("link", { name: "全部已上传" }).waitFor();
  await close(page);
});

test("a draft that cannot be read is not written over, and one that another tab has changed says so", async () => {
  const page = await somebody("inspector1");
  await ready(page, "/");
  await fillIn(page, 92);
  const id = openId(page);
  const tab = await page.context().newPage();
  await tab.goto(`/report?draft=${id}`);
  await tab.getByLabel("情况描述").fill("另一个页面写的。");
  await tab.getByText("已保存到手机").first().waitFor();
  await page.getByLabel("情况描述").fill("这里写的。");
  await page.getByText("这份内容已在另一个页面修改或提交").first().waitFor();
  await look(page, "draft-changed-elsewhere");
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("没有保存成功").waitFor();
  assert.deepEqual(await stored(page, "items"), []);
  await tab.close();
  await page.reload();
  assert.equal(await page.getByLabel("情况描述").inputValue(), "另一个页面写的。");
  // As an older page, or a newer one, might have written it.
  await page.evaluate(async (id) => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const drafts = db.transaction("drafts", "readwrite").objectStore("drafts");
    const draft = await new Promise((resolve) => (drafts.get(id).onsuccess = (it) => resolve(it.target.result)));
    await new Promise((resolve) => (drafts.put({ ...draft, form: { sketch: "?" } }).onsuccess = resolve));
    db.close();
  }, id);
  await page.reload();
  await page.getByText("暂时读不出这份草稿").waitFor();
  await look(page, "draft-unreadable");
  assert.deepEqual((await stored(page, "drafts")).map(({ form }) => form), [{ sketch: "?" }]);
  await close(page);
});

test("a remark that is too long is not sent, and a photo whose shutter has just been pressed waits for nobody", async () => {
  const [reporter, liaison, page] = [await somebody("inspector2"), await somebody("sjj1"), await somebody("inspector1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "字数过多的意见。");
  await take(liaison, issue.order.id, "accept", "reply", "confirm");
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByLabel("复查意见").fill(ENDLESS);
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("太长").waitFor();
  await holdsIn(page, isSeen);
  await look(page, "recheck-too-long");
  assert.deepEqual(await stored(page, "items"), []);
  await page.getByLabel("复查意见").fill("已换秤。");
  await page.getByRole("button", { name: "拍照" }).first().click();
  await album(page, smallPhoto(93));
  // Pressed while the photo is still being kept.
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("复查通过，已销号").first().waitFor();
  const closed = await (await reporter.request.get(`/api/issues/${issue.id}`)).json();
  assert.equal(closed.state, "closed");
  for (const it of [reporter, liaison, page]) await close(it);
});

test("a clock that is slow is called slow", async () => {
  const page = await somebody("inspector9");
  await page.clock.install({ time: Date.now() - 3 * 3_600_000 });
  await page.goto("/");
  await page.getByText(/比服务器慢 1(79|80) 分钟/).waitFor();
  await page.clock.resume();
  await look(page, "clock-slow");
  await close(page);
});
