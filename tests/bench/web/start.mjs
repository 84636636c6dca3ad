// Starting the page: what the first load brings over the wire, and how long a start takes without a network.
import { THROTTLED, endWorkers, isUsable, slowPage, stopped, stopwatch } from '../browser.mjs';
import { aside, atMost, percentile } from '../figures.mjs';

const MODULE_KB = 250;
const FIRST_LOAD_KB = 300;
const WARM_MS = 1_000;
const WARM_UP = 2;
const ROUNDS = 15;

/** The first load of somebody who is signed in already, up to the screen that can be worked with. */
export async function firstLoad(phone) {
  const page = await phone.newPage();
  await stopwatch(page, isUsable);
  const protocol = await phone.newCDPSession(page);
  await protocol.send('Network.enable');
  const files = new Map();
  protocol.on('Network.responseReceived', ({ requestId, response }) => {
    const encoding = response.headers['content-encoding'] ?? response.headers['Content-Encoding'];
    files.set(requestId, { path: new URL(response.url).pathname, encoding, kb: 0 });
  });
  protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (files.has(requestId)) files.get(requestId).kb = encodedDataLength / 1000;
  });
  await page.goto('/', { waitUntil: 'commit' });
  await stopped(page);
  const loaded = [...files.values()].filter(({ kb }) => kb > 0);
  await page.waitForLoadState('networkidle');
  const all = [...files.values()].filter(({ kb }) => kb > 0);
  await page.close();

  const [module, glue, styles] = [/\/app-[^/]+\.wasm$/, /\/boot-[^/]+\.js$/, /\/main-[^/]+\.css$/].map((name) => {
    const file = all.find(({ path }) => name.test(path));
    if (file?.encoding !== 'br') throw new Error(`${name} came as ${file?.encoding ?? 'nothing'}, not as brotli`);
    return file.kb;
  });
  const sum = (list) => list.reduce((kb, file) => kb + file.kb, 0);
  const api = loaded.filter(({ path }) => path.startsWith('/api/'));
  return [
    atMost('first load: the module', module, 'KB', MODULE_KB, 'on the wire as Chromium counts it, brotli, heads included'),
    atMost('… with styles and glue', module + glue + styles, 'KB', FIRST_LOAD_KB),
    aside('… everything up to the first usable screen', sum(loaded), 'KB', `${loaded.length} answers`),
    aside('… of it the county and the work', sum(api), 'KB'),
    aside('… everything the page asks for', sum(all), 'KB', `${all.length} answers; the service worker adds more`),
  ];
}

/** The page opened by its address, again and again, where nothing answers but the service worker. */
export async function warmStart(phone) {
  const [times, paints] = [[], []];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const page = await slowPage(phone);
    await endWorkers(page);
    await stopwatch(page, isUsable);
    await page.goto('/', { waitUntil: 'commit' });
    const time = await stopped(page);
    const first = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
    await page.close();
    if (round < 0) continue;
    times.push(time);
    paints.push(first);
  }
  const note = `${ROUNDS} times, a new page and service worker each; ${THROTTLED}`;
  return [
    atMost('warm start without a network, to the usable start page, p50', percentile(times, 50), 'ms', WARM_MS, note),
    aside('… p95', percentile(times, 95), 'ms'),
    aside('… first paint, p50', percentile(paints, 50), 'ms'),
  ];
}
