// The page in a real browser: Lighthouse, the first load, a start without a network, a photo, a full outbox.
import { leave, settle, startPhone } from '../browser.mjs';
import { copyOf, serve } from '../server.mjs';
import { capture } from '../web/capture.mjs';
import { growth, makers } from '../web/outbox.mjs';
import { scores } from '../web/scores.mjs';
import { firstLoad, warmStart } from '../web/start.mjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export async function measure({ binary, county, temp: all }) {
  const temp = join(all, 'web');
  mkdirSync(temp);
  const server = await serve(binary, copyOf(await county(), join(temp, 'county')));
  const phone = await startPhone(temp, server, 'inspector1');
  const [{ name, value }] = await phone.cookies();

  const loaded = await firstLoad(phone);
  const judged = await scores({ temp, server, session: [name, value] });
  await settle(phone);
  const made = await makers(phone);
  // From here on there is no network: what is measured is the phone alone.
  await leave(phone, server);
  const started = await warmStart(phone);
  const taken = await capture(phone, temp);
  const grown = await growth(phone, made);
  await phone.close();
  return [...judged, ...loaded, ...started, ...taken, ...grown];
}
