// Coding agents as their makers publish them, each doing the same small task over every dialect spoken upstream.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { claude } from './agents/claude.mjs';
import { codex } from './agents/codex.mjs';
import { opencode } from './agents/opencode.mjs';
import { qwen } from './agents/qwen.mjs';
import { fault, file, otherwise, prompt, script } from './agents/task.mjs';
import { alias, configuration, gateway, key, named, upstreams } from './gateway.mjs';
import { kit, scripted } from './kit.mjs';
import { json, work, write } from './places.mjs';
import { note, run } from './processes.mjs';

const known = [codex, ...opencode, qwen, claude];
const versions = { '@openai/codex': '0.169.0', 'opencode-ai': '1.18.33', '@qwen-code/qwen-code': '0.24.4', '@anthropic-ai/claude-code': '2.1.331' };

/** `wanted`: names of agents and of upstream dialects; all of either where none is named. */
export async function agents(wanted = []) {
  const chosen = named(known, wanted);
  const columns = named(upstreams, wanted);
  const programs = await install();
  // Away from this repository, whose own instructions an agent would read.
  const temporary = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'dragoman-agents-')));
  try {
    const folder = path.join(temporary, 'work');
    const scripts = new Map(chosen.map(agent => [agent.name, script(agent, folder)]));
    const fixtures = write(path.join(work, 'agents.json'), { fixtures: [...[...scripts.values()].flat(), otherwise] });
    const simulator = await scripted(await kit(), 'agents', fixtures);
    const server = await gateway('agents', configuration(columns, Object.fromEntries(columns.map(({ name }) => [name, simulator.url]))));
    const runs = [];
    for (const agent of chosen)
      for (const upstream of columns) {
        fs.rmSync(temporary, { recursive: true, force: true });
        fs.mkdirSync(folder, { recursive: true });
        const outcome = await attempt(agent, upstream, server, temporary, folder, programs);
        runs.push({ agent: agent.name, version: versions[agent.package], speaks: agent.speaks, on: upstream.title, ...outcome });
        console.log(`${outcome.status}  ${agent.name} (${agent.speaks}) on ${upstream.title}  ${outcome.calls} calls  ${outcome.reason ?? ''}`);
      }
    return { runs };
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

async function attempt(agent, upstream, url, home, folder, programs) {
  const model = alias('claude-sonnet-4-6', upstream);
  const setting = { url, key, model, prompt };
  for (const [name, content] of Object.entries(agent.files(setting))) write(path.join(home, name), content);
  const before = new Set((await records(url)).map(({ id }) => id));
  const ended = await run(path.join(programs, agent.command), agent.args(setting), {
    cwd: folder, limit: 60_000, quiet: true,
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', TERM: 'dumb', ...agent.env(setting) },
  });
  write(path.join(work, 'results', `agent-${agent.name}-${agent.speaks.replace(' ', '-')}-${upstream.name}.log`), `${ended.out}\n---\n${ended.err}\n`);
  const written = fs.existsSync(path.join(folder, file)) ? fs.readFileSync(path.join(folder, file), 'utf8') : undefined;
  const calls = (await records(url)).filter(({ id, model: answered }) => !before.has(id) && answered === `on-${upstream.name}/${upstream.model}`);
  const reason = fault(written, ended)
    // One call to write, one to read, one to tell.
    ?? (calls.filter(({ outcome }) => outcome === 'succeeded').length < 3 ? `the records show ${calls.length} calls` : undefined);
  const changes = [...new Set(calls.flatMap(call => call.changes))];
  return { status: reason ? 'FAIL' : 'pass', calls: calls.length, changes, reason };
}

const records = async url =>
  (await (await fetch(`${url}/api/llm/requests?limit=500`, { headers: { authorization: `Bearer ${key}` } })).json()).requests;

/** Installs what is not there yet in the version wanted; answers where the commands are. */
async function install() {
  const folder = path.join(work, 'agents');
  const installed = name => {
    try { return json(path.join(folder, 'node_modules', name, 'package.json')).version; } catch { return undefined; }
  };
  if (Object.entries(versions).some(([name, version]) => installed(name) !== version)) {
    write(path.join(folder, 'package.json'), { private: true, dependencies: versions });
    const ended = await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
    if (ended.code !== 0) throw new Error(`npm install failed:\n${ended.err}`);
  }
  note(`agents: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`);
  return path.join(folder, 'node_modules/.bin');
}
