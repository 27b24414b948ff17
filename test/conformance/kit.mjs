// The kit of real client libraries, and the simulator that comes with it. Neither is ours.
import fs from 'node:fs';
import path from 'node:path';
import { copyOf, json, work, write } from './places.mjs';
import { answering, freePort, run, start } from './processes.mjs';

export const simulatorKey = 'kit-key';

/** The kit with its packages in place. */
export async function kit() {
  const folder = copyOf('kit');
  const wanted = fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  const stamp = path.join(folder, 'node_modules', '.installed');
  if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== wanted) {
    const installed = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
    if (installed.code !== 0) throw new Error(`npm ci failed:\n${installed.err}`);
    write(stamp, wanted);
  }
  return folder;
}

/** The simulator with the kit's fixtures; `name` tells its log from others'. */
export async function simulator(folder, name) {
  const port = await freePort();
  const log = path.join(work, `simulator-${name}.log`);
  const child = start(process.execPath, [path.join(folder, 'sim.mjs'), '--port', port, '--key', simulatorKey], { log });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/health`, child, log);
  return url;
}

/** The same program with fixtures of ours. */
export async function scripted(folder, name, fixtures) {
  const port = await freePort();
  const log = path.join(work, `simulator-${name}.log`);
  const cli = path.join(folder, 'node_modules/@copilotkit/aimock/dist/cli.js');
  const child = start(process.execPath, [cli, '-h', '127.0.0.1', '-p', port, '-f', fixtures, '--strict', '--log-level', 'info'],
    { log, env: { AIMOCK_API_KEYS: simulatorKey, AIMOCK_STRICT_TURN_INDEX: '1' } });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/health`, child, log);
  return { url, log };
}

/** What was run against what, for the page. */
export function versions(folder) {
  const packages = json(path.join(folder, 'package.json')).dependencies;
  const { '@copilotkit/aimock': aimock, ajv, zod, ...clients } = packages;
  return { aimock, clients };
}
