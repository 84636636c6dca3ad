// What an answer means. Between us and the server stand portals, proxies and bad luck: only the server's own word,
// naming what was sent, is taken for its word.

/**
 * @typedef {{ status: number, type?: string, redirected?: boolean, contentType?: string | null,
 *   retryAfter?: string | null, text?: string }} Heard
 * @typedef {{ kind: "received", answer: object }
 *   | { kind: "unreadable" | "busy" | "refused" | "too_large", status: number, problem: object | null, wait?: number | null }
 *   | { kind: "paused", pause: "signed_out" | "other_account" }} Verdict
 */

/** Not the request's fault: the same again later. */
const LATER = new Set([408, 425, 429]);

/**
 * Judges an answer. `expected` has the id it must carry and, for a photo, the hash of the bytes that were sent.
 * @param {Heard} heard
 * @param {{ id: string, sha256?: string }} expected
 * @param {number} now
 * @returns {Verdict}
 */
export function judge(heard, expected, now) {
  const { status } = heard;
  // The server redirects nothing: it is somebody else who wants to be seen first.
  const isElsewhere = heard.redirected === true || heard.type === "opaqueredirect" || heard.type === "opaque";
  const body = isElsewhere ? null : object(heard);
  if (body !== null && !body.isProblem && (status === 200 || status === 201)) {
    const { value } = body;
    const isOurs = value.id === expected.id && (expected.sha256 === undefined || value.sha256 === expected.sha256);
    return isOurs ? { kind: "received", answer: value } : unreadable(status);
  }
  if (isElsewhere) return unreadable(status);
  const problem = body?.isProblem && typeof body.value.code === "string" ? body.value : null;
  if (status >= 500 || LATER.has(status)) {
    return { kind: "busy", status, problem, wait: asked(heard.retryAfter, problem, now) };
  }
  // A proxy before the server lets nothing so large through: it will not the next time either.
  if (problem === null && status === 413) return { kind: "too_large", status, problem };
  if (problem === null || status < 400) return unreadable(status);
  if (status === 401) return { kind: "paused", pause: "signed_out" };
  if (problem.code === "other_account") return { kind: "paused", pause: "other_account" };
  return { kind: "refused", status, problem };
}

function unreadable(status) {
  return { kind: "unreadable", status, problem: null };
}

/** The JSON object that the answer says it is. */
function object({ contentType, text }) {
  const essence = (contentType ?? "").split(";")[0].trim().toLowerCase();
  const isProblem = essence === "application/problem+json";
  if (!isProblem && essence !== "application/json") return null;
  try {
    const value = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { value, isProblem } : null;
  } catch {
    return null;
  }
}

/** How long the server asks us to wait, in milliseconds, if it does: seconds or a date in the header, or the problem. */
function asked(header, problem, now) {
  const told = (header ?? "").trim();
  if (/^\d+$/.test(told)) return Number(told) * 1000;
  const at = told === "" ? NaN : Date.parse(told);
  if (!Number.isNaN(at)) return Math.max(at - now, 0);
  const seconds = problem?.retry_after_s;
  return typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : null;
}
