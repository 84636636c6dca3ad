// From handing a photo over, or pressing the shutter, to the screen that says it is safe on the phone; and to the next one.
import { SLOWER, THROTTLED, painted, slowPage } from '../browser.mjs';
import { aside, atMost, percentile } from '../figures.mjs';
import { photo } from '../photos.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SAVED_MS = 1_500;
const REPORTS = 3;
const PHOTOS = 4;

const WORKERS = 'the photo is made smaller in a worker, which that throttle does not slow';
const BOUND = 'measured without a throttle and multiplied: worker, database and disk as slow as the page';

export async function capture(phone, temp) {
  // As a phone held upright stores it: twelve megapixels, lying on their side.
  const files = [1, 2].map((seed) => {
    const file = join(temp, `photo-${seed}.jpg`);
    writeFileSync(file, photo({ seed, width: 4032, height: 3024, quality: 88, orientation: 6 }));
    return file;
  });
  const chosen = (camera, nth) => camera.locator('.viewfinder-album input').setInputFiles(files[nth % files.length]);
  const pressed = (camera) => camera.locator('button.shutter').click();

  const album = await measured(phone, chosen);
  const shutter = await measured(phone, pressed);
  // What an old browser does.
  const page = await measured(phone, chosen, { prepare: () => delete window.Worker });
  // Nothing slows a worker, so the whole is timed at full speed and reckoned up.
  const full = await measured(phone, chosen, { rate: 1 });
  const count = `${album.saved.length} photos in ${REPORTS} reports`;
  const [p50, p95] = [50, 95].map((percent) => (found) => percentile(found, percent));
  return [
    atMost('12-megapixel JPEG to saved here, p50', p50(album.saved), 'ms', SAVED_MS, `${count}; ${THROTTLED}; ${WORKERS}`),
    aside('… p95', p95(album.saved), 'ms'),
    aside('… the next can be taken after, p50', p50(album.next), 'ms'),
    aside(`… if all of it were ${SLOWER}× slower, p50`, p50(full.saved) * SLOWER, 'ms', BOUND),
    aside('… in a browser without workers, p50', p50(page.saved), 'ms', "on the page's thread, throttled as above"),
    aside('… the next can be taken after, p50', p50(page.next), 'ms'),
    atMost(
      "viewfinder's shutter to saved here, p50",
      ...[p50(shutter.saved), 'ms', SAVED_MS, `a drawn camera of ${shutter.size}; throttled as above; ${WORKERS}`],
    ),
    aside('… p95', p95(shutter.saved), 'ms'),
    aside('… the next can be taken after, p50', p50(shutter.next), 'ms'),
  ];
}

/** Takes photos for some reports; how long each took until it was saved, and until the next could follow. */
async function measured(phone, take, { prepare = () => {}, rate = SLOWER } = {}) {
  const found = { saved: [], next: [], size: '' };
  for (let report = 0; report < REPORTS; report += 1) {
    const page = await slowPage(phone, rate);
    await page.addInitScript(prepare);
    await page.addInitScript(noteShutter);
    await page.goto('/report?shoot=1');
    for (let nth = 1; nth <= PHOTOS; nth += 1) {
      // The camera opens with the page, and closes after the first photo.
      if (nth === 2) await page.locator('button.photo-add').click();
      const camera = page.locator('dialog.viewfinder[open]');
      await camera.locator('button.shutter:not([aria-disabled])').waitFor();
      found.size = await camera.locator('video').evaluate((video) => `${video.videoWidth}×${video.videoHeight}`);
      const saved = painted(page, isSaved, nth);
      await take(camera, nth);
      found.saved.push((await saved) - (await page.evaluate(() => window.__pressed)));
      const next = await page.evaluate(() => window.__next);
      if (nth > 1) found.next.push(next);
    }
    const kept = await page.evaluate(keptBytes);
    if (kept.length !== PHOTOS || kept.some((size) => size < 10_000)) throw new Error(`kept on the phone: ${kept}`);
    await page.evaluate(forget);
    await page.close();
  }
  return found;
}

/** Notes when the shutter was pressed or a file was chosen, and how long it was until the page could do it again. */
function noteShutter() {
  const note = ({ target, timeStamp }) => {
    if (!target.closest?.('.shutter, .viewfinder-album')) return;
    window.__pressed = timeStamp;
    window.__next = new Promise((resolve) => {
      const look = () => {
        const shutter = document.querySelector('dialog.viewfinder[open] button.shutter:not([aria-disabled])');
        const isOver = document.querySelector('dialog.viewfinder[open]') === null;
        if (shutter !== null || isOver) resolve(performance.now() - timeStamp);
        else frame();
      };
      const frame = () => requestAnimationFrame(() => setTimeout(look));
      frame();
    });
  };
  addEventListener('change', note, true);
  addEventListener('click', (event) => event.target.closest?.('.shutter') && note(event), true);
}

/** So many photos are there, none is being saved any more, and the form says that it is safe. */
function isSaved(count) {
  const tiles = document.querySelectorAll('main .photos .photo:not(.photo-add)');
  const isBusy = document.querySelector('main .photos .photo-state') !== null;
  const says = [...document.querySelectorAll('main [role="status"]')].some((it) => it.textContent.trim() === '已存本机');
  return tiles.length === count && !isBusy && says;
}

/** The sizes of the photos in the phone's database. */
function keptBytes() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('spotfix');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('bytes').objectStore('bytes').getAll();
      all.onsuccess = () => resolve(all.result.map(({ byteLength }) => byteLength));
      opening.result.close();
    };
  });
}

/** Takes the reports and photos away again. */
function forget() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('spotfix');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const stores = ['drafts', 'photos', 'bytes'];
      const tx = opening.result.transaction(stores, 'readwrite');
      stores.forEach((name) => tx.objectStore(name).clear());
      tx.oncomplete = resolve;
      opening.result.close();
    };
  });
}
