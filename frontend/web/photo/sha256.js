// SHA-256 of a picture: by the browser, and by hand where the page did not come over TLS and the browser's is withheld.

/** The hash as 64 hexadecimal digits. */
export async function sha256(bytes) {
  const words = crypto.subtle
    ? new DataView(await crypto.subtle.digest("SHA-256", bytes))
    : new DataView(byHand(new Uint8Array(bytes)).buffer);
  let text = "";
  for (let at = 0; at < 32; at += 4) text += words.getUint32(at).toString(16).padStart(8, "0");
  return text;
}

/** FIPS 180-4, for an office that tries Spotfix on its own network before it has a certificate. */
export function byHand(bytes) {
  const { first, round } = constants();
  const padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = Int32Array.from(first);
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(block + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + round[i] + w[i]) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(i * 4, word));
  return new Uint8Array(out.buffer);
}

/** The first 32 bits of the fractions of the square roots of 8 and the cube roots of 64 primes. */
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p !== 0)) primes.push(n);
  const fraction = (x) => ((x % 1) * 0x100000000) | 0;
  return { first: primes.slice(0, 8).map((p) => fraction(Math.sqrt(p))), round: primes.map((p) => fraction(Math.cbrt(p))) };
}
