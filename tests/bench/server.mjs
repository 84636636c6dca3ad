// The release binary as a child: started on a free port of this machine alone, watched, and always ended by its pid.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS = 120_000;

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** `spotfix serve` over a folder; `more` is environment beside that. */
export function serve(binary, folder, more = {}) {
  mkdirSync(folder, { recursive: true });
  const env = { SPOTFIX_DATABASE_URL: `sqlite:${join(folder, 'spotfix.db')}`, SPOTFIX_PHOTOS: join(folder, 'photos'), ...more };
  return launch(binary, (port) => ['serve', '--listen', `127.0.0.1:${port}`], env);
}

/** Makes the demo county in a folder. */
export async function makeCounty(binary, folder) {
  const server = await launch(binary, (port) => ['demo', '--port', `${port}`, '--data', folder], {});
  await server.stop();
}

/** A copy of the county, so that what one part writes is not there for the next. */
export function copyOf(county, folder) {
  cpSync(county, folder, { recursive: true });
  return folder;
}

async function launch(binary, words, env) {
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(binary, words(port), {
    env: { PATH: process.env.PATH, ...env },
    // The log goes where an operator's would, but nobody reads it here; it is written all the same.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let log = '';
  let ended = null;
  child.stderr.on('data', (bytes) => (log = (log + bytes).slice(-4000)));
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => {
    ended ??= `exit ${code ?? signal}`;
    running.delete(child);
  });

  while (!(await isReady(port))) {
    if (ended !== null || performance.now() - begun > START_MS) {
      child.kill('SIGKILL');
      throw new Error(`the server did not get ready (${ended ?? 'too slow'}):\n${log}`);
    }
    await pause(1);
  }
  return {
    port,
    ready_ms: performance.now() - begun,
    /** A line of /proc/PID/status in megabytes: VmRSS now, VmHWM the most there was. */
    memory(key) {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    },
    /** Begins VmHWM anew. */
    forgetPeak() {
      writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    },
    /** Milliseconds of processor time used so far, which other work on the machine hardly changes. */
    cpu_ms() {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
      // Behind the name in brackets; the twelfth and thirteenth are ticks of a hundredth of a second.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async stop() {
      if (ended !== null) throw new Error(`the server had ended already (${ended}):\n${log}`);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(late);
    },
  };
}

function isReady(port) {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200));
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
