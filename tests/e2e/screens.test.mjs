// Every screen of every role, on a phone and a desk, light and dark, with large type and on a narrow phone: axe finds nothing,
// nothing scrolls sideways, the console is quiet. And the screens in English, with the keyboard, empty, and without a network.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, desk, expectComplaint, finish, HERE, phone, startBrowser, startServer, UNREACHED } from "./harness.mjs";
import { enter, hanOf, look, open, settled } from "./looks.mjs";
import { report, take } from "./steps.mjs";

/** The liaison of 综合行政执法局, which answers for shop fronts and boards at 府前街商业步行街. */
const LIAISON = "zfj1";
const GROUPS = ["unit", "unit_group", "area", "spot_type", "clause", "month"];

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
  await giveWork();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Two new orders for the unit that is looked at, one of them accepted: what the county's own have come to depends on the hour. */
async function giveWork() {
  const inspector = await somebody("inspector1");
  const liaison = await somebody(LIAISON);
  for (const [clause, steps] of [["SYDJ-02", []], ["G18", ["accept"]]]) {
    const { order } = await report(inspector, "SYDJ-001", clause, "测试用的问题。");
    await take(liaison, order.id, ...steps);
  }
  for (const page of [inspector, liaison]) await finish(page);
}

/** Somebody at a window that becomes a phone and a desk, standing in the county's middle. */
async function somebody(username, options = {}) {
  const page = await desk(browser, server, { geolocation: HERE, permissions: ["geolocation"], ...options });
  if (username !== null) await enter(page, username);
  return page;
}

async function issues(page, query) {
  const answer = await page.request.get(`/api/issues?${query}`);
  assert.ok(answer.ok(), await answer.text());
  return (await answer.json()).items;
}

/** Looks at each of the screens: a name and a path, and what is done there first. */
async function lookAt(t, page, screens) {
  for (const [name, path, first, isVariant] of screens) {
    await t.test(path, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await open(page, path);
      await first?.(page);
      await look(page, name, isVariant);
    });
  }
}

test("whoever is not signed in", async (t) => {
  const page = await somebody(null);
  await lookAt(t, page, [
    ["sign-in", "/sign-in", (page) => page.getByText("语言与外观").click()],
    ["gallery", "/gallery"],
    ["not-found", "/nothing/here"],
  ]);
  await finish(page);
});

test("the inspector's screens", async (t) => {
  const page = await somebody("inspector1");
  const [mine] = await issues(page, "mine=true&limit=1");
  const [waiting] = await issues(page, "recheck=true&limit=1");
  const choose = async (page) => {
    await page.getByRole("searchbox").fill("城东农贸市场");
    await page.getByRole("link", { name: /^城东农贸市场 .*农（集）贸市场/ }).click();
    // The camera is open; it can wait.
    await page.locator("dialog.viewfinder[open]").getByRole("button", { name: "完成" }).click();
    await settled(page);
    await page.getByRole("searchbox", { name: "搜索检查项" }).fill("公平秤");
    await page.getByRole("button", { name: /公平秤/ }).click();
    await page.getByText("预计交办").waitFor();
  };
  await lookAt(t, page, [
    ["inspector-home", "/"],
    ["report-empty", "/report"],
    ["report-filled", "/", choose],
    ["rechecks", "/rechecks"],
    ["recheck", `/rechecks/${waiting.id}`],
    ["recheck-not-mine", `/rechecks/${mine.id}`],
    ["mine", "/mine"],
    ["inspector-issue", `/issues/${mine.id}`],
    ["me-inspector", "/me"],
    ["not-allowed", "/manage"],
    ["no-such-issue", "/issues/01900000-0000-7000-8000-000000000000"],
  ]);
  expectComplaint(page, /404/);
  await finish(page);
});

test("the unit's screens", async (t) => {
  const page = await somebody(LIAISON);
  const of = async (state) => (await issues(page, `state=${state}&limit=1`))[0];
  const orders = {};
  for (const state of ["dispatched", "accepted", "rework", "confirmed", "closed"]) orders[state] = await of(state);
  const sheet = (name) => async (page) => {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor();
  };
  await lookAt(t, page, [
    ...["to_accept", "in_hand", "waiting", "ruling", "done"].map((part) => [`orders-${part}`, `/orders?show=${part}`]),
    ...Object.entries(orders).filter(([, it]) => it).map(([state, it]) => [`order-${state}`, `/orders/${it.id}`]),
    ["order-return", `/orders/${orders.dispatched.id}`, sheet("退单")],
    ["me-unit", "/me"],
  ]);
  assert.ok(orders.accepted && orders.closed);
  await finish(page);
});

test("the office's screens", async (t) => {
  const page = await somebody("manager");
  const [late] = await issues(page, "overdue=true&limit=1");
  const [closed] = await issues(page, "state=closed&limit=1");
  const { items: units } = await (await page.request.get("/api/rates?from=2025-01-01&to=2034-12-31&group_by=unit")).json();
  const period = async (page) => {
    await page.getByRole("button", { name: "时段与口径" }).click();
    await page.getByRole("dialog").waitFor();
  };
  const filters = async (page) => {
    await page.getByRole("button", { name: "筛选" }).click();
    await page.getByRole("dialog").waitFor();
  };
  await lookAt(t, page, [
    ...GROUPS.map((it) => [`rates-${it}`, `/manage?group_by=${it}`, undefined, it !== "unit"]),
    ["rates-period", "/manage?basis=dispatched", period],
    ["pool", "/manage/pool"],
    ["issues", "/manage/issues"],
    ["issues-filtered", `/manage/issues?state=pool,dispatched,accepted&unit_id=${units[0].key}&overdue=true&sort=due_at`],
    ["issues-filters", "/manage/issues?overdue=true", filters],
    ["units", "/manage/units"],
    ["unit-open", "/manage/units?open=SJJ"],
    ["spots", "/manage/spots"],
    ["spot-open", "/manage/spots?open=NMSC-001"],
    ["clauses", "/manage/clauses"],
    ["clause-open", "/manage/clauses?open=G13"],
    ["routing", "/manage/routing"],
    ["office-issue-open", `/issues/${late.id}`],
    ["office-issue-closed", `/issues/${closed.id}`],
    ["me-office", "/me"],
  ]);
  await finish(page);
});

test("nothing to show is said in words, and what to do", async (t) => {
  const office = await somebody("manager");
  const busy = new Set((await issues(office, "state=dispatched&limit=200")).map(({ unit_id }) => unit_id));
  const { items: units } = await (await office.request.get("/api/units?limit=200")).json();
  // Which unit has nothing to accept depends on the hour at which the county was made.
  const idle = units.find(({ id }) => !busy.has(id));
  await finish(office);
  const liaison = await somebody(`${idle.code.toLowerCase()}1`);
  await lookAt(t, liaison, [["empty-orders", "/orders?show=to_accept"]]);
  await liaison.getByText("没有待签收的交办单").waitFor();
  await finish(liaison);
  const manager = await somebody("manager");
  await lookAt(t, manager, [
    ["empty-issues", "/manage/issues?q=没有这样的问题"],
    ["empty-rates", "/manage?from=2024-01-01&to=2024-01-31"],
    ["empty-units", "/manage/units?q=zzzz"],
  ]);
  await finish(manager);
  const inspector = await somebody("inspector3");
  await lookAt(t, inspector, [
    ["empty-spots", "/", (page) => page.getByRole("searchbox").fill("没有这个点位")],
  ]);
  await inspector.getByText("没有找到点位").waitFor();
  await finish(inspector);
});

test("without a network, and when the server stumbles, it is said and can be tried again", async (t) => {
  for (const [username, path] of [["inspector1", "/mine"], ["zfj1", "/orders"], ["manager", "/manage"], ["manager", "/manage/issues"]]) {
    await t.test(path, async () => {
      const page = await somebody(username);
      await open(page, path);
      await page.context().setOffline(true);
      await page.locator(".banner").first().waitFor();
      await look(page, `offline-${username}${path.replaceAll("/", "-")}`);
      await page.context().setOffline(false);
      await page.locator(".banner").first().waitFor({ state: "detached" });
      await finish(page, UNREACHED);
      // A refusal of the server stands in the place of what was to be shown, where nothing is kept on the device.
      const fresh = await somebody(username);
      const problem = { type: "about:blank", title: "Internal", status: 500, code: "internal" };
      const failing = (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) });
      const pattern = path === "/manage" ? /\/api\/rates/ : /\/api\/issues/;
      await fresh.context().route(pattern, failing);
      await open(fresh, path);
      await fresh.getByText("服务器没有处理成功").first().waitFor();
      await look(fresh, `failed-${username}${path.replaceAll("/", "-")}`);
      await fresh.context().unroute(pattern, failing);
      await fresh.getByRole("button", { name: "重试" }).first().click();
      await fresh.getByText("服务器没有处理成功").first().waitFor({ state: "detached" });
      if (path !== "/manage") {
        // What is kept is shown, and how old it is.
        await settled(fresh);
        await fresh.context().route(pattern, failing);
        await open(fresh, path);
        await fresh.getByText("网络不可用，以下为").first().waitFor();
      }
      expectComplaint(fresh, /500/);
      await finish(fresh);
    });
  }
});

test("what is asked for without a network can be asked for again", async () => {
  const page = await somebody("manager");
  await open(page, "/manage");
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "上月" }).click();
  await page.getByText("连接不上服务器").waitFor();
  await look(page, "unreached-rates");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "重试" }).click();
  await page.getByRole("table").waitFor();
  expectComplaint(page, /ERR_INTERNET_DISCONNECTED/);
  await finish(page);
});

test("in English every word is English but the county's own", async () => {
  const page = await somebody("manager");
  // What the county calls its units, spots, clauses and people, and what people wrote, stays as it is.
  const bundle = await (await page.request.get("/api/field-bundle")).text();
  const list = await (await page.request.get("/api/issues?limit=50")).text();
  const isTheirs = (text) =>
    text.split(/[·:()、，,]\s*|\s{2,}|(?<=[A-Z0-9]) | (?=[A-Z])/u).every((part) => {
      const words = part.match(/[\p{Script=Han}][\p{Script=Han}\p{P}\d]*/gu) ?? [];
      return words.every((word) => bundle.includes(word) || list.includes(word) || page.people.includes(word));
    });
  page.people = JSON.stringify(await (await page.request.get("/api/me")).json()) + "中文";
  await open(page, "/me");
  await page.getByText("English", { exact: true }).click();
  await page.getByRole("heading", { name: "Me", level: 1 }).waitFor();
  for (const path of ["/me", "/manage", "/manage?group_by=month", "/manage/issues", "/manage/pool", "/manage/units", "/manage/routing"]) {
    await open(page, path);
    assert.match(await page.locator("html").getAttribute("lang"), /^en/);
    const left = (await hanOf(page)).filter((text) => !isTheirs(text));
    assert.deepEqual(left, [], `Chinese on ${path}`);
    await assertAccessible(page);
  }
  await look(page, "english-routing");
  await open(page, "/manage");
  await look(page, "english-rates");
  await finish(page);
});

test("the keyboard reaches everything and leaves sheets by Escape", async () => {
  const page = await somebody("manager");
  await open(page, "/manage/issues");
  await page.keyboard.press("Tab");
  assert.match(await focused(page), /跳到正文/);
  assert.ok(await isFocusVisible(page), "the skip link shows where the focus is");
  await page.keyboard.press("Enter");
  for (let n = 0; n < 6 && !(await focused(page)).includes("筛选"); n += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await isFocusVisible(page), await focused(page));
  }
  assert.match(await focused(page), /筛选/);
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest("dialog") !== null), "the focus is in the sheet");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  assert.match(await focused(page), /筛选/);
  await finish(page);

  // On a phone with keys: the order's main action.
  const liaison = await phone(browser, server);
  await enter(liaison, LIAISON);
  const [order] = await issues(liaison, "state=dispatched&limit=1");
  await open(liaison, `/orders/${order.id}`);
  let steps = 0;
  while ((await focused(liaison)) !== "签收" && steps < 40) {
    await liaison.keyboard.press("Tab");
    steps += 1;
  }
  assert.equal(await focused(liaison), "签收", "the main action is reached");
  assert.ok(await isFocusVisible(liaison));
  await finish(liaison);
});

function focused(page) {
  return page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.getAttribute("aria-label") || "");
}

/** Whether something around the focused element shows that it has the focus. */
function isFocusVisible(page) {
  return page.evaluate(() => {
    for (let it = document.activeElement; it && it !== document.body; it = it.parentElement) {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
      if ((outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none") return true;
    }
    return false;
  });
}
