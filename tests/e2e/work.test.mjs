// The ways beside the straight one, on screens: fixed on the spot, rework, a return and its ruling, the pool, void; what the
// office counts and looks up; accounts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, desk, expectComplaint, finish, phone, startBrowser, startServer } from "./harness.mjs";
import { enter, open, settled } from "./looks.mjs";
import { PASSWORD, signIn } from "./people.mjs";
import { album, photograph, catalogue, report, smallPhoto, take } from "./steps.mjs";

/** 城东农贸市场: its food is the market bureau's. 前进巷: its posters are the enforcement bureau's (zfj1), says the clause. */
const MARKET = { name: "城东农贸市场", latitude: 33.565175, longitude: 113.733556 };
const LANE = { code: "BJXX-001" };

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

async function person(device, username, options) {
  const page = await device(browser, server, options);
  await enter(page, username);
  return page;
}

async function find(page, id) {
  return (await page.request.get(`/api/issues/${id}`)).json();
}

/** Presses a button of the page, or of the sheet that is open. */
function press(page, name) {
  return page.getByRole("button", { name, exact: true }).click();
}

test("what is fixed on the spot is closed at once and is nobody's order", async () => {
  const { latitude, longitude } = MARKET;
  const page = await person(phone, "inspector5", { geolocation: { latitude, longitude, accuracy: 7 } });
  await open(page, "/");
  await photograph(page, smallPhoto(1));
  await page.getByText(MARKET.name).first().waitFor();
  await page.getByRole("searchbox", { name: "搜索检查项" }).fill("G16");
  await page.getByRole("button", { name: /占道经营/ }).click();
  await page.getByLabel("现场即改").check();
  await press(page, "提交");
  await page.getByText("请拍整改后照片").waitFor();
  await page.getByRole("group", { name: "整改后照片" }).getByRole("button", { name: "拍照" }).click();
  await album(page, smallPhoto(2));
  await page.getByLabel("整改情况").fill("已劝离，通道畅通。");
  await assertAccessible(page);
  const sent = page.waitForResponse((it) => /\/api\/issues\//.test(it.url()) && it.request().method() === "PUT");
  await press(page, "提交");
  const issue = await (await sent).json();
  await page.getByText("已记录现场即改，问题已销号").waitFor();
  assert.deepEqual([issue.state, issue.closing_kind, issue.order ?? null], ["closed", "fixed_on_spot", null]);
  await open(page, "/mine");
  await page.getByRole("link", { name: /现场即改/ }).first().waitFor();
  await finish(page);
});

test("a failed re-check is reworked and passes in the next round", async () => {
  const reporter = await person(desk, "inspector1");
  const liaison = await person(phone, "zfj1");
  const rechecker = await person(phone, "inspector2");
  const { id, order } = await report(reporter, LANE.code, "G06", "北门柱子上有小广告。");
  await take(liaison, order.id, "accept", "reply", "confirm");

  await open(rechecker, `/rechecks/${id}`);
  await press(rechecker, "不通过");
  const sheet = rechecker.getByRole("dialog");
  await sheet.getByRole("button", { name: "不通过", exact: true }).click();
  await sheet.getByText("请填写不通过的原因").waitFor();
  await sheet.getByLabel("不通过的原因").fill("柱子背面还有两处。");
  await sheet.getByRole("button", { name: "不通过", exact: true }).click();
  await rechecker.getByText("已退回返工").first().waitFor();

  await open(liaison, `/orders/${id}`);
  await liaison.getByText("柱子背面还有两处。").first().waitFor();
  await assertAccessible(liaison);
  await press(liaison, "整改反馈");
  await liaison.getByRole("dialog").getByLabel("整改情况").fill("背面也已清除。");
  await press(liaison, "提交并确认");
  await liaison.getByText("已确认，等待复查").first().waitFor();

  await open(rechecker, `/rechecks/${id}`);
  await rechecker.getByText("第 2 轮").first().waitFor();
  await press(rechecker, "通过");
  await rechecker.getByText("复查通过，已销号").first().waitFor();
  const closed = await find(reporter, id);
  assert.deepEqual([closed.state, closed.closing_kind, closed.order.round], ["closed", "verified", 2]);
  for (const page of [reporter, liaison, rechecker]) await finish(page);
});

test("what a unit sends back goes where the office rules", async () => {
  const reporter = await person(desk, "inspector1");
  const first = await person(phone, "zfj1");
  const second = await person(phone, "cdjd1");
  const manager = await person(desk, "manager");
  const { id, order } = await report(reporter, LANE.code, "G06", "西门墙面有小广告。");
  await take(first, order.id, "accept");
  await open(first, `/orders/${id}`);
  await press(first, "退单");
  await press(first, "提交退单");
  await first.getByText("请填写退单理由").waitFor();
  await first.getByLabel("退单理由").fill("墙面由街道管护。");
  await press(first, "提交退单");
  await first.getByText("待裁定").first().waitFor();

  await open(manager, "/manage/pool");
  const card = manager.locator(".pool-card").filter({ has: manager.locator(`a[href="/issues/${id}"]`) });
  await card.getByRole("button", { name: "裁定" }).click();
  const sheet = manager.getByRole("dialog").filter({ hasText: "裁定退单" });
  await sheet.getByText("墙面由街道管护。").waitFor();
  await sheet.getByText("同意退单并改派", { exact: true }).click();
  await assertAccessible(manager);
  await sheet.getByRole("button", { name: "选择责任单位" }).click();
  await manager.getByRole("searchbox", { name: /搜索单位/ }).fill("cdjd");
  await manager.getByRole("button", { name: /^城东街道/ }).click();
  await sheet.getByRole("textbox").fill("属地管护。");
  await sheet.getByRole("button", { name: "裁定", exact: true }).click();
  await manager.getByText("已裁定").first().waitFor();
  await card.waitFor({ state: "detached" });

  await open(second, "/orders?show=to_accept");
  await second.locator(`a[href="/orders/${id}"]`).click();
  await second.getByRole("button", { name: "签收" }).waitFor();
  await open(first, "/orders");
  assert.equal(await first.locator(`a[href="/orders/${id}"]`).count(), 0);
  for (const page of [reporter, first, second, manager]) await finish(page);
});

test("what reaches nobody waits in the pool until the office assigns it", async () => {
  const reporter = await person(desk, "inspector1");
  const liaison = await person(phone, "fgj1");
  const manager = await person(desk, "manager");
  const spots = (await catalogue(reporter)).spots;
  const bank = spots.find(({ code }) => code === "YHWD-003");
  const issue = await report(reporter, bank.code, "G13", "投诉电话无人接听。");
  assert.deepEqual([issue.state, issue.order ?? null], ["pool", null]);
  await open(manager, "/manage/pool");
  const card = manager.locator(".pool-card").filter({ has: manager.locator(`a[href="/issues/${issue.id}"]`) });
  await card.getByRole("button", { name: "分派" }).click();
  const sheet = manager.getByRole("dialog").filter({ hasText: "分派给责任单位" });
  await sheet.getByRole("button", { name: "分派", exact: true }).click();
  await sheet.getByText("请填写责任单位").waitFor();
  await sheet.getByRole("button", { name: "选择责任单位" }).click();
  await manager.getByRole("searchbox", { name: /搜索单位/ }).fill("发改委");
  await manager.getByRole("button", { name: /^发展和改革局/ }).click();
  await sheet.getByRole("button", { name: "分派", exact: true }).click();
  await manager.getByText("已分派").first().waitFor();
  await card.waitFor({ state: "detached" });
  await open(liaison, `/orders/${issue.id}`);
  await liaison.getByRole("button", { name: "签收" }).waitFor();

  // The same bank once more: this one should not have been reported.
  const wrong = await report(reporter, bank.code, "G13", "报错了。");
  await open(manager, `/issues/${wrong.id}`);
  await press(manager, "作废");
  const void_ = manager.getByRole("dialog").filter({ hasText: "作废这个问题" });
  await void_.getByRole("button", { name: "作废", exact: true }).click();
  await void_.getByText("请填写理由").waitFor();
  await void_.getByLabel("理由").fill("重复上报。");
  await void_.getByRole("button", { name: "作废", exact: true }).click();
  await manager.getByText("已作废").first().waitFor();
  assert.deepEqual([(await find(manager, wrong.id)).closing_kind], ["void"]);
  for (const page of [reporter, liaison, manager]) await finish(page);
});

test("every number of the rates opens exactly its cases", async () => {
  const page = await person(desk, "manager");
  for (const query of ["", "?group_by=area&basis=closed", "?group_by=month&basis=dispatched"]) {
    await open(page, `/manage${query}`);
    const cells = await page.locator("td.number a").evaluateAll((links) =>
      links.map((it) => ({ said: it.getAttribute("aria-label"), shown: it.textContent, href: it.getAttribute("href") })),
    );
    const counts = cells.filter(({ shown }) => /^[\d,]+$/.test(shown));
    assert.ok(counts.length > 10, query);
    const total = counts.filter(({ said }) => said.startsWith("合计"));
    const others = counts.filter(({ said }) => !said.startsWith("合计"));
    const some = others.filter((_, n) => n % Math.ceil(others.length / 12) === 0);
    const late = others.filter(({ said }) => said.includes("超期未结")).slice(0, 2);
    for (const { said, shown, href } of [...total, ...some, ...late]) {
      assert.equal(await length(page, href), Number(shown.replaceAll(",", "")), `${query}: ${said}, ${href}`);
    }
    // One of them as a person does it.
    const { said, shown, href } = others.find(({ shown }) => Number(shown) > 1 && Number(shown) < 40);
    await page.locator(`td.number a[href="${href}"]`).first().click();
    await page.getByText("已全部显示").waitFor();
    await settled(page);
    assert.equal(await page.locator("tbody tr").count(), Number(shown), said);
  }
  await finish(page);
});

/** How many issues the list behind an address of the office's list has. */
async function length(page, href) {
  const query = new URL(href, server.url).searchParams;
  query.set("limit", "200");
  let count = 0;
  for (let cursor = null; cursor !== undefined; ) {
    if (cursor) query.set("cursor", cursor);
    const answer = await page.request.get(`/api/issues?${query}`);
    assert.ok(answer.ok(), await answer.text());
    const { items, next_cursor } = await answer.json();
    count += items.length;
    cursor = next_cursor ?? undefined;
  }
  return count;
}

test("tabs and lists say how many there are in all, not how many have come", async () => {
  const count = async (page, query) => (await page.request.get(`/api/issues/count?${query}`)).json();
  const unit = await person(phone, "sjj1");
  await open(unit, "/orders");
  const tabs = [
    ["待签收", "dispatched", "to_accept"],
    ["办理中", "accepted,rework,replied", "in_hand"],
    ["待复查", "confirmed", "waiting"],
    ["待裁定", "returned", "ruling"],
  ];
  const numbers = {};
  let sum = 0;
  for (const [name, states] of tabs) {
    const { total } = await count(unit, `state=${states}`);
    const tab = unit.locator("nav a.chip", { hasText: name });
    await unit.waitForFunction(([name, total]) => {
      const tab = [...document.querySelectorAll("nav a.chip")].find((it) => it.textContent.includes(name));
      return tab.textContent.replace(name, "") === (total > 0 ? `${total}` : "");
    }, [name, total]);
    assert.equal(await tab.count(), 1);
    sum += total;
    numbers[name] = total;
  }
  // The number of all its open orders is none of a tab's.
  assert.equal(await unit.getByText(/^共 \d+ 条$/).count(), 0);
  assert.ok(sum > 0);
  // Where the list comes an order at a time, the numbers are the same, and a tab fetches on until it shows one of its own.
  await unit.route(/\/api\/issues\?state=dispatched/, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set("limit", "1");
    return route.continue({ url: url.href });
  });
  const last = tabs.findLast(([name]) => numbers[name] > 0);
  await open(unit, `/orders?show=${last[2]}`);
  await unit.locator("ul.list a, .list a").first().waitFor();
  for (const [name] of tabs) {
    const shown = await unit.locator("nav a.chip", { hasText: name }).textContent();
    assert.equal(shown.replace(name, ""), numbers[name] > 0 ? `${numbers[name]}` : "", name);
  }
  assert.ok((await unit.locator("a[href^='/orders/']").count()) < sum, "not all of them have come");
  await finish(unit);
  const office = await person(desk, "manager");
  const { total } = await count(office, "");
  assert.ok(total > 50, "more than a page");
  await open(office, "/manage/issues");
  await office.getByText(`共 ${total} 条`).waitFor();
  await office.getByRole("button", { name: "加载更多" }).click();
  await settled(office);
  await office.getByText(`共 ${total} 条`).waitFor();
  await finish(office);
});

test("filters stand in the address, survive a reload, and the back button undoes them", async () => {
  const page = await person(desk, "manager");
  await open(page, "/manage/issues");
  const first = await page.locator("tbody tr").count();
  await press(page, "加载更多");
  await page.waitForFunction((first) => document.querySelectorAll("tbody tr").length > first, first);
  const links = await page.locator("tbody th a").evaluateAll((links) => links.map((it) => it.getAttribute("href")));
  assert.equal(new Set(links).size, links.length, "no issue stands there twice");

  await press(page, "筛选");
  await page.getByRole("dialog").getByLabel("是否超期").selectOption({ label: "已超期" });
  await page.waitForURL(/overdue=true/);
  await page.getByRole("dialog").getByLabel("点位类型").selectOption({ label: "背街小巷" });
  await page.waitForURL(/spot_type=/);
  await press(page, "完成");
  const chips = () => page.locator("ul.chips a").allTextContents();
  await settled(page);
  assert.deepEqual(await chips(), ["背街小巷", "已超期"]);
  await page.reload();
  await settled(page);
  assert.deepEqual(await chips(), ["背街小巷", "已超期"]);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("spot_type"));
  await settled(page);
  assert.deepEqual(await chips(), ["已超期"]);
  await page.getByRole("link", { name: "移除筛选：已超期" }).click();
  await page.waitForURL((url) => url.search === "");
  await page.getByRole("searchbox").fill("小巷");
  await page.waitForURL(/q=/);
  await finish(page);
});

test("the routing says which rules never win, what nobody answers for, and who would", async () => {
  const page = await person(desk, "manager");
  await open(page, "/manage/routing");
  const never = page.getByRole("list", { name: "从不生效的规则" }).getByRole("listitem");
  assert.equal(await never.count(), 2);
  await never.filter({ hasText: "龙泉乡" }).waitFor();
  await never.filter({ hasText: "城东街道" }).waitFor();
  const gaps = page.getByRole("list", { name: "没有规则覆盖的点位" }).getByRole("listitem");
  assert.equal(await gaps.count(), 6, "two fleets of taxis and four banks");
  await gaps.filter({ hasText: "银行" }).first().getByRole("link").click();
  await page.getByText("无人负责").or(page.getByText("创建办")).first().waitFor();
  // The probe.
  await page.getByRole("button", { name: /银行|支行|营业部|分理处/ }).first().click();
  await page.getByRole("dialog").getByRole("searchbox").fill("市场　cdnm");
  await page.getByRole("dialog").getByRole("button", { name: `${MARKET.name} 农（集）贸市场` }).click();
  const answer = page.locator(".quote[role=status]");
  await answer.getByText("市场监督管理局").first().waitFor();
  await assertAccessible(page);
  await finish(page);
});

test("spots, clauses and units are found by words in any order, by pinyin, address and everyday name", async () => {
  const page = await person(phone, "inspector5");
  await open(page, "/");
  const market = page.getByRole("link", { name: new RegExp(`^${MARKET.name} `) });
  const other = page.getByRole("link", { name: /^城西综合市场 / });
  const field = page.getByRole("searchbox");
  for (const asked of ["市场 城东", "ＮＭＳＣ－００１", "cdnmsc", "chengdong nongmao", "和平路990号"]) {
    await field.fill(asked);
    await other.waitFor({ state: "detached" });
    await market.waitFor();
    await field.fill("");
    await field.fill("市场");
    await other.waitFor();
  }
  await field.fill("东城市场");
  await page.getByText("没有找到点位").waitFor();
  await finish(page);
  const office = await person(desk, "manager");
  for (const [path, asked, name] of [
    ["/manage/units", "城管", "综合行政执法局"],
    ["/manage/units", "jiaojing", "公安局交警大队"],
    ["/manage/spots", "市场 城东 hpl", ""],
    ["/manage/spots", "和平路 nmsc", MARKET.name],
  ]) {
    await open(office, path);
    await office.getByRole("searchbox").fill(asked);
    await office.waitForURL(/q=/);
    await settled(office);
    const found = name ? office.getByRole("link", { name }) : office.getByText("没有找到");
    await found.first().waitFor();
  }
  await finish(office);
});

test("a new password ends the other sessions, and so does signing out everywhere", async () => {
  const one = await phone(browser, server);
  const other = await phone(browser, server);
  for (const page of [one, other]) await signIn(page, "inspector9");
  await open(one, "/me");
  await press(one, "修改密码");
  const sheet = one.getByRole("dialog");
  await sheet.getByLabel("当前密码").fill("not this one");
  await sheet.getByLabel("新密码").fill("a new long password");
  await press(one, "保存");
  await sheet.getByText("当前密码不正确").waitFor();
  expectComplaint(one, /422|400|403/);
  await sheet.getByLabel("当前密码").fill(PASSWORD);
  await press(one, "保存");
  await one.getByText("密码已修改").first().waitFor();
  await other.goto("/me");
  await other.getByRole("button", { name: "登录" }).waitFor();
  await other.getByLabel("用户名").fill("inspector9");
  await other.getByLabel("密码").fill("a new long password");
  await press(other, "登录");
  await other.getByRole("heading", { name: "我的" }).waitFor();
  await press(other, "在所有设备上退出");
  await other.getByRole("button", { name: "登录" }).waitFor();
  await one.goto("/");
  await one.getByRole("button", { name: "登录" }).waitFor();
  // A phone remembers whose it was, and asks for their things before it is told that the session has ended.
  for (const page of [one, other]) {
    await finish(page, /401/);
  }
});

test("after five wrong passwords the screen says how many seconds to wait", async () => {
  const page = await phone(browser, server);
  await page.goto("/");
  await page.getByLabel("用户名").fill("inspector12");
  for (let n = 1; n <= 6; n += 1) {
    await page.getByLabel("密码").fill(`wrong ${n}`);
    const answer = page.waitForResponse(/\/api\/session/);
    await press(page, "登录");
    await answer;
    await settled(page);
  }
  await page.getByText(/密码输错次数过多。 请在 [1-5] 秒后再试。/).waitFor();
  await assertAccessible(page);
  expectComplaint(page, /401|429|403/);
  await finish(page);
});
