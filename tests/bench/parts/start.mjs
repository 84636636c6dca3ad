// From starting the process to its first answer, on nothing and on the county; and what it holds when nobody asks.
import { atMost, median, aside } from '../figures.mjs';
import { copyOf, serve } from '../server.mjs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROUNDS = 9;
const SETTLED_MS = 2_000;

export async function measure({ binary, county, temp }) {
  const empty = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await serve(binary, join(temp, `empty-${round}`));
    empty.push(server.ready_ms);
    await server.stop();
  }

  const folder = copyOf(await county(), join(temp, 'start'));
  const [filled, idle, private_] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await serve(binary, folder);
    filled.push(server.ready_ms);
    if (round % 3 === 0) {
      await pause(SETTLED_MS);
      idle.push(server.memory('VmRSS'));
      private_.push(server.memory('RssAnon'));
    }
    await server.stop();
  }
  return [
    atMost('start to first answer, empty', median(empty), 'ms', 150, 'making the database included'),
    atMost('start to first answer, county', median(filled), 'ms', 300, 'the budget is for 1 000 000 issues'),
    atMost('idle memory, county', median(idle), 'MB', 40),
    aside('… of it not pages of the binary', median(private_), 'MB'),
  ];
}
