// One client with one connection that is kept: signs in, sends photos and reports as a phone does, asks for lists.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';

/** The password of every account of the demo county; see `server/src/demo.rs`. */
export const PASSWORD = 'spotfix-demo';

/** Signs in; further clients of the same person come from `again()`. */
export async function signIn(port, username) {
  const client = connect(port, null);
  const answer = await client.send('POST', '/api/session', json({ username, password: PASSWORD }));
  expect(answer, 204);
  const cookie = answer.headers['set-cookie'][0].split(';')[0];
  client.close();
  return connect(port, cookie);
}

function connect(port, cookie) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  const send = (method, path, content = {}) =>
    new Promise((resolve, reject) => {
      const headers = { ...content.headers, ...(cookie ? { cookie } : {}) };
      const asked = request({ agent, host: '127.0.0.1', port, method, path, headers, timeout: 30_000 }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts), path }),
        );
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer to ${method} ${path}`)));
      asked.on('error', reject);
      asked.end(content.body);
    });
  const get = async (path) => JSON.parse(expect(await send('GET', path), 200).body);
  return {
    send,
    get,
    /** Another connection of the same person. */
    again: () => connect(port, cookie),
    close: () => agent.destroy(),
    /** Sends a photo and the report that names it; the ids of both. */
    async report({ photo, at }) {
      const [photoId, issueId] = [uuid7(), uuid7()];
      const sent = await send('PUT', `/api/photos/${photoId}`, {
        headers: { 'content-type': 'image/jpeg', 'content-length': photo.length },
        body: photo,
      });
      expect(sent, 201);
      const report = {
        ...at,
        description: '',
        severity: 'general',
        observed_at: new Date(Date.now() + 8 * 3_600_000).toISOString().replace('Z', '+08:00'),
        photo_ids: [photoId],
      };
      expect(await send('PUT', `/api/issues/${issueId}`, json(report)), 201);
      return { photoId, issueId };
    },
  };
}

/** Every pair of an active spot and a clause that is checked there, as the head of a report, well mixed. */
export async function places(client) {
  const bundle = await client.get('/api/field-bundle');
  const clauses = new Map(bundle.spot_types.map((type) => [type.code, type.clauses]));
  const active = new Set(bundle.clauses.filter((clause) => clause.active).map((clause) => clause.code));
  const pairs = bundle.spots
    .filter((spot) => spot.active)
    .flatMap((spot) =>
      (clauses.get(spot.spot_type) ?? [])
        .filter(({ clause_code }) => active.has(clause_code))
        .map(({ clause_code }) => ({
          spot_id: spot.id,
          clause_code,
          location: { lng: spot.lng, lat: spot.lat, accuracy_m: 12, source: 'device' },
        })),
    );
  let next = 0;
  // A prime stride visits them all before any comes again.
  return () => pairs[(next++ * 7919) % pairs.length];
}

export function expect(answer, status) {
  if (answer.status !== status) {
    throw new Error(`${answer.path}: ${answer.status} instead of ${status}: ${answer.body.toString('utf8', 0, 400)}`);
  }
  return answer;
}

function json(content) {
  const body = Buffer.from(JSON.stringify(content));
  return { headers: { 'content-type': 'application/json', 'content-length': body.length }, body };
}

/** RFC 9562: 48 bits of milliseconds, the rest random. */
function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
