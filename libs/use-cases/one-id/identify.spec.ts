import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeviceCaller } from '../callers.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { pauseOneId, unpauseOneId } from '../standing/pause.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { identify } from './identify.ts';

const signed = { method: 'POST', url: 'https://palm.test', headers: {}, body: new Uint8Array() };
const WHO = systemWho('test');
let town: Town;
let till: DeviceCaller;
beforeAll(async () => {
  town = await openTown();
  till = await town.shop();
});
afterAll(() => town.close());

/** The zone's index stands still here, as one that lags does: it always finds this member. */
function held(member: TownMember) {
  const request = asked(till);
  const ticket = town.ticket(member, 'confirm', request);
  const expiresAt = isoNow(town.deps.clock);
  const recognition = {
    ...town.deps.recognition,
    identify: () => Promise.resolve({ outcome: 'ticket', ticket, expiresAt } as const),
  };
  const { idempotencyKey } = request;
  const input = { caller: till, signed, idempotencyKey, purpose: 'confirm', capture: 'sealed' } as const;
  return identify({ ...town.deps, recognition }, input);
}

describe('a palm that an index still finds', () => {
  it('given a pause, is nobody from the answer on; given its end, is somebody again', async () => {
    const ada = await town.member();
    const { caller } = ada;
    expect(await held(ada)).toMatchObject({ outcome: 'ticket' });
    await pauseOneId(town.deps, { caller, request: asked(caller) });
    await expect(held(ada)).rejects.toMatchObject({ code: 'nobody' });
    await unpauseOneId(town.deps, { caller, request: asked(caller) });
    expect(await held(ada)).toMatchObject({ outcome: 'ticket' });
  });

  it.each([
    ['a suspension', { type: 'Suspend', reason: 'court-order' }],
    ['a wish to leave', { type: 'RequestErasure', reason: 'admin', sealed: { erasure: newId() } }],
  ] as const)('given %s, is nobody', async (_, command) => {
    const ben = await town.member();
    await decideOn(town.deps, oneIds, ben.stream, { ...command, at: isoNow(town.deps.clock) }, WHO);
    await expect(held(ben)).rejects.toMatchObject({ code: 'nobody' });
  });

  it('given that this palm was removed or belongs to somebody else, is nobody', async () => {
    const cleo = await town.member();
    await expect(held({ ...cleo, palm: newId() })).rejects.toMatchObject({ code: 'nobody' });
  });
});
