import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/**
 * A process of its own signs a palm, overwrites what it was given, and looks for it in all of its own memory. What it looks
 * for it keeps disguised, so that it does not find that.
 */
const SCRIPT = `
  import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
  const { palmModel } = await import(new URL('model.ts', process.env.PALM));
  const { newGate } = await import(new URL('native-gate.ts', process.env.PALM));
  const SIDE = 128;
  const region = (seed) => Float32Array.from({ length: SIDE * SIDE }, (_, i) => 0.5 + 0.3 * Math.sin(i * 0.37 + seed + (i >> 7) * (0.11 + seed / 50)));
  const model = await palmModel(newGate());
  await model.sign(region(1));
  await model.clean();
  const picture = region(2);
  const { vector, code } = await model.sign(picture);
  const disguised = (bytes) => bytes.map((byte) => byte ^ 0xa5);
  const wanted = {
    vector: disguised(new Uint8Array(vector.buffer, vector.byteOffset + 400, 32)),
    code: disguised(code.subarray(100, 132)),
    picture: disguised(new Uint8Array(picture.buffer, 20000, 32)),
  };
  const before = found();
  for (const buffer of [vector, code, picture]) buffer.fill(0);
  await model.clean();
  console.log(JSON.stringify({ before, after: found() }));

  function found() {
    const counts = { vector: 0, code: 0, picture: 0 };
    const memory = openSync('/proc/self/mem', 'r');
    const window = Buffer.alloc(1 << 22);
    for (const line of readFileSync('/proc/self/maps', 'utf8').split('\\n')) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (!range) continue;
      const end = parseInt(range[2], 16);
      for (let at = parseInt(range[1], 16); at < end; at += window.length - 64) {
        let size = 0;
        try { size = readSync(memory, window, 0, Math.min(window.length, end - at), at); } catch { break; }
        for (const name of Object.keys(wanted)) counts[name] += occurrences(window, size, wanted[name]);
      }
    }
    closeSync(memory);
    window.fill(0);
    return counts;
  }

  function occurrences(window, size, needle) {
    let count = 0;
    for (let i = window.indexOf(needle[0] ^ 0xa5); i >= 0 && i < size - needle.length; i = window.indexOf(needle[0] ^ 0xa5, i + 1)) {
      let k = 1;
      while (k < needle.length && window[i + k] === (needle[k] ^ 0xa5)) k++;
      if (k === needle.length) count++;
    }
    return count;
  }
`;

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('the memory of a process that signed a palm', () => {
  onLinux('holds neither picture nor signature once they are overwritten and the model is cleaned', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=palmledger-src', '--input-type=module', '--eval', SCRIPT],
      { env: { ...process.env, NODE_OPTIONS: '', PALM: new URL('.', import.meta.url).href } },
    );
    const { before, after } = JSON.parse(stdout) as Record<'before' | 'after', Record<string, number>>;
    expect(Math.min(...Object.values(before))).toBeGreaterThan(0);
    expect(after).toEqual({ vector: 0, code: 0, picture: 0 });
  });
});
