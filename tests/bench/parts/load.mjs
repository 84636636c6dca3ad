// Thirty-two clients that send photos and issues as fast as they are answered; then a search for anything lost.
import { expect, places, signIn } from '../client.mjs';
import { aside, atLeast, atMost, percentile } from '../figures.mjs';
import { album } from '../photos.mjs';
import { copyOf, serve } from '../server.mjs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const CLIENTS = 32;
const MOST_ISSUES = 1500;
const MOST_MS = 30_000;
const IDLE_MS = 5_000;

export async function measure({ binary, county, temp }) {
  const server = await serve(binary, copyOf(await county(), join(temp, 'load')));
  const people = await signInAll(server.port, 12);
  const clients = Array.from({ length: CLIENTS }, (_, index) => people[index % people.length].again());
  const place = await places(people[0]);
  const photos = album();

  const [made, times, errors] = [[], [], []];
  let started = 0;
  const [idle, begun] = [server.cpu_ms(), performance.now()];
  const mayGoOn = () => started < MOST_ISSUES && performance.now() - begun < MOST_MS;
  await Promise.all(
    clients.map(async (client) => {
      while (mayGoOn()) {
        started += 1;
        const content = { photo: photos.fresh(), at: place() };
        const sent = performance.now();
        try {
          made.push(await client.report(content));
          times.push(performance.now() - sent);
        } catch (error) {
          errors.push(error.message);
        }
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const busy = (server.cpu_ms() - idle) / made.length;
  const peak = server.memory('VmHWM');
  for (const client of [...clients, ...people]) client.close();
  await pause(IDLE_MS);
  const after = server.memory('VmRSS');
  const lost = await findLost(server.port, made);
  await server.stop();

  const note = `${made.length} issues in ${seconds.toFixed(1)} s, the clients on the same cores`;
  return [
    atLeast(`photo + issue, ${CLIENTS} clients`, made.length / seconds, '/s', 60, note),
    aside('… p50', percentile(times, 50), 'ms'),
    aside('… p95', percentile(times, 95), 'ms'),
    aside('… processor time of the server for each', busy, 'ms'),
    atMost('… errors', errors.length, '', 0, errors[0]),
    atMost('… lost: not listed, or the photo not readable', lost, '', 0),
    atMost('memory under that load, the most', peak, 'MB', 250),
    aside(`memory ${IDLE_MS / 1000} s after it`, after, 'MB'),
  ];
}

async function signInAll(port, count) {
  return Promise.all(Array.from({ length: count }, (_, index) => signIn(port, `inspector${index + 1}`)));
}

/** How many of these are in no list, or have a photo that cannot be read. */
async function findLost(port, made) {
  const manager = await signIn(port, 'manager');
  const listed = new Set();
  let cursor = '';
  do {
    const page = await manager.get(`/api/issues?limit=200${cursor}`);
    for (const { id } of page.items) listed.add(id);
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : null;
  } while (cursor !== null);

  let lost = 0;
  for (const { photoId, issueId } of made) {
    if (!listed.has(issueId) || !(await isReadable(manager, photoId))) lost += 1;
  }
  manager.close();
  return lost;
}

async function isReadable(client, photoId) {
  for (const size of ['thumb', 'full']) {
    const { body } = expect(await client.send('GET', `/api/photos/${photoId}?size=${size}`), 200);
    const isWhole = body.readUInt16BE(0) === 0xffd8 && body.readUInt16BE(body.length - 2) === 0xffd9;
    if (!isWhole) return false;
  }
  return true;
}
