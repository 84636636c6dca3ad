// The bad network between a phone and the server: a proxy that goes down, cuts, swallows answers, hangs, or answers like a
// portal – and keeps a record of what it let through, by which a test can say that nothing was sent twice.
import { createHash } from "node:crypto";
import http from "node:http";
import { PassThrough, Transform } from "node:stream";

/** Bytes that cross a slow line in one go. */
const PIECE = 1_024;

/**
 * Puts a network in front of a server. Its `url` takes the server's place; it is up and lets everything through.
 * @param {{ port: number, url: string }} server
 */
export async function startNetwork(server) {
  /** @type {{ method: string, path: string, status: number, bytes: number, sha256: string, isTold: boolean, fault: string | null }[]} */
  const record = [];
  let rules = [];
  let luck = () => undefined;
  let isUp = true;
  const line = { bytesPerSecond: Infinity, freeAt: 0 };
  const sockets = new Set();
  const held = new Set();

  const proxy = http.createServer((request, answer) => {
    request.on("error", () => {});
    answer.on("error", () => {});
    if (!isUp) return void request.socket.destroy();
    // A browser tries again by itself what breaks off on a connection that was good before; here it shall see what breaks.
    answer.shouldKeepAlive = false;
    const fits = (it) => it.left > 0 && it.method === request.method && it.path.test(request.url);
    const rule = rules.find(fits) ?? luck(request);
    if (rule !== undefined) rule.left -= 1;
    const entry = { method: request.method, path: request.url, status: 0, bytes: 0, sha256: "", isTold: false, fault: rule?.fault ?? null };
    record.push(entry);
    answer.on("finish", () => (entry.isTold = true));
    rule?.begun?.(entry);
    (FAULTS[rule?.fault] ?? pass)({ request, answer, entry, rule, held, line, port: server.port });
  });
  proxy.on("connection", (socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (!isUp) socket.destroy();
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  // A test that fails before it stops its network must not keep the whole run from ending.
  proxy.unref();
  const { port } = proxy.address();

  const add = (method, path, fault, more = {}, times = 1) => {
    let begun;
    const happened = new Promise((resolve) => (begun = resolve));
    rules.push({ method, path, fault, left: times, begun, ...more });
    return happened;
  };

  return {
    port,
    server,
    url: `http://127.0.0.1:${port}`,
    record,
    /** Nothing comes through any more, and what is under way breaks off. */
    down() {
      isUp = false;
      for (const socket of sockets) socket.destroy();
    },
    up() {
      isUp = true;
    },
    /** Breaks the connection off when `bytes` of the request's body have come. Each gives a promise of its happening. */
    cut: (method, path, bytes, times) => add(method, path, "cut", { bytes }, times),
    /** Lets the request through, waits for the server's answer, and loses it. */
    swallow: (method, path, times) => add(method, path, "swallow", {}, times),
    /** Answers instead of the server. */
    answer: (method, path, status, headers, body, times) =>
      add(method, path, "answer", { status, headers, body }, times),
    /** Takes the request and says nothing, until `heal` or for good. */
    hang: (method, path, times) => add(method, path, "hang", {}, times),
    /** Keeps the request back until the function it gives is called. */
    hold(method, path) {
      let release;
      const gate = new Promise((resolve) => (release = resolve));
      const arrived = add(method, path, "hold", { gate });
      return { arrived, release };
    },
    /** What is sent shares a line of so many bytes a second. */
    narrow(bytesPerSecond) {
      line.bytesPerSecond = bytesPerSecond;
    },
    /** Has every request decided on: `choose` gives `{fault, …}` or nothing. */
    leaveToLuck(choose) {
      luck = choose;
    },
    /** Forgets all faults and lets nothing hang any longer. */
    heal() {
      rules = [];
      luck = () => undefined;
      for (const socket of held) socket.destroy();
    },
    /** What the server answered to a method and path, whether it got through or not. */
    statuses: (method, path) =>
      record
        .filter((it) => it.method === method && path.test(it.path) && it.fault !== "answer" && it.status !== 0)
        .map(({ status }) => status),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

const FAULTS = {
  cut({ request, entry, rule }) {
    request.on("data", (chunk) => {
      entry.bytes += chunk.length;
      if (entry.bytes >= rule.bytes) request.socket.destroy();
    });
    request.on("end", () => request.socket.destroy());
  },
  swallow(exchange) {
    forward(exchange, ({ statusCode }, body) => {
      exchange.entry.status = statusCode;
      body.on("end", () => exchange.request.socket.destroy());
      body.resume();
    });
  },
  answer({ request, answer, entry, rule }) {
    request.resume();
    request.on("end", () => {
      entry.status = rule.status;
      answer.writeHead(rule.status, rule.headers);
      answer.end(rule.body);
    });
  },
  hang({ request, held }) {
    held.add(request.socket);
    request.resume();
  },
  async hold(exchange) {
    const { request, rule } = exchange;
    // Taken in meanwhile, or it would not be noticed that the browser has given up.
    const taken = new PassThrough({ highWaterMark: 1 << 24 });
    request.pipe(taken);
    await rule.gate;
    if (!request.socket.destroyed) pass({ ...exchange, body: taken });
  },
};

function pass(exchange) {
  forward(exchange, (from, body) => {
    exchange.entry.status = from.statusCode;
    const { connection: _, "keep-alive": __, ...headers } = from.headers;
    exchange.answer.writeHead(from.statusCode, headers);
    body.pipe(exchange.answer);
  });
}

/** What comes out of a line that others use too. */
function slowed(body, line) {
  if (line.bytesPerSecond === Infinity) return body;
  const gate = new Transform({
    transform(chunk, _, done) {
      const now = Date.now();
      line.freeAt = Math.max(line.freeAt, now) + (chunk.length / line.bytesPerSecond) * 1000;
      setTimeout(done, line.freeAt - now, null, chunk);
    },
  });
  // Small pieces, so that one does not have the line for itself.
  body.on("data", (chunk) => {
    for (let at = 0; at < chunk.length; at += PIECE) gate.write(chunk.subarray(at, at + PIECE));
  });
  body.on("end", () => gate.end());
  body.on("close", () => body.complete || gate.destroy());
  return gate;
}

/** Sends the request on as it came: the server compares its `Host` with the page's origin. */
function forward({ request, entry, port, line, body = slowed(request, line) }, then) {
  const { method, url: path, headers } = request;
  const onward = http.request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (from) => {
    from.on("error", () => request.socket.destroy());
    then(from, from);
  });
  onward.on("error", () => request.socket.destroy());
  const hash = createHash("sha256");
  body.on("data", (chunk) => {
    entry.bytes += chunk.length;
    hash.update(chunk);
  });
  body.on("end", () => (entry.sha256 = hash.digest("hex")));
  request.on("close", () => request.complete || onward.destroy());
  body.pipe(onward);
}
