// The task every agent is given, and the script by which the model behind the gateway does it: write a file with the agent's
// own tool, read it back, say what it held.
export const text = 'Dragons keep their "word": naïve \\ 🐉 日本';
export const file = 'hello.txt';
export const prompt = `Write a file ${file} in this folder, read it back, and tell me what it says.`;
const done = 'The task is done';

/** Fixtures of the simulator for one agent. */
export function script({ tools }, folder) {
  const path = `${folder}/${file}`;
  const [write, read] = tools(path, text);
  // The simulator tells steps apart by how many turns of the assistant it is shown; of Responses it counts a turn's text and its
  // call as two.
  const step = (turns, response, more) => turns.map(turnIndex => ({ match: { toolName: write.name, turnIndex, ...more }, response }));
  return [
    ...step([0], { content: 'I write the file.', toolCalls: [write] }),
    // Only what the agent read from the file leads here.
    ...step([2, 3], { content: `${done}: ${text}` }, { toolResultContains: 'Dragons keep their' }),
    ...step([1, 2], { toolCalls: [read] }, { hasToolResult: true }),
  ];
}

/** Whatever an agent asks besides, a title for its session for example, has an answer too. */
export const otherwise = { match: {}, response: { content: 'A file' } };

/** Why the run does not count; nothing where it does. */
export function fault(written, { code, out, err }) {
  if (written === undefined) return `it wrote no ${file}: ${last(out + err)}`;
  if (written.trimEnd() !== text) return `${file} holds ${JSON.stringify(written)}`;
  if (code !== 0) return `it ended with ${code}: ${last(err || out)}`;
  if (!out.includes(done)) return `it never said that the task is done: ${last(out + err)}`;
  return undefined;
}

const last = output => output.replace(/\x1b\[[\d;]*m/g, '').trim().split('\n').slice(-3).join(' ').slice(-400);
