import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NoAnswer, Problem } from '#libs/device-protocol/client-errors.ts';
import { DeviceClient, newDeviceKeys } from '#libs/device-protocol/device-client.ts';
import { memoryStore, type DeviceStore } from '#libs/device-protocol/device-state.ts';
import { newId } from '#libs/runtime/ids.ts';
import { startSystem, type Started } from '#libs/testing/started.ts';

let system: Started;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const now = (): Date => system.running.parts.clock.now();
function clientOf(keys: CryptoKeyPair, store: DeviceStore, send: typeof fetch = fetch): DeviceClient {
  return new DeviceClient({ baseUrl: system.running.url, keys, store, now, fetch: send, attempts: 2 });
}
async function activated() {
  const [keys, store] = [await newDeviceKeys(), memoryStore()];
  await clientOf(keys, store).activate(await system.activationCode());
  return { keys, store };
}
const statusOf = (asking: Promise<unknown>): Promise<number> =>
  asking.then(
    () => 200,
    (error: unknown) => (error instanceof Problem ? error.status : -1),
  );

describe('a device that takes a new key', () => {
  it('goes on with it, and the old one lets nobody in any more', async () => {
    const { keys, store } = await activated();
    const client = clientOf(keys, store);
    const next = await newDeviceKeys();
    await client.rotateKeys(next);
    expect(await statusOf(client.heartbeat())).toBe(200);
    expect(await statusOf(clientOf(keys, store).heartbeat())).toBe(401);
    expect(await statusOf(clientOf(next, store).heartbeat())).toBe(200);
  });

  it('whose answer was lost, finds out by asking again, and is not taken for a clone', async () => {
    const { keys, store } = await activated();
    let lose = true;
    const losing: typeof fetch = async (...asked) => {
      const answer = await fetch(...asked);
      if (lose) throw new TypeError('the line broke');
      return answer;
    };
    const client = clientOf(keys, store, losing);
    const next = await newDeviceKeys();
    await expect(client.rotateKeys(next)).rejects.toBeInstanceOf(NoAnswer);
    lose = false;
    await client.rotateKeys(next);
    expect(await statusOf(client.heartbeat())).toBe(200);
  });

  it('that another device holds, is refused', async () => {
    const [one, other] = [await activated(), await activated()];
    await clientOf(one.keys, one.store).rotateKeys(await newDeviceKeys());
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', other.keys.publicKey)).toString('base64url');
    const body = { publicKey, proof: Buffer.alloc(64).toString('base64url') };
    const stolen = clientOf(other.keys, other.store).request('POST', '/device/v1/keys', body);
    await expect(stolen).rejects.toMatchObject({ status: 422 });
  });
});

describe('what a device asks for by an id', () => {
  it('that names nothing, is not found, whatever the id looks like', async () => {
    const { keys, store } = await activated();
    const client = clientOf(keys, store);
    for (const id of [newId(), 'x', '%00', 'a'.repeat(500), '..%2f..', 'ä'])
      for (const kind of ['payments', 'visits'])
        expect(await statusOf(client.request('GET', `/device/v1/${kind}/${id}`))).toBe(404);
  });
});
