// Pictures of the server kept on the device, so that one's work can be looked at without a network, with a service worker
// or without.
import { current } from "./account.js";
import { isPicturePath } from "./names.js";
import { tuning } from "./pace.js";

const PREFIX = "spotfix-photos-";

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
  if (!isThere() || user === "") return done;
  const cache = await caches.open(PREFIX + user);
  const wanted = new Set(paths);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!wanted.has(pathname + search)) await cache.delete(request);
  }
  let isReached = true;
  for (const path of paths) {
    if (user !== current()) break;
    const there = await cache.match(path);
    if (there === undefined && (done.bytes >= mostBytes || !isReached)) {
      done.missing += 1;
      continue;
    }
    const picture = there ?? (await fetchPicture(path, user).catch(() => (isReached = false)));
    const size = picture ? Number(picture.headers.get("content-length")) : 0;
    if (!picture || done.bytes + size > mostBytes) {
      if (there !== undefined) await cache.delete(path);
      done.missing += 1;
      continue;
    }
    if (there === undefined) await cache.put(path, picture);
    done.kept += 1;
    done.bytes += size;
  }
  return done;
}

/** A picture as it will be kept, with its size; null if the server has none for us. */
async function fetchPicture(path, user) {
  const response = await fetch(path, {
    headers: { "spotfix-account": user },
    credentials: "same-origin",
    redirect: "manual",
    signal: AbortSignal.timeout(tuning.answer_ms),
  });
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
  return (await cache.match(path)) ?? null;
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
