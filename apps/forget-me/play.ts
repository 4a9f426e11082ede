import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstance } from '#apps/demo/instance.ts';
import { drawnPalms, type Hand, type Palms } from '#apps/demo/palms.ts';
import { certified } from '#apps/demo/steps/certificate.ts';
import { setUp } from '#apps/demo/steps/set-up.ts';
import { newWorld } from '#apps/demo/world.ts';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import { asOfThatDay, attack } from './attack.ts';
import { drawPeople } from './drawn.ts';
import type { Findings } from './findings.ts';
import { leave, live, subscribe } from './life.ts';
import { searchMemory } from './memory.ts';
import { shownNeedles, valueNeedles } from './plants.ts';
import { askForProofs, publicKeyOf } from './proofs.ts';
import { readTopics, TOPICS } from './read-topics.ts';
import { searchFor } from './search.ts';
import { replicaIn, takeCopy } from './take-copy.ts';

export interface Asked {
  readonly seed: string;
  /** Keeps the instance and the copies there. */
  readonly keep?: string;
  readonly tell: (line: string) => void;
}

/** Plays it from the first palm to the last attack. */
export async function play({ seed, keep, tell }: Asked): Promise<Findings> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'palmledger-forget-me-'));
  mkdirSync(join(folder, 'backups'), { recursive: true });
  const instance = await startInstance(folder, { PALMLEDGER_KEYRING_REPLICAS: replicaIn(folder) });
  let stopping: Promise<void> | undefined;
  try {
    const place = { folder, pid: instance.pid! };
    const people = drawPeople(seed);
    const [drawn] = people as [(typeof people)[number]];
    const pictures: Uint8Array[] = [];
    const world = newWorld(instance, remembering(drawnPalms(), drawn.name, pictures));
    tell('an instance of its own, with a replica of its keyring');
    await setUp.run(world);
    const service = await subscribe(world, TOPICS);
    const [person] = await live(world, people);
    tell(`${people.length} people enrolled; each bought at the same till, for the same amounts`);
    await world.admin.post('/admin/v1/backups');
    const before = takeCopy('before', place, await readTopics(service));
    const day = await asOfThatDay(before, drawn);
    const wanted = day.records.filter(({ stream }) => stream === day.person.oneId);
    const proofs = await askForProofs(world.notes.get<PersonApi>('auditor'), wanted);
    const shownBefore = await shownNeedles(pictures.splice(0));
    const memoryBefore = searchMemory(place.pid, searchFor(shownBefore));
    tell('copied: data, keyring and its replica, logs, outbox, topics, a backup; the master keys apart');
    const receipt = await leave(world, person!);
    await certified(world, receipt);
    tell('one of them left, by palm; the certificate is here and verifies');
    const shown = [...shownBefore, ...(await shownNeedles(pictures))];
    const memoryAfter = searchMemory(place.pid, searchFor([...shown, ...valueNeedles(day.values)]));
    await world.admin.post('/admin/v1/backups');
    const after = takeCopy('after', place, await readTopics(service));
    const publicKey = await publicKeyOf(world.nobody);
    stopping = instance.stop();
    tell('all of it copied again; now the attack, with every copy and the master keys of now');
    const memory = { before: memoryBefore, after: memoryAfter };
    return await attack({ before, after, receipt, shown, memory, proofs: { before: proofs, publicKey } }, day);
  } finally {
    await (stopping ?? instance.stop());
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps the pictures that one of them shows, to know later what must not be found. */
function remembering(palms: Palms, name: string, pictures: Uint8Array[]): Palms {
  return {
    what: palms.what,
    capture: async (person: string, hand: Hand) => {
      const picture = await palms.capture(person, hand);
      if (person === name) pictures.push(Uint8Array.from(picture));
      return picture;
    },
  };
}
