// A server that is cut off from its power again and again while a phone sends 50 issues with 150 photos: each arrives once, with
// its very bytes, and at no moment does the screen count as sent what is not there.
import assert from "node:assert/strict";
import { call, close, device, leftOver, onNetwork, onServer, send, shared } from "./engine.mjs";

const ISSUES = 50;
const PHOTOS = 3;
/** After how many photos and records the power goes off, of 200. */
const CUTS = [15, 70, 130, 170];

onServer();

onNetwork("fifty issues with a hundred and fifty photos, and a server that dies in the middle of them", async (net) => {
  const engine = await device(net, "inspector4");
  const page = await engine.context().newPage();
  net.down();
  const made = [];
  while (made.length < ISSUES) made.push(await send(engine, PHOTOS));
  assert.equal((await call(engine, "status")).unsent, ISSUES);
  // From here on the page of the application is the only one that sends.
  await engine.goto("about:blank");
  net.up();

  // What they were made of cannot be read by the page, as if an older one had written it: they are listed all the same.
  await page.goto("/outbox");
  await page.getByRole("list", { name: "等待发送" }).getByRole("listitem").nth(ISSUES - 1).waitFor();
  const told = [];
  let kills = 0;
  for (const late = Date.now() + 90_000; ; ) {
    assert.ok(Date.now() < late, `not everything arrived: ${told.at(-1)} left, ${taken(net)} taken`);
    const left = await unsent(page);
    // Read after the screen: what is there by then may only be more.
    if (left !== null) {
      const there = await listed(page, made);
      assert.ok(ISSUES - left <= there, `the screen counts ${ISSUES - left} as sent, the server has ${there}`);
      if (left !== told.at(-1)) told.push(left);
    }
    if (left === 0) break;
    if (kills < CUTS.length && taken(net) >= CUTS[kills]) {
      kills += 1;
      await shared.server.kill();
      await shared.server.restart();
    }
  }
  assert.equal(kills, CUTS.length);
  assert.ok(told.length > 5, `the count was seen to go down: ${told}`);
  assert.deepEqual(told, told.toSorted((a, b) => b - a), "and never up");

  await engine.goto("/healthz");
  const answer = await (await page.request.get(`${shared.server.url}/api/issues?mine=true&limit=200`)).json();
  for (const { item, photos } of made) {
    assert.equal(answer.items.filter(({ id }) => id === item.id).length, 1, "on the server exactly once");
    const issue = await (await page.request.get(`${shared.server.url}/api/issues/${item.id}`)).json();
    assert.deepEqual(issue.photo_ids, photos.map(({ id }) => id));
    assertToldOnce(net, item.path);
    for (const { id, sha256, bytes } of photos) {
      const { sha256: sent } = assertToldOnce(net, `/api/photos/${id}`);
      assert.equal(sent, sha256, "what was sent is what was photographed");
      // The same bytes under the same id are answered as known, others would be refused.
      const headers = { "content-type": "image/jpeg" };
      const again = await page.request.put(`${shared.server.url}/api/photos/${id}`, { headers, data: bytes });
      assert.deepEqual([again.status(), (await again.json()).sha256], [200, sha256]);
    }
  }
  assert.deepEqual(await leftOver(engine), { photos: 0, bytes: 0, drafts: 0 });
  await close(engine);
});

/** How many items the screen says are unsent; null while it does not say. */
async function unsent(page) {
  const pill = page.getByRole("link", { name: /^(待传 \d+ 条，打开待上传列表|全部已上传)$/ });
  const name = await pill.getAttribute("aria-label", { timeout: 5_000 }).catch(() => null);
  if (name === null) return null;
  return name === "全部已上传" ? 0 : Number(name.match(/\d+/)[0]);
}

async function listed(page, made) {
  const answer = await page.request.get(`${shared.server.url}/api/issues?mine=true&limit=200`);
  const ids = new Set((await answer.json()).items.map(({ id }) => id));
  return made.filter(({ item }) => ids.has(item.id)).length;
}

/** How many photos and records the server has answered for. */
function taken(net) {
  return net.record.filter(({ method, status }) => method === "PUT" && (status === 200 || status === 201)).length;
}

/** Fails unless the phone was told exactly once that the server has it, and never sent it again; gives that request. */
function assertToldOnce(net, path) {
  const all = net.record.filter((it) => it.method === "PUT" && it.path.split("?")[0] === path);
  const good = all.filter(({ status, isTold }) => isTold && (status === 200 || status === 201));
  assert.equal(good.length, 1, `${path}: ${JSON.stringify(all)}`);
  assert.equal(all.at(-1), good[0], `${path} was acknowledged and sent again`);
  return good[0];
}
