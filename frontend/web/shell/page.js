// The page's side of the service worker: registers it, tells of new builds, installs the page where the browser can.
// Rust binds to this as `spotfix-shell`. Nothing here ever reloads a page that did not ask for it.

/** What is known of another build; the numbers are Rust's (`frontend/src/shell.rs`). */
const NONE = 0;
/** A new build waits to be asked for. */
const WAITING = 1;
/** Another tab has asked for it: this page is of the build before. */
const REPLACED = 2;

/** How often a page that is looked at again asks for a new build. */
const CHECK_MS = 30 * 60_000;

/** On a device's first visit the person's own page has the network and the processor to itself for so long. */
const FIRST_MS = 2_000;

/** How long after the first worker did not come, or not get all its files, it is tried again; longer each time, up to the last. */
const AGAIN_MS = 5_000;
const LATEST_MS = 600_000;

/** How long a waiting worker may take to come forward before the page is loaded again all the same. */
const COME_MS = 8_000;

/** Said to the page when it goes over to a new build: what can wait asks the old worker for nothing more. */
const LEAVING = "spotfix-leaving";

const workers = navigator.serviceWorker;
let registration = null;
let known = NONE;
let tell = () => {};
let hasAsked = false;
let checkedAt = Date.now();
let offer = null;
let failures = 0;
let retry = null;
const watched = new WeakSet();

/** What this browser is, as JSON. */
export function environment() {
  const agent = navigator.userAgent;
  // An iPad says that it is a Mac; no Mac has a screen to touch.
  const ios = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  return JSON.stringify({
    standalone: matchMedia("(display-mode: standalone)").matches || navigator.standalone === true,
    ios,
    wechat: /MicroMessenger/i.test(agent),
    has_worker: workers !== undefined,
    secure: isSecureContext,
  });
}

/** Calls back with a number whenever something becomes known of another build, and at once if it is. */
export function watch_update(callback) {
  tell = callback;
  if (known !== NONE) tell(known);
}

/** Goes over to the new build: what was written is kept in IndexedDB, and this tab is loaded again. */
export function activate_update() {
  const waiting = registration?.waiting;
  if (!waiting) {
    location.reload();
    return;
  }
  hasAsked = true;
  // The new worker comes once the old one has nothing to do. A browser that stops the old one amid requests may have to
  // start it again, and then forgets for half a minute that another waits.
  dispatchEvent(new Event(LEAVING));
  waiting.postMessage({ type: "activate" });
  // Without end: a request for the page that the old worker took just as it was stopped is never answered, and the page
  // that asked lives on. The page comes from what is kept, so no slow line is cut short by this.
  setInterval(() => location.reload(), COME_MS);
}

/** Whether the browser offers to install the page. */
export function can_install() {
  return offer !== null;
}

/** Shows the browser's own question; it can be asked once. */
export async function install() {
  const asked = offer;
  offer = null;
  if (asked === null) return;
  await asked.prompt();
  await asked.userChoice;
}

addEventListener("beforeinstallprompt", (event) => {
  // Asked on the person's own page, not over whatever they are doing.
  event.preventDefault();
  offer = event;
});
addEventListener("appinstalled", () => (offer = null));

if (workers !== undefined && isSecureContext) {
  follow();
  const begin = () => setTimeout(register, workers.controller === null ? FIRST_MS : 0);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
  document.addEventListener("visibilitychange", check);
}

async function register() {
  if (!navigator.onLine) {
    addEventListener("online", register, { once: true });
    return;
  }
  try {
    registration = (await workers.register("/sw.js", { updateViaCache: "none" })) ?? null;
  } catch (error) {
    // A browser that allows none, or a network that failed just now: the page works as it does without.
    console.warn(`no service worker: ${error}`);
    if (error.name !== "SecurityError") again();
    return;
  }
  // Where workers are blocked, some browsers say nothing at all.
  if (registration === null) return;
  look(registration.waiting);
  look(registration.installing);
  registration.onupdatefound = () => look(registration.installing);
}

/** Tries once more after a while. */
function again() {
  if (retry !== null) return;
  const begin = () => {
    retry = null;
    register();
  };
  retry = setTimeout(begin, Math.min(AGAIN_MS * 2 ** failures, LATEST_MS));
  failures += 1;
}

/** Watches a worker until it has all its files; the very first one of a device replaces nobody. */
function look(worker) {
  if (!worker || watched.has(worker)) return;
  watched.add(worker);
  const see = () => {
    if (worker.state === "installed" && registration.active !== null) learn(WAITING);
    // A line that broke off while the very first one fetched its files: what came stays, and the rest is asked for again.
    if (worker.state === "redundant" && registration.active === null) again();
  };
  see();
  worker.addEventListener("statechange", see);
}

function follow() {
  let isControlled = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    // Also when it is being loaded already.
    if (hasAsked) location.reload();
    else if (isControlled) learn(REPLACED);
    isControlled = true;
  });
}

function check() {
  if (registration === null || document.visibilityState !== "visible" || Date.now() - checkedAt < CHECK_MS) return;
  checkedAt = Date.now();
  registration.update().catch(() => {});
}

function learn(what) {
  if (known === what) return;
  known = what;
  tell(known);
}
