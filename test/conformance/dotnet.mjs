// The official .NET libraries of OpenAI and Anthropic against every dialect spoken upstream.
import path from 'node:path';
import { alias, configuration, gateway, key, named, upstreams } from './gateway.mjs';
import { kit, simulator } from './kit.mjs';
import { knownFor } from './known.mjs';
import { copyOf, work, write } from './places.mjs';
import { note, run, tally } from './processes.mjs';

/** `wanted`: names of upstream dialects, none for all. */
export async function dotnet(wanted = []) {
  const columns = named(upstreams, wanted);
  const folder = copyOf('kit-dotnet');
  // It pins its own versions: ours end here.
  for (const name of ['Directory.Build.props', 'Directory.Packages.props']) write(path.join(work, name), '<Project />\n');
  const built = await run('dotnet', ['build', folder, '-c', 'Release', '-nodeReuse:false', '--nologo', '-v', 'quiet']);
  if (built.code !== 0) throw new Error(`the .NET kit does not build:\n${built.out}${built.err}`);

  const kitFolder = await kit();
  const simulators = {};
  // Its embeddings are always asked of the first.
  const served = [...new Set([upstreams[0], ...columns])];
  for (const { name } of served) simulators[name] = await simulator(kitFolder, `dotnet-${name}`);
  const server = await gateway('dotnet', configuration(served, simulators));
  const cells = {};
  for (const upstream of columns) {
    const program = path.join(folder, 'bin/Release/net10.0/netkit');
    const { out } = await run(program, [`${server}/v1`, key, alias('qwen3-kit', upstream), 'wrong-key', server, alias('claude-sonnet-4-6', upstream)]);
    cells[upstream.name] = read(out, knownFor(upstream.name));
    if (cells[upstream.name].length === 0) throw new Error(`the .NET kit checked nothing on ${upstream.name}:\n${out}`);
    for (const { status, id, reason } of cells[upstream.name]) if (status === 'FAIL') console.log(`FAIL  ${id} on ${upstream.name}  ${reason}`);
    note(tally(`upstream ${upstream.name}`, cells[upstream.name]));
  }
  return { cells };
}

/** Its lines, judged by what is known as the kit judges its own. */
function read(output, known) {
  const results = [];
  for (const line of output.split('\n')) {
    const [, status, id, reason] = /^(pass|FAIL) {2}(.+?) +\d+ ms ?(.*)$/.exec(line) ?? [];
    if (!id) continue;
    const why = known[id];
    if (!why) results.push({ id, status, reason: reason.trim() });
    else if (status === 'FAIL') results.push({ id, status: 'know', reason: `${why} [${reason.trim()}]` });
    else results.push({ id, status: 'FAIL', reason: 'listed as a known deviation but passes now: take it off the list' });
  }
  return results;
}
