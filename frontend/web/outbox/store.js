// The device's database: its stores, and transactions that survive the browser closing the connection under us.

const NAME = "spotfix";
const VERSION = 1;

/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/** Errors that say that the connection is gone, not that the work is wrong: a second try on a new one may succeed. */
const GONE = new Set(["InvalidStateError", "AbortError", "UnknownError", "TransactionInactiveError"]);

/** Something that this page may not do with what it asked for; `name` says why. */
export class Refused extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/**
 * Reads from stores in one transaction. `work` receives the stores by name and waits for nothing but their requests;
 * it may run twice.
 * @template T
 * @param {string[]} names
 * @param {(stores: Record<string, IDBObjectStore>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function read(names, work) {
  return transact(names, "readonly", "default", work);
}

/**
 * Writes in one transaction: when the promise is kept, it is on the disk; when it is not, nothing has changed. Where the disk
 * is full, what can be had again is given up first.
 */
export async function write(names, work) {
  try {
    return await transact(names, "readwrite", "strict", work);
  } catch (error) {
    if (error?.name !== "QuotaExceededError" || !(await makeRoom())) throw error;
    return transact(names, "readwrite", "strict", work);
  }
}

let makeRoom = async () => false;

/** What gives up something where the disk is full, and says whether it did. */
export function onFull(give) {
  makeRoom = give;
}

/** Writes what may be lost when the power fails: heartbeats and caches. */
export function jot(names, work) {
  return transact(names, "readwrite", "relaxed", work);
}

/** The result of a request. */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Walks a cursor; `visit` receives it and says `false` to stop. */
export function walk(request, visit) {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null || visit(cursor) === false) resolve();
      else cursor.continue();
    };
  });
}

/** Every key that begins with `head`, of an index or store whose keys are arrays. */
export function beginning(...head) {
  return IDBKeyRange.bound(head, [...head, []]);
}

/** Closes the connection; the next transaction opens another. */
export async function close() {
  const was = opening;
  opening = null;
  (await was?.catch(() => null))?.close();
}

async function transact(names, mode, durability, work) {
  try {
    return await attempt(names, mode, durability, work);
  } catch (error) {
    if (!GONE.has(error?.name)) throw error;
    await close();
    return attempt(names, mode, durability, work);
  }
}

async function attempt(names, mode, durability, work) {
  const db = await open();
  const tx = db.transaction(names, mode, { durability });
  const ended = new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("the transaction was ended", "AbortError"));
  });
  // Waited for below; until then it is nobody's fault.
  ended.catch(() => {});
  let value;
  try {
    value = await work(Object.fromEntries(names.map((name) => [name, tx.objectStore(name)])));
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended by itself, which is what we want.
    }
    const why = await ended.then(
      () => null,
      (it) => it,
    );
    // A full disk ends the transaction; the request that happened to be under way only says that it was ended.
    throw why?.name === "QuotaExceededError" ? why : error;
  }
  await ended;
  return value;
}

function open() {
  opening ??= connect().catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => create(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const mine = opening;
      const forget = () => {
        if (opening === mine) opening = null;
      };
      // The browser closes it when it clears storage, and another page's newer version asks us to.
      db.onclose = forget;
      db.onversionchange = () => {
        db.close();
        forget();
      };
      resolve(db);
    };
  });
}

function create(db) {
  db.createObjectStore("meta");
  db.createObjectStore("drafts", { keyPath: "id" }).createIndex("user", "user");
  const items = db.createObjectStore("items", { keyPath: "id" });
  items.createIndex("user", "user");
  // What is to be sent is found without reading what was.
  items.createIndex("stage", ["user", "stage"]);
  items.createIndex("received", ["user", "received_at"]);
  db.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner");
  db.createObjectStore("bytes");
  db.createObjectStore("kept", { keyPath: ["user", "path"] });
}
