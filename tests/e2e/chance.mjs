// Bad luck that can be had again: numbers that only look like chance, and the ways in which a request breaks.

/** Numbers below a bound that only look like chance: a failure can be seen again. */
export function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** What may become of a request, as the network between phone and server takes it. */
export const BROKEN = [
  { fault: "cut", bytes: 0 },
  { fault: "cut", bytes: 3_000 },
  { fault: "swallow" },
  { fault: "swallow" },
  { fault: "hang" },
  { fault: "answer", status: 500, headers: {}, body: "" },
  { fault: "answer", status: 503, headers: { "retry-after": "0" }, body: "" },
  { fault: "answer", status: 429, headers: { "retry-after": "0" }, body: "" },
  { fault: "answer", status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
  { fault: "answer", status: 200, headers: { "content-type": "application/json" }, body: "{}" },
  { fault: "answer", status: 302, headers: { location: "/healthz" }, body: "" },
];
