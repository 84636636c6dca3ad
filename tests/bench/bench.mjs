// Measures the release build against the budgets and prints a table; the whole of it is kept in bench/latest.json.
//
//   node bench.mjs [start|list|bundle|report|load|photo|web|faults ...]
//
// `cargo xtask bench` builds what is measured and runs this. The clients share the machine's cores with the server, and
// nothing but 127.0.0.1 is spoken to.
import { load, machine, print, syncTime } from './figures.mjs';
import { makeCounty } from './server.mjs';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PARTS = ['start', 'list', 'bundle', 'report', 'load', 'photo', 'web', 'faults'];

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.SPOTFIX_BIN ?? join(root, 'target/release/spotfix');
const develop = process.env.SPOTFIX_DEVELOP ?? join(root, 'target/release/examples/develop');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  process.exit(2);
}
for (const program of [binary, develop]) {
  if (!existsSync(program)) {
    console.error(`${program} is not built; cargo xtask bench builds it`);
    process.exit(1);
  }
}

const temp = mkdtempSync(join(tmpdir(), 'spotfix-bench-'));
process.on('exit', () => rmSync(temp, { recursive: true, force: true }));

let made = null;
const tools = { binary, develop, temp, county: () => (made ??= makeOnce()) };

async function makeOnce() {
  const folder = join(temp, 'county');
  await makeCounty(binary, folder);
  return folder;
}

const before = load();
const parts = {};
for (const part of wanted.length > 0 ? wanted : PARTS) {
  console.error(`── measuring: ${part}`);
  const { measure } = await import(`./parts/${part}.mjs`);
  const loadAverage = load();
  parts[part] = { load_average: loadAverage, rows: await measure(tools) };
}

const result = {
  measured_at: new Date().toISOString(),
  machine: { ...machine(), sync_250_kb_ms: syncTime(temp) },
  load_average: { before, after: load() },
  parts,
};
console.log();
print(Object.values(parts).flatMap(({ rows }) => rows));
console.log(`\nload average ${before.join(' ')} before, ${result.load_average.after.join(' ')} after`);
// Part of a table is no table.
if (wanted.length === 0) {
  mkdirSync(join(root, 'bench'), { recursive: true });
  writeFileSync(join(root, 'bench/latest.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log('kept in bench/latest.json');
}
