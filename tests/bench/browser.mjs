// A real browser as a phone: Chromium with a profile on the disk, somebody signed in, a processor that is held back, and
// a watch inside the page.
import { PASSWORD } from './client.mjs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Where Chromium is. */
export const executablePath = process.env.SPOTFIX_CHROMIUM ?? '/usr/bin/chromium';

/** Chromium without the parts that would call home or need a screen; its camera is a drawn one. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** By how much the processor of a phone of the field is slower than this machine's. */
export const SLOWER = 4;

/** What holds a page back, for the notes of the table. */
export const THROTTLED = `Chromium, 412×823, CPU throttled ${SLOWER}× by the DevTools protocol`;

/** The demo county's middle. */
const HERE = { latitude: 33.56, longitude: 113.72, accuracy: 12 };

/** As Lighthouse has its phone: a Moto G Power. */
const SCREEN = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };

const PATIENCE_MS = 60_000;

/**
 * A phone with a profile of its own in `folder`, and somebody's session on `server`. A context of Playwright; close it
 * with `close()`.
 */
export async function startPhone(folder, server, username) {
  const phone = await chromium.launchPersistentContext(join(folder, `phone-${username}`), {
    executablePath,
    args: FLAGS,
    ...SCREEN,
    baseURL: `http://127.0.0.1:${server.port}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    geolocation: HERE,
    permissions: ['geolocation', 'camera'],
  });
  phone.setDefaultTimeout(PATIENCE_MS);
  const answer = await phone.request.post('/api/session', { data: { username, password: PASSWORD } });
  if (answer.status() !== 204) throw new Error(`${username} cannot sign in: ${answer.status()}`);
  return phone;
}

/** An empty page whose main thread is as slow as that of a phone, or so many times slower than this machine's. */
export async function slowPage(phone, rate = SLOWER) {
  const page = await phone.newPage();
  page.protocol = await phone.newCDPSession(page);
  await page.protocol.send('Emulation.setCPUThrottlingRate', { rate });
  return page;
}

/** Opens the start page and waits until the service worker has kept the page, and the page the county and the work. */
export async function settle(phone) {
  const page = await phone.newPage();
  await page.goto('/');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }
  });
  await until(page, async () => {
    const keys = await new Promise((resolve) => {
      indexedDB.open('spotfix').onsuccess = ({ target: { result: db } }) => {
        db.transaction('kept').objectStore('kept').getAllKeys().onsuccess = (it) => resolve(it.target.result);
        db.close();
      };
    });
    const has = (part) => keys.some(([, path]) => path.includes(part));
    return has('part=catalogue') && has('part=work');
  });
  await page.waitForLoadState('networkidle');
  await page.close();
}

/** Takes the network away for good: the server is stopped, and the browser knows that it is offline. */
export async function leave(phone, server) {
  await server.stop();
  await phone.setOffline(true);
}

/** Ends the service workers, as a phone does that was in the pocket for a minute: the next page has to start one. */
export async function endWorkers(page) {
  await page.protocol.send('ServiceWorker.enable');
  await page.protocol.send('ServiceWorker.stopAllWorkers');
  await page.protocol.send('ServiceWorker.disable');
}

/**
 * Has every page that `page` will show note when `holds` was first true and painted, in milliseconds since its navigation
 * began; `stopped` gives it. `holds` is run inside the page, after every change of it.
 */
export async function stopwatch(page, holds, ...words) {
  await page.addInitScript(`window.__painted = (${watchFor})(${holds}, ${JSON.stringify(words)})`);
}

/** What a stopwatch of the page that is shown has noted. */
export function stopped(page) {
  return patiently(page, page.evaluate(() => window.__painted));
}

function watchFor(holds, words) {
  return new Promise((resolve) => {
    const observer = new MutationObserver(look);
    function look() {
      if (!holds(...words)) return;
      observer.disconnect();
      // Once the frame that shows it has been drawn.
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    }
    observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    look();
  });
}

/** The same in a page that is there already: a promise of the moment at which it holds. */
export function painted(page, holds, ...words) {
  return patiently(page, page.evaluate(`(${watchFor})(${holds}, ${JSON.stringify(words)})`));
}

/** Gives up on what does not come, and says what the page shows instead. */
async function patiently(page, coming) {
  let late;
  const patience = new Promise((resolve) => (late = setTimeout(resolve, PATIENCE_MS, null)));
  const came = await Promise.race([coming, patience]);
  clearTimeout(late);
  if (came !== null) return came;
  coming.catch(() => {});
  throw new Error(`${page.url()} still shows: ${(await page.innerText('body')).slice(0, 1000)}`);
}

/** The inspector's start page can be worked with: the spots around are there, and the way to the camera. */
export function isUsable() {
  return (
    document.querySelector('main .list a.row[href*="spot="]') !== null &&
    document.querySelector('main .action-bar a[href*="shoot="]') !== null
  );
}

/** Waits until `holds`, which may be asynchronous, is true inside the page. */
export async function until(page, holds, ...words) {
  const late = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(`(${holds})(...${JSON.stringify(words)})`))) {
    if (Date.now() > late) throw new Error(`did not come true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
