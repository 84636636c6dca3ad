// When and where a chosen picture was taken, as its camera wrote it into the file. When the file was written says nothing: a
// picture that was sent or edited was written later.

/** The time is in the first segments; so much of the file is looked through. */
const HEAD_BYTES = 128 * 1024;

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const ORIGINAL = 0x9003;
const OFFSET_ORIGINAL = 0x9011;
const [LAT_REF, LAT, LNG_REF, LNG] = [1, 2, 3, 4];
const ASCII = 2;
/** Two whole numbers each, without and with a sign: some phones write the latter. */
const RATIONALS = [5, 10];

/**
 * What a JPEG says of its making: `taken_at` in milliseconds, `lng` and `lat` in degrees; null where it does not say. A time
 * without a zone is of this device's zone.
 */
export async function facts(blob) {
  const said = { taken_at: null, lng: null, lat: null };
  try {
    const view = new DataView(await blob.slice(0, HEAD_BYTES).arrayBuffer());
    const tiff = findTiff(view);
    if (tiff === null) return said;
    const tags = reader(view, tiff);
    // One part that is nonsense takes nothing from the other.
    said.taken_at = tried(() => readTime(tags));
    Object.assign(said, tried(() => readPlace(tags)));
  } catch {
    // Cut off or nonsense: as good as nothing.
  }
  return said;
}

function tried(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Where the TIFF header of the EXIF segment begins; null if there is none. */
function findTiff(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  // Segments before the picture itself.
  while (view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda) {
    const isApp1 = view.getUint8(at + 1) === 0xe1;
    if (isApp1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Reads the directories of the TIFF block. */
function reader(view, tiff) {
  const isLittle = view.getUint16(tiff) === 0x4949;
  const directory = (at) => {
    const found = new Map();
    const count = view.getUint16(tiff + at, isLittle);
    for (let nth = 0; nth < count; nth += 1) {
      const entry = tiff + at + 2 + nth * 12;
      found.set(view.getUint16(entry, isLittle), entry);
    }
    return found;
  };
  const first = directory(view.getUint32(tiff + 4, isLittle));
  return {
    sub: (tag) => (first.has(tag) ? directory(view.getUint32(first.get(tag) + 8, isLittle)) : new Map()),
    text(entry) {
      if (entry === undefined || view.getUint16(entry + 2, isLittle) !== ASCII) return "";
      const count = view.getUint32(entry + 4, isLittle);
      // Up to four bytes stand in the entry itself.
      const at = count <= 4 ? entry + 8 : tiff + view.getUint32(entry + 8, isLittle);
      return String.fromCharCode(...new Uint8Array(view.buffer, at, Math.min(count, 32))).replace(/\0.*$/s, "");
    },
    rationals(entry) {
      if (entry === undefined || !RATIONALS.includes(view.getUint16(entry + 2, isLittle))) return [];
      const at = tiff + view.getUint32(entry + 8, isLittle);
      return Array.from({ length: Math.min(view.getUint32(entry + 4, isLittle), 3) }, (_, nth) => {
        const [over, under] = [0, 4].map((off) => view.getInt32(at + nth * 8 + off, isLittle));
        // Some phones write 0/0 for what they do not count.
        return under === 0 ? (over === 0 ? 0 : NaN) : over / under;
      });
    },
  };
}

function readTime({ sub, text }) {
  const tags = sub(EXIF_IFD);
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(tags.get(ORIGINAL)));
  if (parts === null) return null;
  const zone = /^[+-]\d\d:\d\d$/.exec(text(tags.get(OFFSET_ORIGINAL)))?.[0] ?? "";
  const time = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(time) ? null : time;
}

function readPlace({ sub, text, rationals }) {
  const tags = sub(GPS_IFD);
  const degrees = (value, reference, negative) => {
    const [whole, minutes = 0, seconds = 0] = rationals(tags.get(value));
    const sign = text(tags.get(reference)).startsWith(negative) ? -1 : 1;
    return sign * (whole + minutes / 60 + seconds / 3600);
  };
  const [lng, lat] = [degrees(LNG, LNG_REF, "W"), degrees(LAT, LAT_REF, "S")];
  // A phone that did not know writes zeros: that is a place in the Gulf of Guinea.
  const isPlace = Math.abs(lng) <= 180 && Math.abs(lat) <= 90 && (lng !== 0 || lat !== 0);
  return isPlace ? { lng, lat } : null;
}
