// The whole loop on screens, against the real binary: an inspector photographs a problem on a phone, the unit answers,
// somebody else re-checks, it closes, and the manager's rate has moved by exactly this order.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freshPhoto, phonePhotoBytes, traces } from "./fixtures.mjs";
import { assertAccessible, desk, finish, phone, screenshot, startBrowser, startServer } from "./harness.mjs";
import { PASSWORD, picture, signIn } from "./people.mjs";
import { album, photograph } from "./steps.mjs";

/** 城东农贸市场; its scales are the market bureau's, whose liaison is sjj1. */
const MARKET = { name: "城东农贸市场", latitude: 33.565175, longitude: 113.733556 };
const UNIT = { name: "市场监督管理局", liaison: "sjj1" };
const CLAUSE = "公平秤";

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

/** What the office's rates say of the unit, over a period that holds everything. */
async function figures(manager) {
  const answer = await manager.request.get(`/api/rates?from=2025-01-01&to=2034-12-31&group_by=unit`);
  const { items, total } = await answer.json();
  return { unit: items.find(({ name }) => name === UNIT.name), total };
}

test("a problem goes from the shutter to the closure rate", async (t) => {
  const position = { latitude: MARKET.latitude, longitude: MARKET.longitude, accuracy: 9 };
  const inspector = await phone(browser, server, { geolocation: position });
  const liaison = await phone(browser, server);
  const rechecker = await phone(browser, server, { geolocation: position });
  const manager = await desk(browser, server);
  await signIn(inspector, "inspector1");
  await signIn(liaison, UNIT.liaison);
  await signIn(rechecker, "inspector2");
  await signIn(manager, "manager");
  const before = await figures(manager);
  let issue;

  await t.test("the inspector photographs, is located, classifies and sends", async () => {
    await inspector.getByText("附近的点位").waitFor();
    await inspector.getByRole("link", { name: MARKET.name }).first().waitFor();
    await assertAccessible(inspector);
    await picture(inspector, "inspector-home");
    // Tap one: the camera. Tap two: the shutter.
    const before = freshPhoto(1, { lat: MARKET.latitude, lng: MARKET.longitude });
    await photograph(inspector, before);
    await inspector.getByText(MARKET.name).first().waitFor();
    // Tap three: the clause.
    await inspector.getByRole("searchbox", { name: "搜索检查项" }).fill(CLAUSE);
    await inspector.getByRole("button", { name: new RegExp(CLAUSE) }).click();
    await inspector.getByText("预计交办").waitFor();
    await inspector.getByText(UNIT.name).first().waitFor();
    await assertAccessible(inspector);
    await picture(inspector, "report");
    const sent = inspector.waitForResponse((it) => /\/api\/issues\//.test(it.url()) && it.request().method() === "PUT");
    await inspector.getByRole("button", { name: "提交", exact: true }).click();
    const answer = await sent;
    assert.equal(answer.status(), 201);
    issue = await answer.json();
    await inspector.getByText(`已交办：${UNIT.name}`).waitFor();
    await assertAccessible(inspector);
    await picture(inspector, "report-answer");
  });

  await t.test("the unit has the order once the report is answered, accepts it and answers", async () => {
    // In the very next request, not after some time: the order is written with the report.
    const listed = await (await liaison.request.get("/api/issues?limit=200")).json();
    const found = listed.items.find(({ id }) => id === issue.id);
    assert.equal(found?.due_at, issue.order.due.end.at);
    await liaison.goto(`/orders/${issue.id}`);
    await liaison.getByRole("button", { name: "签收" }).waitFor();
    await liaison.goto("/orders");
    await liaison.getByRole("link", { name: new RegExp(MARKET.name) }).first().waitFor();
    await assertAccessible(liaison);
    await picture(liaison, "unit-orders");
    await liaison.goto(`/orders/${issue.id}`);
    await liaison.getByText("剩余").first().waitFor();
    await assertAccessible(liaison);
    await picture(liaison, "unit-order");
    await liaison.getByRole("button", { name: "签收" }).click();
    await liaison.getByRole("button", { name: "整改反馈" }).click();
    const sheet = liaison.getByRole("dialog");
    await sheet.getByRole("button", { name: "拍照" }).click();
    await album(liaison, freshPhoto(2, { lat: MARKET.latitude, lng: MARKET.longitude }));
    await sheet.getByLabel("整改情况").fill("已更换公平秤并重新检定。");
    await sheet.getByText("已保存到手机").waitFor();
    await assertAccessible(liaison);
    await picture(liaison, "unit-reply");
    await sheet.getByRole("button", { name: "提交并确认" }).click();
    await liaison.getByText("待复查").first().waitFor();
    // Not a word of who inspected, whatever this person asks for.
    const seen = await (await liaison.request.get(`/api/issues/${issue.id}`)).text();
    const me = await (await inspector.request.get("/api/me")).json();
    assert.ok(!seen.includes(me.user_id) && !seen.includes(me.name));
  });

  await t.test("whoever reported may not re-check; somebody else does", async () => {
    const own = await (await inspector.request.get("/api/issues?recheck=true&limit=200")).json();
    assert.ok(own.items.every(({ id }) => id !== issue.id));
    await rechecker.goto("/rechecks");
    await rechecker.getByRole("link").first().waitFor();
    await assertAccessible(rechecker);
    await picture(rechecker, "rechecks");
    await rechecker.goto(`/rechecks/${issue.id}`);
    await rechecker.getByText("已更换公平秤并重新检定。").first().waitFor();
    await assertAccessible(rechecker);
    await picture(rechecker, "recheck");
    await rechecker.getByRole("button", { name: "拍照" }).first().click();
    await album(rechecker, freshPhoto(3, { lat: MARKET.latitude, lng: MARKET.longitude }));
    await rechecker.getByRole("button", { name: "通过", exact: true }).click();
    await rechecker.getByText("复查通过，已销号").waitFor();
  });

  await t.test("the manager's rate has moved by exactly this order", async () => {
    const now = await figures(manager);
    for (const [was, is] of [
      [before.unit, now.unit],
      [before.total, now.total],
    ]) {
      assert.equal(is.dispatched, was.dispatched + 1);
      assert.equal(is.closed, was.closed + 1);
      assert.equal(is.closed_on_time, was.closed_on_time + 1);
      assert.equal(is.first_passed, was.first_passed + 1);
      assert.deepEqual(is.closure_rate, { of: was.closure_rate.of + 1, out_of: was.closure_rate.out_of + 1 });
    }
    await manager.goto("/manage");
    await manager.getByRole("rowheader", { name: UNIT.name }).waitFor();
    await assertAccessible(manager);
    await picture(manager, "manager-rates");
    await manager.goto(`/issues/${issue.id}`);
    await manager.getByText("销号").first().waitFor();
    await assertAccessible(manager);
    await picture(manager, "manager-issue");
    await manager.goto("/manage/issues");
    await manager.getByRole("table").waitFor();
    await assertAccessible(manager);
    await picture(manager, "manager-issues");
  });

  await t.test("no stored file says where, when or with what it was taken", () => {
    assert.notDeepEqual(traces(phonePhotoBytes(1)), [], "the picture that was sent says it");
    const files = readdirSync(join(server.data, "photos"), { recursive: true, withFileTypes: true });
    const jpegs = files.filter((file) => file.isFile() && file.name.endsWith(".jpg"));
    assert.ok(jpegs.length > 100);
    for (const file of jpegs) {
      assert.deepEqual(traces(readFileSync(join(file.parentPath, file.name))), [], file.name);
    }
  });

  for (const page of [inspector, liaison, rechecker, manager]) await finish(page);
});

test("a browser that keeps no cookie is told so, and not asked for the password again and again", async () => {
  const page = await phone(browser, server);
  // As by http under an https address: the browser throws the Secure cookie away.
  await page.route("**/api/session", async (route) => {
    const answer = await route.fetch();
    const { "set-cookie": _, ...headers } = answer.headers();
    await page.context().clearCookies();
    await route.fulfill({ response: answer, headers });
    await page.context().clearCookies();
  });
  await page.goto("/");
  await page.getByLabel("用户名").fill("inspector1");
  await page.getByLabel("密码").fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("密码正确，但浏览器没有保存登录").waitFor();
  await assertAccessible(page);
  await page.context().close();
});

test("signing in says what is wrong and lets nobody in", async () => {
  const page = await phone(browser, server);
  await page.goto("/");
  await assertAccessible(page);
  await picture(page, "sign-in");
  await page.getByLabel("用户名").fill("inspector1");
  await page.getByLabel("密码").fill(`${PASSWORD}x`);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("用户名或密码").first().waitFor();
  await assertAccessible(page);
  await screenshot(page, "sign-in-wrong");
  await page.context().close();
});
