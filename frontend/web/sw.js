// The service worker: keeps the page for a start without a network, whole and of one build, and sends what waits when
// the browser says that there is a network again. It never touches the API's answers; what of them is worth keeping,
// the page keeps.
import { account, drain } from "./outbox/worker.js";

/* global BUILD, KEPT, LATER – the build writes them before this script (`xtask/src/web/worker.rs`):
   BUILD   the name of this build
   KEPT    [path, integrity] of each file without which somebody outside cannot work
   LATER   paths that are kept once somebody has come to them */

/** Each build has a cache of its own, so that no page is ever made of two. */
const SHELLS = "spotfix-shell-";
const OWN = SHELLS + BUILD;

/** What the page has put aside of the photos of one's work, by account (`frontend/web/outbox/pictures.js`). */
const PHOTOS = "spotfix-photos-";

/** How many files are fetched at a time: enough to fill a slow line, not enough to crowd out what the person does. */
const AT_A_TIME = 3;

const kept = new Map(KEPT);
const later = new Set(LATER);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

// A new build waits until somebody asks for it: nothing may change under a half-filled form.
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") event.waitUntil(self.skipWaiting());
});

self.addEventListener("sync", (event) => {
  if (event.tag === "spotfix-outbox") event.waitUntil(drain("sync"));
});

self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer !== null) event.respondWith(answer);
});

/** Fills this build's cache. What came before a failure stays, so a bad line gets there in the end. */
async function install() {
  const own = await caches.open(OWN);
  const others = (await shells()).filter((name) => name !== OWN);
  const older = await Promise.all(others.map((name) => caches.open(name)));
  const waiting = [...KEPT];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await keep(own, older, ...next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  for (const path of LATER) await carry(own, older, path);
}

async function keep(own, older, path, integrity) {
  if ((await own.match(path)) || (await carry(own, older, path))) return;
  await own.put(path, await fetchWhole(path, integrity));
}

/** Takes over a file of an older build: one whose name holds its hash is the same file. */
async function carry(own, older, path) {
  if (!isHashed(path)) return false;
  for (const cache of older) {
    const found = await cache.match(path);
    if (found) {
      await own.put(path, found);
      return true;
    }
  }
  return false;
}

/** A file as this build has it, or an error: while a new build is being put up, another may answer. */
async function fetchWhole(path, integrity) {
  // What the page has just loaded under a name that never changes is not loaded again; the hash tells if it is right.
  const ways = isHashed(path) ? ["default", "reload"] : ["reload"];
  let failure;
  for (const cache of ways) {
    try {
      const answer = await fetch(new Request(path, { integrity, cache, redirect: "error" }));
      if (answer.ok) return answer;
      failure = new Error(`${path} is answered with ${answer.status}`);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Takes over every page at once; those that were loaded from another build are told by their own script. */
async function activate() {
  const others = (await shells()).filter((name) => name !== OWN);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function shells() {
  return (await caches.keys()).filter((name) => name.startsWith(SHELLS));
}

/** An answer, or null where the browser does what it would do without us. */
function answerTo(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return null;
  if (pathname.startsWith("/api/photos/")) return photo(request);
  if (kept.has(pathname)) return file(request, pathname);
  if (request.mode === "navigate") return isPage(pathname) ? file(request, "/index.html") : null;
  return later.has(pathname) ? file(request, pathname) : null;
}

/** Whether an address is one of the page's own, as the server sees it too (`server/src/assets.rs`). */
function isPage(pathname) {
  const isServers = ["/api", "/healthz", "/readyz"].some((it) => pathname === it || pathname.startsWith(`${it}/`));
  return !isServers && !pathname.split("/").at(-1).includes(".");
}

async function file(request, path) {
  const own = await caches.open(OWN);
  const found = await own.match(path);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && later.has(path)) await own.put(path, answer.clone()).catch(() => {});
  return answer;
}

/** From what the page has put aside for whoever is signed in, or from the server. */
async function photo(request) {
  const user = await account();
  const found = user && (await caches.match(request, { cacheName: PHOTOS + user, ignoreVary: true }));
  return found || fetch(request);
}

/** Whether a name holds its content's hash. */
function isHashed(path) {
  return path.startsWith("/assets/");
}
