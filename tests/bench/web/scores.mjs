// Lighthouse on the inspector's start page, signed in, with nothing in the browser's caches.
//
// What makes a score is Lighthouse's own mobile preset. It loads the page as fast as the machine can and then reckons what
// the same load would have taken on the phone and the network it stands for.
import { executablePath, FLAGS } from '../browser.mjs';
import { aside, atLeast, median } from '../figures.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';

const RUNS = 3;
/** On a busy machine a browser now and then begins its trace after the page. */
const TRIES = 3;
const START_MS = 30_000;

const LEAST = {
  performance: ['performance', 95],
  accessibility: ['accessibility', 100],
  'best-practices': ['best practices', 100],
};

export async function scores({ temp, server, session }) {
  const runs = [];
  for (let tries = 0; runs.length < RUNS; tries += 1) {
    const run = await judged(join(temp, `lighthouse-${tries}`), server, session);
    if (!run.runtimeError) runs.push(run);
    else if (tries >= RUNS + TRIES) throw new Error(`Lighthouse: ${run.runtimeError.message}`);
  }
  const { throttling: slow, screenEmulation: screen } = runs[0].configSettings;
  const preset =
    `Lighthouse ${runs[0].lighthouseVersion}, mobile, median of ${RUNS}: Moto G Power ${screen.width}×${screen.height}, ` +
    `${slow.rttMs} ms and ${slow.throughputKbps} kbit/s simulated, CPU ${slow.cpuSlowdownMultiplier}×`;
  const rows = Object.entries(LEAST).map(([id, [name, least]], at) => {
    const points = runs.map((run) => run.categories[id].score * 100);
    const note = [...(at === 0 ? [preset] : []), ...lost(runs[0], id)].join('; ');
    return atLeast(`Lighthouse, ${name}`, median(points), 'points', least, note || undefined);
  });
  const of = (id) => median(runs.map((run) => run.audits[id].numericValue));
  return [
    ...rows,
    aside('… first contentful paint', of('first-contentful-paint'), 'ms'),
    aside('… largest contentful paint', of('largest-contentful-paint'), 'ms'),
    aside('… total blocking time', of('total-blocking-time'), 'ms'),
    aside('… speed index', of('speed-index'), 'ms'),
    aside('… layout shift', of('cumulative-layout-shift'), ''),
  ];
}

/** What cost points, for a category that has to have them all. */
function lost(run, category) {
  if (LEAST[category][1] < 100) return [];
  const counted = run.categories[category].auditRefs.filter(({ weight }) => weight > 0);
  return counted.map(({ id }) => run.audits[id]).filter(({ score }) => score !== null && score < 1).map(({ id }) => id);
}

/** One run in a browser with a fresh profile, in which somebody is signed in already. */
async function judged(profile, server, session) {
  const browser = await startBrowser(profile);
  try {
    const url = `http://127.0.0.1:${server.port}/`;
    await giveSession(browser.port, url, session);
    const { lhr } = await lighthouse(url, {
      port: browser.port,
      logLevel: 'error',
      onlyCategories: Object.keys(LEAST),
    });
    return lhr;
  } finally {
    await browser.stop();
  }
}

async function giveSession(port, url, [name, value]) {
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  await browser.contexts()[0].addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }]);
  // Ends the connection, not the browser.
  await browser.close();
}

/** Chromium by itself, as a person would have it: nothing but Lighthouse changes its pages. */
async function startBrowser(profile) {
  mkdirSync(profile, { recursive: true });
  const words = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...FLAGS, 'about:blank'];
  const child = spawn(executablePath, words, { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const told = join(profile, 'DevToolsActivePort');
  const begun = Date.now();
  while (!existsSync(told) || !readFileSync(told, 'utf8').includes('\n')) {
    if (Date.now() - begun > START_MS) throw new Error('Chromium did not start');
    await pause(50);
  }
  return {
    port: Number(readFileSync(told, 'utf8').split('\n')[0]),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(kill, 10_000);
      await gone;
      clearTimeout(late);
      process.off('exit', kill);
    },
  };
}
