// Working where there is no network, on the screens, with the real service worker: a cold start, reports, re-checks and a
// unit's answer made offline; what the screen says at each moment; and everything on the server exactly once afterwards.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { leftOver, onServer, shared } from "./engine.mjs";
import { MARKET, close, comeBack, fillIn, holdStorage, leave, openId, ready, reportAway, somebody } from "./fieldwork.mjs";
import { assertAccessible, screenshot } from "./harness.mjs";
import { look } from "./looks.mjs";
import { PASSWORD, picture } from "./people.mjs";
import { album, report, smallPhoto, take } from "./steps.mjs";

onServer();

/** Fails unless the server has the report exactly once, its photos byte for byte as the phone had them, and took each in once. */
async function assertArrived(page, id) {
  const issue = await (await page.request.get(`${shared.server.url}/api/issues/${id}`)).json();
  assert.equal(issue.id, id);
  const listed = await (await page.request.get(`${shared.server.url}/api/issues?mine=true&limit=200`)).json();
  assert.equal(listed.items.filter((it) => it.id === id).length, 1);
  assert.ok(issue.photo_ids.length > 0);
  for (const photo of issue.photo_ids) {
    const taken = page.net.statuses("PUT", new RegExp(photo)).filter((status) => status === 201);
    assert.equal(taken.length, 1, `photo ${photo} was taken in once`);
  }
  assert.equal(page.net.statuses("PUT", new RegExp(`/issues/${id}$`)).filter((status) => status === 201).length, 1);
  return issue;
}

test("an inspector works a whole round without a network", async (t) => {
  const page = await somebody("inspector1");
  const other = await somebody("inspector2");
  const liaison = await somebody("sjj1");
  // Something to re-check that somebody else has reported.
  const waiting = await report(other, MARKET.code, "NMSC-03", "公平秤未检定，待复查。");
  await take(liaison, waiting.order.id, "accept", "reply", "confirm");
  const elses = await report(other, MARKET.code, "NMSC-03", "别人上报，与我无关。");
  await ready(page, "/");
  await leave(page);
  let id;

  await t.test("a cold start by any address stands", async () => {
    for (const [path, text] of [["/", MARKET.name], ["/rechecks", "待我复查"], ["/mine", "我上报的"], ["/outbox", "待上传"], ["/me", "我的"]]) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
    }
    await page.goto("/");
    await page.getByText("当前没有网络").waitFor();
    await page.getByText("点位和检查项更新于").waitFor();
    await assertAccessible(page);
    // What cannot be done without a network says so: leaving, and other people's work.
    await page.goto("/me");
    await page.getByText("退出登录需要网络").waitFor();
    await page.goto(`/issues/${elses.id}`);
    await page.getByText("连接不上").or(page.getByText("没有网络")).first().waitFor();
    assert.equal(await page.getByText(elses.description).count(), 0);
  });

  await t.test("a report is forecast, safe on the phone, and counted on every screen", async () => {
    await fillIn(page, 11);
    id = openId(page);
    await page.getByText("预计交办").waitFor();
    await page.getByText("市场监督管理局").first().waitFor();
    await page.getByRole("button", { name: "提交", exact: true }).click();
    await page.getByText("已保存到手机，等待上传").waitFor();
    await page.getByRole("heading", { name: "已保存到手机" }).waitFor();
    await page.getByText("本机按现行规则推算").waitFor();
    await look(page, "report-saved-here");
    for (const path of ["/", "/rechecks", "/mine", "/me"]) {
      await page.goto(path);
      await page.getByRole("link", { name: "待传 1 条，打开待上传列表" }).waitFor();
    }
  });

  await t.test("a re-check is made with its photos", async () => {
    await page.goto(`/rechecks/${waiting.id}`);
    await page.getByText("公平秤未检定，待复查。").first().waitFor();
    await page.getByRole("button", { name: "通过", exact: true }).click();
    await page.getByText("已保存到手机，联网后自动上传").waitFor();
    await page.goto("/outbox");
    await page.getByRole("link", { name: "待传 2 条，打开待上传列表" }).waitFor();
    await look(page, "outbox-waiting");
    await picture(page, "outbox");
  });

  await t.test("the network returns and everything arrives once", async () => {
    await comeBack(page);
    await page.getByRole("link", { name: "全部已上传" }).waitFor();
    await page.getByRole("heading", { name: "已上传" }).waitFor();
    const issue = await assertArrived(page, id);
    assert.equal(issue.order.unit_name, "市场监督管理局");
    const closed = await (await other.request.get(`/api/issues/${waiting.id}`)).json();
    assert.equal(closed.state, "closed");
    assert.deepEqual(await leftOver(page), { drafts: 0, photos: 0, bytes: 0 });
    await look(page, "outbox-received", true);
    await page.goto(`/report?draft=${id}`);
    await page.getByText("已交办：市场监督管理局").waitFor();
    await page.getByRole("heading", { name: "已上报" }).waitFor();
  });
  for (const it of [page, other, liaison]) await close(it);
});

test("a unit accepts, answers and confirms without a network", async () => {
  const reporter = await somebody("inspector3");
  const page = await somebody("sjj1");
  const issue = await report(reporter, MARKET.code, "NMSC-03", "公平秤无合格标志。");
  await ready(page, "/orders");
  await leave(page);
  await page.goto("/orders");
  await page.goto(`/orders/${issue.id}`);
  await page.getByRole("button", { name: "签收" }).click();
  await page.getByRole("button", { name: "整改反馈" }).click();
  const sheet = page.getByRole("dialog", { name: "整改反馈" });
  await sheet.getByRole("button", { name: "拍照" }).click();
  await album(page, smallPhoto(21));
  await sheet.getByLabel("整改情况").fill("已换秤。");
  await sheet.getByText("已保存到手机").waitFor();
  // The phone is switched off in the middle of it, and on again.
  await page.goto(`/orders/${issue.id}`);
  await page.getByRole("button", { name: "整改反馈" }).click();
  assert.equal(await sheet.getByLabel("整改情况").inputValue(), "已换秤。");
  await sheet.getByRole("button", { name: "查看第 1 张照片" }).waitFor();
  await sheet.getByRole("button", { name: "提交并确认" }).click();
  await page.getByText("本机有待发送的步骤").waitFor();
  await page.getByRole("link", { name: "待传 3 条，打开待上传列表" }).waitFor();
  await look(page, "order-pending");
  await comeBack(page);
  await page.getByRole("link", { name: "全部已上传" }).waitFor();
  await page.getByText("待复查").first().waitFor();
  const seen = await (await page.request.get(`/api/issues/${issue.id}`)).json();
  assert.equal(seen.state, "confirmed");
  assert.equal(seen.order.reply_note, "已换秤。");
  assert.equal(seen.order.reply_photo_ids.length, 1);
  assert.deepEqual(seen.timeline.map(({ what }) => what).slice(-3), ["accepted", "replied", "confirmed"]);
  for (const it of [reporter, page]) await close(it);
});

test("drafts survive a reload and a crash, several at once, and are gone on with or thrown away", async () => {
  const page = await somebody("inspector4");
  await ready(page, "/");
  await fillIn(page, 31);
  const first = openId(page);
  await page.getByLabel("情况描述").fill("第一份，写到一半");
  await page.getByText("正在保存").waitFor({ state: "detached" });
  await fillIn(page, 32);
  // Not closed: killed.
  const cdp = await page.context().newCDPSession(page);
  await Promise.race([cdp.send("Page.crash").catch(() => {}), page.waitForEvent("crash")]);
  const again = await page.context().newPage();
  Object.assign(again, { net: page.net, complaints: [] });
  await again.goto("/outbox");
  await again.getByRole("heading", { name: "草稿" }).waitFor();
  assert.equal(await again.locator(".draft").count(), 2);
  await look(again, "drafts");
  await again.goto(`/report?draft=${first}`);
  assert.equal(await again.getByLabel("情况描述").inputValue(), "第一份，写到一半");
  await again.getByRole("button", { name: "查看第 1 张照片" }).waitFor();
  await again.getByRole("button", { name: "提交", exact: true }).click();
  await again.getByText("已交办：").waitFor();
  const issue = await (await again.request.get(`/api/issues/${first}`)).json();
  assert.equal(issue.description, "第一份，写到一半");
  await again.goto("/outbox");
  await again.locator(".draft").getByRole("button", { name: "放弃" }).click();
  await again.getByRole("dialog").getByRole("button", { name: "放弃" }).click();
  await again.locator(".draft").waitFor({ state: "detached" });
  assert.deepEqual(await leftOver(again), { drafts: 0, photos: 0, bytes: 0 });
  await again.context().close();
  await page.net.stop();
});

test("what the server refuses is shown with both versions, mended and sent", async () => {
  const page = await somebody("inspector5");
  const liaison = await somebody("sjj1");
  const other = await somebody("inspector6");
  const waiting = await report(other, MARKET.code, "NMSC-03", "等待两个人复查。");
  await take(liaison, waiting.order.id, "accept", "reply", "confirm");
  await ready(page, "/");
  await leave(page);
  await page.goto(`/rechecks/${waiting.id}`);
  await page.getByLabel("复查意见").fill("我看过了，合格。");
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("已保存到手机，联网后自动上传").waitFor();
  // Meanwhile somebody else is quicker.
  const manager = await somebody("manager");
  await take(manager, waiting.order.id, { step: "fail", note: "标志还没有贴。" });
  await comeBack(page);
  await page.goto("/outbox");
  await page.getByRole("heading", { name: "需要您处理" }).waitFor();
  await page.getByRole("link", { name: /公平秤/ }).first().click();
  await page.getByText("我看过了，合格。").waitFor();
  await page.getByRole("heading", { name: "服务器上的现状" }).waitFor();
  // It is in rework now, and no longer this inspector's to see.
  await page.getByText("服务器上没有这条记录").waitFor();
  await look(page, "item-needs-you");
  await page.getByRole("button", { name: "从本机删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "从本机删除" }).click();
  await page.getByText("没有待上传的内容").waitFor();
  const now = await (await manager.request.get(`/api/issues/${waiting.id}`)).json();
  assert.equal(now.state, "rework", "nothing was overwritten");
  for (const it of [page, liaison, other, manager]) await close(it);
});

test("signing out needs what is unsent to be sent or exported; the file goes on another phone", async () => {
  const page = await somebody("inspector7");
  await ready(page, "/");
  page.net.answer("PUT", /\/api\/(photos|issues)\//, 503, { "retry-after": "300" }, "", 20);
  await fillIn(page, 41);
  const id = openId(page);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已保存到手机，等待上传").waitFor();
  // Before the phone has said what is unsent, nobody is signed out.
  const release = await holdStorage(page);
  await page.goto("/me");
  await page.getByRole("button", { name: "退出登录", exact: true }).click();
  await page.waitForTimeout(500);
  assert.equal(page.net.statuses("DELETE", /\/api\/session/).length, 0);
  await release();
  await page.getByText("还有 1 条内容没有发送").waitFor();
  await look(page, "sign-out-unsent");
  const downloading = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "导出全部待上传内容" }).click();
  const download = await downloading;
  const file = join(tmpdir(), `spotfix-${id}.jsonl`);
  await download.saveAs(file);
  assert.match(download.suggestedFilename(), /^spotfix-inspector7-\d{8}-\d{4}\.jsonl$/);
  await page.getByRole("button", { name: "已导出，退出登录" }).click();
  await page.getByLabel("用户名").waitFor();
  // Another account on the same phone neither sees nor sends it; that something waits is no secret.
  await page.getByText("本机有 1 条内容没有发送").waitFor();
  await page.getByLabel("用户名").fill("inspector8");
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("link", { name: "全部已上传" }).waitFor();
  await page.goto("/outbox");
  await page.getByText("没有待上传的内容").waitFor();
  // It is not theirs to import either.
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByText("请用该账号登录后再导入").waitFor();
  // The owner's other phone takes it in, twice, and sends it once.
  const second = await somebody("inspector7");
  await second.goto("/outbox");
  for (const said of ["新增 1 条", "已有 1 条"]) {
    await second.locator("input[type=file]").setInputFiles(file);
    await second.getByText(new RegExp(said)).waitFor();
  }
  await second.getByRole("heading", { name: "已上传" }).waitFor();
  await assertArrived(second, id);
  // Cut off on its way: nothing of it is taken.
  const cut = `${file}.cut`;
  writeFileSync(cut, readFileSync(file, "utf8").split("\n").slice(0, -2).join("\n"));
  await second.locator("input[type=file]").setInputFiles(cut);
  await second.getByText("文件不完整").waitFor();
  for (const it of [page, second]) await close(it);
});

test("a browser that does not open its storage says so, and signs out all the same", async () => {
  const page = await somebody("inspector9");
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("the storage is closed", "SecurityError");
    };
  });
  await page.goto("/me");
  await page.getByRole("button", { name: "退出登录", exact: true }).click();
  await page.getByText("无法确认本机是否还有内容没有发送").waitFor();
  await look(page, "sign-out-uncounted");
  await page.getByRole("dialog").getByRole("button", { name: "退出登录", exact: true }).click();
  await page.getByLabel("用户名").waitFor();
  assert.deepEqual(page.net.statuses("DELETE", /\/api\/session/), [204]);
  await close(page);
});

test("a session that has ended asks to sign in again, and what was written and what waits are kept", async () => {
  const [page, id] = await reportAway("inspector10", 71);
  // The session ends elsewhere, while the phone has no network.
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  assert.equal((await fetch(`${shared.server.url}/api/session`, { method: "DELETE", headers: { cookie: cookies } })).status, 204);
  await comeBack(page);
  await page.goto("/outbox");
  await page.getByText("本机有 1 条内容没有发送，登录原来的账号后继续发送。").waitFor();
  await look(page, "sign-in-waiting");
  await page.getByLabel("用户名").fill("inspector10");
  await assertAccessible(page);
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "已上传" }).waitFor();
  await assertArrived(page, id);
  assert.deepEqual(await leftOver(page), { drafts: 0, photos: 0, bytes: 0 });
  await close(page);
});

test("a phone whose clock is a day off is told, and the record says so", async () => {
  const page = await somebody("inspector9");
  await page.clock.install({ time: Date.now() + 24 * 3_600_000 });
  await page.goto("/");
  await page.getByText("手机时间不对").waitFor();
  await screenshot(page, "clock-wrong");
  await assertAccessible(page);
  await page.clock.resume();
  await fillIn(page, 51);
  const id = openId(page);
  // The id, which the unit sees, says nothing of the clock.
  const madeAt = parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  assert.ok(Math.abs(madeAt - Date.now()) < 600_000, new Date(madeAt).toISOString());
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已交办：").waitFor();
  const issue = await (await page.request.get(`/api/issues/${id}`)).json();
  assert.ok(issue.flags.includes("clock_wrong"), JSON.stringify(issue.flags));
  assert.ok(!issue.flags.includes("observed_in_future"), "the clock is wrong, not the report");
  await close(page);
});
