/** One question to the server: in time, whole, and really answered by it. */
import { utf8 } from "mb/field/bytes";
import { Trouble } from "mb/field/signal";
import { meta } from "mb/field/store";

const BASE = "/api/v1/sync/";
const PATIENCE = 20_000; // ms for any answer …
const SLOWEST = 6; // … and for every 6 bytes on the way another ms: a poor 2G link
const WORTH = 1024; // bytes from which packing is tried

const gone = (code, facts) => new Trouble(code, facts);

async function packed(plain) {
  if (plain.length < WORTH || !globalThis.CompressionStream) return [plain, {}];
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  const small = new Uint8Array(await new Response(stream).arrayBuffer());
  return small.length < 0.9 * plain.length ? [small, { "Content-Encoding": "gzip" }] : [plain, {}];
}

/** Seconds the server asks us to wait, if it does: a number or a date. */
function pause(headers) {
  const said = headers.get("Retry-After");
  if (!said) return null;
  const seconds = Number(said);
  return Math.max(0, Number.isNaN(seconds) ? (Date.parse(said) - Date.now()) / 1000 || 0 : seconds);
}

/** Whatever is not ours to read is a network's own page: its sign-in, its advertisement, its error. */
async function understood(response, { expect, shape }) {
  const { status, headers } = response;
  if (status === 0 || (status >= 300 && status < 400 && status !== 304) || status === 511) throw gone("portal");
  if (status >= 500 || status === 429) throw gone("server", { status, pause: pause(headers) });
  if (expect.includes(status) && !shape) return null;
  if (status === 304 && expect.includes(304)) return null;
  const data = /json/.test(headers.get("Content-Type") ?? "") ? await response.json().catch(() => null) : null;
  if (data === null || typeof data !== "object") throw gone("portal", { status });
  if (status === 401 && ["revoked", "signed_out"].includes(data.code)) throw gone(data.code);
  if (!expect.includes(status)) throw gone("refused", { status, data });
  if (status < 300 && !shape(data)) throw gone("portal", { status });
  return data;
}

/**
 * @param {string} method @param {string} path below /api/v1/sync/
 * @param {object} options
 *   json, bytes: what goes up; headers
 *   expect: the statuses that are answers
 *   shape: says whether JSON is what was asked for; without it the body isn't read
 *   down: bytes that may come
 * @returns {Promise<{status: number, data: any, headers: Headers, sent: number, came: number}>}
 * Throws Trouble: offline, portal, server {status, pause}, revoked, signed_out, refused {status, data}.
 */
export async function ask(method, path, { json, bytes, headers = {}, expect = [200], shape, down = 0 } = {}) {
  const [body, encoding] = json ? await packed(utf8(JSON.stringify(json))) : [bytes, {}];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE + ((body?.length ?? 0) + down) / SLOWEST);
  const sent = Date.now();
  try {
    const response = await fetch(BASE + path, {
      method,
      body,
      headers: {
        Accept: "application/json",
        "Accept-Language": document.documentElement.lang || "zh-CN",
        "X-Maplebridge-Device": (await meta.get("device")) ?? "",
        ...(json && { "Content-Type": "application/json" }),
        ...encoding,
        ...headers,
      },
      signal: stop.signal,
      redirect: "manual",
      cache: "no-store",
      credentials: "same-origin",
    });
    const data = await understood(response, { expect, shape });
    return { status: response.status, data, headers: response.headers, sent, came: Date.now() };
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw gone("offline", { slow: stop.signal.aborted });
  } finally {
    clearTimeout(timer);
  }
}

/** @returns {string} e.g. "Chrome 131", as the device board shows it */
export function browserName() {
  const known = [[/Edg\/(\d+)/, "Edge"], [/HuaweiBrowser\/(\d+)/, "Huawei"], [/MicroMessenger\/(\d+)/, "WeChat"],
    [/Firefox\/(\d+)/, "Firefox"], [/Chrome\/(\d+)/, "Chrome"], [/Version\/(\d+).*Safari/, "Safari"]];
  for (const [pattern, name] of known) {
    const found = pattern.exec(navigator.userAgent);
    if (found) return `${name} ${found[1]}`;
  }
  return "";
}
