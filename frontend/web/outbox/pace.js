// How long the outbox waits: for an answer, before the next try, and when it does not believe the clock.

/** Every duration of the outbox, in milliseconds; the tests make them shorter. */
export const tuning = {
  /** For an answer, beside the time the bytes take. */
  answer_ms: 30_000,
  /** The slowest line on which a photo is not given up at the first try; all that is on its way shares it. */
  bytes_per_second: 8_192,
  /** So much longer a photo may take at most that was given up before. */
  most_patience: 2,
  /** How long a verdict waits before it is sent, so that it can be taken back. */
  undo_ms: 10_000,
  first_wait_ms: 2_000,
  longest_wait_ms: 300_000,
  /** The shortest and the longest that the server can make us wait. */
  least_asked_ms: 1_000,
  longest_asked_ms: 600_000,
  /** How many lanes are sent at a time at most; after a break, one, and one more whenever something has arrived. */
  lanes: 3,
  /** After so many failures in a row it is the network or the server, not the item. */
  failures_to_rest: 3,
  /** How often whoever sends says that it is alive, and after what silence it is taken for dead. */
  heartbeat_ms: 20_000,
  silence_ms: 180_000,
  /** How often a page looks after the outbox that another page, now gone, may have been sending. */
  look_ms: 60_000,
  received_kept_ms: 7 * 86_400_000,
  received_kept: 200,
  /** How often a watcher is called at most. */
  watch_ms: 200,
};

/** How long one request may take that shares the line with so many, itself among them, after so many failures. */
export function patience(bytes, sharers, tries) {
  const longer = Math.min(2 ** tries, tuning.most_patience);
  return tuning.answer_ms + (bytes / tuning.bytes_per_second) * 1000 * sharers * longer;
}

/**
 * How long to wait after so many failures: doubling, and never all at once; or as long as the server asks, within reason.
 */
export function backoff(tries, asked) {
  if (typeof asked === "number") return Math.min(Math.max(asked, tuning.least_asked_ms), tuning.longest_asked_ms);
  const wait = Math.min(tuning.first_wait_ms * 2 ** Math.min(Math.max(tries - 1, 0), 20), tuning.longest_wait_ms);
  return Math.round(wait * (0.5 + Math.random()));
}

/** When to go on, or 0 for at once. Nothing waits longer than the server can ask: then the clock was put back. */
export function due(at, now) {
  return typeof at === "number" && at > now && at <= now + tuning.longest_asked_ms ? at : 0;
}
