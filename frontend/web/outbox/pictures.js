// Pictures of the server kept on the device, so that one's work can be looked at without a network, with a service worker
// or without.
import { current } from "./account.js";
import { isPicturePath } from "./names.js";
import { tuning } from "./pace.js";
import { onFull } from "./store.js";

const PREFIX = "spotfix-photos-";

/** The disk has been full: what is written here comes before pictures that can be had again. */
let isTight = false;

/** The page goes over to a new build (`frontend/web/shell/page.js`), which fetches what is missing. */
let isLeaving = false;
addEventListener("spotfix-leaving", () => (isLeaving = true));

onFull(async () => {
  isTight = true;
  const names = isThere() ? (await caches.keys()).filter((name) => name.startsWith(PREFIX)) : [];
  await Promise.all(names.map((name) => caches.delete(name)));
  return names.length > 0;
});

function isThere() {
  return typeof caches !== "undefined";
}

/** Throws away what is kept for others than this account. */
export async function dropOthers(user) {
  if (!isThere() || user === "") return;
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== PREFIX + user) await caches.delete(name);
  }
}

/** Throws away what is kept for this account. */
export async function dropOf(user) {
  if (isThere()) await caches.delete(PREFIX + user);
}

/**
 * Keeps these pictures and no others, the first ones first, up to so many bytes. Gives how many there are now, their
 * bytes, and how many could not be had.
 */
export async function keepPictures(urls, mostBytes) {
  const user = current();
  const paths = [...new Set(urls.filter(isPicturePath))];
  const done = { kept: 0, bytes: 0, missing: 0 };
  if (!isThere() || isTight || user === "") return done;
  const cache = await caches.open(PREFIX + user);
  const wanted = new Set(paths);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!wanted.has(pathname + search)) await cache.delete(request);
  }
  let [isReached, hasRoom] = [true, true];
  // Without a network, a session or room there is nothing to be had any more.
  const stop = () => {
    isReached = false;
    return null;
  };
  for (const path of paths) {
    if (isLeaving || user !== current()) break;
    const there = await cache.match(path);
    const isWorthAsking = there === undefined && isReached && hasRoom;
    const picture = there ?? (isWorthAsking ? await fetchPicture(path, user).catch(stop) : null);
    const size = Number(picture?.headers.get("content-length") ?? 0);
    const fits = picture !== null && done.bytes + size <= mostBytes;
    // Nothing more is asked for only to be thrown away.
    hasRoom &&= picture === null || fits;
    const isKept = fits && (there !== undefined || (await cache.put(path, picture).then(() => true, stop)));
    done[isKept ? "kept" : "missing"] += 1;
    if (isKept) done.bytes += size;
    else if (there !== undefined) await cache.delete(path);
  }
  return done;
}

/** A picture as it will be kept, with its size; null if the server has none for us; fails if it is no use to ask on. */
async function fetchPicture(path, user) {
  const response = await fetch(path, {
    headers: { "spotfix-account": user },
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(tuning.answer_ms),
  });
  if (response.type === "opaqueredirect" || (response.status >= 400 && response.status !== 404)) {
    throw new Error(`answered with ${response.status}`);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!response.ok || !type.startsWith("image/")) return null;
  const bytes = await response.arrayBuffer();
  const headers = { "content-type": type, "content-length": `${bytes.byteLength}` };
  return new Response(bytes, { headers });
}

/** The kept picture of a path, or null. */
async function findPicture(path) {
  if (!isThere() || current() === "" || !isPicturePath(path)) return null;
  const cache = await caches.open(PREFIX + current());
  // The small picture is better than none.
  return (await cache.match(path)) ?? (await cache.match(path.replace("size=full", "size=thumb"))) ?? null;
}

/** Shows the kept picture wherever one could not be had from the server, for browsers without a service worker. */
export function mendImages() {
  document.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLImageElement) mendImage(target).catch(() => {});
    },
    // Errors of images do not bubble.
    true,
  );
}

async function mendImage(image) {
  const { src } = image;
  const { origin, pathname, search } = new URL(src, location.href);
  if (origin !== location.origin) return;
  const picture = await findPicture(pathname + search);
  if (picture === null) return;
  const url = URL.createObjectURL(await picture.blob());
  // The image may show something else by now.
  if (image.src !== src) return URL.revokeObjectURL(url);
  const release = () => URL.revokeObjectURL(url);
  image.addEventListener("load", release, { once: true });
  image.addEventListener("error", release, { once: true });
  image.src = url;
}
