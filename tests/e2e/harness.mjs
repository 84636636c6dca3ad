// What every browser test starts from: the real binary on a free port, Chromium, phone and desk contexts,
// axe, screenshots – and a failure for anything the console complains about.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The program under test. */
export const binary = process.env.SPOTFIX_BIN ?? join(root, "target/debug/spotfix");

/** How long the binary may take until it is ready; the demo's history is made in this time. */
const START_MS = 300_000;

/** How long a page may take for anything, on a machine that is busy with other things. */
const PATIENCE_MS = 20_000;

/** How long the browser may owe an answer to what has no limit of its own; it is longer than any `PATIENCE_MS`. */
const STALL_MS = 60_000;

/** Where a phone of the tests stands unless told otherwise: the demo county's middle. */
export const HERE = { latitude: 33.56, longitude: 113.72, accuracy: 12 };

/** Chromium without the parts that would call home or need a screen. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts `spotfix demo` (or other words) with a data folder of its own and waits until it is ready.
 * `words` receives the port and the folder and gives the command line.
 */
export async function startServer(words = demo) {
  const first = words === demo ? await county() : null;
  const data = mkdtempSync(join(tmpdir(), "spotfix-e2e-"));
  if (first !== null) cpSync(first, data, { recursive: true });
  return launch(words, data);
}

/** The folder of a county as it is on its first day, made once for all servers of this binary and this day. */
async function county() {
  const day = new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  const kept = join(here, "out/county");
  const mine = join(kept, `${day}-${Math.round(statSync(binary).mtimeMs)}`);
  if (!existsSync(mine)) {
    rmSync(kept, { recursive: true, force: true });
    const making = `${mine}.part`;
    mkdirSync(making, { recursive: true });
    const server = await launch(demo, making, false);
    await server.stop();
    renameSync(making, mine);
  }
  return mine;
}

/** Starts the binary over a folder; `isOurs` says that stopping may remove the folder. */
async function launch(words, data, isOurs = true) {
  const port = await freePort();
  let log = "";
  let child = null;
  let ended = null;
  const kill = () => child?.kill("SIGKILL");
  process.on("exit", kill);

  const server = {
    port,
    data,
    url: `http://127.0.0.1:${port}`,
    /** All that the binary has printed so far. */
    log: () => log,
    /** Ends the binary as a power cut does. */
    async kill() {
      const gone = exit();
      kill();
      await gone;
    },
    /** Starts it again on the same port, over the same data, after `kill` or while it runs. */
    async restart() {
      if (ended === null) await server.kill();
      await start();
    },
    /** Stops the binary as an operator would and removes its data. */
    async stop() {
      if (ended === null) {
        const gone = exit();
        const late = setTimeout(kill, 10_000);
        child.kill("SIGTERM");
        await gone;
        clearTimeout(late);
      }
      process.off("exit", kill);
      if (isOurs) rmSync(data, { recursive: true, force: true });
    },
  };
  await start();
  return server;

  function exit() {
    return ended === null ? new Promise((resolve) => child.once("exit", resolve)) : Promise.resolve();
  }

  async function start() {
    ended = null;
    const mine = spawn(binary, words(port, data), { stdio: ["ignore", "pipe", "pipe"] });
    child = mine;
    mine.stdout.on("data", (bytes) => (log += bytes));
    mine.stderr.on("data", (bytes) => (log += bytes));
    mine.on("error", (error) => (ended = error.message));
    mine.on("exit", (code, signal) => (ended ??= `exit ${code ?? signal}`));
    const begun = Date.now();
    while (!(await answers(`${server.url}/readyz`))) {
      if (ended !== null || Date.now() - begun > START_MS) {
        await server.stop();
        throw new Error(`the server did not get ready (${ended ?? "too slow"}):\n${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The command line of the demo county. */
export function demo(port, data) {
  return ["demo", "--port", `${port}`, "--data", data];
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Starts Chromium; close it with `browser.close()`. */
export async function startBrowser() {
  const executablePath = process.env.SPOTFIX_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A phone held upright, with touch and a position. */
export function phone(browser, server, options = {}) {
  return person(browser, server, {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    geolocation: HERE,
    permissions: ["geolocation", "camera"],
    ...options,
  });
}

/** A desk: 1280×800 and a mouse. */
export function desk(browser, server, options = {}) {
  return person(browser, server, { viewport: { width: 1280, height: 800 }, ...options });
}

/**
 * One person at one device: a context with its own cookies and an open page. `page.complaints` collects what
 * the console said; `finish(page)` fails on any and closes.
 */
async function person(browser, server, options) {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ...options,
  });
  context.on("page", limitWaiting);
  const page = await within(context.newPage(), "a new page");
  page.setDefaultTimeout(PATIENCE_MS);
  page.complaints = [];
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    // Asking who one is before signing in is no mistake; the browser notes every 401.
    if (url === `${server.url}/api/me` && message.text().includes("401")) return;
    page.complaints.push({ text: message.text(), url });
  });
  page.on("pageerror", (error) => page.complaints.push({ text: `${error}`, url: page.url() }));
  // A violation of the content security policy is told to the page; not every one reaches the console.
  await page.exposeFunction("__violation", (text) => page.complaints.push({ text, url: page.url() }));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__violation(`${event.violatedDirective} forbids ${event.blockedURI}`);
    });
  });
  return page;
}

/** Fails by name where the browser never answers, so that a test that would hang says at what. */
function within(promise, what) {
  let late;
  const stall = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error(`the browser has not answered for ${STALL_MS / 1000} s: ${what}`)), STALL_MS);
  });
  return Promise.race([promise, stall]).finally(() => clearTimeout(late));
}

/** What is evaluated has no limit in Playwright, or one that does not count while a page is being left. */
function limitWaiting(page) {
  for (const name of ["evaluate", "waitForFunction"]) {
    const call = page[name];
    page[name] = (what, ...rest) => within(call.call(page, what, ...rest), `${name} ${what}`.slice(0, 200));
  }
}

/** Forgets complaints that a step provoked on purpose, such as the browser's own line about a 401; also those still to come. */
export function expectComplaint(page, pattern) {
  page.expected = [...(page.expected ?? []), pattern];
  const before = page.complaints.length;
  page.complaints = page.complaints.filter(({ text, url }) => !pattern.test(`${text} ${url}`));
  assert.notEqual(page.complaints.length, before, `the console did not say ${pattern}`);
}

const NOTHING = /(?!)/;

/** What the browser says of requests that found no network; that is no fault of the page. */
export const UNREACHED = /net::ERR_/;
/** The same, and what it says of refusals. */
export const UNREACHED_OR_REFUSED = /net::ERR_|Failed to load resource/;

/** Fails if the console complained; the page stays open. */
export function assertQuiet(page) {
  assert.deepEqual(page.complaints, [], "the console complained");
}

/**
 * Closes one person's context and makes sure that the console had stayed quiet, but for what is `forgiven`: the browser may
 * tell of a request only after the page has shown what became of it.
 */
export async function finish(page, forgiven = NOTHING) {
  await within(page.context().close(), "closing a context");
  const isForgiven = ({ text, url }) => forgiven.test(text) || page.expected?.some((it) => it.test(`${text} ${url}`));
  page.complaints = page.complaints.filter((complaint) => !isForgiven(complaint));
  assertQuiet(page);
}

/** Fails with one line per finding if axe finds anything on the page as it stands. */
export async function assertAccessible(page) {
  await runAxe(page, {});
}

/** Only what changes with the theme; the rest has been looked at in the other one. */
export async function assertColours(page) {
  await runAxe(page, { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } });
}

async function runAxe(page, options) {
  // Evaluated, not added as a script tag: the page's own policy forbids inline scripts, as it should.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => window.axe.run(options), options);
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${target.join(" ")}`),
  );
  assert.deepEqual(found, [], `axe on ${page.url()}`);
}

/** Writes what the screen shows to `tests/e2e/out/<name>.png`. */
export async function screenshot(page, name, options = {}) {
  const path = join(here, "out", `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, ...options });
}
