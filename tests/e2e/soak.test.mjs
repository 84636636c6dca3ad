// A day in the field by dice: an inspector reports, re-checks and leaves drafts on the real screens while the network comes and
// goes, answers break, tabs are reloaded, closed and crash, the server dies and sessions end. At each step the screen may count as
// sent only what is there; in the end everything is there once. Longer by hand: SPOTFIX_SOAK_S=1800 SPOTFIX_SOAK_SEED=7.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN, dice } from "./chance.mjs";
import { leftOver, onServer, shared } from "./engine.mjs";
import { close, comeBack, leave, ready, somebody } from "./fieldwork.mjs";
import { screenshot } from "./harness.mjs";
import { PASSWORD } from "./people.mjs";
import { photograph, report, smallPhoto, take } from "./steps.mjs";

const SECONDS = Number(process.env.SPOTFIX_SOAK_S ?? 75);
const SEED = Number(process.env.SPOTFIX_SOAK_SEED ?? 1);
/** For what is still under way when the dice are put away. */
const PATIENCE_MS = 40_000;
const SPOT = "NMSC-001";
const SETTLED_MS = 600;

onServer();

test(`whatever happens in a day, everything arrives once (seed ${SEED})`, { timeout: SECONDS * 1000 + 180_000 }, async (t) => {
  const phone = await somebody("inspector1");
  const day = new Day(phone, dice(SEED));
  await day.prepare();
  await ready(phone, "/");
  const until = Date.now() + SECONDS * 1000;
  while (Date.now() < until) await day.step();
  await day.end();
  t.diagnostic(`${day.net.record.filter(({ fault }) => fault !== null).length} requests broke; ${day.told.join(" ")}`);
  await day.assertAllThere();
  await close(day.page);
});

/** What happened, what was done, and the phone it was done on. */
class Day {
  /** The words of every report that the screen said it has; of every re-check the issue's id; and of every draft. */
  reports = new Map();
  rechecks = new Set();
  drafts = new Set();
  told = [];
  isOnline = true;
  count = 0;

  constructor(page, roll) {
    Object.assign(this, { page, net: page.net, context: page.context(), roll });
  }

  /** Orders that wait for a re-check, which somebody else has reported. */
  async prepare() {
    const other = await somebody("inspector2");
    const liaison = await somebody("sjj1");
    this.waiting = [];
    for (let count = 0; count < 6; count += 1) {
      const issue = await report(other, SPOT, "NMSC-03", `公平秤未检定，待复查（${count}）。`);
      await take(liaison, issue.order.id, "accept", "reply", "confirm");
      this.waiting.push(issue.id);
    }
    await close(other);
    await close(liaison);
  }

  async step() {
    const deeds = [
      ["report", 6],
      ["recheck", 2],
      ["leaveDraft", 1],
      ["goOnWithDraft", 1],
      ["network", 3],
      ["luck", 3],
      ["reload", 2],
      ["closeTab", 1],
      ["crash", 1],
      ["otherTab", 1],
      ["restart", 1],
      ["endSession", 1],
      ["look", 1],
    ].flatMap(([deed, weight]) => Array(weight).fill(deed));
    const deed = deeds[this.roll(deeds.length)];
    this.told.push(deed);
    try {
      await this[deed]();
      await this.assertTruth();
    } catch (error) {
      await screenshot(this.page, "soak-failed").catch(() => {});
      throw new Error(`seed ${SEED}, after: ${this.told.join(" ")}`, { cause: error });
    }
  }

  /** Fills in a report, from the shutter to the description; gives its words and how many photos it has. */
  async fillIn() {
    const { page } = this;
    const words = `soak ${(this.count += 1)}`;
    const photos = 1 + this.roll(2);
    await this.open("/");
    await photograph(page, smallPhoto(100 + this.count));
    const search = page.getByRole("searchbox", { name: "搜索检查项" });
    await search.waitFor();
    await search.fill("公平秤");
    await page.getByRole("button", { name: /公平秤/ }).first().click();
    if (photos > 1) {
      await page.getByRole("button", { name: /再拍|添加|拍照/ }).first().click();
      const camera = page.locator("dialog.viewfinder[open]");
      await camera.getByLabel("相册").setInputFiles(smallPhoto(500 + this.count));
      await camera.getByRole("button", { name: "完成" }).click();
    }
    await page.getByLabel("情况描述").fill(words);
    await page.getByText("已保存到手机").first().waitFor();
    return { words, photos };
  }

  async report() {
    const { words, photos } = await this.fillIn();
    await this.submit(words, photos);
  }

  async submit(words, photos) {
    await this.page.getByRole("button", { name: "提交", exact: true }).click();
    await this.page.getByText(/已保存到手机，等待上传|正在发送|已交办：|登录已失效/).first().waitFor();
    this.reports.set(words, photos);
  }

  async recheck() {
    const id = this.waiting.pop();
    if (id === undefined) return;
    const { page } = this;
    await this.open(`/rechecks/${id}`);
    await page.getByRole("button", { name: "通过", exact: true }).click();
    await page.getByText(/已保存到手机，联网后自动上传|复查通过|已完成|已销号/).first().waitFor();
    this.rechecks.add(id);
  }

  async leaveDraft() {
    const { words, photos } = await this.fillIn();
    this.drafts.add({ words, photos });
    await this.open("/outbox");
  }

  async goOnWithDraft() {
    const [draft] = this.drafts;
    if (draft === undefined) return;
    await this.open("/outbox");
    await this.page.getByRole("heading", { name: "草稿" }).waitFor();
    await this.page.locator('a[href*="draft="]').last().click();
    const words = this.page.getByLabel("情况描述");
    await words.waitFor();
    const found = [...this.drafts].find(({ words: it }) => it === draft.words) && (await words.inputValue());
    const mine = [...this.drafts].find((it) => it.words === found);
    assert.ok(mine, `a draft says ${found}`);
    this.drafts.delete(mine);
    await this.submit(mine.words, mine.photos);
  }

  async network() {
    this.isOnline = !this.isOnline;
    await (this.isOnline ? comeBack : leave)(this.page);
  }

  /** From now on every third request breaks in one way or another; or none does. */
  async luck() {
    const isBad = this.roll(3) > 0;
    const { roll } = this;
    if (!isBad) return this.net.heal();
    this.net.leaveToLuck(({ method }) => (method === "PUT" && roll(3) === 0 ? { ...BROKEN[roll(BROKEN.length)] } : undefined));
  }

  async reload() {
    await this.page.reload();
  }

  async closeTab() {
    await this.page.close();
    await this.newTab();
  }

  /** The page's process ends in the middle of whatever it was doing. */
  async crash() {
    const session = await this.context.newCDPSession(this.page);
    const crashed = new Promise((resolve) => this.page.once("crash", resolve));
    session.send("Page.crash").catch(() => {});
    await crashed;
    await this.page.close();
    await this.newTab();
  }

  /** A second tab that sends as well, or is closed while it does. */
  async otherTab() {
    if (this.other === undefined) {
      this.other = await this.context.newPage();
      await this.other.goto("/outbox");
    } else {
      await this.other.close();
      this.other = undefined;
    }
  }

  async newTab() {
    const { complaints, net, me } = this.page;
    this.page = Object.assign(await this.context.newPage(), { complaints, net, me });
    this.page.setDefaultTimeout(20_000);
    await this.open("/outbox");
  }

  async restart() {
    await shared.server.kill();
    await shared.server.restart();
  }

  async endSession() {
    const cookie = (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    await fetch(`${shared.server.url}/api/session`, { method: "DELETE", headers: { cookie } });
  }

  async look() {
    await this.open(["/outbox", "/mine", "/rechecks", "/me"][this.roll(4)]);
  }

  /** Opens a page and signs in again if that is what it asks for, for which there has to be a network. */
  async open(path) {
    const { page } = this;
    const form = page.getByLabel("用户名");
    const unanswered = page.getByText("连接不上服务器");
    await page.goto(path);
    await form.or(this.pill()).or(unanswered).first().waitFor();
    if (await this.pill().isVisible()) return;
    if (!this.isOnline) {
      await this.network();
      return this.open(path);
    }
    await form.fill("inspector1");
    await page.getByLabel("密码").fill(PASSWORD);
    await page.getByRole("button", { name: "登录" }).click();
    await this.pill().waitFor();
  }

  pill() {
    return this.page.getByRole("link", { name: /^(待传 \d+ 条，打开待上传列表|全部已上传)$/ });
  }

  /** How many items the screen says are unsent; null where it says nothing. */
  async unsent() {
    const name = await this.pill().getAttribute("aria-label", { timeout: 2_000 }).catch(() => null);
    if (name === null) return null;
    return name === "全部已上传" ? 0 : Number(name.match(/\d+/)[0]);
  }

  /** The screen has not counted as sent what is not there. */
  async assertTruth() {
    const made = this.reports.size + this.rechecks.size;
    // The number is drawn anew a few times a second: what was given just now is not in it yet.
    if (made !== this.counted) await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    this.counted = made;
    const left = await this.unsent();
    if (left === null) return;
    const { reports, closed } = await this.there();
    const sent = made - left;
    assert.ok(sent <= reports.length + closed, `the screen counts ${sent} as sent, the server has ${reports.length}+${closed}`);
  }

  /** What the server has of what was done here. */
  async there() {
    this.watcher ??= await somebody("manager");
    const get = async (path) => (await this.watcher.request.get(`${shared.server.url}${path}`)).json();
    const { items } = await get("/api/issues?q=soak&limit=200");
    let closed = 0;
    for (const id of this.rechecks) closed += Number((await get(`/api/issues/${id}`)).state === "closed");
    return { reports: items, closed };
  }

  /** The network is well again, and so is everything else. */
  async end() {
    this.net.heal();
    if (!this.isOnline) await this.network();
    await this.open("/outbox");
    await this.page.evaluate(() => dispatchEvent(new Event("online")));
    const isSent = () => this.page.getByRole("link", { name: "全部已上传" }).waitFor({ timeout: PATIENCE_MS });
    await isSent().catch(async () => assert.fail(`left: ${await this.page.locator("main").innerText()}\n${this.told.join(" ")}`));
  }

  async assertAllThere() {
    const { reports, closed } = await this.there();
    assert.equal(closed, this.rechecks.size);
    assert.deepEqual(reports.map(({ description }) => description).toSorted(), [...this.reports.keys()].toSorted());
    for (const { id, description } of reports) {
      const issue = await (await this.watcher.request.get(`${shared.server.url}/api/issues/${id}`)).json();
      assert.equal(issue.photo_ids.length, this.reports.get(description), description);
      this.assertToldOnce(`/api/issues/${id}`);
      for (const photo of issue.photo_ids) this.assertToldOnce(`/api/photos/${photo}`);
    }
    const left = await leftOver(this.page);
    const photos = [...this.drafts].reduce((sum, draft) => sum + draft.photos, 0);
    assert.deepEqual([left.drafts, left.photos, left.bytes], [this.drafts.size, photos, photos]);
    await close(this.watcher);
  }

  /** The phone may not have been told because its page was gone; the server has taken it in once, and always the same bytes. */
  assertToldOnce(path) {
    const whole = this.net.record.filter((it) => it.method === "PUT" && it.path.split("?")[0] === path && it.sha256 !== "");
    const made = whole.filter(({ status }) => status === 201);
    assert.ok(made.length <= 1, `${path} was made twice`);
    assert.equal(new Set(whole.map(({ sha256 }) => sha256)).size, 1, `${path} was sent with other bytes`);
  }
}
