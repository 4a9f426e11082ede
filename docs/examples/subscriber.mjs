// Follows purchases, keeps its position in FILE together with what it made of them, and goes on there when cut off.
// PALMLEDGER_TOKEN=... node subscriber.mjs URL FILE
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const [url, file] = process.argv.slice(2);
const nothing = () => ({ position: null, purchases: {} });
let state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : nothing();

function take({ id, event, data }) {
  state = event === 'too-old' ? nothing() : { ...state, position: id }; // too old: what is gone is not caught up with
  const { key, sequence, json } = JSON.parse(data);
  const repeated = event === 'purchases' && BigInt(sequence) <= BigInt(state.purchases[key]?.sequence ?? 0);
  if (event === 'purchases' && json && !repeated) state.purchases[key] = { sequence, ...json.standing };
  writeFileSync(`${file}.new`, JSON.stringify(state)); // the position and what was made of it, at once
  renameSync(`${file}.new`, file);
}

for (;;) {
  const position = state.position ? { 'last-event-id': state.position } : {};
  const headers = { authorization: `Bearer ${process.env.PALMLEDGER_TOKEN}`, ...position };
  const answer = await fetch(url, { headers }).catch(() => undefined); // not there now
  const reader = answer?.ok ? answer.body.pipeThrough(new TextDecoderStream()).getReader() : undefined;
  for (let text = '', read; (read = await reader?.read().catch(() => undefined)) && !read.done;) {
    const frames = (text + read.value).split('\n\n');
    text = frames.pop(); // not whole yet
    for (const frame of frames.filter((one) => !one.startsWith(':')))
      take(Object.fromEntries(frame.split('\n').map((line) => /^(\w+): (.*)$/.exec(line).slice(1))));
  }
  await new Promise((resolve) => setTimeout(resolve, 500)); // cut off: again, from there
}
