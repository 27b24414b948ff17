// ./dev conformance [matrix | agents | dotnet | suite[,suite…]] [upstream… agent…]: real clients through a server of ours.
import path from 'node:path';
import { json, root, work, write } from './places.mjs';
import { endAll } from './processes.mjs';
import { matrix } from './matrix.mjs';
import { dotnet } from './dotnet.mjs';
import { agents } from './agents.mjs';
import { failures, page } from './page.mjs';

const [part, ...rest] = process.argv.slice(2);
const parts = { matrix: () => matrix({ wanted: rest }), dotnet: () => dotnet(rest), agents: () => agents(rest) };
const whole = part === undefined;
const chosen = whole ? Object.keys(parts) : part in parts ? [part] : ['matrix'];
if (part !== undefined && !(part in parts)) parts.matrix = () => matrix({ wanted: rest, suites: part });

process.exitCode = 1;
try {
  const results = {};
  for (const name of chosen) results[name] = await parts[name]();
  if (whole) {
    write(path.join(work, 'results', 'all.json'), results);
    write(path.join(root, 'docs', 'conformance.md'), page(results));
    console.log('docs/conformance.md is written');
  }
  const failed = failures(results);
  console.log(failed.length === 0 ? 'nothing failed that is not known' : `${failed.length} failed that are not known`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
} finally {
  await endAll();
}
