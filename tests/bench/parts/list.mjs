// The lists and the rates that people look at all day, over the demo county.
import { signIn } from '../client.mjs';
import { aside, atMost, percentile } from '../figures.mjs';
import { copyOf, serve } from '../server.mjs';
import { join } from 'node:path';

const WARM_UP = 10;
const ROUNDS = 150;

export async function measure({ binary, county, temp }) {
  const server = await serve(binary, copyOf(await county(), join(temp, 'list')));
  const manager = await signIn(server.port, 'manager');
  const first = await manager.get('/api/issues?limit=50');
  const { items } = await manager.get('/api/rates?group_by=unit');
  const total = await count(manager);
  const [unit] = items.toSorted((a, b) => b.dispatched - a.dispatched);
  const spotType = (await manager.get('/api/field-bundle')).spot_types[0].code;

  const lists = {
    'first page': '',
    'second page': `&cursor=${encodeURIComponent(first.next_cursor)}`,
    closed: '&state=closed',
    'one unit': `&unit_id=${unit.key}`,
    'one spot type': `&spot_type=${spotType}`,
    overdue: '&overdue=true&sort=due_at',
    'a word': `&q=${encodeURIComponent('垃圾')}`,
  };
  const note = `${total} issues; the budget is for 1 000 000`;
  const rows = [];
  for (const [name, filter] of Object.entries(lists)) {
    const times = await timed(manager, `/api/issues?limit=50${filter}`);
    rows.push(
      atMost(`list 50, ${name}, p50`, percentile(times, 50), 'ms', 5, rows.length === 0 ? note : undefined),
      atMost('… p99', percentile(times, 99), 'ms', 25),
    );
  }
  const rates = await timed(manager, '/api/rates?group_by=unit');
  rows.push(
    atMost('rates by unit, p50', percentile(rates, 50), 'ms', 10, `${items.length} units, 30 days`),
    aside('… p99', percentile(rates, 99), 'ms'),
  );
  manager.close();
  await server.stop();
  return rows;
}

async function timed(client, path) {
  const times = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await client.get(path);
    if (round >= 0) times.push(performance.now() - begun);
  }
  return times;
}

async function count(client) {
  let [total, cursor] = [0, ''];
  do {
    const page = await client.get(`/api/issues?limit=200${cursor}`);
    total += page.items.length;
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : null;
  } while (cursor !== null);
  return total;
}
