import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import type { DeviceCaller } from '../callers.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';
import { askKnownMember, verifyKnownMember } from './known-member.ts';
import { knownHandle } from './known.ts';
import { startEnrolment } from './start.ts';

let town: Town;
let ada: TownMember;
let shop: DeviceCaller;
beforeAll(async () => {
  town = await openTown();
  ada = await town.member();
  shop = await town.shop();
});
afterAll(() => town.close());

async function enrolling(): Promise<string> {
  const consent = { version: town.deps.policy.consentVersion, language: 'en' };
  return (await startEnrolment(town.deps, { caller: shop, request: asked(shop, randomUUID()), consent })).handle;
}

const statusOf = async (handle: string): Promise<string> =>
  (await load(town.deps.ledger, oneIds, enrolmentStream(town.deps, shop, handle))).state.status;

describe('somebody who enrols with a palm that is known', () => {
  it('shows to be that member by the code to its phone; the enrolment ends, and the member is told', async () => {
    const enrolment = await enrolling();
    const known = knownHandle(town.deps, shop, town.known(ada));
    const asking = await askKnownMember(town.deps, { caller: shop, request: asked(shop), enrolment, known });
    expect(Object.keys(asking)).toEqual(['codeExpiresAt']);
    const sent = (await town.messages()).filter(({ to, template }) => to === ada.number && template === 'change-code');
    const code = /\b\d{6}\b/.exec(sent.at(-1)!.text)![0];
    const verifying = { caller: shop, request: asked(shop), enrolment, known, code };
    expect(await verifyKnownMember(town.deps, verifying)).toMatchObject({ member: true });
    expect(await verifyKnownMember(town.deps, verifying)).toMatchObject({ member: true });
    expect(await statusOf(enrolment)).toBe('leaving');
    expect((await town.messages()).filter(({ template }) => template === 'palm-known')).toHaveLength(1);
  });

  it('by chance, without the code, opens nothing and goes on nowhere', async () => {
    const enrolment = await enrolling();
    const known = knownHandle(town.deps, shop, town.known(ada));
    await askKnownMember(town.deps, { caller: shop, request: asked(shop), enrolment, known });
    const guess = { caller: shop, request: asked(shop), enrolment, known, code: '999999' };
    await expect(verifyKnownMember(town.deps, guess)).rejects.toMatchObject({ code: 'code-wrong' });
    expect(await statusOf(enrolment)).toBe('enrolling');
  });

  it('at another device, is not known at all', async () => {
    const other = await town.shop();
    const known = knownHandle(town.deps, shop, town.known(ada));
    const enrolment = await enrolling();
    const stolen = askKnownMember(town.deps, { caller: other, request: asked(other), enrolment, known });
    await expect(stolen).rejects.toMatchObject({ code: 'enrolment-unknown' });
  });
});
