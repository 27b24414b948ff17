// The server under test: one process, one provider per dialect spoken upstream, each pointed at a simulator of its own.
import path from 'node:path';
import { server, work, write } from './places.mjs';
import { answering, freePort, start } from './processes.mjs';
import { simulatorKey } from './kit.mjs';

export const key = 'conformance-key';

/**
 * The dialects spoken upstream, and the model asked for there: of a family the simulator knows to reason, or it would drop
 * the reasoning.
 */
export const upstreams = [
  { name: 'openai', title: 'OpenAI chat', model: 'qwen3-kit', path: '/v1', embed: 'text-embedding-3-small' },
  { name: 'openai-responses', title: 'OpenAI Responses', model: 'gpt-5-kit', path: '/v1', embed: 'text-embedding-3-small' },
  { name: 'anthropic', title: 'Anthropic', model: 'claude-sonnet-4-6', path: '' },
  { name: 'gemini', title: 'Gemini', model: 'gemini-2.5-flash', path: '', embed: 'gemini-embedding-001' },
  { name: 'ollama', title: 'Ollama', model: 'qwen3-kit', path: '', embed: 'nomic-embed-text' },
];

/** Those of a list that are wanted by name; all of it where none is. */
export const named = (list, wanted) => {
  const some = list.filter(({ name }) => wanted.includes(name));
  return some.length > 0 ? some : list;
};

/** The name a client asks for: as its own provider would call a model, and whom it leads to. */
export const alias = (family, upstream) => `${family}-on-${upstream.name}`;
const families = ['qwen3-kit', 'claude-sonnet-4-6', 'gemini-2.5-flash'];

export function configuration(columns, simulators) {
  const lines = ['providers:'];
  for (const { name, path: below } of columns)
    lines.push(`  on-${name}: { dialect: ${name}, base_url: "${simulators[name]}${below}", api_keys: [${simulatorKey}] }`);
  lines.push('aliases:');
  for (const upstream of columns) {
    for (const family of families) lines.push(`  ${alias(family, upstream)}: on-${upstream.name}/${upstream.model}`);
    lines.push(`  ${alias('embed', upstream)}: on-${upstream.name}/${upstream.embed ?? upstream.model}`);
  }
  // The .NET kit asks for this name, whatever it talks to.
  lines.push(`  text-embedding-3-small: on-${columns[0].name}/text-embedding-3-small`, '');
  return lines.join('\n');
}

export async function gateway(name, config) {
  const port = await freePort();
  const log = path.join(work, `server-${name}.log`);
  const file = write(path.join(work, `dragoman-${name}.yaml`), config);
  const child = start(server, ['serve', '--port', port, '--config', file],
    { log, env: { DRAGOMAN_ADMIN_KEY: key, DRAGOMAN_DATA: path.join(work, `data-${name}`) } });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/health/ready`, child, log);
  return url;
}
