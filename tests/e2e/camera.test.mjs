// Photos on the device, in a real browser: made upright and smaller, marked, drawn on, by a worker that may die; and the camera.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import jpeg from "jpeg-js";
import { phonePhoto, phonePhotoBytes, traces } from "./fixtures.mjs";
import { finish, phone, startBrowser, startServer } from "./harness.mjs";
import { smallPhoto } from "./steps.mjs";

const photoFolder = join(dirname(fileURLToPath(import.meta.url)), "../../frontend/web/photo");
const WORKER = "/photo-worker.js";

let server;
let browser;
let facade;
let worker;
before(async () => {
  [facade, worker] = await Promise.all([
    bundled({ stdin: { contents: 'export * from "./page.js"; export { makeDesk } from "./desk.js";', resolveDir: photoFolder } }),
    bundled({ entryPoints: [join(photoFolder, "worker.js")] }),
  ]);
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function bundled(what) {
  const define = { PHOTO_WORKER_URL: JSON.stringify(WORKER) };
  const { outputFiles } = await build({ ...what, bundle: true, write: false, format: "iife", globalName: "photo", define });
  return outputFiles[0].text;
}

/** A page of the server's origin with the facade as `photo` and a file control that takes a photo of the phone. */
async function darkroom(scripts = { [WORKER]: [worker] }) {
  const page = await phone(browser, server, { permissions: ["camera"] });
  page.asked = [];
  for (const [path, bodies] of Object.entries(scripts)) {
    await page.route(`**${path}`, (route) => {
      page.asked.push(path);
      const body = bodies.length > 1 ? bodies.shift() : bodies[0];
      return body === null ? route.abort() : route.fulfill({ contentType: "text/javascript", body });
    });
  }
  await page.goto("/healthz");
  await page.evaluate(`${facade}; window.photo = photo;`);
  await page.evaluate(() => {
    const input = document.body.appendChild(document.createElement("input"));
    input.type = "file";
    const text = async (bytes) => {
      const url = await new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(new Blob([bytes]));
      });
      return url.slice(url.indexOf(",") + 1);
    };
    // What the facade gives, in words that reach the test.
    window.told = async ({ bytes, thumb, ...rest }) => ({ ...rest, bytes: await text(bytes), thumb: thumb && (await text(thumb)) });
    // A small picture of one colour.
    window.plain = (colour, width, height) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d");
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
      return canvas.convertToBlob({ type: "image/png" });
    };
  });
  await page.setInputFiles("input", phonePhoto(1));
  return page;
}

/** The answer with its bytes as buffers and its picture decoded; the hash is checked on the way. */
function developed({ bytes, thumb, ...rest }) {
  const [whole, small] = [bytes, thumb].map((text) => (text === null ? null : Buffer.from(text, "base64")));
  assert.equal(rest.sha256, createHash("sha256").update(whole).digest("hex"));
  const open = (it) => jpeg.decode(it, { useTArray: true });
  if (rest.raw) return { ...rest, bytes: whole, thumb: small };
  const picture = open(whole);
  assert.deepEqual([picture.width, picture.height], [rest.width, rest.height]);
  return { ...rest, bytes: whole, thumb: small, picture, small: open(small) };
}

/** The mean colour of a part of a picture, whose edges are parts of its width and height. */
function mean({ data, width, height }, left, top, right, bottom) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = Math.floor(top * height); y < bottom * height; y += 1) {
    for (let x = Math.floor(left * width); x < right * width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) sum[channel] += data[(y * width + x) * 4 + channel];
      count += 1;
    }
  }
  return sum.map((it) => it / count);
}

function near(found, wanted, within, what) {
  const far = Math.max(...found.map((it, at) => Math.abs(it - wanted[at])));
  assert.ok(far <= within, `${what}: ${found.map(Math.round)} is not ${wanted.map(Math.round)}`);
}

/** As `scene` in fixtures.mjs has it: sky above, pavement below, the heap of waste right of the middle. */
function assertUpright(picture) {
  near(mean(picture, 0.1, 0.02, 0.9, 0.2), [126, 179, 230], 8, "the sky");
  near(mean(picture, 0.02, 0.9, 0.98, 0.99), [141, 138, 133], 8, "the pavement");
  near(mean(picture, 0.5, 0.76, 0.6, 0.8), [96, 84, 62], 12, "the heap");
  near(mean(picture, 0.1, 0.76, 0.2, 0.8), [141, 138, 133], 12, "where there is no heap");
}

test("a phone's photo is kept upright, smaller, and says nothing of the phone", async () => {
  const page = await darkroom();
  const answer = await page.evaluate(async () => told(await photo.reduce(document.querySelector("input").files[0], false)));
  const kept = developed(answer);
  assert.deepEqual([kept.raw, kept.source, kept.width, kept.height], [false, "gallery", 1512, 2016]);
  assert.deepEqual([kept.small.width, kept.small.height], [240, 320]);
  assert.ok(kept.thumb.length < 40_000, `${kept.thumb.length} bytes`);
  assertUpright(kept.picture);
  assertUpright(kept.small);
  assert.notDeepEqual(traces(phonePhotoBytes(1)), []);
  assert.deepEqual([...traces(kept.bytes), ...traces(kept.thumb)], []);
  assert.equal(page.workers().length, 1, "the page itself decoded nothing");
  await finish(page);
});

test("the mark stands at the bottom left and changes nothing elsewhere; arrows are burned into a copy", async () => {
  const page = await darkroom();
  const answers = await page.evaluate(async () => {
    const kept = await photo.reduce(document.querySelector("input").files[0], true);
    const mark = { time: "2026-11-24 18:30", spot: "城东农贸市场", hash: kept.sha256.slice(0, 8) };
    const sent = await photo.finish(kept.bytes, mark);
    const long = await photo.finish(kept.bytes, { ...mark, spot: "一个名字特别特别长的点位".repeat(12) });
    const shapes = [
      { kind: "arrow", x1: 0.1, y1: 0.1, x2: 0.5, y2: 0.2 },
      { kind: "circle", x1: 0.2, y1: 0.4, x2: 0.6, y2: 0.6 },
      { kind: "text", x1: 0.1, y1: 0.7, text: "占道" },
    ];
    const drawn = await photo.draw(kept.bytes, JSON.stringify(shapes));
    return [await told(kept), await told(sent), await told(long), await told(drawn)];
  });
  const [kept, sent, long, drawn] = answers.map(developed);
  assert.equal(kept.source, "camera");
  for (const it of [sent, long, drawn]) assert.deepEqual([it.width, it.height], [1512, 2016]);
  assert.ok(sent.bytes.length < 500 * 1024, `${sent.bytes.length} bytes`);
  assert.deepEqual(traces(sent.bytes), []);

  const there = [0.02, 0.965, 0.5, 0.98];
  const [plain, marked] = [kept, sent].map(({ picture }) => mean(picture, ...there));
  assert.ok(marked.every((it, at) => it < plain[at] - 15), `${marked} beside ${plain}`);
  assert.ok(brightest(sent.picture, ...there) > 245, "the letters are white");
  for (const elsewhere of [[0.6, 0, 1, 0.3], [0, 0, 1, 0.9]]) {
    near(mean(sent.picture, ...elsewhere), mean(kept.picture, ...elsewhere), 1.5, "away from the mark");
  }
  // A long name is cut inside the picture: the margin at its right stays.
  near(mean(long.picture, 0.993, 0.9, 1, 0.99), mean(kept.picture, 0.993, 0.9, 1, 0.99), 6, "the margin");
  for (const [x, y] of [[0.3, 0.15], [0.4, 0.4], [0.4, 0.6]]) {
    const [r, g] = mean(drawn.picture, x - 0.001, y - 0.001, x + 0.001, y + 0.001);
    assert.ok(r > 190 && g < 80, `red at ${x}, ${y}: ${r}, ${g}`);
  }
  near(mean(drawn.picture, 0.7, 0, 1, 0.3), mean(kept.picture, 0.7, 0, 1, 0.3), 1.5, "away from the shapes");
  await finish(page);
});

function brightest({ data, width, height }, left, top, right, bottom) {
  let most = 0;
  for (let y = Math.floor(top * height); y < bottom * height; y += 1) {
    for (let x = Math.floor(left * width); x < right * width; x += 1) most = Math.max(most, data[(y * width + x) * 4 + 1]);
  }
  return most;
}

test("several at once all arrive, in order; small ones are not blown up; what is transparent is white", async () => {
  const page = await darkroom();
  const { answers, order } = await page.evaluate(async () => {
    const order = [];
    const sources = [document.querySelector("input").files[0], await plain("rgb(200 30 30)", 300, 200), await plain("rgb(0 0 0 / 0%)", 64, 64)];
    sources.push(await createImageBitmap(await plain("rgb(30 30 200)", 3000, 100)));
    const all = sources.map(async (source, at) => {
      const answer = await told(await photo.reduce(source, false));
      order.push(at);
      return answer;
    });
    return { answers: await Promise.all(all), order };
  });
  assert.deepEqual(order, [0, 1, 2, 3]);
  const [whole, red, white, blue] = answers.map(developed);
  assertUpright(whole.picture);
  assert.deepEqual([red.width, red.height, blue.width, blue.height], [300, 200, 2048, 68]);
  near(mean(red.picture, 0, 0, 1, 1), [200, 30, 30], 4, "red");
  near(mean(white.picture, 0, 0, 1, 1), [255, 255, 255], 2, "white");
  near(mean(blue.picture, 0, 0, 1, 1), [30, 30, 200], 4, "blue");
  await finish(page);
});

test("what this browser cannot show, what is cut off and what is gone is said at once, and those after it are not held up", async () => {
  const page = await darkroom();
  // Chosen, and written anew before it was read.
  const file = join(mkdtempSync(join(tmpdir(), "spotfix-")), "changed.jpg");
  writeFileSync(file, phonePhotoBytes(1));
  await page.setInputFiles("input", file);
  writeFileSync(file, "something else");
  const { buffer } = smallPhoto(5);
  const cut = buffer.subarray(0, buffer.length * 0.6).toString("base64");
  const { names, red, old } = await page.evaluate(async (cut) => {
    const broken = new Blob(["ftypheic is not known here"], { type: "image/heic" });
    const [changed] = document.querySelector("input").files;
    const given = [broken, new Blob([Uint8Array.from(atob(cut), (char) => char.charCodeAt(0))]), changed];
    const results = await Promise.allSettled([...given, await plain("red", 10, 10)].map((it) => photo.reduce(it, false)));
    const names = results.slice(0, 3).map(({ reason }) => reason?.name);
    // What an older page kept although it could not show it is sent as it is: the server has the last word.
    const mark = { time: "2026-11-24 18:30", spot: "城东农贸市场", hash: "3fa9c1d2" };
    const bytes = await broken.arrayBuffer();
    const old = [await photo.finish(bytes, mark), await photo.draw(bytes, "[]")];
    return { names, red: await told(results[3].value), old: await Promise.all(old.map(told)) };
  }, cut);
  assert.equal(names[0], "Undecodable");
  assert.match(names[1], /^(CutOff|Undecodable)$/);
  assert.equal(names[2], "Unreadable");
  assert.equal(developed(red).raw, false);
  for (const it of old.map(developed)) {
    assert.deepEqual([it.raw, it.thumb, it.bytes.toString()], [true, null, "ftypheic is not known here"]);
  }
  await finish(page);
});

test("a worker that dies is started again; one that cannot live is done without", async (t) => {
  const dies = "addEventListener('message', () => close());";
  const throws = "addEventListener('message', () => { throw new Error('broken'); });";
  for (const [name, bodies, starts] of [
    ["silent in the middle of a photo", [dies, worker], 2],
    ["an error in the middle of a photo", [throws, worker], 2],
    ["silent again and again", [dies], 2],
    ["its script is not there", [null], 2],
  ]) {
    await t.test(name, async () => {
      const page = await darkroom({ [WORKER]: [worker], "/ill-worker.js": bodies });
      const answers = await page.evaluate(async () => {
        const desk = photo.makeDesk("/ill-worker.js", 700);
        const bitmap = await createImageBitmap(await plain("rgb(30 30 200)", 300, 200));
        const all = [desk.do("reduce", bitmap), desk.do("reduce", await plain("rgb(200 30 30)", 300, 200))];
        return Promise.all((await Promise.all(all)).map(told));
      });
      const [blue, red] = answers.map(developed);
      near(mean(blue.picture, 0, 0, 1, 1), [30, 30, 200], 4, "blue");
      near(mean(red.picture, 0, 0, 1, 1), [200, 30, 30], 4, "red");
      assert.equal(page.asked.filter((path) => path === "/ill-worker.js").length, starts);
      await finish(page);
    });
  }
});

test("a browser without workers does it on the page", async () => {
  const page = await darkroom();
  const answer = await page.evaluate(async () => {
    delete window.Worker;
    const file = document.querySelector("input").files[0];
    const blob = await plain("rgb(200 30 30)", 300, 200);
    delete window.OffscreenCanvas;
    const [kept] = await Promise.all([photo.reduce(file, false), photo.reduce(blob, false)]);
    const { bytes } = await photo.finish(kept.bytes, { time: "2026-11-24 18:30", spot: "城东农贸市场", hash: "3fa9c1d2" });
    return told(await photo.reduce(new Blob([bytes]), false));
  });
  const { picture } = developed(answer);
  near(mean(picture, 0.1, 0.02, 0.9, 0.2), [126, 179, 230], 8, "the sky");
  near(mean(picture, 0.5, 0.76, 0.6, 0.8), [96, 84, 62], 12, "the heap");
  assert.ok(brightest(picture, 0.02, 0.965, 0.5, 0.98) > 245, "the letters are white");
  assert.equal(page.workers().length, 0);
  await finish(page);
});

test("the camera is shot from, and let go of when it is closed or nobody looks", async () => {
  const page = await darkroom();
  const seen = await page.evaluate(async () => {
    const video = document.body.appendChild(document.createElement("video"));
    const told_of = [];
    const { torch } = await photo.open_camera(video, "environment", (what) => told_of.push(what));
    const first = await photo.shoot();
    const size = [first.width, first.height];
    const isFull = first.width === video.videoWidth && first.height === video.videoHeight;
    const kept = await photo.reduce(first, true);
    const track = video.srcObject.getVideoTracks()[0];
    // As a phone does that goes into a pocket, and comes out again.
    let hidden = true;
    Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange"));
    const inPocket = track.readyState;
    const dark = await photo.shoot().catch(({ name }) => name);
    hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    while (!told_of.includes("live")) await new Promise((resolve) => setTimeout(resolve, 20));
    const again = video.srcObject.getVideoTracks()[0];
    const running = again.readyState;
    photo.close_camera();
    return { torch, size, isFull, kept: await told(kept), inPocket, dark, running, after: again.readyState, told_of, source: video.srcObject };
  });
  assert.ok(seen.isFull && seen.size[0] >= 640, `${seen.size}`);
  assert.equal(developed(seen.kept).source, "camera");
  assert.deepEqual([seen.torch, seen.inPocket, seen.dark, seen.running, seen.after], [false, "ended", "NotReadableError", "live", "ended"]);
  assert.deepEqual([seen.told_of, seen.source], [["paused", "live"], null]);
  await finish(page);
});

test("a camera that is refused, missing or busy says so by name", async () => {
  const page = await darkroom();
  const names = await page.evaluate(async () => {
    const video = document.createElement("video");
    const names = [];
    for (const name of ["NotAllowedError", "SecurityError", "NotFoundError", "OverconstrainedError", "NotReadableError", "AbortError"]) {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
      names.push(await photo.open_camera(video, "environment", () => {}).then(() => "open", (error) => error.name));
    }
    photo.close_camera();
    return names;
  });
  assert.deepEqual(names, ["NotAllowedError", "NotAllowedError", "NotFoundError", "NotFoundError", "NotReadableError", "NotReadableError"]);
  await finish(page);
});
