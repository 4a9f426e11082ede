import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { readSettings, Settings, type SettingsWrong } from './settings.ts';

function wrongLines(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    return (error as SettingsWrong).lines;
  }
}

describe('settings', () => {
  it('given none, they are the defaults', () => {
    expect(readSettings({})).toEqual(new Settings());
  });

  it('given .env.example, they are the defaults too: it lists every setting', () => {
    const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'));
    expect(Object.keys(example).sort()).toEqual(Object.keys(new Settings()).sort());
    expect(readSettings(example)).toEqual(new Settings());
  });

  it('given one that does not exist, it is named', () => {
    expect(wrongLines({ PALMLEDGER_DATTA: './x' })).toEqual([expect.stringContaining('PALMLEDGER_DATTA')]);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['PALMLEDGER_PURPOSE', 'play'],
    ['PALMLEDGER_PUBLIC_URL', 'not a url'],
    ['PALMLEDGER_KEYRING_REPLICAS', 'second'],
    ['PALMLEDGER_FALSE_POSITIVE_RATE', '2'],
  ])('given %s=%s, it is named and nothing starts', (name, value) => {
    expect(wrongLines({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it("leaves other programs' settings alone", () => {
    expect(readSettings({ HOME: '/nowhere', LANG: 'C' })).toEqual(new Settings());
  });
});
