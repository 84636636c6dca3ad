// What belongs to one account, one item or one photo stays apart from the others: nothing is written over another's work,
// and what is broken holds up nothing else.
import assert from "node:assert/strict";
import { QUICK, assertArrived, call, close, device, enter, find, keepPhoto, leftOver, limitDisk } from "./engine.mjs";
import { onNetwork, onServer, report, send, until } from "./engine.mjs";
import { freshId } from "./steps.mjs";

onServer();

onNetwork("an address that leads to another account's draft writes nothing over it and takes nothing of it", async (net) => {
  const page = await device(net, "inspector8");
  const mine = page.me;
  const made = await report(page, 2);
  const drafts = await call(page, "list_drafts");
  assert.equal(await call(page, "is_elses", made.item.id), false);
  const other = await enter(page, "inspector9");
  await call(page, "use_account", other.user_id);
  assert.equal(await call(page, "is_elses", made.item.id), true);
  const theirs = { ...made.item.draft, user: other.user_id, title: "别人写的" };
  const refused = { name: "NotFound" };
  await assert.rejects(call(page, "save_draft", JSON.stringify(theirs)), refused);
  await assert.rejects(keepPhoto(page, made.item.id), refused);
  const item = { ...made.item, user: other.user_id, draft: theirs, photos: [] };
  await assert.rejects(call(page, "queue", JSON.stringify([item]), made.item.id), refused);
  await call(page, "drop_draft", made.item.id);
  await call(page, "drop_photo", made.photos[0].id);
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 1 });
  await enter(page, "inspector8");
  await call(page, "use_account", mine.user_id);
  assert.deepEqual(await call(page, "list_drafts"), drafts);
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  assert.equal(await call(page, "is_elses", made.item.id), false);
  await assertArrived(page, net, [made]);
  // What was sent takes no more photos: they would go with it.
  await assert.rejects(keepPhoto(page, made.item.id), { name: "AlreadyQueued" });
  await close(page);
});

onNetwork("a photo that the phone can no longer read needs the person, and holds up neither the queue nor the export", async (net) => {
  const page = await device(net, "inspector8", QUICK);
  net.down();
  const [broken, good] = [await send(page, 2), await send(page, 1)];
  // As a browser fails whose file behind the value is gone.
  await page.evaluate((id) => {
    const { get } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.get = function (key) {
      if (this.name === "bytes" && key === id) throw new DOMException("Failed to read large IndexedDB value", "DataError");
      return get.call(this, key);
    };
  }, broken.photos[1].id);
  const end = await page.evaluate(async () => (await (await outbox.export_unsent("null")).blob.text()).trimEnd().split("\n").at(-1));
  assert.deepEqual(JSON.parse(end), { end: { photos: 2, items: 2, drafts: 0 } });
  net.up();
  await call(page, "send_now");
  await until(page, good.item.id, "received");
  const { why, sent } = await until(page, broken.item.id, "needs_you");
  assert.deepEqual([why.kind, why.photo, sent], ["lost", broken.photos[1].id, 1]);
  await close(page);
});

onNetwork("what a proxy says without a word of when is a guess that hope overrules; what the server says is not", async (net) => {
  const page = await device(net, "inspector8");
  net.answer("PUT", /^\/api\/issues\//, 503, { "content-type": "text/html" }, "<h1>deploying</h1>");
  const first = await send(page, 0);
  await until(page, first.item.id, { stage: "waiting", tries: 1 });
  await call(page, "send_now");
  await assertArrived(page, net, [first]);
  net.answer("PUT", /^\/api\/issues\//, 503, { "content-type": "text/html", "retry-after": "90" }, "<h1>deploying</h1>");
  const second = await send(page, 0);
  await until(page, second.item.id, { stage: "waiting", tries: 1 });
  const asked = net.record.length;
  await call(page, "send_now");
  assert.equal((await find(page, second.item.id)).stage, "waiting");
  assert.equal(net.record.length, asked, "nothing is sent before the server wants it");
  await close(page);
});

onNetwork("a file does not bring back what was taken back and written on since", async (net) => {
  const page = await device(net, "inspector10");
  net.down();
  const made = await report(page, 1);
  made.item.draft.updated_at = 1_000;
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await until(page, made.item.id, { stage: "waiting", tries: 1 });
  const text = await page.evaluate(async () => (await outbox.export_unsent("null")).blob.text());
  const back = () => page.evaluate(async (text) => JSON.parse(await outbox.import_unsent(new File([text], "x.jsonl"))), text);
  const draft = await call(page, "mend_item", made.item.id);
  await call(page, "save_draft", JSON.stringify({ ...draft, title: "改过的", updated_at: 2_000 }));
  assert.deepEqual(await back(), { added: 0, known: 1, drafts: 0, refused: [] });
  assert.deepEqual((await call(page, "list_drafts")).map(({ title }) => title), ["改过的"]);
  // One that was not touched since is what the file says.
  await call(page, "save_draft", JSON.stringify(draft));
  assert.equal((await back()).added, 1);
  net.up();
  await call(page, "retry_item", made.item.id);
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("pictures that can be had again make room for what is written here", async (net) => {
  const page = await device(net, "inspector11");
  await page.evaluate(limitDisk);
  await page.evaluate(async () => {
    await (await caches.open("spotfix-photos-x")).put("/api/photos/x", new Response("x"));
    window.isFull = true;
    const forget = CacheStorage.prototype.delete;
    CacheStorage.prototype.delete = function (name) {
      window.isFull = false;
      return forget.call(this, name);
    };
  });
  const draft = { id: freshId(), user: page.me.user_id, title: "满了也要存", form: {} };
  await call(page, "save_draft", JSON.stringify(draft));
  assert.deepEqual((await call(page, "list_drafts")).map(({ title }) => title), ["满了也要存"]);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await close(page);
});
