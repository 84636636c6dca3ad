// The queue of pictures that wait for the worker, one in its hands at a time; and what happens when the worker does not live.
import { named } from "./named.js";
import * as work from "./work.js";

/** How long a picture may take. The slowest phones need seconds; a worker that is silent for longer is not at work. */
const PATIENCE_MS = 30_000;

/** How often in a row a worker may die before the page gives up on workers. */
const DEATHS = 2;

/** Pictures of the camera that may wait at once: each is 20 MB. */
const ROOM = 4;

/** A desk whose worker is at `url`. */
export function makeDesk(url, patience = PATIENCE_MS) {
  let worker = null;
  let deaths = 0;
  let last = Promise.resolve();
  let waiting = 0;
  let leavers = [];

  function start() {
    if (worker !== null || deaths >= DEATHS || typeof Worker !== "function" || typeof OffscreenCanvas !== "function") return;
    try {
      const made = new Worker(url, { type: "module" });
      worker = made;
      // One whose script did not come dies before anybody asks it: whoever asks later must not wait for it.
      made.addEventListener("error", (event) => {
        if (made.onerror !== null || worker !== made) return;
        event.preventDefault();
        worker = null;
        deaths += 1;
      });
    } catch {
      deaths = DEATHS;
    }
  }

  /** Fails with the name `WorkerDied` when there was no answer, with the worker's own error when there was. */
  function ask(task, words) {
    return new Promise((resolve, reject) => {
      const asked = worker;
      const end = (then, value) => {
        clearTimeout(late);
        asked.onmessage = asked.onerror = asked.onmessageerror = null;
        then(value);
      };
      const died = () => {
        asked.terminate();
        if (worker === asked) worker = null;
        deaths += 1;
        end(reject, named("WorkerDied", "the photo worker gave no answer"));
      };
      const late = setTimeout(died, patience);
      asked.onmessage = ({ data: { answer, error } }) => {
        deaths = 0;
        if (error) end(reject, named(error.name, error.message));
        else end(resolve, answer);
      };
      asked.onerror = (event) => {
        event.preventDefault();
        died();
      };
      asked.onmessageerror = died;
      try {
        // Copied, not handed over: should the worker die with it, the picture is still here.
        asked.postMessage({ task, words });
      } catch (error) {
        end(reject, error);
      }
    });
  }

  /** Once by the worker, once more by a fresh one, and at last here. */
  async function attempt(task, words) {
    for (let tries = 0; tries < 2; tries += 1) {
      start();
      if (worker === null) break;
      try {
        return await ask(task, words);
      } catch (error) {
        if (error.name !== "WorkerDied") throw error;
      }
    }
    return work[task](...words);
  }

  return {
    /** Starts the worker before it is needed: its script may have to come over the network. */
    start,
    /** Does a task after those that were given before. */
    do(task, ...words) {
      waiting += 1;
      const mine = last.then(() => attempt(task, words));
      last = mine.catch(() => {}).then(() => {
        waiting -= 1;
        leavers.splice(0).forEach((leave) => leave());
      });
      return mine;
    },
    /** Waits until one more picture fits into the memory of a small phone. */
    async room() {
      while (waiting >= ROOM) await new Promise((resolve) => leavers.push(resolve));
    },
  };
}
