import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BadKeyName, KeyGone, KeyringUnavailable, KeyUnknown, SealBroken } from './errors.ts';
import type { Keyring } from './port.ts';

export interface KeyringUnderTest {
  readonly keyring: Keyring;
  /** Closes it and opens it again, as a restart does. */
  reopen(): Promise<Keyring>;
  /** Removes what the test left. */
  end(): Promise<void>;
}

const text = (value: string): Uint8Array => Buffer.from(value);

/** What every keyring does. */
export function keyringContract(adapter: string, start: () => Promise<KeyringUnderTest>): void {
  describe(`a keyring (${adapter})`, () => {
    let under: KeyringUnderTest;
    let keyring: Keyring;

    const seal = async (key: string, value: string, context = 'c'): Promise<Uint8Array> => {
      const [sealed] = await keyring.seal([{ key, plaintext: text(value), context }]);
      return sealed as Uint8Array;
    };
    const open = async (key: string, ciphertext: Uint8Array, context = 'c'): Promise<string> => {
      const [opened] = await keyring.open([{ key, ciphertext, context }]);
      return opened === 'gone' ? 'gone' : Buffer.from(opened as Uint8Array).toString();
    };

    beforeEach(async () => {
      under = await start();
      keyring = under.keyring;
    });
    afterEach(() => under.end());

    it('opens what it sealed, after a restart too', async () => {
      await keyring.make(['oneId-a', 'oneId-a/card']);
      const sealed = await seal('oneId-a/card', '4242');
      expect(await open('oneId-a/card', sealed)).toBe('4242');
      keyring = await under.reopen();
      expect(await open('oneId-a/card', sealed)).toBe('4242');
    });

    it('seals the same value differently each time, and an empty value too', async () => {
      await keyring.make(['k']);
      const [one, two] = [await seal('k', 'same'), await seal('k', 'same')];
      expect(Buffer.from(one)).not.toEqual(Buffer.from(two));
      expect(await open('k', await seal('k', ''))).toBe('');
    });

    it('answers in the order asked, over many items', async () => {
      const names = Array.from({ length: 700 }, (_, i) => `oneId-x/${i}`);
      await keyring.make(names);
      const sealed = await keyring.seal(names.map((key) => ({ key, plaintext: text(key), context: key })));
      const items = names.map((key, i) => ({ key, ciphertext: sealed[i] as Uint8Array, context: key }));
      const opened = await keyring.open([...items].reverse());
      expect(opened.map((value) => Buffer.from(value as Uint8Array).toString())).toEqual([...names].reverse());
    });

    it('leaves a key that lives as it is when it is made again', async () => {
      await keyring.make(['k']);
      const sealed = await seal('k', 'v');
      await keyring.make(['k', 'l', 'l']);
      expect(await open('k', sealed)).toBe('v');
      expect(await keyring.has(['k', 'l', 'm'])).toEqual([true, true, false]);
    });

    it('refuses to open an altered ciphertext, another context, or under another key', async () => {
      await keyring.make(['k', 'l']);
      const sealed = await seal('k', 'value', 'stream/event/field');
      for (let i = 0; i < sealed.length; i++) {
        const altered = Uint8Array.from(sealed);
        altered[i] = (altered[i] as number) ^ 1;
        await expect(open('k', altered, 'stream/event/field')).rejects.toThrow(SealBroken);
      }
      await expect(open('k', sealed, 'stream/event/other')).rejects.toThrow(SealBroken);
      await expect(open('l', sealed, 'stream/event/field')).rejects.toThrow(SealBroken);
      await expect(open('k', sealed.subarray(0, 20), 'stream/event/field')).rejects.toThrow(SealBroken);
    });

    it('never makes a key by sealing, and opens as gone what never had one', async () => {
      await keyring.make(['k']);
      const sealed = await seal('k', 'v');
      await expect(seal('never', 'v')).rejects.toThrow(KeyUnknown);
      expect(await keyring.has(['never'])).toEqual([false]);
      expect(await open('never', sealed)).toBe('gone');
    });

    it('refuses a name that is none, and a kind or a count that is none', async () => {
      await expect(keyring.make([''])).rejects.toThrow(BadKeyName);
      await expect(keyring.make(['x'.repeat(257)])).rejects.toThrow(BadKeyName);
      await expect(keyring.reserve('no-kind')).rejects.toThrow(BadKeyName);
      await expect(keyring.reserve('payment', 0)).rejects.toThrow(RangeError);
    });

    it('gives random ids whose keys are there, each once', async () => {
      const some = await keyring.reserve('payment', 300);
      const more = await Promise.all(Array.from({ length: 40 }, () => keyring.reserve('payment')));
      const ids = [...some, ...more.flat()];
      expect(new Set(ids).size).toBe(340);
      expect(ids.every((id) => /^[a-z2-7]{26}$/.test(id))).toBe(true);
      const sealed = await seal(`payment-${ids[0]}`, '12.50');
      keyring = await under.reopen();
      expect(await open(`payment-${ids[0]}`, sealed)).toBe('12.50');
      expect(await keyring.has(ids.map((id) => `payment-${id}`))).not.toContain(false);
      expect(await keyring.has([`visit-${ids[0]}`])).toEqual([false]);
      const next = await keyring.reserve('payment', 10);
      expect(ids).not.toEqual(expect.arrayContaining(next));
    });

    it('derives the same bytes under a key and a purpose, and none once the key is gone', async () => {
      await keyring.make(['k', 'l']);
      const one = await keyring.derive('k', 'merchant-1', 16);
      expect(one).toHaveLength(16);
      expect(await keyring.derive('k', 'merchant-1', 16)).toEqual(one);
      expect(await keyring.derive('k', 'merchant-2', 16)).not.toEqual(one);
      expect(await keyring.derive('l', 'merchant-1', 16)).not.toEqual(one);
      await keyring.destroy(['k']);
      expect(await keyring.derive('k', 'merchant-1', 16)).toBe('gone');
    });

    it('given a destroyed key, opens nothing of it, seals nothing, and never makes it again', async () => {
      await keyring.make(['doomed', 'stays']);
      const [lost, kept] = [await seal('doomed', 'v'), await seal('stays', 'w')];
      await keyring.destroy(['doomed']);
      for (const restarted of [false, true]) {
        if (restarted) keyring = await under.reopen();
        expect(await open('doomed', lost)).toBe('gone');
        await expect(seal('doomed', 'v')).rejects.toThrow(KeyGone);
        await expect(keyring.make(['other', 'doomed'])).rejects.toThrow(KeyGone);
        expect(await keyring.has(['other', 'doomed', 'stays'])).toEqual([false, false, true]);
        expect(await open('stays', kept)).toBe('w');
      }
    });

    it('given a name that never had a key, destroys it for good as well', async () => {
      await keyring.destroy(['never']);
      await expect(keyring.make(['never'])).rejects.toThrow(KeyGone);
    });

    it('names the walk and every copy, and answers a repeat with the same walk', async () => {
      await keyring.make(['a', 'b']);
      const before = (await keyring.status()).epoch;
      const first = await keyring.destroy(['a']);
      expect(first.epoch).toBe(before + 1);
      expect(first.copies.length).toBeGreaterThan(0);
      expect(first.copies.every(({ masterKeyOverwritten }) => masterKeyOverwritten)).toBe(true);
      await keyring.destroy(['b']);
      expect(await keyring.destroy(['a'])).toEqual(first);
      keyring = await under.reopen();
      expect((await keyring.destroy(['a'])).epoch).toBe(before + 2);
    });

    it('shares walks among destructions that come together', async () => {
      const names = Array.from({ length: 1000 }, (_, i) => `oneId-${i}`);
      await keyring.make(names);
      const before = (await keyring.status()).epoch;
      await Promise.all(names.map((name) => keyring.destroy([name])));
      const after = await keyring.status();
      expect(after.epoch - before).toBeLessThan(5);
      expect(after.destroyed).toBe(1000);
      expect(await keyring.has(names)).not.toContain(true);
    });

    it('destroys twenty thousand keys in one walk, while others are made, reserved, sealed and opened', async () => {
      const names = Array.from({ length: 20_000 }, (_, i) => `oneId-${i}`);
      await keyring.make([...names, 'stays']);
      const sealed = await seal('stays', 'v');
      const before = (await keyring.status()).epoch;
      let ended = false;
      const destroying = keyring.destroy(names).finally(() => (ended = true));
      let rounds = 0;
      while (!ended) {
        const key = `made-${rounds++}`;
        await keyring.make([key]);
        expect(await open(key, await seal(key, 'w'))).toBe('w');
        expect(await open('stays', sealed)).toBe('v');
        expect(await keyring.reserve('payment')).toHaveLength(1);
      }
      expect((await destroying).epoch).toBe(before + 1);
      expect(rounds).toBeGreaterThan(0);
      const made = Array.from({ length: rounds }, (_, i) => `made-${i}`);
      expect(await keyring.has(made)).not.toContain(false);
      expect(await keyring.has(names)).not.toContain(true);
    });

    it('never opens after a destruction has ended, however many were opening meanwhile', async () => {
      const names = Array.from({ length: 50 }, (_, i) => `oneId-${i}`);
      await keyring.make(names);
      keyring = await under.reopen();
      let over = false;
      const opening = Array.from({ length: 8 }, async () => {
        while (!over) {
          await keyring.has(names);
          await setImmediate();
        }
      });
      await keyring.destroy(names);
      expect(await keyring.has(names)).not.toContain(true);
      over = true;
      await Promise.all(opening);
      expect(await keyring.has(names)).not.toContain(true);
    });

    it('does nothing once closed', async () => {
      await keyring.make(['k']);
      await keyring.close();
      await expect(keyring.make(['l'])).rejects.toThrow(KeyringUnavailable);
      await expect(seal('k', 'v')).rejects.toThrow(KeyringUnavailable);
      await expect(keyring.destroy(['k'])).rejects.toThrow(KeyringUnavailable);
    });
  });
}
