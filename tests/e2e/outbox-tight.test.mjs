// Where there is little of something: a line too slow for all at once, a disk without room, one draft in two tabs – and what
// belongs together goes together.
import assert from "node:assert/strict";
import { QUICK, STILL, anotherTab, assertArrived, call, close, device, find, keepPhoto, leftOver } from "./engine.mjs";
import { limitDisk, load, onNetwork, onServer, report, send, signedIn, until } from "./engine.mjs";
import { freshId, holdsIn } from "./steps.mjs";

onServer();

const PHOTO = /^\/api\/photos\//;
const PROBLEM = { "content-type": "application/problem+json" };

/** How often photos were begun to be sent. */
const begun = (net) => net.record.filter(({ method, path }) => method === "PUT" && PHOTO.test(path)).length;

onNetwork("on a slow line three photos at once are waited for as long as they need together", async (net) => {
  const page = await device(net, "inspector1", { ...STILL, answer_ms: 1_000 });
  const made = [await report(page, 1), await report(page, 1), await report(page, 1)];
  const rate = made[0].photos[0].size;
  await page.evaluate((rate) => (outbox.tuning.bytes_per_second = rate), rate);
  net.narrow(rate);
  for (const { item } of made) await call(page, "queue", JSON.stringify([item]), item.id);
  await assertArrived(page, net, made);
  assert.equal(begun(net), 3, "none was given up and begun anew");
  await close(page);
});

onNetwork("a line that is too slow even for that is used by one after the other", async (net) => {
  const page = await device(net, "inspector2", { ...QUICK, answer_ms: 1_000 });
  net.down();
  const made = [await send(page, 1), await send(page, 1), await send(page, 1)];
  await until(page, made[2].item.id, { stage: "waiting", tries: 1 });
  const rate = made[0].photos[0].size;
  await page.evaluate((rate) => (outbox.tuning.bytes_per_second = rate), rate);
  net.narrow(rate / 2);
  net.up();
  await call(page, "send_now");
  for (const { item, photos } of made) {
    await until(page, item.id, "received");
    // One that was given up while the last of it crossed the line arrives all the same, and is known the next time.
    const answers = net.statuses("PUT", new RegExp(`^/api/photos/${photos[0].id}`));
    assert.deepEqual(answers, [201, ...answers.slice(1).fill(200)]);
  }
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
  await close(page);
});

/** A phone whose disk is full as long as `isFull` says so. */
async function fillable(net, username) {
  const page = await signedIn(net, username);
  await load(page, QUICK, limitDisk);
  await call(page, "use_account", page.me.user_id);
  return page;
}

onNetwork("a disk without any room keeps nothing from being sent, and is emptied by it", async (net) => {
  const page = await fillable(net, "inspector3");
  net.down();
  const made = [await send(page, 2), await send(page, 0)];
  const bad = await send(page, 0, { clause_code: "nonsense" });
  await until(page, bad.item.id, { stage: "waiting", tries: 1 });
  await page.evaluate(() => (window.isFull = true));
  net.up();
  await call(page, "send_now");
  // One that had just been tried in vain waits a little longer.
  await holdsIn(page, async () => JSON.parse(await outbox.list_items()).length === 1);
  for (const { item, photos } of made) {
    const issue = await (await page.request.get(`/api/issues/${item.id}`)).json();
    assert.deepEqual(issue.photo_ids, photos.map(({ id }) => id));
    for (const path of [item.path, ...issue.photo_ids.map((id) => `/api/photos/${id}`)]) {
      assert.deepEqual(net.statuses("PUT", new RegExp(`^${path}(\\?|$)`)), [201], path);
    }
  }
  assert.deepEqual((await call(page, "list_items")).map(({ id }) => id), [bad.item.id], "what was refused is here");
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
  await page.evaluate(() => (window.isFull = false));
  await call(page, "send_now");
  assert.equal((await find(page, bad.item.id)).stage, "needs_you");
  await close(page);
});

onNetwork("on a full disk an ended session stops the queue, and what the server has is not sent twice", async (net) => {
  const page = await fillable(net, "inspector9");
  net.down();
  const made = await send(page, 2);
  await until(page, made.item.id, { stage: "waiting", tries: 1 });
  await page.evaluate(() => (window.isFull = true));
  const [first, second] = made.photos.map(({ id }) => new RegExp(`/photos/${id}`));
  net.answer("PUT", second, 401, PROBLEM, '{"code":"not_signed_in","status":401,"title":"no"}', 100);
  net.up();
  await call(page, "send_now");
  const asked = () => net.statuses("PUT", first).length + net.record.filter(({ path }) => second.test(path)).length;
  await holdsIn(page, async () => {
    await outbox.send_now();
    return true;
  });
  const before = asked();
  await page.waitForTimeout(1_000);
  assert.equal(asked(), before, "nobody is asked again and again");
  net.heal();
  await page.waitForTimeout(300);
  await call(page, "send_now");
  await holdsIn(page, async () => JSON.parse(await outbox.list_items()).length === 0);
  assert.deepEqual(net.statuses("PUT", first), [201]);
  assert.deepEqual(net.statuses("PUT", second), [201]);
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
  await close(page);
});

onNetwork("of two tabs with one draft the one that knows less changes nothing, and throws no photo away", async (net) => {
  const page = await device(net, "inspector4");
  const { item, photos } = await report(page, 1);
  const tab = await anotherTab(page, STILL);
  const opened = await call(tab, "open_draft", item.id);
  assert.equal(opened.id, item.id);
  const more = await keepPhoto(tab, item.id);
  await call(tab, "save_draft", JSON.stringify({ ...opened, title: "两张照片", updated_at: 2_000 }));
  const older = { ...item.draft, title: "一张照片", updated_at: 3_000 };
  await assert.rejects(call(page, "save_draft", JSON.stringify(older)), { name: "ChangedElsewhere" });
  await assert.rejects(call(page, "queue", JSON.stringify([item]), item.id), { name: "ChangedElsewhere" });
  assert.deepEqual((await call(page, "list_drafts")).map(({ title }) => title), ["两张照片"]);
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 1 });
  await assert.rejects(call(page, "empty_draft", item.id), { name: "ChangedElsewhere" });
  // Whoever opens it again knows it; whoever only looks changes nothing.
  await call(page, "open_draft", item.id);
  await call(tab, "save_draft", JSON.stringify({ ...opened, title: "两张照片", updated_at: 3_500 }));
  await call(page, "save_draft", JSON.stringify({ ...older, title: "看过了", updated_at: 4_000 }));
  const ids = [...photos, more].map(({ id }) => id);
  const body = JSON.stringify({ ...JSON.parse(item.body), photo_ids: ids });
  await call(page, "queue", JSON.stringify([{ ...item, body, photos: ids }]), item.id);
  await assertArrived(page, net, [{ item, photos: [...photos, more] }]);
  assert.equal(await call(page, "open_draft", item.id), "");
  await tab.close();
  await close(page);
});

onNetwork("what follows a refused step waits and says so; thrown away, it takes its confirmation with it", async (net) => {
  const page = await device(net, "inspector5");
  const draft = { id: freshId(), title: "回复", form: {} };
  await call(page, "save_draft", JSON.stringify(draft));
  const photo = await keepPhoto(page, draft.id);
  const [lane, order] = [freshId(), freshId()];
  const step = (step, photos, draft) => {
    const id = freshId();
    const body = JSON.stringify({ step, note: "已清除。", photo_ids: photos });
    const lists = { title: "前进巷", detail: step, draft, made_at: Date.now() };
    return { id, kind: "step", step, path: `/api/orders/${order}/steps/${id}`, body, answer_id: order, photos, lane, ...lists };
  };
  const [reply, confirm] = [step("reply", [photo.id], draft), step("confirm", [], draft)];
  const other = step("accept", [], null);
  net.answer("PUT", /\/steps\//, 409, PROBLEM, '{"code":"step_not_allowed","status":409,"title":"no"}');
  await call(page, "queue", JSON.stringify([reply, confirm]), draft.id);
  await call(page, "queue", JSON.stringify([other]), "");
  await until(page, reply.id, "needs_you");
  const held = async () => (await call(page, "list_items")).map(({ step, is_held }) => [step, is_held]);
  assert.deepEqual(await held(), [["accept", true], ["confirm", true], ["reply", false]]);
  assert.deepEqual((await call(page, "list_rows", 50)).map(({ is_held }) => is_held), [true, true, false]);
  net.down();
  await call(page, "drop_item", reply.id);
  assert.deepEqual(await held(), [["accept", false]]);
  assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
  await close(page);
});

onNetwork("photos whose form was given up go after a day, those of a draft never", async (net) => {
  const page = await device(net, "inspector6");
  const { item } = await report(page, 1);
  await keepPhoto(page, freshId());
  const sweep = async (days) => {
    await page.evaluate((days) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + days * 86_400_000;
    }, days);
    await call(page, "use_account", page.me.user_id);
  };
  await sweep(0);
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 1 });
  await sweep(2);
  assert.deepEqual(await leftOver(page), { photos: 1, bytes: 1, drafts: 1 });
  assert.equal((await call(page, "list_photos", item.id)).length, 1);
  await close(page);
});

onNetwork("a file that lacks a photo takes away none that is still here", async (net) => {
  const page = await device(net, "inspector7");
  net.down();
  const made = await report(page, 2);
  made.item.draft.updated_at = 1_000;
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await until(page, made.item.id, { stage: "waiting", tries: 1 });
  const text = await page.evaluate(async () => (await outbox.export_unsent("null")).blob.text());
  await call(page, "mend_item", made.item.id);
  const short = text
    .split("\n")
    .filter((line) => !line.includes(`"photo":{"id":"${made.photos[1].id}"`))
    .map((line) => (line.startsWith('{"end"') ? line.replace('"photos":2', '"photos":1') : line))
    .join("\n");
  assert.notEqual(short.length, text.length);
  const said = await page.evaluate(async (text) => JSON.parse(await outbox.import_unsent(new File([text], "x.jsonl"))), short);
  assert.equal(said.added, 1);
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 0 });
  net.up();
  await call(page, "retry_item", made.item.id);
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("a picture that does not fit any more is the last that is asked for", async (net) => {
  const page = await device(net, "inspector8");
  const made = await send(page, 3);
  await until(page, made.item.id, "received");
  const sizes = [];
  const paths = made.photos.map(({ id }) => `/api/photos/${id}?size=full`);
  for (const path of paths) sizes.push((await (await page.request.get(path)).body()).length);
  const asked = net.record.length;
  const keep = (most) => page.evaluate(([paths, most]) => outbox.keepPictures(paths, most), [paths, most]);
  const most = sizes[0] + Math.floor(sizes[1] / 2);
  assert.deepEqual(await keep(most), { kept: 1, bytes: sizes[0], missing: 2 });
  assert.equal(net.record.length - asked, 2);
  await close(page);
});
