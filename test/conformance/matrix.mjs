// Every client library of the kit against every dialect spoken upstream.
import path from 'node:path';
import { alias, gateway, configuration, key, named, upstreams } from './gateway.mjs';
import { kit, simulator, simulatorKey, versions } from './kit.mjs';
import { knownFor, shown } from './known.mjs';
import { json, sharedFile, work, write } from './places.mjs';
import { note, run, tally } from './processes.mjs';

/** Rows of the matrix: the dialect the client speaks, told by the check's name. */
export const inbound = [
  { title: 'OpenAI chat', is: id => /^(raw\/(openai|schema:) ?|openai\/|ai-openai\/|ai-compatible\/|langchain\/|llamaindex\/|mistral\/|dotnet-openai\/|process\/)/.test(id) },
  { title: 'OpenAI Responses', is: id => /^(responses|ai-openai-responses)\//.test(id) },
  { title: 'Anthropic', is: id => /^(raw\/anthropic |anthropic\/|ai-anthropic\/|dotnet-anthropic\/)/.test(id) },
  { title: 'Gemini', is: id => /^(gemini|ai-google)\//.test(id) },
  { title: 'Ollama', is: id => /^ollama\//.test(id) },
];

/** One process of the kit; answers its results. */
async function checks(folder, name, args, suites) {
  const file = path.join(work, 'results', `${name}.json`);
  const schema = sharedFile('schema/openai-subset.json');
  const all = [path.join(folder, 'run.mjs'), ...args, '--responses', '--json', file];
  if (schema) all.push('--openai-schema', schema);
  if (suites) all.push('--suites', suites);
  write(file, []);
  const ended = await run(process.execPath, all, { cwd: folder });
  const results = json(file);
  if (results.length === 0) throw new Error(`the kit checked nothing against ${name}:\n${ended.err.slice(-2000)}`);
  return results;
}

const column = (folder, upstream, server, simulators, suites) => {
  const known = write(path.join(work, 'results', `known-${upstream.name}.json`), knownFor(upstream.name));
  return checks(folder, upstream.name, [
    '--openai-base', `${server}/v1`, '--anthropic-base', server, '--gemini-base', server, '--ollama-base', server, '--mistral-base', server,
    '--key', key, '--model', alias('qwen3-kit', upstream), '--anthropic-model', alias('claude-sonnet-4-6', upstream),
    '--gemini-model', alias('gemini-2.5-flash', upstream), '--ollama-model', alias('qwen3-kit', upstream),
    '--embed-model', alias('embed', upstream), '--gemini-embed-model', alias('embed', upstream),
    '--sim', simulators[upstream.name], '--sim-key', simulatorKey, '--known', known,
  ], suites);
};

/** `wanted`: names of upstream dialects, none for all; `suites` as the kit names them. */
export async function matrix({ wanted = [], suites } = {}) {
  const folder = await kit();
  const columns = named(upstreams, wanted);
  const simulators = Object.fromEntries(await Promise.all(columns.map(async ({ name }) => [name, await simulator(folder, name)])));
  const bare = await simulator(folder, 'alone');
  const server = await gateway('matrix', configuration(columns, simulators));

  const direct = await checks(folder, 'direct', ['--direct', '--openai-base', `${bare}/v1`, '--anthropic-base', bare, '--gemini-base', bare, '--ollama-base', bare, '--mistral-base', bare]);
  const cells = {};
  // Two at a time: more would make the checks that watch the clock tell of this machine rather than of the gateway.
  const waiting = [...columns];
  await Promise.all([1, 2].map(async () => {
    for (let upstream; (upstream = waiting.shift());) {
      cells[upstream.name] = await column(folder, upstream, server, simulators, suites);
      note(tally(`upstream ${upstream.name}`, cells[upstream.name]));
    }
  }));
  const evidence = await shown(direct, bare);
  for (const { name } of columns)
    for (const { status, id, reason } of cells[name]) if (status === 'FAIL') console.log(`FAIL  ${id} on ${name}  ${reason}`);
  return { versions: versions(folder), columns: columns.map(({ name, title }) => ({ name, title })), cells, evidence: Object.fromEntries(evidence) };
}
