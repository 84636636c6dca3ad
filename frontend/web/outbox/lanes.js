// The order of sending: items of one lane one after the other, lanes side by side, and what was never tried before what
// failed, so that nothing that fails can keep the rest waiting.
import { due } from "./pace.js";

/** What is known of an item without reading it again. */
class Entry {
  constructor({ id, lane, seq, stage, tries, next_at, why }) {
    Object.assign(this, { id, lane, seq, stage, tries, next_at, isUnreached: why?.kind === "unreached" });
  }
}

/** The items that are to be sent, by lane. */
export class Lanes {
  /** @param {object[]} items what is unsent, in the order it was queued */
  constructor(items) {
    /** @type {Map<string, Entry[]>} */
    this.lanes = new Map();
    for (const item of items) {
      const lane = this.lanes.get(item.lane) ?? [];
      lane.push(new Entry(item));
      this.lanes.set(item.lane, lane);
    }
  }

  /** Forgets the failures of those that `isForgiven`, and gives their ids. */
  forgive(isForgiven) {
    const forgiven = [...this.lanes.values()].flat().filter(isForgiven);
    for (const entry of forgiven) Object.assign(entry, { tries: 0, next_at: 0 });
    return forgiven.map(({ id }) => id);
  }

  /** The next item to send, in no lane that is busy. */
  next(busy, now) {
    let best = null;
    for (const [lane, [head]] of this.lanes) {
      if (busy.has(lane) || head.stage !== "waiting" || due(head.next_at, now) !== 0) continue;
      if (best === null || head.tries < best.tries || (head.tries === best.tries && head.seq < best.seq)) best = head;
    }
    return best;
  }

  /** Takes in how an item went: `item` as it is now, or null when it is not here any more. */
  settle(id, name, item) {
    const lane = this.lanes.get(name);
    if (lane?.[0].id !== id) return;
    if (item !== null && item.stage !== "received") lane[0] = new Entry(item);
    else if (lane.length > 1) lane.shift();
    else this.lanes.delete(name);
  }

  /** When the first item that waits is due; null when none does. */
  wake(now) {
    let first = null;
    for (const [head] of this.lanes.values()) {
      if (head.stage !== "waiting") continue;
      const at = due(head.next_at, now) || now;
      if (first === null || at < first) first = at;
    }
    return first;
  }
}
