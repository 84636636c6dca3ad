// What a phone takes along, on the wire: a county of 1 200 spots and 120 units, made by importing more into the demo's,
// and the work of the people who have most of it.
import { expect, signIn } from '../client.mjs';
import { aside, atMost, percentile } from '../figures.mjs';
import { copyOf, serve } from '../server.mjs';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SPOTS = 1_200;
const UNITS = 120;
const CATALOGUE_KB = 150;
const WORK_KB = 100;
const WARM_UP = 5;
const ROUNDS = 40;

const catalogue = join(dirname(fileURLToPath(import.meta.url)), '../../../data/catalogue');

export async function measure({ binary, county, temp }) {
  const folder = copyOf(await county(), join(temp, 'bundle'));
  grow(binary, folder, join(temp, 'more'));
  const server = await serve(binary, folder);
  const [inspector, liaison] = [await signIn(server.port, 'inspector1'), await busiest(server.port)];

  const { spots, units, spot_types: types } = await inspector.get('/api/field-bundle?part=catalogue');
  const checks = types.reduce((sum, type) => sum + type.clauses.length, 0);
  const note = `${spots.length} spots, ${checks} checks, ${units.length} units`;
  const rows = [];
  for (const [encoding, most] of Object.entries({ br: CATALOGUE_KB, gzip: CATALOGUE_KB })) {
    const size = await onTheWire(inspector, 'catalogue', encoding);
    rows.push(atMost(`catalogue, ${encoding}`, size, 'KB', most, rows.length === 0 ? note : undefined));
  }
  rows.push(aside('… as it is', await onTheWire(inspector, 'catalogue', 'identity'), 'KB'));
  for (const [who, client] of Object.entries({ 'an inspector': inspector, 'a unit': liaison })) {
    const { items } = await client.get('/api/field-bundle?part=work');
    rows.push(
      atMost(`work of ${who}, gzip`, await onTheWire(client, 'work', 'gzip'), 'KB', WORK_KB, `${items.length} issues`),
      aside('… as it is', await onTheWire(client, 'work', 'identity'), 'KB'),
      aside('… time to answer, p50', await timed(client, 'work'), 'ms'),
    );
  }
  rows.push(aside('catalogue, nothing changed, time to answer, p50', await timed(inspector, 'catalogue', true), 'ms'));
  for (const client of [inspector, liaison]) client.close();
  await server.stop();
  return rows;
}

async function onTheWire(client, part, encoding) {
  const answer = await ask(client, part, { 'accept-encoding': encoding });
  if ((answer.headers['content-encoding'] ?? 'identity') !== encoding) throw new Error(`no ${encoding} for ${part}`);
  return expect(answer, 200).body.length / 1000;
}

async function timed(client, part, isKnown = false) {
  const headers = { 'accept-encoding': 'gzip' };
  if (isKnown) headers['if-none-match'] = (await ask(client, part, headers)).headers.etag;
  const times = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const begun = performance.now();
    expect(await ask(client, part, headers), isKnown ? 304 : 200);
    if (round >= 0) times.push(performance.now() - begun);
  }
  return percentile(times, 50);
}

const ask = (client, part, headers) => client.send('GET', `/api/field-bundle?part=${part}`, { headers });

/** The liaison with the most open orders. */
async function busiest(port) {
  const manager = await signIn(port, 'manager');
  const { items } = await manager.get('/api/issues?state=dispatched,accepted,replied,rework&limit=200');
  const counts = new Map();
  for (const { unit_id: unit } of items) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  const [[unit]] = [...counts].toSorted((a, b) => b[1] - a[1]);
  const { units } = await manager.get('/api/field-bundle?part=catalogue');
  manager.close();
  const { code } = units.find(({ id }) => id === unit);
  return signIn(port, `${code.toLowerCase()}1`);
}

/** Imports spots and units of other names and places into the county until there are enough. */
function grow(binary, folder, more) {
  mkdirSync(more, { recursive: true });
  const spots = table('spots.csv');
  const units = table('units.csv');
  const random = numbers(7);
  const letters = spots.rows.map((row) => row[1]).join('');
  const word = (length) => letters.slice(...((at) => [at, at + length])(random(letters.length - length)));
  const taken = new Set([...spots.rows, ...units.rows].flatMap((row) => [row[1], row[2]]));
  // No two of them have one name.
  const name = (end) => {
    for (;;) {
      const made = word(4) + end;
      if (taken.size < taken.add(made).size) return made;
    }
  };
  const write = ({ head, rows }, file, make, count) => {
    const made = Array.from({ length: count - rows.length }, (_, number) => make(rows[number % rows.length], number));
    writeFileSync(join(more, file), `${[head, ...made.map((row) => row.join(','))].join('\n')}\n`);
  };
  write(units, 'units.csv', ([, full, short, group], n) => [`D${n}`, name(full), name(short), group, '', ''], UNITS);
  const place = (degrees) => (Number(degrees) + (random(200_000) - 100_000) / 1e6).toFixed(6);
  const spot = ([code, full, type, area, , lng, lat, ...rest], n) => [
    `${code.split('-')[0]}-${n + 300}`,
    name(full.slice(-4)),
    type,
    area,
    `${word(3)}路${random(999)}号`,
    place(lng),
    place(lat),
    ...rest,
  ];
  write(spots, 'spots.csv', spot, SPOTS);
  const env = { PATH: process.env.PATH, SPOTFIX_DATABASE_URL: `sqlite:${join(folder, 'spotfix.db')}` };
  execFileSync(binary, ['import', more], { env: { ...env, SPOTFIX_PHOTOS: join(folder, 'photos') }, stdio: 'pipe' });
}

/** The rows of a file of the catalogue; none of these has anything in quotes. */
function table(file) {
  const [head, ...lines] = readFileSync(join(catalogue, file), 'utf8').trim().split('\n');
  return { head, rows: lines.map((line) => line.split(',')) };
}

/** The same whole numbers below a bound every time. */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
