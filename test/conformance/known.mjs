// What is known to differ, by cause: known.json. A fault of the simulator counts only while it can be shown on the simulator
// itself, and a known deviation that no longer deviates is a failure: so the list cannot outlive its reasons.
import path from 'node:path';
import { here, json } from './places.mjs';
import { probes } from './probes.mjs';

const kinds = ['loss', 'simulator', 'client'];

export function causes() {
  const all = json(path.join(here, 'known.json'));
  for (const cause of all) {
    if (!kinds.includes(cause.kind) || !cause.why || !cause.upstreams?.length || !cause.checks?.length)
      throw new Error(`known.json: a cause needs kind (${kinds.join(', ')}), why, upstreams and checks: ${JSON.stringify(cause)}`);
    if (cause.kind === 'simulator' && !cause.shown)
      throw new Error(`known.json: a fault of the simulator needs 'shown', a check of the kit or a probe: ${cause.why}`);
  }
  return all;
}

/** The kit's own format, {check: why}, for one dialect upstream. */
export function knownFor(upstream, all = causes()) {
  const known = {};
  for (const { upstreams, checks, kind, why } of all)
    if (upstreams.includes(upstream)) for (const check of checks) known[check] = `${kind}: ${why}`;
  return known;
}

/** For each fault of the simulator, what the simulator itself answered; `seen` is undefined where it could not be shown. */
export async function shown(direct, simulator) {
  const results = new Map(direct.map(result => [result.id, result]));
  const evidence = new Map();
  for (const { shown } of causes()) {
    if (!shown || evidence.has(shown)) continue;
    const probe = probes[shown];
    const check = results.get(shown);
    evidence.set(shown, probe ? await probe(simulator) : check && check.status !== 'pass' ? check.reason : undefined);
  }
  return evidence;
}
