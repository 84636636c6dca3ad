// The outbox on the device: what is kept survives whatever the browser does to its storage, and can be taken back; and what
// an answer means, case by case.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  QUICK,
  STILL,
  assertArrived,
  call,
  close,
  device,
  find,
  inNode,
  keepBytes,
  keepPhoto,
  leftOver,
  load,
  onNetwork,
  onServer,
  report,
  send,
  signedIn,
  until,
} from "./engine.mjs";
import { freshId } from "./steps.mjs";

onServer();

test("only the server's own word, naming what was sent, is taken for an answer", async () => {
  const { judge } = await inNode("answer.js");
  const id = freshId();
  const json = { contentType: "application/json; charset=utf-8" };
  const says = { contentType: "application/problem+json" };
  const told = (status, code, more) => ({ status, ...says, text: JSON.stringify({ code, ...more }) });
  const kind = (heard, expected = { id }) => {
    const { kind, pause, wait } = judge({ type: "basic", ...heard }, expected, 1_000_000);
    return [kind, pause ?? wait].filter((it) => it !== undefined && it !== null).join(" ");
  };
  const mine = JSON.stringify({ id, sha256: "ab" });
  assert.equal(kind({ status: 201, ...json, text: mine }), "received");
  assert.equal(kind({ status: 200, ...json, text: mine }, { id, sha256: "ab" }), "received");
  for (const heard of [
    { status: 200, ...json, text: mine, redirected: true },
    { status: 0, type: "opaqueredirect", text: "" },
    { status: 200, ...json, text: JSON.stringify({ id: freshId() }) },
    { status: 200, ...json, text: `${mine}x` },
    { status: 200, ...json, text: "[]" },
    { status: 200, ...json, text: "null" },
    { status: 204, ...json, text: "" },
    { status: 202, ...json, text: mine },
    { status: 200, contentType: "text/html", text: mine },
    { status: 200, contentType: null, text: mine },
    { status: 200, ...says, text: mine },
    { status: 403, contentType: "text/html", text: "<html>" },
    { status: 403, ...json, text: '{"code":"forbidden"}' },
    { status: 401, contentType: "text/html", text: "" },
    { status: 511, type: "opaqueredirect", text: "" },
  ]) {
    assert.equal(kind(heard), "unreadable", JSON.stringify(heard));
  }
  assert.equal(kind({ status: 200, ...json, text: mine }, { id, sha256: "cd" }), "unreadable");
  assert.equal(kind(told(401, "not_signed_in")), "paused signed_out");
  assert.equal(kind(told(409, "other_account")), "paused other_account");
  for (const [status, code] of [[409, "id_taken"], [422, "photo_missing"], [404, "not_found"], [413, "payload_too_large"]]) {
    assert.equal(kind(told(status, code)), "refused", code);
  }
  // A proxy's word: the same again will not pass either.
  assert.equal(kind({ status: 413, contentType: "text/html", text: "<html>" }), "too_large");
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    assert.equal(kind({ status, contentType: "text/html", text: "" }), "busy");
  }
  assert.equal(kind({ ...told(429, "too_many_requests", { retry_after_s: 7 }) }), "busy 7000");
  assert.equal(kind({ ...told(503, "unavailable", { retry_after_s: 7 }), retryAfter: "3" }), "busy 3000");
  assert.equal(kind({ status: 503, retryAfter: new Date(1_005_000).toUTCString() }), "busy 5000");
  assert.equal(kind({ status: 503, retryAfter: "soon" }), "busy");
});

test("what failed comes after what did not, lanes keep their order, and a clock that jumps stops nothing", async () => {
  const { Lanes } = await inNode("lanes.js");
  const { backoff, due, tuning } = await inNode("pace.js");
  const item = (id, lane, more) => ({ id, lane, seq: 1, stage: "waiting", tries: 0, next_at: 0, why: null, ...more });
  const now = 1e12;
  const lanes = new Lanes([
    item("a", "1", { tries: 2, why: { kind: "unreached" }, next_at: now + 5_000 }),
    item("b", "2", { tries: 1, seq: 2 }),
    item("c", "2", { seq: 3 }),
    item("d", "3", { stage: "needs_you", seq: 4 }),
    item("e", "3", { seq: 5 }),
    item("f", "4", { seq: 6 }),
  ]);
  assert.equal(lanes.next(new Map(), now).id, "f");
  assert.equal(lanes.next(new Map([["4"]]), now).id, "b");
  assert.equal(lanes.next(new Map([["4"], ["2"]]), now), null);
  lanes.settle("b", "2", null);
  assert.equal(lanes.next(new Map([["4"]]), now).id, "c");
  lanes.settle("c", "2", { stage: "received" });
  lanes.settle("f", "4", item("f", "4", { tries: 1, next_at: now + 9_000 }));
  assert.equal(lanes.next(new Map(), now), null);
  assert.equal(lanes.wake(now), now + 5_000);
  lanes.forgive(({ isUnreached }) => isUnreached);
  assert.equal(lanes.next(new Map(), now).id, "a");
  // Put back by a day: nobody meant to wait that long.
  assert.equal(due(now + 86_400_000, now), 0);
  assert.equal(due(now + 60_000, now), now + 60_000);
  for (const tries of [1, 2, 8, 50, 5_000]) {
    const most = Math.min(2_000 * 2 ** (tries - 1), 300_000) * 1.5;
    assert.ok(backoff(tries) >= most / 3 && backoff(tries) <= most, `${tries}`);
  }
  assert.deepEqual([backoff(3, 0), backoff(3, 7_000), backoff(3, 1e9)], [1_000, 7_000, tuning.longest_asked_ms]);
});

/** Keeps every connection to the database where a test can get at it, lets transactions be ended and the disk be full. */
function tapDatabase() {
  window.taps = { connections: [], aborts: 0, room: Infinity };
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...words) {
    const request = open.apply(this, words);
    request.addEventListener("success", () => window.taps.connections.push(request.result));
    return request;
  };
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...words) {
    const tx = transaction.apply(this, words);
    if (window.taps.aborts > 0 && words[1] === "readwrite") {
      window.taps.aborts -= 1;
      tx.abort();
    }
    return tx;
  };
  // As browsers do it: the transaction is ended, and its error says why.
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...words) {
    const request = put.apply(this, words);
    window.taps.room -= 1;
    if (window.taps.room < 0) {
      const error = new DOMException("full", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { get: () => error });
      this.transaction.abort();
    }
    return request;
  };
}

onNetwork("a database that is closed under us is opened again, idle or in the middle of sending", async (net) => {
  const page = await signedIn(net, "inspector1");
  await load(page, QUICK, tapDatabase);
  await call(page, "use_account", page.me.user_id);
  const made = await report(page, 2);
  const closeAll = () => page.evaluate(() => window.taps.connections.forEach((db) => db.close()));
  await closeAll();
  assert.equal((await call(page, "list_drafts")).length, 1);
  const photo = net.hold("PUT", /^\/api\/photos\//);
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await photo.arrived;
  await closeAll();
  photo.release();
  await until(page, made.item.id, "received");
  await page.evaluate(() => (window.taps.aborts = 1));
  const more = await send(page, 1);
  await assertArrived(page, net, [made, more]);
  await close(page);
});

onNetwork("another page that wants to change the database is let through, and we go on afterwards", async (net) => {
  const page = await device(net, "inspector1", QUICK);
  const made = await send(page, 1);
  await until(page, made.item.id, "received");
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase("spotfix");
        request.onsuccess = resolve;
        request.onblocked = () => reject(new Error("our connection was not given up"));
      }),
  );
  assert.deepEqual(await call(page, "list_items"), []);
  await call(page, "use_account", page.me.user_id);
  const more = await send(page, 1);
  await until(page, more.item.id, "received");
  await close(page);
});

onNetwork("a full disk is said by name, and everything is as it was before", async (net) => {
  const page = await signedIn(net, "inspector1");
  await load(page, STILL, tapDatabase);
  await call(page, "use_account", page.me.user_id);
  net.down();
  const made = await report(page, 2);
  const before = await leftOver(page);
  const only = (room) => page.evaluate((room) => (window.taps.room = room), room);
  // The disk is full after so many entries: in the middle of each of these.
  for (const room of [0, 1]) {
    await only(room);
    const about = { id: freshId(), owner: made.item.id, width: 1, height: 1, meta: {} };
    await assert.rejects(keepBytes(page, about, Buffer.alloc(1_000)), { name: "QuotaExceededError" });
  }
  for (const room of [0, 1, 2, 3]) {
    await only(room);
    const queued = call(page, "queue", JSON.stringify([made.item]), made.item.id);
    await assert.rejects(queued, { name: "QuotaExceededError" });
  }
  await only(1e9);
  assert.deepEqual(await leftOver(page), before);
  assert.deepEqual(await call(page, "list_items"), []);
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  net.up();
  await call(page, "send_now");
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("drafts and their photos stay until they are thrown away or queued, once however often it is pressed", async (net) => {
  const page = await device(net, "inspector2");
  const [made, other] = [await report(page, 2), await report(page, 1)];
  const extra = await keepPhoto(page, made.item.id);
  await load(page);
  await call(page, "use_account", page.me.user_id);
  net.down();
  assert.deepEqual((await call(page, "list_drafts")).map(({ id }) => id), [other.item.id, made.item.id]);
  const listed = await call(page, "list_photos", made.item.id);
  assert.deepEqual(listed.map(({ id }) => id), [...made.photos, extra].map(({ id }) => id));
  assert.equal(listed[0].thumb, undefined);
  await call(page, "note_photo", made.photos[0].id, JSON.stringify({ lng: 113.7 }));
  assert.deepEqual((await call(page, "list_photos", made.item.id))[0].meta, { source: "camera", lng: 113.7 });
  for (const [size, length] of [["thumb", 100], ["full", made.photos[0].size]]) {
    const shown = await page.evaluate(
      async ([id, size]) => {
        const url = await outbox.photo_url(id, size);
        return url.startsWith("blob:");
      },
      [made.photos[0].id, size],
    );
    assert.ok(shown, `${size} of ${length}`);
  }
  const bytes = await page.evaluate(async (id) => (await outbox.photo_bytes(id)).byteLength, made.photos[0].id);
  assert.equal(bytes, made.photos[0].size);
  await call(page, "drop_draft", other.item.id);

  const press = () => call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await Promise.all([press(), press()]);
  assert.equal((await call(page, "list_items")).length, 1);
  // What was taken out of the form goes with the draft; what was sent does not come back as one.
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 0 });
  await assert.rejects(call(page, "save_draft", JSON.stringify(made.item.draft)), { name: "AlreadyQueued" });
  await call(page, "drop_draft", made.item.id);
  const changed = { ...made.item, body: made.item.body.replace("小广告", "大广告") };
  await assert.rejects(call(page, "queue", JSON.stringify([changed]), ""), { name: "AlreadyQueued" });
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 0 });
  for (const path of ["https:" + "//example.org/", "/api/session", "/api/issues/../session", `${made.item.path}?x`]) {
    const wrong = { ...made.item, id: freshId(), path };
    await assert.rejects(call(page, "queue", JSON.stringify([wrong]), ""), { name: "TypeError" });
  }
  net.up();
  await call(page, "send_now");
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("what waits can be taken back or thrown away, but not while it is sent or may have arrived", async (net) => {
  const page = await device(net, "inspector2");
  net.down();
  const [back, away, hurt] = [await send(page, 1), await send(page, 1), await send(page, 1)];
  await until(page, hurt.item.id, { stage: "waiting", tries: 1 });
  await call(page, "mend_item", back.item.id);
  await call(page, "drop_item", away.item.id);
  assert.deepEqual(await leftOver(page), { photos: 2, bytes: 2, drafts: 1 });
  net.up();
  const record = net.hold("PUT", /^\/api\/issues\//);
  const asked = call(page, "send_now");
  await record.arrived;
  assert.equal((await find(page, hurt.item.id)).stage, "sending");
  await assert.rejects(call(page, "mend_item", hurt.item.id), { name: "Sending" });
  await assert.rejects(call(page, "drop_item", hurt.item.id), { name: "Sending" });
  net.down();
  record.release();
  await asked;
  assert.ok((await until(page, hurt.item.id, "waiting")).may_have_arrived);
  await assert.rejects(call(page, "mend_item", hurt.item.id), { name: "MayHaveArrived" });
  net.up();
  await call(page, "retry_item", hurt.item.id);
  await until(page, hurt.item.id, "received");
  await assert.rejects(call(page, "mend_item", hurt.item.id), { name: "Received" });
  await call(page, "queue", JSON.stringify([back.item]), back.item.id);
  await assertArrived(page, net, [back, hurt]);
  assert.deepEqual(net.statuses("PUT", new RegExp(away.item.id)), []);
  await close(page);
});

onNetwork("a photo arrives even if the server does not believe what is told of it", async (net) => {
  const page = await device(net, "inspector3");
  const made = await report(page, 1);
  await call(page, "note_photo", made.photos[0].id, JSON.stringify({ lng: 500, lat: 30, accuracy_m: null }));
  const said = { "content-type": "application/problem+json" };
  const path = /\?lng=500&lat=30&source=camera$/;
  const disbelieved = net.answer("PUT", path, 422, said, '{"code":"invalid_fields"}');
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await disbelieved;
  await assertArrived(page, net, [made]);
  await close(page);
});
