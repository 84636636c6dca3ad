// Tells everybody who looks at the outbox, in this page, in other tabs and in the service worker, that it has changed.
import { tuning } from "./pace.js";

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("spotfix");

/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {Set<() => void>} */
const others = new Set();

if (channel !== null) {
  channel.onmessage = ({ data }) => {
    if (data?.what !== "changed") return;
    for (const heard of others) heard();
    call();
  };
}

/** Says that something has changed. */
export function tell() {
  channel?.postMessage({ what: "changed" });
  call();
}

/** Calls back whenever another context has changed something. */
export function onOthers(callback) {
  others.add(callback);
}

/** Calls back after changes: at once, then not more often than anybody can read. Gives the way to stop it. */
export function watch(callback) {
  watchers.add(callback);
  return () => watchers.delete(callback);
}

let isWaiting = false;
let isOwed = false;

function call() {
  isOwed = watchers.size > 0;
  if (isWaiting || !isOwed) return;
  isWaiting = true;
  // Not in the middle of whoever made the change.
  setTimeout(pay, 0);
}

function pay() {
  isOwed = false;
  for (const callback of watchers) {
    try {
      callback();
    } catch (error) {
      // One watcher's fault is not the others', nor the outbox's.
      console.error(error);
    }
  }
  setTimeout(() => {
    isWaiting = false;
    if (isOwed) call();
  }, tuning.watch_ms);
}
