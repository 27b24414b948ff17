// Faults of the simulator that the kit has no check for, asked of the simulator itself. Each answers with what was seen, or
// with nothing once the fault is gone.
import { simulatorKey } from './kit.mjs';

const ask = async (url, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${simulatorKey}` },
    body: JSON.stringify(body),
  });
  return [answer.status, await answer.json()];
};
const messages = name => [{ role: 'user', content: `[[kit:${name}]] answer as the test kit expects` }];

export const probes = {
  'probe: Ollama counts': async url => {
    const [, { prompt_eval_count, eval_count }] = await ask(`${url}/api/chat`, { model: 'qwen3-kit', stream: false, messages: messages('usage') });
    if (prompt_eval_count === 0 && eval_count === 0) return `POST /api/chat: {"prompt_eval_count":${prompt_eval_count},"eval_count":${eval_count}} where the fixture says 123 and 45`;
  },
  'probe: Ollama thinking': async url => {
    const [, { message }] = await ask(`${url}/api/chat`, { model: 'qwen3-kit', stream: false, think: true, messages: messages('reasoning') });
    if (!('thinking' in message)) return `POST /api/chat with think: the members of message are ${Object.keys(message).join(', ')}; Ollama's is "thinking"`;
  },
  'probe: Anthropic max_tokens': async url => {
    const [status] = await ask(`${url}/v1/messages`, { model: 'claude-sonnet-4-6', messages: messages('plain') });
    if (status === 200) return 'POST /v1/messages without max_tokens: 200; Anthropic says 400';
  },
};
