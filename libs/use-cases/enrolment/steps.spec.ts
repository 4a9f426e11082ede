import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/runtime/clock.ts';
import { asked, openTown, VISA, type Town } from '#libs/testing/town.ts';
import { systemWho } from '#libs/workflows/system.ts';
import type { DeviceCaller } from '../callers.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { addEnrolmentCard } from './card.ts';
import { completeEnrolment } from './complete.ts';
import { enrolmentStream } from './handle.ts';
import { enrolPalm } from './palm.ts';
import { addEnrolmentPhone, verifyEnrolmentPhone } from './phone.ts';
import { startEnrolment, type StartEnrolment } from './start.ts';

let town: Town;
let till: DeviceCaller;
let numbers = 0;
beforeAll(async () => {
  town = await openTown();
});
beforeEach(async () => {
  till = await town.shop();
});
afterAll(() => town.close());

const later = (hours: number): void =>
  town.house.clock.moveTo(new Date(town.deps.clock.now().getTime() + hours * 3_600_000));
const starting = (): StartEnrolment => ({
  caller: till,
  request: asked(till),
  consent: { version: town.deps.policy.consentVersion, language: 'en' },
});
const streamOf = (handle: string): string => enrolmentStream(town.deps, till, handle);
const stateOf = async (handle: string) => (await load(town.deps.ledger, oneIds, streamOf(handle))).state;

async function withPalm(enrolment: string): Promise<void> {
  const signed = { method: 'POST', url: 'https://palm.test/', headers: {}, body: new Uint8Array() };
  const input = { caller: till, request: asked(till), signed, enrolment, hand: 'left', capture: 'x' } as const;
  const { palm } = await enrolPalm(town.deps, input);
  expect((await enrolPalm(town.deps, input)).palm).toBe(palm);
  const matchable = { type: 'MarkPalmMatchable', at: isoNow(town.deps.clock), palm } as const;
  await decideOn(town.deps, oneIds, streamOf(enrolment), matchable, systemWho('test'));
}
async function withCard(enrolment: string): Promise<void> {
  const request = asked(till);
  const card = await town.sealedCard(VISA, request, till.device);
  const input = { caller: till, request, enrolment, card };
  const added = await addEnrolmentCard(town.deps, input);
  expect(added).toMatchObject({ brand: 'visa', lastFour: '1111' });
  expect((await addEnrolmentCard(town.deps, input)).card).toBe(added.card);
}
async function askedCode(enrolment: string): Promise<string> {
  const number = `+4179444${String((numbers += 1)).padStart(4, '0')}`;
  await addEnrolmentPhone(town.deps, { caller: till, request: asked(till), enrolment, number });
  const sent = (await town.messages()).filter(({ to }) => to === number);
  return /\b\d{6}\b/.exec(sent.at(-1)!.text)![0];
}
const completing = (enrolment: string) => ({ caller: till, request: asked(till), enrolment });

describe('an enrolment', () => {
  it('goes from consent to palm, card and phone, each step once however often it is asked', async () => {
    const start = starting();
    const { handle, enrolBy } = await startEnrolment(town.deps, start);
    await withPalm(handle);
    await withCard(handle);
    const verifying = { caller: till, request: asked(till), enrolment: handle, code: await askedCode(handle) };
    await verifyEnrolmentPhone(town.deps, verifying);
    await verifyEnrolmentPhone(town.deps, verifying);
    const complete = completing(handle);
    const done = await completeEnrolment(town.deps, complete);
    later(30);
    const again = await completeEnrolment(town.deps, complete);
    expect(again).toMatchObject({ completedAt: done.completedAt, durationMs: done.durationMs });
    const begunAgain = await startEnrolment(town.deps, start);
    expect([streamOf(begunAgain.handle), begunAgain.enrolBy]).toEqual([streamOf(handle), enrolBy]);
    expect(await stateOf(handle)).toMatchObject({ status: 'active', palms: [{ hand: 'left' }] });
  });

  it('given the right code twenty times at once, takes it once and lets all of them know', async () => {
    const { handle } = await startEnrolment(town.deps, starting());
    const verifying = { caller: till, request: asked(till), enrolment: handle, code: await askedCode(handle) };
    const all = await Promise.all(Array.from({ length: 20 }, () => verifyEnrolmentPhone(town.deps, verifying)));
    expect(all).toHaveLength(20);
    expect(await stateOf(handle)).toMatchObject({ phones: [{ verified: true }] });
  });

  it('given a wrong code, says so, and the same request is decided afresh', async () => {
    const { handle } = await startEnrolment(town.deps, starting());
    const right = await askedCode(handle);
    const code = right === '000000' ? '000001' : '000000';
    const wrong = verifyEnrolmentPhone(town.deps, { caller: till, request: asked(till), enrolment: handle, code });
    await expect(wrong).rejects.toMatchObject({ code: 'code-wrong' });
    await verifyEnrolmentPhone(town.deps, { caller: till, request: asked(till), enrolment: handle, code: right });
  });

  it('that was refused as incomplete and lapsed since, is not completed by asking again', async () => {
    const { handle } = await startEnrolment(town.deps, starting());
    await withPalm(handle);
    await withCard(handle);
    const complete = completing(handle);
    await expect(completeEnrolment(town.deps, complete)).rejects.toMatchObject({ code: 'enrolment-incomplete' });
    const code = await askedCode(handle);
    await verifyEnrolmentPhone(town.deps, { caller: till, request: asked(till), enrolment: handle, code });
    later(25);
    await expect(completeEnrolment(town.deps, complete)).rejects.toMatchObject({ code: 'enrolment-lapsed' });
  });

  it('given another text than the one in force, does not begin', async () => {
    const start = { ...starting(), consent: { version: 'older', language: 'en' } };
    await expect(startEnrolment(town.deps, start)).rejects.toMatchObject({ code: 'consent-outdated' });
  });

  it('given the text changed after it began, the request again hears the first success', async () => {
    const start = starting();
    const { handle } = await startEnrolment(town.deps, start);
    const deps = { ...town.deps, policy: { ...town.deps.policy, consentVersion: 'next' } };
    expect(streamOf((await startEnrolment(deps, start)).handle)).toBe(streamOf(handle));
  });

  it('belongs to the device that began it', async () => {
    const { handle } = await startEnrolment(town.deps, starting());
    const other = await town.shop();
    const stolen = completeEnrolment(town.deps, { caller: other, request: asked(other), enrolment: handle });
    await expect(stolen).rejects.toMatchObject({ code: 'enrolment-unknown' });
  });
});
