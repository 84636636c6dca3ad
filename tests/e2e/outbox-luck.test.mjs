// A day of bad luck: every request may break in any way, tabs are closed and reloaded, the server dies – and in the end
// everything is there, once.
import assert from "node:assert/strict";
import { BROKEN, dice } from "./chance.mjs";
import { QUICK, anotherTab, call, close, device, leftOver, load, onNetwork, onServer, send, until } from "./engine.mjs";

onServer();

for (const seed of [1, 2, 3]) {
  onNetwork(`everything arrives once, whatever happens on the way (${seed})`, async (net) => {
    const roll = dice(seed);
    const tuning = { ...QUICK, answer_ms: 500, bytes_per_second: 100_000, look_ms: 300, heartbeat_ms: 100, silence_ms: 1_000 };
    const page = await device(net, `inspector${seed}`, tuning);
    let tab = await anotherTab(page, tuning);
    net.leaveToLuck(({ method }) => (method === "PUT" && roll(3) > 0 ? { ...BROKEN[roll(BROKEN.length)] } : undefined));
    const made = [];
    for (let count = 0; count < 10; count += 1) {
      const sender = roll(2) === 0 ? page : tab;
      made.push(await send(sender, roll(3)));
      if (count === 3) await net.server.restart();
      if (count === 5) {
        await tab.close();
        tab = await anotherTab(page, tuning).catch((error) => assert.fail(error));
      }
      if (count === 7) {
        await load(page, tuning);
        await call(page, "use_account", page.me.user_id);
      }
    }
    const broken = () => net.record.filter(({ fault }) => fault !== null).length;
    while (broken() < 40 && (await call(tab, "status")).unsent > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(broken() > 5, "there was bad luck");
    // A day has an end, and the tests' patience too.
    net.heal();
    for (const { item } of made) {
      const { photos } = await until(page, item.id, "received");
      const paths = [item.path, ...photos.map((id) => `/api/photos/${id}`)];
      for (const path of paths) {
        const good = net.statuses("PUT", new RegExp(`^${path}(\\?|$)`)).filter((status) => status < 300);
        assert.equal(good.filter((status) => status === 201).length, 1, path);
      }
      const listed = await page.request.get(`/api/issues?mine=true&q=${item.id}`);
      assert.deepEqual((await listed.json()).items.map(({ id }) => id), [item.id]);
    }
    assert.deepEqual(await leftOver(page), { photos: 0, bytes: 0, drafts: 0 });
    await tab.close();
    await close(page);
  });
}
