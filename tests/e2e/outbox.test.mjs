// The outbox on a bad network: whatever breaks, wherever, everything arrives, exactly once and byte for byte – and until it
// has, the phone says truthfully why not.
import assert from "node:assert/strict";
import {
  QUICK,
  anotherTab,
  assertArrived,
  call,
  close,
  device,
  enter,
  find,
  keepPhoto,
  load,
  onNetwork,
  onServer,
  report,
  send,
  signedIn,
  until,
} from "./engine.mjs";
import { freshId, smallPhoto } from "./steps.mjs";

const PHOTO = /^\/api\/photos\//;
const RECORD = /^\/api\/issues\//;

onServer();

function problem(code, status, more) {
  return JSON.stringify({ type: `urn:spotfix:problem:${code}`, title: code, status, code, ...more });
}

const PROBLEM = { "content-type": "application/problem+json" };
const HTML = { "content-type": "text/html" };
const PORTAL = "<html><title>免费上网</title><form>请登录</form></html>";

/** What breaks, how, and what the phone then says: why the item waits, and how many of its two photos have arrived. */
const FAULTS = {
  "lost in the middle of a photo": [(net) => net.cut("PUT", PHOTO, 2_000), "unreached", 0],
  "lost between the last photo and the record": [(net) => net.cut("PUT", RECORD, 0), "unreached", 2],
  "lost after a photo was taken in, before the answer": [(net) => net.swallow("PUT", PHOTO), "unreached", 0, "photo"],
  "lost after the record was written, before the answer": [(net) => net.swallow("PUT", RECORD), "unreached", 2, "item"],
  "the server fails": [(net) => net.answer("PUT", RECORD, 500, PROBLEM, problem("internal", 500)), "busy", 2],
  "the proxy before the server fails": [(net) => net.answer("PUT", PHOTO, 502, HTML, "<h1>Bad Gateway</h1>"), "busy", 0],
  "the server is starting and says when to come back": [
    (net) => net.answer("PUT", RECORD, 503, { ...PROBLEM, "retry-after": "1" }, problem("unavailable", 503)),
    "busy",
    2,
  ],
  "too much at once": [
    (net) => net.answer("PUT", PHOTO, 429, PROBLEM, problem("too_many_requests", 429, { retry_after_s: 1 })),
    "busy",
    0,
  ],
  "a portal answers with a page of its own": [(net) => net.answer("PUT", PHOTO, 200, HTML, PORTAL), "unreadable", 0],
  "a portal answers the record": [(net) => net.answer("PUT", RECORD, 200, HTML, PORTAL), "unreadable", 2],
  "a portal sends us elsewhere": [(net) => net.answer("PUT", RECORD, 302, { location: "/healthz" }, ""), "unreadable", 2],
  "somebody answers with JSON that is not ours": [
    (net) => net.answer("PUT", RECORD, 200, { "content-type": "application/json" }, '{"ok":true}'),
    "unreadable",
    2,
  ],
  "somebody wants another sign-in": [(net) => net.answer("PUT", PHOTO, 401, HTML, PORTAL), "unreadable", 0],
};

for (const [name, [fault, kind, sent, lost]] of Object.entries(FAULTS)) {
  onNetwork(name, async (net) => {
    const page = await device(net, "inspector1");
    const happened = fault(net);
    const made = await send(page);
    const { path } = await happened;
    const waiting = await until(page, made.item.id, { stage: "waiting", tries: 1 });
    assert.deepEqual([waiting.why.kind, waiting.sent, waiting.answer], [kind, sent, null]);
    const { wait_until, unsent } = await asleep(page);
    assert.ok(wait_until > Date.now() && unsent === 1);
    await call(page, "send_now");
    const lostPhoto = lost === "photo" ? [path.match(/[0-9a-f-]{36}/)[0]] : [];
    await assertArrived(page, net, [made], lost === "item" ? [made.item.id] : lostPhoto);
    const after = await call(page, "status");
    assert.deepEqual([after.unsent, after.pause, after.wait_until, after.sending], [0, null, null, false]);
    await close(page);
  });
}

/** The status once it says until when the queue waits. */
async function asleep(page) {
  return page.evaluate(async () => {
    for (;;) {
      const status = JSON.parse(await outbox.status());
      if (status.wait_until !== null) return status;
      await new Promise((resolve) => {
        const stop = outbox.watch(() => resolve(stop()));
      });
    }
  });
}

onNetwork("a network that takes a photo and says nothing is given up, and the next try arrives", async (net) => {
  // It waits for long enough to be seen waiting, also on a busy machine.
  const wait = { first_wait_ms: 3000, longest_wait_ms: 3000 };
  const page = await device(net, "inspector1", { ...QUICK, ...wait, answer_ms: 400 });
  const happened = net.hang("PUT", PHOTO);
  const made = await send(page);
  await happened;
  assert.equal((await until(page, made.item.id, { tries: 1, stage: "waiting" })).why.kind, "unreached");
  await page.evaluate(() => Object.assign(outbox.tuning, { answer_ms: 20_000 }));
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("what was made without a network is sent by itself when there is one", async (net) => {
  const page = await device(net, "inspector2");
  net.down();
  const made = [await send(page, 1), await send(page, 2), await send(page, 0)];
  for (const { item } of made) await until(page, item.id, { stage: "waiting", tries: 1 });
  assert.equal((await call(page, "status")).unsent, 3);
  net.up();
  // As the browser says it; the waiting time of two minutes does not count any more.
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await assertArrived(page, net, made);
  await close(page);
});

onNetwork("a server that dies and comes back gets everything, with nobody pressing anything", async (net) => {
  const page = await device(net, "inspector2", QUICK);
  const record = net.hold("PUT", RECORD);
  const made = await send(page, 2);
  await record.arrived;
  await net.server.kill();
  record.release();
  const more = await send(page, 1);
  await until(page, more.item.id, { stage: "waiting", tries: 1 });
  await net.server.restart();
  await assertArrived(page, net, [made, more]);
  await close(page);
});

onNetwork("one bad item is shown and holds up no other; put right, it arrives with the photos it has sent", async (net) => {
  const page = await device(net, "inspector3");
  const before = [await send(page, 1), await send(page, 0)];
  const bad = await send(page, 1, { clause_code: "NO-SUCH" });
  const behind = [await send(page, 0), await send(page, 1)];
  const refused = await until(page, bad.item.id, "needs_you");
  assert.deepEqual([refused.why.kind, refused.why.problem.code, refused.sent], ["refused", "invalid_fields", 1]);
  for (const { item } of [...before, ...behind]) await until(page, item.id, "received");

  const draft = await call(page, "mend_item", bad.item.id);
  assert.deepEqual(draft, bad.item.draft);
  assert.deepEqual([await find(page, bad.item.id), (await call(page, "list_drafts")).length], [undefined, 1]);
  assert.equal((await call(page, "list_photos", draft.id))[0].id, bad.photos[0].id);
  const body = bad.item.body.replace("NO-SUCH", "G06");
  await call(page, "queue", JSON.stringify([{ ...bad.item, body }]), draft.id);
  await assertArrived(page, net, [...before, bad, ...behind]);
  await close(page);
});

onNetwork("what always breaks the connection holds up no other", async (net) => {
  const page = await device(net, "inspector3", QUICK);
  const bad = [];
  for (let count = 0; count < 4; count += 1) {
    const made = await report(page, 1);
    net.cut("PUT", new RegExp(`/${made.photos[0].id}`), 1_000, 1_000);
    bad.push(made);
  }
  for (const { item } of bad) await call(page, "queue", JSON.stringify([item]), item.id);
  const good = [await send(page, 1), await send(page, 0)];
  for (const { item } of good) await until(page, item.id, "received");
  for (const { item } of bad) assert.equal((await find(page, item.id)).answer, null);
  net.heal();
  await assertArrived(page, net, [...bad, ...good]);
  await close(page);
});

onNetwork("steps of one order go in their order, whatever happens to the first", async (net) => {
  const inspector = await device(net, "inspector1");
  const { item } = await send(inspector, 1);
  const { answer } = await until(inspector, item.id, "received");
  const unit = await device(net, "zfj1", QUICK);
  const order = answer.order.id;
  const step = (step, photos, more) => {
    const id = freshId();
    const body = JSON.stringify({ step, note: "已清除。", photo_ids: photos, ...more });
    const path = `/api/orders/${order}/steps/${id}`;
    const lists = { title: "前进巷", detail: step, draft: { id, title: "", form: {} }, made_at: Date.now() };
    return { id, kind: "step", step, path, body, answer_id: order, photos, lane: item.id, ...lists };
  };
  net.answer("PUT", /\/steps\//, 500, PROBLEM, problem("internal", 500), 2);
  const shown = await report(unit, 1);
  await call(unit, "drop_draft", shown.item.id);
  const [accept, confirm] = [step("accept", []), step("confirm", [])];
  const draft = { id: freshId(), title: "回复", form: {} };
  await call(unit, "save_draft", JSON.stringify(draft));
  const photo = await keepPhoto(unit, draft.id);
  const reply = step("reply", [photo.id]);
  await call(unit, "queue", JSON.stringify([accept]), "");
  await call(unit, "queue", JSON.stringify([reply, confirm]), draft.id);
  for (const { id } of [accept, reply, confirm]) await until(unit, id, "received");
  const after = await (await unit.request.get(`/api/issues/${item.id}`)).json();
  assert.equal(after.state, "confirmed");
  const steps = net.record.filter((it) => /\/steps\//.test(it.path) && it.status < 300).map((it) => it.path.slice(-36));
  assert.deepEqual(steps, [accept.id, reply.id, confirm.id]);
  await close(unit);
  await close(inspector);
});

onNetwork("two tabs send everything once between them, and one goes on when the other is closed", async (net) => {
  const first = await device(net, "inspector4", QUICK);
  const second = await anotherTab(first, QUICK);
  const made = [];
  for (let count = 0; count < 4; count += 1) made.push(await report(count % 2 === 0 ? first : second, 1));
  await Promise.all(
    made.map(({ item }, at) => call(at % 2 === 0 ? first : second, "queue", JSON.stringify([item]), item.id)),
  );
  await assertArrived(second, net, made);

  const photo = net.hold("PUT", PHOTO);
  const last = await send(first, 2);
  await photo.arrived;
  assert.equal((await until(second, last.item.id, "sending")).sent, 0);
  await first.close();
  // The other tab hears of the lock only when it has something to do: as when somebody looks at it.
  await second.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until(second, last.item.id, "received");
  photo.release();
  await assertArrived(second, net, [last]);
  await second.context().close();
});

onNetwork("a session that has ended changes nothing, and somebody else's outbox is neither shown nor sent", async (net) => {
  const page = await device(net, "inspector5");
  await page.request.delete("/api/session");
  const made = await send(page, 2);
  const paused = await waitForPause(page);
  assert.equal(paused, "signed_out");
  const item = await until(page, made.item.id, "waiting");
  assert.deepEqual([item.tries, item.why, item.sent], [0, null, 0]);

  const mine = page.me;
  const other = await enter(page, "inspector6");
  // The page does not know yet that somebody else has signed in, in another tab.
  await call(page, "use_account", mine.user_id);
  assert.equal(await waitForPause(page), "other_account");
  await call(page, "use_account", other.user_id);
  const theirs = await send(page, 1);
  await until(page, theirs.item.id, "received");
  assert.deepEqual((await call(page, "list_items")).map(({ id }) => id), [theirs.item.id]);
  const { others, unsent, pause } = await call(page, "status");
  assert.deepEqual([others, unsent, pause], [[{ user: mine.user_id, count: 1 }], 0, null]);
  await assert.rejects(call(page, "mend_item", made.item.id), { name: "NotFound" });
  assert.equal(await call(page, "photo_url", made.photos[0].id, "thumb"), "");
  assert.deepEqual(await call(page, "list_photos", made.item.id), []);

  await call(page, "use_account", "");
  await enter(page, "inspector5");
  await call(page, "use_account", mine.user_id);
  await assertArrived(page, net, [made]);
  await close(page);
});

async function waitForPause(page) {
  return page.evaluate(async () => {
    for (;;) {
      const changed = new Promise((resolve) => {
        const stop = outbox.watch(() => resolve(stop()));
      });
      const { pause } = JSON.parse(await outbox.status());
      if (pause !== null) return pause;
      await changed;
    }
  });
}

onNetwork("a photo whose id somebody else has taken goes under another", async (net) => {
  const page = await device(net, "inspector7");
  const other = await signedIn(net, "inspector8");
  const made = await report(page, 2);
  const taken = made.photos[0].id;
  const headers = { "content-type": "image/jpeg" };
  const path = `${net.server.url}/api/photos/${taken}`;
  assert.equal((await other.request.put(path, { headers, data: smallPhoto(99).buffer })).status(), 201);
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  const { photos, body } = await until(page, made.item.id, "received");
  assert.ok(!photos.includes(taken) && !body.includes(taken));
  assert.deepEqual(net.statuses("PUT", new RegExp(taken)), [409]);
  await assertArrived(page, net, [made]);
  await close(page);
  await close(other);
});

onNetwork("a photo the server has forgotten is sent again", async (net) => {
  const page = await device(net, "inspector7");
  const made = await report(page, 2);
  // As it is a day after it was sent, when the record never arrived.
  await page.evaluate(async (id) => {
    const db = await new Promise((resolve) => (indexedDB.open("spotfix").onsuccess = (it) => resolve(it.target.result)));
    const photos = db.transaction("photos", "readwrite").objectStore("photos");
    const photo = await new Promise((resolve) => (photos.get(id).onsuccess = (it) => resolve(it.target.result)));
    await new Promise((resolve) => (photos.put({ ...photo, acked_at: 1 }).onsuccess = resolve));
    db.close();
  }, made.photos[1].id);
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  await until(page, made.item.id, "received");
  assert.deepEqual(net.statuses("PUT", RECORD), [422, 201]);
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("a tab that is reloaded in the middle of a photo goes on where it was", async (net) => {
  const page = await device(net, "inspector8");
  const second = net.hold("PUT", PHOTO);
  const made = await send(page, 2);
  await second.arrived;
  await load(page);
  assert.equal(await page.evaluate(() => outbox.list_items()), "[]");
  await call(page, "use_account", page.me.user_id);
  await assertArrived(page, net, [made]);
  await close(page);
});

onNetwork("without locks two tabs may both send, and the server still has everything once", async (net) => {
  const noLocks = () => Object.defineProperty(navigator, "locks", { value: undefined });
  const first = await signedIn(net, "inspector9");
  await load(first, QUICK, noLocks);
  await call(first, "use_account", first.me.user_id);
  const second = await anotherTab(first, QUICK, noLocks);
  const photo = net.hold("PUT", PHOTO);
  const made = [await send(first, 2)];
  await photo.arrived;
  // Takes what the first is sending for left behind, and sends it too.
  made.push(await send(second, 1));
  await until(second, made[0].item.id, "received");
  photo.release();
  for (const { item } of made) {
    await until(first, item.id, "received");
    assert.equal(net.statuses("PUT", new RegExp(`^/api/issues/${item.id}`)).filter((it) => it === 201).length, 1);
    for (const id of item.photos) {
      assert.equal(net.statuses("PUT", new RegExp(`^/api/photos/${id}`)).filter((it) => it === 201).length, 1);
    }
  }
  await second.close();
  await close(first);
});

onNetwork("a tab that was put to sleep while it sent is taken for dead, and cannot do harm when it wakes", async (net) => {
  // Never says that it is alive.
  const first = await device(net, "inspector9", { ...QUICK, heartbeat_ms: 1e9 });
  const photo = net.hold("PUT", PHOTO);
  const made = await send(first, 1);
  await photo.arrived;
  const second = await anotherTab(first, { ...QUICK, heartbeat_ms: 50, silence_ms: 500 });
  await until(second, made.item.id, "received");
  photo.release();
  const more = await send(first, 1);
  await assertArrived(second, net, [made, more]);
  await second.close();
  await close(first);
});

onNetwork("what the server has otherwise under this id becomes another thing when it is mended", async (net) => {
  const page = await device(net, "inspector10");
  const made = await report(page, 1);
  const other = JSON.stringify({ ...JSON.parse(made.item.body), severity: "minor", photo_ids: [] });
  const headers = { "content-type": "application/json" };
  const answer = await page.request.put(`${net.server.url}${made.item.path}`, { headers, data: other });
  assert.equal(answer.status(), 201, await answer.text());
  await call(page, "queue", JSON.stringify([made.item]), made.item.id);
  assert.equal((await until(page, made.item.id, "needs_you")).why.problem.code, "id_taken");
  const draft = await call(page, "mend_item", made.item.id);
  assert.notEqual(draft.id, made.item.id);
  const [photo] = await call(page, "list_photos", draft.id);
  const item = JSON.parse(JSON.stringify(made.item).replaceAll(made.item.id, draft.id).replaceAll(made.photos[0].id, photo.id));
  await call(page, "queue", JSON.stringify([item]), draft.id);
  await assertArrived(page, net, [{ item, photos: [{ ...made.photos[0], id: photo.id }] }]);
  await close(page);
});

onNetwork("a tab whose account was changed in another tab says so", async (net) => {
  const page = await device(net, "inspector10");
  const tab = await anotherTab(page);
  await call(tab, "use_account", "");
  const made = await send(page, 1);
  assert.equal((await call(page, "status")).pause, "signed_out");
  await call(tab, "use_account", freshId());
  const { pause, unsent } = await call(page, "status");
  assert.deepEqual([pause, unsent], ["other_account", 1]);
  assert.deepEqual(net.statuses("PUT", PHOTO), []);
  await call(page, "use_account", page.me.user_id);
  await assertArrived(page, net, [made]);
  await tab.close();
  await close(page);
});
