import type { Payment } from '#libs/device-protocol/messages.ts';
import { randomUUID } from 'node:crypto';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import { oneIdOf } from '#apps/demo/steps/audit.ts';
import { shown, till } from '#apps/demo/steps/enrol.ts';
import { payAt } from '#apps/demo/steps/pay.ts';
import type { Company, Person, World } from '#apps/demo/world.ts';
import type { Drawn } from './drawn.ts';

/** What everybody buys, in minor units: the same, so that no amount is anybody's own. */
const AMOUNTS = [450, 1250, 450, 320];
const CONSENT = { version: '2026-11', language: 'en' };

/** Enrols everybody; then all buy the same at the same till and gate, in turns. The first of them is the one who will leave. */
export async function live(world: World, people: readonly Drawn[]): Promise<Person[]> {
  const persons = people.map(({ name, phone }) => world.person(name, phone));
  for (const [at, person] of persons.entries()) await enrol(world, person, people[at]!);
  for (const amount of AMOUNTS) for (const person of persons) await payAt(world, person, 'left', amount);
  for (const person of persons) await visit(world, person);
  for (const [at, person] of persons.entries()) await platform(world, person, people[at]!);
  await oneIdOf(world, persons[0]!);
  return persons;
}

async function enrol(world: World, person: Person, { card }: Drawn): Promise<void> {
  const device = till(world);
  const { client } = device;
  const { handle } = await client.startEnrolment(CONSENT);
  await shown(async () => client.enrolPalm(handle, 'left', await device.capture(person.name, 'left')));
  await client.enrolCard(handle, { pan: card, expiry: '2031-12' });
  await client.enrolPhone(handle, person.phone.number);
  await client.verifyPhone(handle, await person.phone.code('phone-code'));
  await client.completeEnrolment(handle);
}

async function visit(world: World, person: Person): Promise<void> {
  const shop = world.notes.get<Company>('shop');
  const gate = shop.devices['gate']!;
  const entered = await gate.client.enter(await gate.identify(person, 'left', { purpose: 'enter' }));
  const item = { movement: 'taken', line: '1', article: 'Bread', quantity: 1, unitPrice: 320 };
  await shop.api.post(`/merchant/v1/visits/${entered.visit}/items`, item);
  await gate.client.leave(await gate.identify(person, 'left', { purpose: 'leave' }));
}

/** What else is known of somebody: a linked account, a loyalty card, a dispute in own words, and a download of everything. */
async function platform(world: World, person: Person, drawn: Drawn): Promise<void> {
  const shop = world.notes.get<Company>('shop');
  const device = till(world);
  const { proof } = await shop.api.post<{ proof: string }>('/merchant/v1/link-proofs', { account: drawn.account });
  await person.api.post('/member/v1/link', { proof });
  const ticket = await device.identify(person, 'left', { purpose: 'manage' });
  const loyalty = { ticket: ticket.ticket, kind: 'loyalty', reference: drawn.loyalty, facts: {} };
  await device.client.request('POST', '/device/v1/members/credentials', loyalty, { idempotencyKey: ticket.request });
  const check = await device.identify(person, 'left', { purpose: 'check' });
  await device.client.check(check, 'loyalty');
  await dispute(world, person, await payAt(world, person, 'left', 450), drawn.said);
  await download(world, person);
}

async function dispute(world: World, person: Person, { payment }: Payment, said: string): Promise<void> {
  const path = `/member/v1/expenses/${payment}/disputes`;
  const { dispute: reference } = await person.api.post<{ dispute: string }>(path, { said });
  world.admin.seen(person.api.position ?? null);
  const decision = { outcome: 'for-merchant', said: 'The palm was well over the threshold.' };
  await world.admin.post(`/admin/v1/disputes/${payment}/${reference}/decision`, decision);
}

async function download(world: World, person: Person): Promise<void> {
  const asked = await person.api.post<{ change: string; confirmationCode: string }>('/member/v1/downloads');
  await confirm(world, person, asked.confirmationCode);
  await person.api.get(`/member/v1/downloads/${asked.change}`);
}

/** By palm: so it takes effect at once. Gives the receipt. */
export async function leave(world: World, person: Person): Promise<string> {
  const asked = await person.api.post<{ receipt: string; confirmationCode: string }>('/member/v1/leaving');
  await confirm(world, person, asked.confirmationCode);
  return asked.receipt;
}

async function confirm(world: World, person: Person, code: string): Promise<void> {
  const ticket = await till(world).identify(person, 'left', { purpose: 'confirm' });
  await till(world).client.confirm(ticket, code);
}

/** A service that reads every topic and has to acknowledge erasures. */
export async function subscribe(world: World, topics: readonly string[]): Promise<PersonApi> {
  const { admin } = world;
  const name = `Bookkeeping ${randomUUID().slice(0, 4)}`;
  const asked = { name, topics, acknowledgesErasures: true };
  const { subscriber } = await admin.post<{ subscriber: string }>('/admin/v1/subscribers', asked);
  const invitation = { name, contact: 'service@example.com', role: 'service', subscriber };
  const service = world.principal(await admin.post('/admin/v1/principals', invitation));
  service.seen(admin.position ?? null);
  return world.notes.put('service', service);
}
