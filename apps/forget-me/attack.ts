import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Anchor } from '#libs/evidence/record-proof.ts';
import { attackOrdinary } from './compare.ts';
import type { Drawn } from './drawn.ts';
import { factsIn } from './facts.ts';
import type { Findings, Got } from './findings.ts';
import { besideGaps, tiedByOrder } from './limits.ts';
import type { MemorySearched } from './memory.ts';
import { textNeedles, type Kind, type Needle } from './needle.ts';
import { distinct, fieldsIn, keysFrom, openedOf, tryAll, type Opened } from './opening.ts';
import { plantedValues, valueNeedles } from './plants.ts';
import { verifying } from './proofs.ts';
import { prunedPositions, recordsUnder, sealedIn, type Found } from './read-ledger.ts';
import { remainsIn } from './remains.ts';
import { searchFiles } from './search-files.ts';
import { searchFor } from './search.ts';
import type { Copy } from './take-copy.ts';
import { tied, tiesOf, tiedInLists } from './tie.ts';
import { ofPerson, paymentsIn, whose, type Whose } from './whose.ts';

/** What only the master keys of that day tell. The attack is measured by it, and has nothing of it. */
export interface ThatDay {
  readonly opened: Opened;
  readonly records: readonly Found[];
  readonly person: Whose;
  /** Planted values by what they are. */
  readonly values: ReadonlyMap<string, string>;
}

/** Everything that was taken while the system ran. */
export interface Taken {
  readonly before: Copy;
  readonly after: Copy;
  readonly receipt: string;
  /** Pieces of pictures and signatures. */
  readonly shown: readonly Needle[];
  readonly memory: { readonly before: MemorySearched; readonly after: MemorySearched };
  readonly proofs: { readonly before: readonly Anchor[]; readonly publicKey: KeyObject };
}

export async function asOfThatDay(before: Copy, drawn: Drawn): Promise<ThatDay> {
  const records = recordsUnder(before.folder);
  const opened = tryAll(await keysFrom([before], [before]), distinct(sealedIn(records)));
  const person = whose(opened, drawn.phone);
  return { opened, records, person, values: plantedValues(drawn, opened, person) };
}

/** As somebody who holds both copies and the master keys of the day after. */
export async function attack(taken: Taken, day: ThatDay): Promise<Findings> {
  const { before, after, memory, proofs } = taken;
  const streams = new Set([...day.person.streams, `erasure-${taken.receipt.split('.')[0]}`]);
  const left = recordsUnder(after.folder);
  const sealed = distinct(sealedIn([...day.records, ...left]));
  const hers = ofPerson(sealed, { ...day.person, streams });
  const theirs = openedOf(day.opened, hers);
  const keys = await keysFrom([before, after], [after]);
  const opened = tryAll(keys, sealed);
  const ordinary = attackOrdinary(theirs, hers);
  const files = inFiles(taken, day);
  const ties = tiesAfter(after, day);
  const oldKey = tryAll(await keysFrom([before, after], [{ ...before, masters: join(before.masters, 'keys') }]), hers);

  const verified = verifying(proofs.before, proofs.publicKey);
  const read = (from: Opened): readonly string[] => valuesRead(from, day);
  const remains = [before, after].map(({ folder }) => remainsIn(folder, day.records, day.person));
  const first = { ...got(theirs, day), remains: remains[0]!.length, valuesInFiles: files.before.length };
  const last = {
    fields: fieldsIn(openedOf(opened, hers)),
    valuesRead: read(opened).length,
    tied: Math.max(tied(ties), tiedInLists(opened, purchasesOf(day))),
    valuesInFiles: files.after.length,
    remains: remains[1]!.length,
  };
  return {
    before: { ...first, signatureBytes: bytesOf(memory.before, 'signature'), proofs: verified },
    after: { ...last, signatureBytes: bytesOf(memory.after, 'signature'), proofs: verified },
    ordinary: got(ordinary, day),
    of: { ...got(theirs, day), tied: purchasesOf(day).length, proofs: proofs.before.length },
    looked: {
      keys: keys.length,
      ciphertexts: hers.length,
      files: files.count,
      needles: files.needles,
      memoryBytes: memory.after.bytes,
    },
    broken: [
      ...[...openedOf(opened, hers).parts.values()].map(
        ({ sealed }) => `opened: ${kindOf(sealed.stream)} ${sealed.type}`,
      ),
      ...read(opened).map((what) => `read in what today's keys open: ${what}`),
      ...files.before,
      ...files.after,
      ...remains[1]!,
      ...ties.map(({ by, purchases }) => `${purchases.length} purchases tied: ${by}`),
      ...hitsOf(memory.after, 'signature').map(({ needle, length }) => `memory: ${length} bytes of ${needle.what}`),
    ],
    limits: {
      byOrder: tiedByOrder(day.records, day.person.oneId, purchasesOf(day)),
      besideGaps: besideGaps(left, prunedPositions(after.folder), purchasesOf(day)),
      withOldKey: fieldsIn(oldKey),
      valuesInMemory: hitsOf(memory.after, 'value').length,
      picturesInMemory: hitsOf(memory.after, 'picture').length,
    },
  };
}

function got(opened: Opened, day: ThatDay): Got {
  return {
    fields: fieldsIn(opened),
    valuesRead: valuesRead(opened, day).length,
    tied: tiedInLists(opened, purchasesOf(day)),
  };
}

const purchasesOf = ({ person }: ThatDay): readonly string[] => person.purchases.get(person.oneId) ?? [];
const kindOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));
export const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** Which of the planted values, and the One ID, stand in what was opened. */
function valuesRead({ parts }: Opened, { values, person }: ThatDay): readonly string[] {
  const plaintexts = [...parts.values()].map(({ plaintext }) => plaintext);
  const wanted = [...values, ['One ID', idOf(person.oneId)] as const];
  return wanted.filter(([, value]) => plaintexts.some((text) => text.includes(value))).map(([what]) => what);
}

/** Values in either copy; in the later one, in what is in use, also the One ID, which stood there as a stream's name before. */
function inFiles({ before, after, shown }: Taken, { values, person }: ThatDay) {
  const needles = [...valueNeedles(values), ...shown];
  const search = searchFor(needles);
  const [early, late] = [searchFiles(before.folder, search), searchFiles(after.folder, search)];
  const oneId = searchFiles(join(after.folder, 'data'), searchFor(textNeedles('One ID', idOf(person.oneId))));
  return {
    before: early.found.map((found) => `before: ${found}`),
    after: [...late.found, ...oneId.found].map((found) => `after: ${found}`),
    count: early.files + late.files,
    needles: needles.length,
  };
}

function tiesAfter(after: Copy, day: ThatDay) {
  const purchases = purchasesOf(day);
  const others = [...paymentsIn(day.records)].filter((payment) => !purchases.includes(payment));
  return tiesOf(factsIn(after.folder), purchases, others);
}

function hitsOf({ hits }: MemorySearched, kind: Kind) {
  return hits.filter(({ needle }) => needle.kind === kind);
}

function bytesOf(memory: MemorySearched, kind: Kind): number {
  return hitsOf(memory, kind).reduce((sum, { length }) => sum + length, 0);
}
