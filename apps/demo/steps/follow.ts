import { createParser } from 'eventsource-parser';
import { expect } from '../report.ts';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import type { Person, World } from '../world.ts';
import { payAt } from './pay.ts';
import type { Step } from './step.ts';

const PATIENCE_MS = 20_000;
const NAME = 'Bookkeeping';

export const followTopics: Step = {
  title: 'a service follows topics, is cut off, and goes on where it was',
  run: async (world) => {
    const service = await subscribe(world);
    world.notes.put('service', service);
    const first = await follow(service, 'purchases', undefined, (seen) => seen.length >= 3);
    await payAt(world, world.notes.get<Person>('anna'), 'left', 210);
    const second = await follow(service, 'purchases', first.at(-1)!.id, (seen) =>
      seen.some(({ data }) => data.includes('captured')),
    );
    const ids = [...first, ...second].map(({ messageId }) => messageId);
    expect(new Set(ids).size === ids.length, 'something came twice');
    return `${first.length} messages, cut off, then ${second.length} more: none missed, none twice`;
  },
};

async function subscribe(world: World): Promise<PersonApi> {
  const { admin } = world;
  await retireEarlier(admin);
  const { subscriber } = await admin.post<{ subscriber: string }>('/admin/v1/subscribers', {
    name: NAME,
    topics: ['purchases', 'erasures', 'one-id-changes'],
    acknowledgesErasures: true,
  });
  const invitation = { name: NAME, contact: 'demo@example.com', role: 'service', subscriber };
  const service = world.principal(await admin.post('/admin/v1/principals', invitation));
  service.seen(admin.position ?? null);
  return service;
}

/** An earlier play's service answers to no erasure any more, and every certificate would wait for it. */
async function retireEarlier(admin: PersonApi): Promise<void> {
  const { items } = await admin.get<{ items: readonly { subscriber: string; name: string; retired?: boolean }[] }>(
    '/admin/v1/subscribers?limit=200',
  );
  for (const { subscriber, name, retired } of items)
    if (name === NAME && retired !== true)
      await admin.post(`/admin/v1/subscribers/${subscriber}/retirement`, { reason: 'earlier-play' });
}

export interface Seen {
  readonly id: string;
  readonly messageId: string;
  readonly data: string;
}

/** Reads the stream until it has seen enough, then cuts the line, as a network would. */
export async function follow(
  service: PersonApi,
  topic: string,
  after: string | undefined,
  enough: (seen: readonly Seen[]) => boolean,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  const answer = await service.fetch('GET', `/service/v1/topics/${topic}/stream${query}`);
  expect(answer.ok && answer.body !== null, `the stream answers ${answer.status}`);
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event !== topic || id === undefined) return;
      seen.push({ id, data, messageId: (JSON.parse(data) as { id: string }).id });
    },
  });
  const late = AbortSignal.timeout(PATIENCE_MS);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  late.addEventListener('abort', () => void reader.cancel());
  while (!enough(seen)) {
    const { done, value } = await reader.read();
    if (done) throw new Error('the stream ended before enough was seen');
    parser.feed(value);
  }
  await reader.cancel();
  return seen;
}
