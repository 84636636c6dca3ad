// What has changed on the server while somebody worked without a network: a clause withdrawn, a spot closed, an order sent back by a
// colleague. The person sees why and both versions; nothing is lost, and nothing is written over.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { onServer, shared } from "./engine.mjs";
import { MARKET, close, comeBack, leave, ready, reportAway, somebody } from "./fieldwork.mjs";
import { binary } from "./harness.mjs";
import { look } from "./looks.mjs";
import { album, report, smallPhoto, take } from "./steps.mjs";

/** How long a server may believe a catalogue that somebody else has changed. */
const CATALOGUE_MS = 3_000;

onServer();

/** Imports one line of the catalogue into the county while it runs, and waits until the server looks after it. */
async function change(file, head, line) {
  const folder = mkdtempSync(join(tmpdir(), "spotfix-import-"));
  writeFileSync(join(folder, file), `${head}\n${line}\n`);
  const { data } = shared.server;
  const env = { PATH: process.env.PATH, SPOTFIX_DATABASE_URL: `sqlite:${join(data, "spotfix.db")}`, SPOTFIX_PHOTOS: join(data, "photos") };
  execFileSync(binary, ["import", folder], { env, stdio: "pipe" });
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, CATALOGUE_MS));
}

test("a clause that was withdrawn from a kind of spot meanwhile needs the person, who sees why and sends it again", async () => {
  const [page, id] = await reportAway("inspector4", 91);
  await change("spot_type_clauses.csv", "spot_type,clause,n,note,active", "NMSC,NMSC-03,,,false");
  await comeBack(page);
  await page.goto("/outbox");
  await page.getByRole("heading", { name: "需要您处理" }).waitFor();
  await page.locator(`a[href="/outbox/${id}"]`).click();
  await page.getByText("检查项：不适用于这类点位").waitFor();
  await look(page, "item-clause-withdrawn", true);
  await page.getByRole("button", { name: "修改后重发" }).click();
  // The item has pictures of its own: those of the form are meant.
  await page.getByRole("heading", { name: "上报问题" }).waitFor();
  await page.locator(".photos img").first().waitFor();
  assert.equal(await page.locator(".photos img").count(), 1);
  await change("spot_type_clauses.csv", "spot_type,clause,n,note,active", "NMSC,NMSC-03,,,true");
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已交办：").waitFor();
  const issue = await (await page.request.get(`/api/issues/${id}`)).json();
  assert.equal(issue.photo_ids.length, 1);
  await close(page);
});

test("a spot that was closed meanwhile needs the person, who sends photos and words as they were once it is open again", async () => {
  const [page, id] = await reportAway("inspector5", 94, "市场搬走以前写的。");
  const head = "code,name,type,area_code,address,lng,lat,lead_unit,territory_unit,operator_unit,head,hours,active";
  const line = "NMSC-001,城东农贸市场,NMSC,CDJD,和平路990号,113.733556,33.565175,SJJ,CDJD,,市场监管局副局长,05:30-19:00";
  await change("spots.csv", head, `${line},false`);
  await comeBack(page);
  await page.goto(`/outbox/${id}`);
  await page.getByText(/点位：/).first().waitFor();
  await page.getByText("市场搬走以前写的。").waitFor();
  await page.getByText("服务器上没有这条记录").waitFor();
  await look(page, "item-spot-closed");
  await page.getByRole("button", { name: "修改后重发" }).click();
  // The item has pictures of its own: those of the form are meant.
  await page.getByRole("heading", { name: "上报问题" }).waitFor();
  await page.locator(".photos img").first().waitFor();
  assert.equal(await page.getByLabel("情况描述").inputValue(), "市场搬走以前写的。");
  await change("spots.csv", head, `${line},true`);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await page.getByText("已交办：").waitFor();
  const issue = await (await page.request.get(`/api/issues/${id}`)).json();
  assert.deepEqual([issue.photo_ids.length, issue.description], [1, "市场搬走以前写的。"]);
  await close(page);
});

test("an order that a colleague has sent back meanwhile keeps the colleague's word, and one's own for the asking", async () => {
  const [reporter, page, colleague] = [await somebody("inspector3"), await somebody("sjj1"), await somebody("sjj1")];
  const issue = await report(reporter, MARKET.code, "NMSC-03", "公平秤归属有争议。");
  await take(colleague, issue.order.id, "accept");
  await ready(page, "/orders");
  await page.goto(`/orders/${issue.id}`);
  await page.getByText("公平秤归属有争议。").first().waitFor();
  await leave(page);
  await page.getByRole("button", { name: "整改反馈" }).click();
  const sheet = page.getByRole("dialog", { name: "整改反馈" });
  await sheet.getByRole("button", { name: "拍照" }).click();
  await album(page, smallPhoto(95));
  await sheet.getByLabel("整改情况").fill("已送检。");
  await sheet.getByRole("button", { name: "仅提交，稍后确认" }).click();
  await page.getByRole("link", { name: "待传 1 条，打开待上传列表" }).waitFor();
  await take(colleague, issue.order.id, { step: "return", note: "应由街道答复。" });
  await comeBack(page);
  await page.goto("/outbox");
  await page.getByRole("heading", { name: "需要您处理" }).waitFor();
  await page.getByRole("link", { name: /公平秤/ }).first().click();
  await page.getByText("已送检。").waitFor();
  await page.getByText("应由街道答复。").waitFor();
  await look(page, "item-returned-meanwhile");
  const seen = await (await page.request.get(`/api/issues/${issue.id}`)).json();
  assert.deepEqual([seen.state, seen.order.reply_photo_ids ?? []], ["returned", []], "nothing was overwritten");
  // What was written goes back onto the desk, photo and all.
  await page.getByRole("button", { name: "修改后重发" }).click();
  await page.waitForURL(/draft=/);
  await page.goto("/outbox");
  await page.getByRole("heading", { name: "草稿" }).waitFor();
  await page.getByText("1 张照片").waitFor();
  for (const it of [reporter, page, colleague]) await close(it);
});
