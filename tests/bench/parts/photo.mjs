// The photo pipeline beside sharp (libvips), turn by turn on one thread each, over the same files.
import { aside, atMost, median, rounded } from '../figures.mjs';
import { pipelineInputs } from '../photos.mjs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TURNS = 5;
const ROUNDS = 5;

const sharp = join(dirname(fileURLToPath(import.meta.url)), '../sharp.mjs');

export async function measure({ develop, temp }) {
  const folder = join(temp, 'pipeline');
  const names = pipelineInputs(folder);
  const [ours, theirs] = [[], []];
  // Side by side, so that whatever else the machine does meets both.
  for (let turn = 0; turn < TURNS; turn += 1) {
    ours.push(run(develop, [folder, '--rounds', `${ROUNDS}`]));
    theirs.push(run(process.execPath, [sharp, folder, '--rounds', `${ROUNDS}`]));
  }
  return names.flatMap((name) => {
    const [we, they] = [ours, theirs].map((runs) => median(runs.map((found) => of(found, name).p50_ms)));
    const { bytes, full_bytes: kept } = of(ours[0], name);
    // Neither enlarged nor turned, a fair picture is copied without its metadata; sharp always encodes it anew.
    const way = kept < bytes && kept > bytes * 0.99 ? 'copied' : 'encoded anew';
    const what = name.slice(2).replace('.jpg', '').replace('-', ' ');
    const note = `${Math.round(bytes / 1024)} KB, ${way}; sharp ${theirs[0].version}: ${rounded(they)} ms`;
    return [
      aside(`photo pipeline, ${what}`, we, 'ms', note),
      atMost('… compared with sharp', we / they, '×', 1),
    ];
  });
}

function of(found, name) {
  return found.files.find((file) => file.name === name);
}

function run(program, words) {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${words[0]}: ${stderr}`);
  return JSON.parse(stdout);
}
