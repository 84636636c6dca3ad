// How the cost of the outbox grows: opened, scrolled through and weighed with ten items and with a thousand, each of which
// has a photo on the phone.
import { THROTTLED, isUsable, slowPage, stopped, stopwatch } from '../browser.mjs';
import { aside, atMost, median } from '../figures.mjs';
import { album } from '../photos.mjs';
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [FEW, MANY] = [10, 1_000];
const ROUNDS = 5;
/** What a thousand more items may cost in memory, beside the elements that show them; their photos are ten times as much. */
const MEMORY_MB = 25;

const scripts = join(dirname(fileURLToPath(import.meta.url)), '../../../frontend/web/outbox');

/** Pages of the server with the outbox's scripts and nothing else; they need the network, what is made in them does not. */
export async function makers(phone) {
  const stdin = { contents: 'export * from "./page.js";', resolveDir: scripts };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'iife', globalName: 'outbox', write: false });
  const me = await (await phone.request.get('/api/me')).json();
  const make = async (page, count) => {
    const photo = album(1).fresh().toString('base64');
    await page.evaluate(fill, [me, count, photo]);
    await page.close();
  };
  const pages = [];
  for (let at = 0; at < 2; at += 1) {
    const page = await phone.newPage();
    await page.goto('/healthz');
    await page.evaluate(`${outputFiles[0].text}\nwindow.outbox = outbox;`);
    pages.push(page);
  }
  return { few: () => make(pages[0], FEW), more: () => make(pages[1], MANY - FEW) };
}

export async function growth(phone, made) {
  await made.few();
  const few = await weighed(phone, FEW);
  await made.more();
  const many = await weighed(phone, MANY);
  const row = (name, key, unit, note) => [
    aside(`${name}, ${FEW} items`, few[key], unit, note),
    aside(`… ${MANY} items`, many[key], unit),
  ];
  const photos = many.photos / 1e6;
  const weight = `scripts and buffers, garbage collected; the photos in the database are ${photos.toFixed(0)} MB`;
  return [
    ...row('outbox without a network, to listed, p50', 'listed', 'ms', `${ROUNDS} times; ${THROTTLED}`),
    ...row('… scrolled through, longest frame', 'frame', 'ms'),
    ...row('… of it the longest task', 'task', 'ms'),
    ...row('start page without a network, p50', 'start', 'ms'),
    ...row('memory of the outbox page', 'memory', 'MB', weight),
    atMost('… more than with few', many.memory - few.memory, 'MB', MEMORY_MB),
    ...row('elements of the outbox page', 'elements', 'MB'),
  ];
}

async function weighed(phone, count) {
  const [listed, frames, tasks, memory, elements, start] = [[], [], [], [], [], []];
  let photos = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await slowPage(phone);
    await stopwatch(page, isListed, count);
    await page.goto('/outbox', { waitUntil: 'commit' });
    listed.push(await stopped(page));
    const scrolled = await page.evaluate(scrollThrough);
    frames.push(scrolled.frame);
    tasks.push(scrolled.task);
    await page.protocol.send('HeapProfiler.collectGarbage');
    const heap = await page.protocol.send('Runtime.getHeapUsage');
    memory.push((heap.usedSize + heap.backingStorageSize) / 1e6);
    elements.push(heap.embedderHeapUsedSize / 1e6);
    photos = await page.evaluate(photoBytes);
    await page.close();
    start.push(await started(phone));
  }
  const medians = { listed, frame: frames, task: tasks, memory, elements, start };
  return { photos, ...Object.fromEntries(Object.entries(medians).map(([key, values]) => [key, median(values)])) };
}

async function started(phone) {
  const page = await slowPage(phone);
  await stopwatch(page, isUsable);
  await page.goto('/', { waitUntil: 'commit' });
  const time = await stopped(page);
  await page.close();
  return time;
}

/** As many as are shown at first, and the number of all. */
function isListed(count) {
  const shown = document.querySelectorAll('main a.row[href^="/outbox/"]').length;
  const pill = document.querySelector('a.pill')?.textContent ?? '';
  return shown >= Math.min(count, 50) && pill.includes(`${count}`);
}

/** To the end, a part of a screen with every frame; the longest frame and the longest task on the way. */
async function scrollThrough() {
  let task = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) task = Math.max(task, duration);
  });
  observer.observe({ type: 'longtask' });
  const frame = () => new Promise(requestAnimationFrame);
  const place = document.scrollingElement;
  let [longest, last] = [0, await frame()];
  for (let at = -1; at !== place.scrollTop; ) {
    at = place.scrollTop;
    place.scrollBy({ top: innerHeight / 2, behavior: 'instant' });
    const now = await frame();
    longest = Math.max(longest, now - last);
    last = now;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  return { frame: longest, task };
}

function photoBytes() {
  return new Promise((resolve) => {
    indexedDB.open('spotfix').onsuccess = ({ target: { result: db } }) => {
      let sum = 0;
      db.transaction('bytes').objectStore('bytes').openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (cursor === null) return resolve(sum);
        sum += cursor.value.byteLength;
        cursor.continue();
      };
      db.close();
    };
  });
}

/** Makes items as the form does, each with a photo of its own. */
async function fill([me, count, photo]) {
  Object.assign(outbox.tuning, { first_wait_ms: 120_000, longest_wait_ms: 120_000, watch_ms: 0 });
  await outbox.use_account(me.user_id, JSON.stringify(me));
  const bytes = Uint8Array.from(atob(photo), (char) => char.charCodeAt(0));
  let ticks = 0;
  const freshId = () => {
    const time = (Date.now() + (ticks += 1)).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
  };
  const items = [];
  for (let nth = 0; nth < count; nth += 1) {
    const [id, photoId, size] = [freshId(), freshId(), bytes.length];
    const sha256 = nth.toString(16).padStart(64, '0');
    const about = { id: photoId, owner: id, sha256, size, width: 1600, height: 1200, meta: { source: 'camera' } };
    await outbox.keep_photo(JSON.stringify(about), bytes.slice().buffer, bytes.slice(0, 12_000).buffer);
    const content = {
      spot_id: freshId(),
      clause_code: 'G06',
      severity: 'general',
      description: `北门柱子上有小广告 ${nth}`,
      location: { lng: 113.72, lat: 33.56, accuracy_m: 8, source: 'device' },
      observed_at: new Date().toISOString(),
      photo_ids: [photoId],
    };
    items.push({
      ...{ id, user: me.user_id, kind: 'report', path: `/api/issues/${id}`, body: JSON.stringify(content), answer_id: id },
      ...{ photos: [photoId], lane: id, title: '前进巷', detail: 'G06', made_at: Date.now() },
      draft: {
        ...{ id, user: me.user_id, title: '前进巷', detail: 'G06', updated_at: Date.now() },
        form: { report: { clause_code: 'G06', severity: 'general' } },
      },
      subject: { issue_id: id, clause_code: 'G06' },
      forecast: { unit: '城市管理局', due_at: '2026-11-30T18:00:00+08:00' },
    });
  }
  await outbox.queue(JSON.stringify(items), '');
}
