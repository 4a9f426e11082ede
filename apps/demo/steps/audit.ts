import { expect } from '../report.ts';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import type { Person, World } from '../world.ts';
import type { Step } from './step.ts';

interface Replay {
  readonly asOf: string;
  readonly state: { readonly cards: readonly unknown[]; readonly palms: readonly unknown[] };
  readonly events: readonly { readonly type: string }[];
}

/** Taken right after the enrolment: what was known then is asked for much later. */
export const remember: Step = {
  title: 'an admin finds an account by phone, with the member’s code',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    world.notes.put('early', world.now().toISOString());
    const oneId = world.notes.put('anna’s One ID', await oneIdOf(world, anna));
    return `One ID ${oneId.slice(0, 6)}…, and the look is recorded`;
  },
};

/** By the member's phone and the code that went there: nobody is looked up behind their back. */
export async function oneIdOf(world: World, person: Person): Promise<string> {
  await world.admin.post('/admin/v1/one-ids/search', { phone: person.phone.number });
  const found = await world.admin.post<{ oneId: string }>('/admin/v1/one-ids/search/confirm', {
    phone: person.phone.number,
    code: await person.phone.code('change-code'),
    reason: 'member-asked',
  });
  return found.oneId;
}

export const replay: Step = {
  title: 'an auditor’s replay of the account as of an earlier moment',
  run: async (world) => {
    const auditor = world.notes.get<PersonApi>('auditor');
    auditor.seen(world.notes.get<Person>('anna').api.position ?? null);
    const base = `/auditor/v1/accounts/${world.notes.get<string>('anna’s One ID')}/replay?reason=yearly-audit&limit=200`;
    const early = await auditor.get<Replay>(`${base}&at=${encodeURIComponent(world.notes.get('early'))}`);
    const now = await auditor.get<Replay>(base);
    expect(early.state.cards.length === 1 && now.state.cards.length === 2, 'the cards of then and now do not differ');
    expect(early.events.length < now.events.length, 'nothing happened since');
    return `then 1 card and ${early.events.length} events, now 2 cards and ${now.events.length}; position ${early.asOf} named`;
  },
};
