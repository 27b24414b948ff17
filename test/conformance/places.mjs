// Where things lie: the repository, the shared data beside it, and what a run leaves behind.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '..', '..');
export const work = path.join(root, 'artifacts', 'conformance');
export const server = path.join(root, 'src/Dragoman.Cli/bin/Release/net10.0/dragoman');
const shared = path.resolve(root, process.env.DRAGOMAN_SHARED || '../shared');

/** A copy, in the work folder, of a folder of the shared data, which is not ours to write to. */
export function copyOf(name) {
  const from = path.join(shared, 'conformance', name);
  if (!fs.existsSync(from))
    throw new Error(`./dev conformance needs ${name} in ../shared/conformance, or in the folder DRAGOMAN_SHARED names`);
  const to = path.join(work, name);
  fs.cpSync(from, to, { recursive: true, filter: source => !/[\\/](node_modules|bin|obj)$/.test(source) });
  writable(to);
  return to;
}

/** A file of the shared data; undefined where it is absent. */
export function sharedFile(name) {
  const file = path.join(shared, 'conformance', name);
  return fs.existsSync(file) ? file : undefined;
}

function writable(folder) {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) writable(path.join(folder, entry.name));
    else fs.chmodSync(path.join(folder, entry.name), 0o644);
  }
}

export const json = file => JSON.parse(fs.readFileSync(file, 'utf8'));
export const write = (file, value) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 1));
  return file;
};
