import { Problem } from '#libs/device-protocol/client-errors.ts';
import { expect } from '../report.ts';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import type { World } from '../world.ts';
import { oneIdOf } from './audit.ts';
import { certified } from './certificate.ts';
import { enrolAt } from './enrol.ts';
import { payAt } from './pay.ts';
import { follow, type Seen } from './follow.ts';
import type { Step } from './step.ts';

export const adminErasure: Step = {
  title: 'an admin erasure with a second admin’s approval',
  run: async (world) => {
    const carla = world.person('carla', '+491701234570');
    await enrolAt(world, carla, 'left');
    const oneId = await oneIdOf(world, carla);
    const asked = `/admin/v1/one-ids/${oneId}/erasures`;
    const { erasure } = await world.admin.post<{ erasure: string }>(asked);
    const approval = `/admin/v1/erasures/${erasure}/approval`;
    const alone = await world.admin.post(approval).catch((error: unknown) => error);
    expect(alone instanceof Problem, 'one admin approved alone');
    const second = world.notes.get<PersonApi>('second admin');
    second.seen(world.admin.position ?? null);
    await second.post(approval);
    await moveClock(world, daysAfter(world.now(), 3.1));
    const last = await carla.phone.next('erased');
    await certified(world, receiptIn(last.text));
    const gone = await payAt(world, carla, 'left', 100).catch((error: unknown) => error);
    expect(gone instanceof Problem, `the erased palm pays: ${String(gone)} ${JSON.stringify(gone)}`);
    return 'one admin alone is refused; approved by a second, three days to object, certified; the palm is nobody';
  },
};

export const unusedForTwoYears: Step = {
  title: 'an ID unused for two years is warned, expires, and is erased',
  run: async (world) => {
    const dora = world.person('dora', '+491701234571');
    await enrolAt(world, dora, 'left');
    const oneId = await oneIdOf(world, dora);
    const enrolled = world.now();
    const service = world.notes.get<PersonApi>('service');
    const told = follow(service, 'one-id-changes', undefined, (seen) => hasType(seen, oneId, 'expired'));
    told.catch(() => undefined);
    await moveClock(world, daysAfter(enrolled, 730 - 30));
    const warning = await dora.phone.next('expiry-warned');
    await moveClock(world, daysAfter(enrolled, 730 + 1));
    const events = await told;
    expect(hasType(events, oneId, 'expiry-warned'), 'the warning is not on the topic');
    await dora.phone.next('erasure-started');
    await moveClock(world, daysAfter(enrolled, 730 + 5));
    const last = await dora.phone.next('erased');
    const receipt = receiptIn(last.text);
    await certified(world, receipt);
    return `events expiry-warned and expired on the topic; “${warning.subject}”, then “${last.subject}” with the receipt; certified`;
  },
};

/** Of this One ID: others grow old on the same day. */
function hasType(seen: readonly Seen[], oneId: string, type: string): boolean {
  return seen
    .map(({ data }) => JSON.parse(data) as { type: string; key: string })
    .some((message) => message.key === oneId && message.type.includes(`.${type}.`));
}

/** Only in a folder made for demo, test or seed. Jumping two years stops the sweep until an admin has looked at the clock. */
async function moveClock(world: World, to: Date): Promise<void> {
  await world.admin.post('/admin/v1/clock', { to: to.toISOString() });
  world.clockMoved(to);
  await world.admin.post('/admin/v1/sweep/confirmation');
}

function daysAfter(date: Date, days: number): Date {
  return new Date(date.getTime() + days * 86_400_000);
}

function receiptIn(text: string): string {
  const receipt = /\b[a-z2-7]{26}\.[A-Za-z0-9_-]{43}/.exec(text)?.[0];
  if (receipt === undefined) throw new Error('the last message has no receipt');
  return receipt;
}
