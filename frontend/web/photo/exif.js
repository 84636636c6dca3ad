// When a chosen picture was taken, as its camera wrote it into the file: the phone's gallery tells when the file was written,
// which for a picture that was sent or edited is another time.

/** The time is in the first segments; so much of the file is looked through. */
const HEAD_BYTES = 128 * 1024;

const EXIF_IFD = 0x8769;
const ORIGINAL = 0x9003;
const OFFSET_ORIGINAL = 0x9011;
const ASCII = 2;

/** When a JPEG was taken, in milliseconds; null where it does not say. A time without a zone is of this device's zone. */
export async function takenAt(blob) {
  try {
    const view = new DataView(await blob.slice(0, HEAD_BYTES).arrayBuffer());
    const tiff = findTiff(view);
    return tiff === null ? null : readTime(view, tiff);
  } catch {
    // Cut off or nonsense: as good as nothing.
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

function readTime(view, tiff) {
  const isLittle = view.getUint16(tiff) === 0x4949;
  const fields = (at) => {
    const found = new Map();
    const count = view.getUint16(tiff + at, isLittle);
    for (let nth = 0; nth < count; nth += 1) {
      const entry = tiff + at + 2 + nth * 12;
      found.set(view.getUint16(entry, isLittle), entry);
    }
    return found;
  };
  const exif = fields(view.getUint32(tiff + 4, isLittle)).get(EXIF_IFD);
  if (exif === undefined) return null;
  const tags = fields(view.getUint32(exif + 8, isLittle));
  const text = (tag) => {
    const entry = tags.get(tag);
    if (entry === undefined || view.getUint16(entry + 2, isLittle) !== ASCII) return "";
    const count = view.getUint32(entry + 4, isLittle);
    const at = tiff + view.getUint32(entry + 8, isLittle);
    return String.fromCharCode(...new Uint8Array(view.buffer, at, Math.min(count, 32))).replace(/\0.*$/s, "");
  };
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(ORIGINAL));
  if (parts === null) return null;
  const zone = /^[+-]\d\d:\d\d$/.exec(text(OFFSET_ORIGINAL))?.[0] ?? "";
  const time = Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`);
  return Number.isNaN(time) ? null : time;
}
