// What the parts measure with: percentiles, the rows of the table, the machine they were measured on.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

/** The value below which so many of a hundred lie. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

export function median(values) {
  return percentile(values, 50);
}

export function rounded(value, digits = 1) {
  return Number(value.toFixed(digits));
}

/** A figure that must not be above its budget. */
export function atMost(name, value, unit, budget, note) {
  return row(name, value, unit, `≤ ${budget} ${unit}`, value <= budget, note);
}

/** A figure that must not be below its budget. */
export function atLeast(name, value, unit, budget, note) {
  return row(name, value, unit, `≥ ${budget} ${unit}`, value >= budget, note);
}

/** A figure without a budget, which explains another. */
export function aside(name, value, unit, note) {
  return row(name, value, unit, null, null, note);
}

function row(name, value, unit, budget, isOk, note) {
  return { name, value: rounded(value, value < 10 ? 2 : 1), unit, budget, ok: isOk, ...(note ? { note } : {}) };
}

export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** The load averages of the last one, five and fifteen minutes: what else the machine was doing. */
export function load() {
  return loadavg().map((value) => rounded(value));
}

/** Milliseconds to write and sync a file as large as a photo: the disk's share of taking one in. */
export function syncTime(folder) {
  const bytes = Buffer.alloc(250 * 1024, 1);
  const times = [];
  for (let round = 0; round < 20; round += 1) {
    const file = join(folder, `sync-${round}`);
    const begun = performance.now();
    const handle = openSync(file, 'w');
    writeSync(handle, bytes);
    fsyncSync(handle);
    closeSync(handle);
    times.push(performance.now() - begun);
    rmSync(file);
  }
  return rounded(median(times), 2);
}

/** Prints rows as a table that a terminal shows aligned. */
export function print(rows) {
  const cells = rows.map(({ name, value, unit, budget, ok, note }) => [
    name,
    `${value} ${unit}`,
    budget ?? '',
    ok === null ? '' : ok ? 'ok' : 'OVER',
    note ?? '',
  ]);
  const table = [['what', 'value', 'budget', '', 'note'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  for (const line of table) {
    const padded = line.map((cell, column) => (column === 1 ? cell.padStart(widths[1]) : cell.padEnd(widths[column])));
    console.log(padded.join('  ').trimEnd());
  }
}
