// Programs the run needs: told before they start, watched while they run, ended with the run whatever happens.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const running = new Set();

export const say = text => process.stderr.write(`\x1b[2m$ ${text}\x1b[0m\n`);
export const note = text => process.stderr.write(`${text}\n`);

/** One line that sums checks up. */
export function tally(name, checks) {
  const count = status => checks.filter(check => check.status === status).length;
  return `${count('FAIL') ? 'FAIL' : 'pass'}  ${name}: ${count('pass')} passed, ${count('FAIL')} failed, ${count('know')} known, ${count('skip')} skipped`;
}

/** Runs a program to its end; answers exit code and what it printed. `show` lets what it prints through as well. */
export function run(program, args, { cwd, env, input, show = false, limit = 300_000, quiet = false } = {}) {
  if (!quiet) say([path.basename(program), ...args].join(' ').replaceAll(process.cwd() + path.sep, ''));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], detached: true });
    running.add(child);
    const output = { out: '', err: '' };
    child.stdout.on('data', bytes => { output.out += bytes; if (show) process.stdout.write(bytes); });
    child.stderr.on('data', bytes => { output.err += bytes; if (show) process.stderr.write(bytes); });
    if (input !== undefined) child.stdin.end(input);
    const timer = setTimeout(() => { output.err += `\nended after ${limit / 1000} s`; end(child, 'SIGKILL'); }, limit);
    child.on('error', reject);
    child.on('close', code => { clearTimeout(timer); running.delete(child); resolve({ code: code ?? 1, ...output }); });
  });
}

/** Starts a program that stays; what it prints goes to `log`. */
export function start(program, args, { log, env }) {
  const file = fs.openSync(log, 'w');
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file], detached: true });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** Waits until `url` answers anything at all. */
export async function answering(url, child, log) {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    try { await fetch(url); return; } catch { await pause(100); }
  }
  throw new Error(`nothing answers at ${url}:\n${fs.readFileSync(log, 'utf8').slice(-2000)}`);
}

/** A port nobody listens on. */
export const freePort = () => new Promise((resolve, reject) => {
  const probe = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

// Each child leads a group of its own, so that what it started ends with it.
function end(child, signal) {
  try { process.kill(-child.pid, signal); } catch { /* it is gone already */ }
}

export async function endAll() {
  for (const child of running) end(child, 'SIGTERM');
  for (let tries = 0; tries < 50 && running.size > 0; tries++) await pause(100);
  for (const child of running) end(child, 'SIGKILL');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => endAll().then(() => process.exit(130)));
