import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderRefused, openFolder } from './folder.ts';
import { movedClock } from './moved-clock.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('a data folder', () => {
  it('given none, is made for its purpose, for its owner alone, and knows it afterwards', () => {
    const data = join(parent, 'data');
    expect(openFolder(data, 'demo', new Date()).fresh).toBe(true);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(openFolder(data, 'demo', new Date())).toMatchObject({ purpose: 'demo', fresh: false });
  });

  it('given one that was made for something else, refuses: no clock is moved in a live folder', () => {
    const data = join(parent, 'data');
    openFolder(data, 'live', new Date());
    expect(() => openFolder(data, 'demo', new Date())).toThrow(FolderRefused);
  });

  it("given somebody else's folder, or a damaged one, touches nothing", () => {
    writeFileSync(join(parent, 'letter.txt'), 'dear');
    expect(() => openFolder(parent, 'live', new Date())).toThrow(FolderRefused);
    const data = join(parent, 'data');
    openFolder(data, 'live', new Date());
    writeFileSync(join(data, 'folder.json'), '{"format":');
    expect(() => openFolder(data, 'live', new Date())).toThrow(/damaged/);
  });
});

describe('a clock that is moved', () => {
  it('goes forward only, and remembers after a restart', () => {
    const clock = movedClock(parent);
    const later = new Date(Date.now() + 1_000_000_000);
    clock.moveTo(later);
    expect(movedClock(parent).now().getTime()).toBeGreaterThanOrEqual(later.getTime());
    expect(() => clock.moveTo(new Date())).toThrow(RangeError);
  });
});
