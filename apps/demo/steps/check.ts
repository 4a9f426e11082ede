import { expect } from '../report.ts';
import type { Company, Person, World } from '../world.ts';
import type { Step } from './step.ts';

interface Credential {
  readonly company: string;
  readonly device: string;
  readonly kind: 'badge' | 'loyalty' | 'subscription' | 'age';
  readonly reference: string;
  readonly facts: Readonly<Record<string, string>>;
}

const CREDENTIALS: readonly Credential[] = [
  { company: 'office', device: 'door', kind: 'badge', reference: 'E-1047', facts: { floor: '4' } },
  { company: 'shop', device: 'till', kind: 'loyalty', reference: 'L-88', facts: {} },
  { company: 'gym', device: 'door', kind: 'subscription', reference: 'S-3', facts: { plan: 'yearly' } },
  { company: 'registry', device: 'desk', kind: 'age', reference: 'R-1', facts: { band: 'over-18' } },
];

export const credentials: Step = {
  title: 'badge, loyalty card, subscription and age proof',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const answers: string[] = [];
    for (const credential of CREDENTIALS) {
      const before = await check(world, anna, credential);
      expect(before.answer === 'no', `${credential.kind} before it was granted: ${before.answer}`);
      await grant(world, anna, credential);
      const after = await check(world, anna, credential);
      expect(after.answer === 'yes', `${credential.kind} after it was granted: ${after.answer}`);
      expect(credential.kind !== 'age' || after['reference'] === undefined, 'a proof of age told more than the age');
      answers.push(credential.kind);
    }
    return `${answers.join(', ')}: no before the grant, yes after it`;
  },
};

async function grant(
  world: World,
  person: Person,
  { company, device, kind, reference, facts }: Credential,
): Promise<void> {
  const reader = world.notes.get<Company>(company).devices[device]!;
  const ticket = await reader.identify(person, 'left', { purpose: 'manage' });
  const body = { ticket: ticket.ticket, kind, reference, facts };
  const options = { idempotencyKey: ticket.request };
  await reader.client.request('POST', '/device/v1/members/credentials', body, options);
}

async function check(world: World, person: Person, { company, device, kind }: Credential) {
  const reader = world.notes.get<Company>(company).devices[device]!;
  const ticket = await reader.identify(person, 'left', { purpose: 'check' });
  return reader.client.check(ticket, kind);
}
