// docs/conformance.md: what a run saw, and nothing else.
import { causes } from './known.mjs';
import { inbound } from './matrix.mjs';
import { upstreams } from './gateway.mjs';

const statuses = ['pass', 'FAIL', 'know', 'skip'];
const cellText = text => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replace(/(127\.0\.0\.1|localhost):\d+/g, '127.0.0.1:…');

const merged = results => {
  const cells = {};
  for (const part of [results.matrix, results.dotnet])
    for (const [name, checks] of Object.entries(part?.cells ?? {})) (cells[name] ??= []).push(...checks);
  return cells;
};

/** Claims of known.json that the simulator itself did not bear out. */
const unproven = results => !results.matrix ? [] : causes()
  .filter(({ shown, upstreams: of }) => shown && !results.matrix.evidence[shown] && of.some(name => results.matrix.cells[name]))
  .map(({ shown, why }) => ({ id: shown, on: 'the simulator itself', reason: `known.json says "${why}", but the simulator does not show it` }));

/** Checks of known.json that no kit knows: a name that is misspelt, or gone. */
const unheard = results => {
  if (!results.matrix || !results.dotnet) return [];
  const cells = merged(results);
  return causes().flatMap(({ checks, upstreams: of }) => checks.flatMap(id => of
    .filter(name => cells[name] && !cells[name].some(check => check.id === id))
    .map(name => ({ id, on: name, reason: 'known.json names it, but there is no such check' }))));
};

/** Everything that failed and is not known. */
export function failures(results) {
  const failed = [];
  for (const [on, checks] of Object.entries(merged(results)))
    for (const { status, id, reason } of checks) if (status === 'FAIL') failed.push({ id, on, reason });
  for (const { agent, status, reason, on } of results.agents?.runs ?? []) if (status === 'FAIL') failed.push({ id: agent, on, reason });
  return [...failed, ...unproven(results), ...unheard(results)];
}

export function page(results) {
  const cells = merged(results);
  const columns = upstreams.filter(({ name }) => cells[name]);
  const count = (checks, status) => checks.filter(check => check.status === status).length;
  const { versions, evidence } = results.matrix;
  const out = [
    '# Conformance',
    '',
    'Real client libraries and coding agents through a server of ours to a simulator that is not ours. This page is written by `./dev conformance`; its parts can be run',
    'alone: `./dev conformance matrix [upstream…]`, `./dev conformance dotnet`, `./dev conformance agents`, or by a suite of the kit, `./dev conformance anthropic`.',
    'It needs Node and the shared kit (`../shared/conformance`, or the folder `DRAGOMAN_SHARED` names).',
    '',
    `Behind the server stands [aimock](https://www.npmjs.com/package/@copilotkit/aimock) ${versions.aimock}. The clients: ${Object.entries(versions.clients).map(([name, version]) => `${name} ${version}`).join(', ')}; .NET: OpenAI 2.15.0, Anthropic 13.11.0.`,
    '',
    '## The matrix',
    '',
    `A row is the dialect the client speaks, a column the dialect spoken to the provider. In a cell: checks that ${statuses.map(status => `**${status}**`).join(' / ')}.`,
    '',
    `| client ↓ provider → | ${columns.map(({ title }) => title).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
  ];
  for (const { title, is } of inbound) {
    const row = columns.map(({ name }) => {
      const checks = cells[name].filter(({ id }) => is(id));
      return statuses.map(status => count(checks, status)).join(' / ');
    });
    out.push(`| ${title} | ${row.join(' | ')} |`);
  }
  const all = Object.values(cells).flat();
  out.push('', `Together: ${statuses.map(status => `${count(all, status)} ${status}`).join(', ')}.`, '');
  out.push(...failed(results), ...known(cells, columns, evidence), ...skipped(all), ...agentRuns(results.agents));
  return out.join('\n').trimEnd() + '\n';
}

function failed(results) {
  const list = failures(results);
  if (list.length === 0) return ['No check fails that is not explained below.', ''];
  return ['## What fails', '', '| check | on | what happened |', '|---|---|---|',
    ...list.map(({ id, on, reason }) => `| ${cellText(id)} | ${on} | ${cellText(reason)} |`), ''];
}

const headings = {
  loss: ['Losses', 'What the provider\'s dialect has no place for. The answer names it (`x-dragoman-changes`), or the request is refused with the reason.'],
  simulator: ['Faults of the simulator', 'Each is shown on the simulator itself, without us between; "shown by" is what that said in this run.'],
  client: ['What a client library does not take', 'Sound answers that this library does not read.'],
};

function known(cells, columns, evidence) {
  const out = [];
  for (const [kind, [title, lead]] of Object.entries(headings)) {
    const lines = [];
    for (const cause of causes().filter(cause => cause.kind === kind)) {
      const hits = columns.filter(({ name }) => cause.upstreams.includes(name))
        .map(column => [column.title, cells[column.name].filter(({ id, status }) => status === 'know' && cause.checks.includes(id)).map(({ id }) => id)])
        .filter(([, ids]) => ids.length > 0);
      if (hits.length === 0) continue;
      lines.push(`- **${cause.why}** (on ${hits.map(([name]) => name).join(', ')})`);
      if (cause.shown) lines.push(`  - shown by \`${cause.shown}\`: ${evidence[cause.shown] ? cellText(evidence[cause.shown]) : 'NOT SHOWN'}`);
      else lines.push(`  - the first of them heard: ${cellText(heard(cells, cause))} …`);
      lines.push(`  - checks: ${[...new Set(hits.flatMap(([, ids]) => ids))].map(id => `\`${id}\``).join(', ')}.`);
    }
    if (lines.length > 0) out.push(`## ${title}`, '', lead, '', ...lines, '');
  }
  return out;
}

/** What the client of a known check was told; the kit writes it behind the reason, in brackets. */
const heard = (cells, { upstreams: of, checks: [first] }) =>
  cells[of.find(name => cells[name])].find(({ id }) => id === first).reason.replace(/^.*? \[/, '').replace(/\]$/, '');

function skipped(all) {
  const reasons = new Map();
  for (const { status, id, reason } of all) if (status === 'skip') reasons.set(id, reason);
  if (reasons.size === 0) return [];
  return ['## Skipped by the kit', '', ...[...reasons].map(([id, reason]) => `- \`${id}\`: ${cellText(reason)}`), ''];
}

function agentRuns(agents) {
  if (!agents) return [];
  return ['## Coding agents', '',
    'Each is given a task in an empty folder: write a file, read it back, say so. The scripted model behind the server asks for the agent\'s own tools; the run passes when the file holds',
    'the text, the agent ends well, and the server\'s records show its calls. The last column is what these records name as changed on the way.',
    'How to set them up: [guides/coding-agents.md](guides/coding-agents.md).', '',
    '| agent | speaks | provider speaks | result | calls | changed on the way |', '|---|---|---|---|---|---|',
    ...agents.runs.map(({ agent, version, speaks, on, status, calls, changes, reason }) =>
      `| ${agent} ${version} | ${speaks} | ${on} | ${status} | ${calls} | ${cellText(reason ?? kinds(changes))} |`), ''];
}

/** Changes by their kind: which message or tool it was is of no interest here. */
const kinds = changes => [...new Set(changes.map(change => change.replace(/\[\d+\]/g, '[…]')))].map(change => `\`${change}\``).join(', ');
