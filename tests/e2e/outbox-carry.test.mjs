// The outbox beyond one page: carried to another phone as a file, sent by the service worker, read without a network, and
// quick when there is much of it.
import assert from "node:assert/strict";
import {
  QUICK,
  assertArrived,
  call,
  close,
  device,
  enter,
  leftOver,
  onNetwork,
  onServer,
  report,
  script,
  send,
  until,
} from "./engine.mjs";
import { freshId } from "./steps.mjs";

onServer();

/** The file of everything unsent as text. */
async function exported(page, ids = null) {
  return page.evaluate(async (ids) => {
    const { blob, name } = await outbox.export_unsent(ids);
    return { name, text: await blob.text() };
  }, JSON.stringify(ids));
}

/** Gives a phone a file with this text. */
async function imported(page, text) {
  return JSON.parse(await page.evaluate((text) => outbox.import_unsent(new File([text], "x.jsonl")), text));
}

onNetwork("unsent work goes to another phone as a file, as often as one likes, and arrives once", async (net) => {
  const page = await device(net, "inspector3");
  net.down();
  const made = [await send(page, 2), await send(page, 0)];
  const draft = await report(page, 1);
  const { name, text } = await exported(page);
  assert.match(name, /^spotfix-inspector3-\d{8}-\d{4}\.jsonl$/);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((line) => Object.keys(line)[0]), ["format", "photo", "photo", "item", "item", "photo", "draft", "end"]);
  assert.equal(lines[0].account.username, "inspector3");
  assert.deepEqual(lines.at(-1), { end: { photos: 3, items: 2, drafts: 1 } });
  assert.equal(lines[3].item.stage, undefined);
  const one = await exported(page, [made[1].item.id]);
  assert.deepEqual(JSON.parse(one.text.trimEnd().split("\n").at(-1)), { end: { photos: 0, items: 1, drafts: 0 } });

  net.up();
  const other = await device(net, "inspector3", QUICK);
  for (const [bad, code] of [
    ["", "not_ours"],
    ["PK\u0003\u0004", "not_ours"],
    [text.replace('"version":1', '"version":2'), "other_version"],
    [text.slice(0, text.lastIndexOf('{"end"')), "cut_off"],
    [text.slice(0, -2), "cut_off"],
    [text.slice(0, text.length / 2), "cut_off"],
    [text.replace('"photos":3,"items":2', '"photos":3,"items":3'), "cut_off"],
    [text.replace(/("bytes":")(.{40})/, "$1AAAA$2"), "bad_photo"],
    [text.replace(/("bytes":".{40})./, "$1!"), "bad_photo"],
    [text.replace("/api/issues/", "/api/sessions/"), "bad_item"],
    [text.replaceAll(other.me.user_id, freshId()), "other_account"],
  ]) {
    const { added, known, drafts, refused } = await imported(other, bad);
    assert.deepEqual([added, known, drafts, refused.map((it) => it.code)], [0, 0, 0, [code]]);
  }
  assert.deepEqual(await imported(other, text), { added: 2, known: 0, drafts: 1, refused: [] });
  assert.deepEqual(await imported(other, text), { added: 0, known: 2, drafts: 0, refused: [] });
  for (const { item } of made) await until(other, item.id, "received");
  assert.deepEqual(await imported(other, text), { added: 0, known: 2, drafts: 0, refused: [] });
  assert.deepEqual(await leftOver(other), { photos: 1, bytes: 1, drafts: 1 });
  assert.equal((await call(other, "list_photos", draft.item.id))[0].sha256, draft.photos[0].sha256);
  await call(other, "drop_draft", draft.item.id);
  await assertArrived(other, net, made);

  const stranger = await device(net, "inspector4");
  const { refused } = await imported(stranger, text);
  assert.deepEqual(refused, [{ code: "other_account", name: page.me.name }]);
  // The phone it came from sends too, when it can: nothing is doubled.
  await call(page, "drop_draft", draft.item.id);
  await call(page, "send_now");
  for (const { item } of made) await until(page, item.id, "received");
  const listed = await page.request.get(`/api/issues?mine=true&q=${made[0].item.id}`);
  assert.equal((await listed.json()).items.length, 1);
  for (const it of [page, other, stranger]) await close(it);
});

onNetwork("a thousand items are listed, counted and begun at once", async (net) => {
  const page = await device(net, "inspector5");
  await page.request.delete("/api/session");
  const { item } = await report(page, 0);
  const many = Array.from({ length: 1_000 }, () => {
    const id = freshId();
    return { ...item, id, answer_id: id, lane: id, path: `/api/issues/${id}`, body: item.body.replaceAll(item.id, id) };
  });
  await call(page, "queue", JSON.stringify(many), item.id);
  // The queue has found that nobody is signed in, and rests.
  while ((await call(page, "status")).pause === null) await new Promise((resolve) => setTimeout(resolve, 20));
  const touched = await page.evaluate(async () => {
    const touched = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (names, ...how) {
      touched.push([names].flat());
      return transaction.call(this, names, ...how);
    };
    await outbox.list_items();
    await outbox.status();
    IDBDatabase.prototype.transaction = transaction;
    return touched;
  });
  assert.deepEqual(touched.filter((names) => names.includes("bytes") || names.includes("photos")), [], "no photo is read");
  assert.equal((await call(page, "status")).unsent, 1_000);
  await enter(page, "inspector5");
  await call(page, "use_account", page.me.user_id);
  await until(page, many[60].id, "received");
  const first = net.record.filter((it) => it.method === "PUT" && it.status === 201).slice(0, 30).map(({ path }) => path);
  assert.deepEqual(new Set(first.slice(0, 20)).size, 20);
  for (const path of first) assert.ok(many.slice(0, 40).some((it) => it.path === path), "in the order they were made");
  await close(page);
});

onNetwork("the service worker sends what a closed page has left", async (net) => {
  const page = await device(net, "inspector6");
  net.down();
  const made = await send(page, 2);
  await until(page, made.item.id, { stage: "waiting", tries: 1 });
  net.up();
  const worker = `${await script('export * from "./worker.js";')}
    self.onmessage = ({ data, ports }) =>
      outbox.drain(data).then(() => ports[0].postMessage("done"), (error) => ports[0].postMessage(error.message));`;
  const types = { "content-type": "text/javascript", "service-worker-allowed": "/" };
  net.answer("GET", /^\/outbox-worker\.js$/, 200, types, worker);
  const drain = () =>
    page.evaluate(async () => {
      await navigator.serviceWorker.register("/outbox-worker.js", { scope: "/" });
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      const said = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
      active.postMessage("sync", [port2]);
      return said;
    });
  net.cut("PUT", /^\/api\/issues\//, 0);
  assert.equal(await drain(), "1 items are left");
  assert.equal(await drain(), "done");
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("answers and pictures are kept for reading without a network, each account's apart", async (net) => {
  const page = await device(net, "inspector7", QUICK);
  assert.equal(await call(page, "kept_answer", "/api/field-bundle"), null);
  await call(page, "keep_answer", page.me.user_id, "/api/field-bundle", "[1]", '"v1"');
  // An answer that comes when somebody else has signed in is theirs to whom it was given.
  await call(page, "keep_answer", freshId(), "/api/field-bundle", "[2]", '"v2"');
  const { text, etag } = await call(page, "kept_answer", "/api/field-bundle");
  assert.deepEqual([text, etag], ["[1]", '"v1"']);
  const made = await send(page, 2);
  await until(page, made.item.id, "received");
  const paths = made.photos.map(({ id }) => `/api/photos/${id}?size=thumb`);
  const keep = (list, most = 1e6) => call(page, "keepPictures", list, most);
  const first = await keep([...paths, `/api/photos/${freshId()}?size=thumb`, "/api/me"]);
  assert.deepEqual([first.kept, first.missing], [2, 1]);
  const asked = net.record.length;
  assert.equal((await keep(paths)).kept, 2);
  assert.equal(net.record.length, asked, "what is there is not fetched again");
  assert.deepEqual((({ kept, missing }) => [kept, missing])(await keep(paths, first.bytes - 1)), [1, 1]);
  await keep([paths[1]]);
  net.down();
  const shown = await page.evaluate(async (paths) => {
    outbox.mend_images();
    const image = document.createElement("img");
    document.body.append(image);
    image.src = paths[1];
    await new Promise((resolve) => (image.onload = resolve));
    return image.naturalWidth;
  }, paths);
  assert.ok(shown > 0);
  net.up();
  await call(page, "use_account", freshId());
  assert.equal(await call(page, "kept_answer", "/api/field-bundle"), null);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await close(page);
});
