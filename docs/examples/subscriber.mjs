// Follows topics, keeps its position in a file together with what it made of them, and goes on there after being cut off.
// node subscriber.mjs URL FILE   with the service's token in PALMLEDGER_TOKEN
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [url, file] = process.argv.slice(2);
const fresh = () => ({ position: null, purchases: {} });
let state = fresh();
try {
  state = JSON.parse(readFileSync(file, 'utf8'));
} catch {} // the first time there is none

function take({ id, event, data }) {
  if (event === 'too-old') state = fresh(); // what is gone cannot be caught up with: begin anew
  if (event === 'purchases') {
    const { key, sequence, json } = JSON.parse(data);
    if (BigInt(sequence) > BigInt(state.purchases[key]?.sequence ?? 0)) // else it is a repeat
      state.purchases[key] = { sequence, status: json.standing.status, captured: json.standing.captured };
  }
  if (event !== 'too-old') state.position = id;
  writeFileSync(`${file}.new`, JSON.stringify(state)); // position and what was made of it, at once
  renameSync(`${file}.new`, file);
}

for (;;) {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${process.env.PALMLEDGER_TOKEN}` };
  if (state.position) headers['last-event-id'] = state.position;
  try {
    let text = '';
    for await (const chunk of (await fetch(url, { headers })).body.pipeThrough(new TextDecoderStream())) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop();
      for (const frame of frames.filter((one) => !one.startsWith(':')))
        take(Object.fromEntries(frame.split('\n').map((line) => line.match(/^(\w+): (.*)$/s).slice(1))));
    }
  } catch {} // cut off
  await new Promise((resolve) => setTimeout(resolve, 500));
}
