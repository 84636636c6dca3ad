// What stands up in an argument: when and where a photo was taken, that none is left out, and that what was done once is
// neither offered nor sent again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOver, limitDisk, onServer, stored } from "./engine.mjs";
import { MARKET, close, comeBack, leave, openId, ready, somebody } from "./fieldwork.mjs";
import { PLACE, phonePhoto } from "./fixtures.mjs";
import { look } from "./looks.mjs";
import { album, report, sendPhoto, smallPhoto, take } from "./steps.mjs";

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

test("a chosen photo was taken when and where its file says; one made just now was taken here", async () => {
  const page = await somebody("inspector1");
  await page.goto("/report?shoot=1");
  await album(page, await phonePhoto(), false);
  const [old] = await photos(page, 1, ({ lng }) => lng !== undefined);
  assert.equal(new Date(old.captured_at).toISOString(), "2026-01-15T01:30:00.000Z");
  assert.deepEqual([old.source, old.is_file_place], ["gallery", true]);
  assert.ok(Math.abs(old.lng - PLACE.lng) < 1e-5 && Math.abs(old.lat - PLACE.lat) < 1e-5, JSON.stringify(old));
  await page.getByText("照片选自相册").waitFor();
  await page.getByText(/拍摄于 2026年1月15日 09:30，以此为发现时间。位置取自照片。/).waitFor();
  // A market of another city is not this one: nothing is chosen in the person's place.
  await page.getByRole("button", { name: "选择点位" }).waitFor();
  await look(page, "report-gallery");
  await page.getByRole("button", { name: "拍照" }).first().click();
  const before = Date.now();
  await album(page, smallPhoto(3));
  const [, fresh] = await photos(page, 2, ({ captured_at, lat }) => captured_at.startsWith("2026-01-15") || lat === MARKET.latitude);
  assert.ok(Math.abs(new Date(fresh.captured_at) - before) < 60_000, fresh.captured_at);
  await close(page);
});

test("a chosen photo that says nothing is sent without a time and a place, and the office is told so", async () => {
  const [page, office] = [await somebody("inspector1"), await somebody("manager")];
  await page.goto("/report?shoot=1");
  await album(page, smallPhoto(8, null), false);
  await page.getByText("照片未记录拍摄时间，发现时间记为不明。照片未记录位置，不以您现在的位置代替。").waitFor();
  const [photo] = await photos(page, 1);
  assert.deepEqual([photo.captured_at, photo.lng, photo.source], [undefined, undefined, "gallery"]);
  const id = openId(page);
  await page.getByRole("button", { name: "选择点位" }).click();
  const sheet = page.getByRole("dialog", { name: "选择点位" });
  await sheet.getByRole("searchbox").fill(MARKET.name);
  await sheet.getByText(MARKET.name, { exact: true }).click();
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
  await page.getByRole("button", { name: /公平秤/ }).first().click();
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已交办").first().waitFor();
  const sent = await (await page.request.get(`/api/issues/${id}`)).json();
  assert.deepEqual([sent.observed_at, sent.location], [undefined, undefined]);
  assert.deepEqual(sent.flags, ["no_position", "no_time", "from_gallery"]);
  assert.deepEqual(sent.photos[0].oddities, ["from_gallery", "no_time"]);
  await office.goto(`/issues/${id}`);
  await office.getByText("照片需要核对").waitFor();
  await office.getByText(/整改前 1：选自相册 · 拍摄时间不明/).waitFor();
  await office.getByText("不明（照片未记录时间）").waitFor();
  await look(office, "issue-gallery");
  for (const it of [page, office]) await close(it);
});

test("a problem is photographed, located, classified and sent in four taps, with its common problem as the title", async () => {
  const page = await somebody("inspector7");
  let taps = 0;
  const tap = async (target) => {
    taps += 1;
    await target.click();
  };
  await ready(page, "/");
  await tap(page.getByRole("link", { name: "上报问题" }));
  await tap(camera(page).getByRole("button", { name: "拍照" }));
  await page.getByText(MARKET.name).first().waitFor();
  await tap(page.getByRole("button", { name: /公平秤/ }).first());
  const chosen = page.getByRole("group", { name: "常见问题" });
  await chosen.waitFor();
  await look(page, "report-phrases");
  const title = await chosen.locator("label:has(input:checked)").innerText();
  const sent = page.waitForResponse((it) => /\/api\/issues\//.test(it.url()) && it.request().method() === "PUT");
  await tap(page.getByRole("button", { name: "提交", exact: true }));
  const issue = await (await sent).json();
  assert.equal(taps, 4);
  assert.deepEqual([issue.named.problem, issue.photo_ids.length, issue.flags], [title, 1, []]);
  assert.equal(issue.named.spot_name, MARKET.name);
  assert.ok(issue.location.accuracy_m < 20);
  // What was reported here stands first the next time.
  await page.goto("/report");
  await page.getByRole("heading", { name: "您常报的" }).waitFor();
  const first = page.getByRole("list", { name: "您常报的" }).getByRole("button").first();
  assert.match(await first.innerText(), /公平秤/);
  await first.click();
  await page.getByRole("group", { name: "常见问题" }).getByText("以上都不是").click();
  await close(page);
});

test("a position that is good to kilometres names no spot, and offers the nearest", async () => {
  const page = await somebody("inspector1", { geolocation: { ...MARKET, accuracy: 3_000 } });
  await page.goto("/report?shoot=1");
  await album(page, smallPhoto(9), false);
  await page.getByRole("button", { name: "选择点位" }).waitFor();
  await look(page, "report-coarse");
  await page.getByRole("button", { name: new RegExp(MARKET.name) }).first().click();
  await page.getByRole("button", { name: new RegExp(MARKET.name) }).first().waitFor();
  assert.equal(await page.getByText("按定位推荐").count(), 0);
  await close(page);
});

test("a re-check asks for a photo, says how far away one stands, and is taken back within ten seconds", async () => {
  const [reporter, liaison] = [await somebody("inspector2"), await somebody("sjj1")];
  // 360 metres to the north.
  const there = { ...MARKET, latitude: MARKET.latitude + 0.003_24 };
  const page = await somebody("inspector1", { geolocation: there });
  const issue = await report(reporter, MARKET.code, "NMSC-03", "要看清楚的问题。", "general");
  const photo = await sendPhoto(liaison, smallPhoto(10, { at: new Date(Date.now() - 30 * 86_400_000) }), "gallery");
  await take(liaison, issue.order.id, "accept", { step: "reply", photo_ids: [photo] }, "confirm");
  await page.goto(`/rechecks/${issue.id}`);
  await page.getByText("照片需要核对").waitFor();
  await page.getByText(/整改后 1：选自相册 · 拍摄时间早于应反映的情况/).waitFor();
  await page.getByText("离点位较远").waitFor();
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("通过前请拍一张复查照片").waitFor();
  await look(page, "recheck-asks");
  await page.getByRole("button", { name: "拍照" }).first().click();
  await album(page, smallPhoto(12));
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("复查通过，10 秒后提交").waitFor();
  await look(page, "recheck-undo");
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByRole("button", { name: "通过", exact: true }).waitFor();
  await page.waitForTimeout(11_000);
  const still = await (await page.request.get(`/api/issues/${issue.id}`)).json();
  assert.equal(still.state, "confirmed");
  await page.getByRole("button", { name: "通过", exact: true }).click();
  await page.getByText("复查通过，已销号").first().waitFor();
  const closed = await (await reporter.request.get(`/api/issues/${issue.id}`)).json();
  const last = closed.timeline.at(-1);
  assert.deepEqual([last.what, last.photo_ids.length, last.flags], ["passed", 1, ["far_from_spot", "from_gallery"]]);
  for (const it of [reporter, liaison, page]) await close(it);
});

test("a re-check outside its hours says the hours on its button, and refuses where the thumb is", async () => {
  const [reporter, liaison, page] = [await somebody("inspector2"), await somebody("zfj1"), await somebody("inspector1")];
  const seen = new Date(Date.now() - 6 * 3_600_000);
  const issue = await report(reporter, MARKET.code, "G16", "只在那个时段占道。", "minor", seen);
  await take(liaison, issue.order.id, "accept", "reply", "confirm");
  await page.goto(`/rechecks/${issue.id}`);
  const at = (hours) => new Date(seen.getTime() + hours * 3_600_000).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
  const button = page.getByRole("button", { name: `${at(-2)}–${at(2)} 可通过` });
  await button.waitFor();
  await look(page, "recheck-hours", true);
  await button.click();
  await page.getByText("这类问题须在同一时段复查").waitFor();
  assert.deepEqual(await stored(page, "items"), []);
  for (const it of [reporter, liaison, page]) await close(it);
});

test("what is written on a photo is the server's time, whatever the phone's clock shows", async () => {
  const page = await somebody("inspector3");
  await page.clock.install({ time: new Date(Date.now() + 3 * 3_600_000) });
  await page.goto("/");
  await ready(page, "/");
  const told = await page.evaluate(() => localStorage.getItem("spotfix-clock-skew"));
  assert.ok(Math.abs(Number(told) - 3 * 3_600_000) < 60_000, String(told));
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
  await row.getByText("已保存到手机").waitFor();
  await look(page, "orders-pending");
  await page.goto("/orders?show=to_accept");
  await page.getByRole("heading", { name: "交办单" }).first().waitFor();
  await page.locator(".chips a[aria-current]").waitFor();
  assert.equal(await row.count(), 0);
  // A moment of network, in which the step arrives and nothing else is answered.
  page.net.answer("GET", /^\/api\//, 503, { "content-type": "text/html" }, "<h1>busy</h1>", 100);
  await comeBack(page);
  await page.getByRole("link", { name: "全部已上传" }).waitFor();
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

test("a unit's list says on which order an answer was begun and not given to send", async () => {
  const [reporter, page] = [await somebody("inspector4"), await somebody("sjj1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "写了一半的反馈。");
  await take(page, issue.order.id, "accept");
  await page.goto(`/orders/${issue.id}`);
  await page.getByRole("button", { name: "整改反馈" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("整改情况").fill("先写一半");
  await sheet.getByText("已保存到手机").waitFor();
  await page.goto("/orders?show=in_hand");
  await page.locator(`a.row[href="/orders/${issue.id}"]`).getByText("有未提交的反馈").waitFor();
  for (const it of [reporter, page]) await close(it);
});
