/** What the parts of the phone tell one another, in this tab and in the others; and what fails. */

/** A failure with a `code` that the screens turn into words. */
export class Trouble extends Error {
  /** @param {string} code @param {object} facts copied onto the error */
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { name: "Trouble", code }, facts);
  }
}

const ears = new Map();
const channel = globalThis.BroadcastChannel && new BroadcastChannel("maplebridge-field");
channel?.addEventListener("message", ({ data }) => tell(data.kind, data.facts));

/**
 * Kinds: storage (trouble with it), saved (a record is ready to go), outbox, drafts, holdings (they
 * changed), vault (opened, locked), state (of sending and reading), wanted (another tab asks for a
 * round), update (a newer app is ready), busy? and busy (is a form open?).
 * @param {string} kind @param {(facts: any) => void} fn @returns {() => void} stops listening
 */
export function listen(kind, fn) {
  if (!ears.has(kind)) ears.set(kind, new Set());
  ears.get(kind).add(fn);
  return () => ears.get(kind).delete(fn);
}

/** Tell this tab. */
export function tell(kind, facts) {
  for (const fn of ears.get(kind) ?? []) fn(facts);
}

/** Tell the other tabs. `facts` must be plain data. */
export const tellOthers = (kind, facts) => channel?.postMessage({ kind, facts });

/** Tell this tab and the others. */
export function tellAll(kind, facts) {
  tell(kind, facts);
  tellOthers(kind, facts);
}
