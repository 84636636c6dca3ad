// Makes the full rendition and the thumbnail of every photo in a folder with sharp (libvips) on one thread, and
// prints the timings as JSON: the yardstick of the photo pipeline.
//
//   node sharp.mjs FOLDER [--rounds 10] [--full 2048] [--thumb 320] [--quality 82]
//
// The thumbnail can be made from the original (libjpeg reduces while decoding) or from the full rendition. Both ways
// are timed, and `p50_ms` is the faster one, so that the comparison flatters nobody.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// libuv reads the size of its pool when the process starts.
if (process.env.UV_THREADPOOL_SIZE !== '1') {
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    full: { type: 'string', default: '2048' },
    thumb: { type: 'string', default: '320' },
    quality: { type: 'string', default: '82' },
  },
});
const [folder] = positionals;
if (!folder) {
  console.error('usage: node sharp.mjs FOLDER [--rounds N] [--full EDGE] [--thumb EDGE] [--quality Q]');
  process.exit(2);
}
const [rounds, fullEdge, thumbEdge, quality] = [values.rounds, values.full, values.thumb, values.quality].map(Number);

const { default: sharp } = await import('sharp');
sharp.concurrency(1);
sharp.cache(false);

const reduced = (bytes, edge) =>
  sharp(bytes, { failOn: 'truncated' })
    .rotate()
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality, optimiseCoding: false })
    .toBuffer();

const ways = {
  thumb_from_original: async (bytes) => [await reduced(bytes, fullEdge), await reduced(bytes, thumbEdge)],
  thumb_from_full: async (bytes) => {
    const full = await reduced(bytes, fullEdge);
    return [full, await reduced(full, thumbEdge)];
  },
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rounded = (number) => Math.round(number * 100) / 100;

const files = [];
for (const name of readdirSync(folder).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort()) {
  const bytes = readFileSync(join(folder, name));
  const file = { name, bytes: bytes.length };
  for (const [way, make] of Object.entries(ways)) {
    const times = [];
    // One round more than asked: the first warms up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const start = performance.now();
      const [full, thumb] = await make(bytes);
      if (round > 0) times.push(performance.now() - start);
      file.full_bytes = full.length;
      file.thumb_bytes = thumb.length;
    }
    file[`${way}_ms`] = rounded(median(times));
  }
  file.p50_ms = Math.min(...Object.keys(ways).map((way) => file[`${way}_ms`]));
  files.push(file);
}

console.log(
  JSON.stringify({
    tool: 'sharp',
    version: sharp.versions.sharp,
    libvips: sharp.versions.vips,
    rounds,
    p50_ms: files.length ? rounded(median(files.map((file) => file.p50_ms))) : null,
    files,
  }, null, 2),
);
