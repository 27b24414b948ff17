// Faults of the simulator that the kit has no check for, asked of the simulator itself. Each answers with what was seen, or
// with nothing once the fault is gone.
import { simulatorKey } from './kit.mjs';

const prompt = name => `[[kit:${name}]] answer as the test kit expects`;
const post = (url, body) => fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${simulatorKey}` },
  body: JSON.stringify(body),
});

export const probes = {
};
