// How much room there is on the device, and whether the browser promises to keep what is there.

/** `{usage, quota, persisted}`, as far as the browser says. */
export async function space() {
  const storage = globalThis.navigator?.storage;
  const { usage, quota } = (await storage?.estimate?.().catch(() => null)) ?? {};
  const persisted = await storage?.persisted?.().catch(() => undefined);
  return { usage, quota, persisted };
}

/** Asks the browser to keep what is there; whether it promises. */
export async function persist() {
  return (await globalThis.navigator?.storage?.persist?.().catch(() => false)) ?? false;
}
