// A photo and the issue that names it, from one client: the time until the issue can be listed.
import { places, signIn } from '../client.mjs';
import { aside, atMost, percentile } from '../figures.mjs';
import { album } from '../photos.mjs';
import { copyOf, serve } from '../server.mjs';
import { join } from 'node:path';

const WARM_UP = 20;
const ROUNDS = 300;
const MOST_MS = 60_000;

export async function measure({ binary, county, temp }) {
  const server = await serve(binary, copyOf(await county(), join(temp, 'report')));
  const client = await signIn(server.port, 'inspector1');
  const place = await places(client);
  const photos = album();

  const [reported, listed] = [[], []];
  let idle = 0;
  const ends = performance.now() + MOST_MS;
  for (let round = -WARM_UP; round < ROUNDS && performance.now() < ends; round += 1) {
    if (round === 0) idle = server.cpu_ms();
    const content = { photo: photos.fresh(), at: place() };
    const begun = performance.now();
    const { issueId } = await client.report(content);
    const answered = performance.now();
    // The answer comes after the commit, so the very next list must have it.
    const page = await client.get('/api/issues?limit=1&mine=true');
    const seen = performance.now();
    if (page.items[0]?.id !== issueId) throw new Error('an issue that was answered is not listed');
    if (round < 0) continue;
    reported.push(answered - begun);
    listed.push(seen - begun);
  }
  const busy = (server.cpu_ms() - idle) / reported.length;
  client.close();
  await server.stop();

  const note = `${reported.length} times, photos of ${Math.round(photos.bytes / 1024)} KB`;
  return [
    atMost('photo + issue, one client, p50', percentile(reported, 50), 'ms', 25, note),
    aside('photo + issue, one client, p95', percentile(reported, 95), 'ms'),
    aside('… with the list that shows it, p50', percentile(listed, 50), 'ms'),
    aside('… with the list that shows it, p95', percentile(listed, 95), 'ms'),
    aside('… processor time of the server, list included', busy, 'ms'),
  ];
}
