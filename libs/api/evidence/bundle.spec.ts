import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyBundle } from '#libs/evidence/bundle.ts';
import { openEdges, type Edges } from '#libs/testing/edges.ts';
import { serve, type Served } from '#libs/testing/served.ts';
import { openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { evidenceApi } from './module.ts';

let town: Town;
let edges: Edges;
let served: Served;
let auditor: string;
let anna: TownMember;
beforeAll(async () => {
  town = await openTown();
  edges = openEdges(town);
  served = await serve(town.deps, [evidenceApi], edges.providers);
  auditor = (await served.principal('auditor')).token;
  anna = await town.member();
});
afterAll(async () => {
  await served.stop();
  await edges.stop();
  await town.close();
});

const key = () => town.deps.keys.evidence.publicKey;
const bundle = async (query: string) => {
  const { status, body } = await served.get(`/auditor/v1/evidence/bundle?${query}`, auditor);
  return { status, body: body as string, problem: body as { type: string } };
};
const kindsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const { event } = JSON.parse(line) as { event?: { type: string } };
      return event === undefined ? [] : [event.type];
    });

describe('The bundle of an auditor', () => {
  it('given a span, is every event of it as stored; it verifies elsewhere with the key alone', async () => {
    const { status, body } = await bundle('from=1&to=100000');
    expect(status).toBe(200);
    const facts = verifyBundle(Buffer.from(body), key());
    const { records } = await town.deps.ledger.readAll({ after: 0n, limit: 500 });
    const covered = BigInt(facts.heads.at(-1)!.position);
    expect(kindsIn(body)).toEqual(records.filter(({ position }) => position <= covered).map(({ type }) => type));
    expect(facts).toMatchObject({ pruned: 0, events: kindsIn(body).length });
  });

  it('given a few positions within it, is those alone, with the heads that first spoke for them', async () => {
    const all = await town.deps.ledger.readAll({ after: 0n, limit: 500 });
    const [from, to] = [all.records[2]!.position, all.records[5]!.position];
    const facts = verifyBundle(Buffer.from((await bundle(`from=${from}&to=${to}`)).body), key());
    expect(facts.events).toBe(4);
    expect(BigInt(facts.heads[0]!.treeSize)).toBeGreaterThanOrEqual(3n);
  });

  it('given a member’s stream, is a look with its reason; from before the erasure it verifies after it', async () => {
    const query = `stream=${anna.stream}`;
    expect((await bundle(query)).problem.type).toContain('reason-missing');
    const { body } = await bundle(`${query}&reason=yearly-audit`);
    expect(kindsIn(body)).toContain('LookRecorded');
    expect(body).not.toContain(anna.number);
    await town.deps.ledger.prune(anna.stream);
    expect(verifyBundle(Buffer.from(body), key()).events).toBe(kindsIn(body).length);
    expect(await bundle(`${query}&reason=yearly-audit`)).toMatchObject({ status: 404 });
    const span = await bundle('from=1&to=100000');
    expect(verifyBundle(Buffer.from(span.body), key()).pruned).toBe(kindsIn(body).length);
  });

  it.each(['', 'from=1', 'stream=visit-a&from=1&to=2', 'from=x&to=2', 'stream=../x', 'from=9&to=1', 'stream=visit-a'])(
    'given %j, is refused',
    async (query) => {
      expect([404, 422]).toContain((await bundle(query)).status);
    },
  );
});
