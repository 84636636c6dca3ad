// What one person may do to the others: senders that trickle, connections that idle, answers that nobody reads, pictures
// that cost much. Each row says how an honest phone fares meanwhile, and what the server takes.
import { PASSWORD, places, signIn } from '../client.mjs';
import { dearest } from '../dear.mjs';
import { aside, atMost, percentile } from '../figures.mjs';
import { album } from '../photos.mjs';
import { copyOf, serve } from '../server.mjs';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const TRICKLERS = 200;
const TRICKLED_BYTES = 30 * 1024 * 1024;
const IDLE = 600;
const CONNECTIONS_MAX = 500;
const UNREAD = 100;
const HONEST = 30;
const DEAR = 12;
const DEAR_MB = 250;
const DEAR_MS = 1_500;
/** No new try after so long: where a phone is held up, one that is shows it. */
const MOST_MS = 15_000;
const SETTLE_MS = 1_000;

/** The faults, in turn; one more is one more function that takes the scene and returns rows. */
const FAULTS = [calm, trickling, idling, unread, dear];

export async function measure({ binary, county, temp }) {
  const few = { SPOTFIX_CONNECTIONS_MAX: `${CONNECTIONS_MAX}` };
  const server = await serve(binary, copyOf(await county(), join(temp, 'faults')), few);
  const phone = await signIn(server.port, 'inspector1');
  const scene = { server, phone, place: await places(phone), photos: album() };
  const rows = [];
  try {
    for (const fault of FAULTS) rows.push(...(await fault(scene)));
  } finally {
    phone.close();
    await server.stop();
  }
  return rows;
}

async function calm(scene) {
  return honest(scene, 'photo + issue, nobody else there', 500);
}

/** Eleven accounts that begin photos of 30 MiB and send a byte a second of each. */
async function trickling(scene) {
  const { port } = scene.server;
  const cookies = [];
  for (let index = 2; index <= 12; index += 1) cookies.push(await cookieOf(port, `inspector${index}`));
  const open = await Promise.all(
    Array.from({ length: TRICKLERS }, (_, index) =>
      begin(
        port,
        `PUT /api/photos/${randomUUID()} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${cookies[index % cookies.length]}\r\n` +
          `content-type: image/jpeg\r\ncontent-length: ${TRICKLED_BYTES}\r\n\r\n`,
      ),
    ),
  );
  const drip = setInterval(() => open.forEach((socket) => socket.writable && socket.write('x')), 1_000);
  await pause(SETTLE_MS);
  const rows = await honest(scene, `… while ${TRICKLERS} connections trickle photos of 30 MiB`, 1_000);
  clearInterval(drip);
  close(open);
  return rows;
}

/** More connections than there may be, each of which has asked once. */
async function idling(scene) {
  const { port } = scene.server;
  const ask = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';
  const open = await Promise.all(Array.from({ length: IDLE }, () => begin(port, ask)));
  await pause(SETTLE_MS);
  const rows = await honest(scene, `… while ${IDLE} connections idle where ${CONNECTIONS_MAX} may be`, 1_000);
  close(open);
  return rows;
}

/** Connections that ask for much and read nothing. */
async function unread(scene) {
  const { port } = scene.server;
  const ask = 'GET /api/openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(200);
  const open = await Promise.all(Array.from({ length: UNREAD }, () => begin(port, ask)));
  open.forEach((socket) => socket.pause());
  await pause(SETTLE_MS);
  const rows = await honest(scene, `… while ${UNREAD} connections read nothing of 200 answers each`, 1_000);
  close(open);
  return rows;
}

/** Twelve people who send the dearest pictures at once: a dozen of each kind, one kind after the other. */
async function dear({ server, phone, place, photos }) {
  const cookies = await Promise.all(Array.from({ length: DEAR }, (_, index) => cookieOf(server.port, `inspector${index + 1}`)));
  const rows = [];
  for (const [name, picture] of Object.entries(dearest())) {
    server.forgetPeak();
    const begun = server.cpu_ms();
    const statuses = await Promise.all(cookies.map((cookie) => put(server.port, cookie, picture)));
    const each = (server.cpu_ms() - begun) / DEAR;
    rows.push(
      atMost(`${DEAR} at once: ${name}, refused`, statuses.filter((status) => status !== 201).length, '', 0, `${picture.length} bytes`),
      atMost('… processor time of each', each, 'ms', DEAR_MS),
      atMost('… most memory of the server', server.memory('VmHWM'), 'MB', DEAR_MB),
    );
  }
  return [...rows, ...(await honest({ server, phone, place, photos }, '… and an honest phone thereafter', 1_000))];
}

/** Sends a picture under an id of its own; the status. */
async function put(port, cookie, picture) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/photos/${randomUUID()}`, {
    method: 'PUT',
    headers: { cookie, 'content-type': 'application/octet-stream' },
    body: picture,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** An honest phone that sends photos of 250 KB and their reports on connections of its own. */
async function honest({ server, phone, place, photos }, name, budget) {
  const times = [];
  let failed = 0;
  const until = performance.now() + MOST_MS;
  for (let turn = 0; turn < HONEST && performance.now() < until; turn += 1) {
    // A new connection each time: whoever has one is not helped by that.
    const client = phone.again();
    const begun = performance.now();
    try {
      await client.report({ photo: photos.fresh(), at: place() });
      times.push(performance.now() - begun);
    } catch {
      failed += 1;
    }
    client.close();
  }
  // As long as a client waits before it gives up.
  if (times.length === 0) times.push(30_000);
  return [
    aside(`${name}, p50`, percentile(times, 50), 'ms'),
    atMost('… p95', percentile(times, 95), 'ms', budget),
    atMost('… failed', failed, '', 0),
    aside('… memory of the server', server.memory('VmRSS'), 'MB'),
  ];
}

/** A connection on which something was sent; whatever comes back or breaks off is nobody's concern. */
function begin(port, text) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text, () => resolve(socket)));
    socket.on('error', () => resolve(socket));
    socket.on('data', () => {});
  });
}

function close(sockets) {
  for (const socket of sockets) socket.destroy();
}

async function cookieOf(port, username) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  return answer.headers.getSetCookie()[0].split(';')[0];
}
