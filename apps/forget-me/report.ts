import type { Findings, Moment } from './findings.ts';

/** One line of the table: what, and what each of the three attacks got. */
export interface Row {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly ordinary: string;
}

export const HEADINGS: Row = {
  what: '',
  before: 'before, that day’s keys',
  after: 'after, every copy, today’s keys',
  ordinary: 'the same on an ordinary keyring',
};

const NOT_TRIED = '–';

export function rowsOf({ before, after, ordinary, of }: Findings): Row[] {
  const line = (what: string, field: 'fields' | 'valuesRead' | 'tied'): Row => ({
    what,
    before: `${before[field]} of ${of[field]}`,
    after: `${after[field]} of ${of[field]}`,
    ordinary: `${ordinary[field]} of ${of[field]}`,
  });
  const both = (what: string, told: (moment: Moment) => string): Row => {
    return { what, before: told(before), after: told(after), ordinary: NOT_TRIED };
  };
  return [
    line('sealed fields opened', 'fields'),
    line('planted values read in them', 'valuesRead'),
    both('planted values found in files', ({ valuesInFiles }) => String(valuesInFiles)),
    both('pieces of the person’s stream in files', ({ remains }) => String(remains)),
    line('purchases tied together', 'tied'),
    both('signature bytes in memory', ({ signatureBytes }) => String(signatureBytes)),
    both('proofs that verify', ({ proofs }) => `${proofs} of ${of.proofs}`),
  ];
}

/** Promises that do not hold, one line each; so is what would make the attack prove nothing. */
export function brokenIn(findings: Findings): string[] {
  const { before, after, ordinary, of, broken } = findings;
  const must = (holds: boolean, line: string): string[] => (holds ? [] : [line]);
  return [
    ...broken,
    ...must(before.valuesInFiles === 0 && after.valuesInFiles === 0, 'a planted value stands in a file'),
    ...must(after.fields === 0, 'a field of the erased opens'),
    ...must(after.valuesRead === 0, 'a value of the erased can be read'),
    ...must(before.remains > 0 && after.remains === 0, 'pieces of the removed stream stand in files'),
    ...must(after.tied === 0, 'purchases of the erased can be tied together'),
    ...must(after.signatureBytes === 0, 'the memory holds a signature of the erased'),
    ...must(after.proofs === of.proofs && of.proofs > 0, 'a proof from before does not verify'),
    ...must(before.fields > 0 && before.tied > 1, 'the attack opened nothing before the erasure: it proves nothing'),
    ...must(
      before.signatureBytes > 0,
      'the memory showed no signature before the erasure: searching it proves nothing',
    ),
    ...must(ordinary.fields === of.fields, 'the ordinary keyring withstood: the attack is too weak to prove anything'),
  ];
}

export function table(findings: Findings): string {
  const rows = [HEADINGS, ...rowsOf(findings)];
  const width = (field: keyof Row): number => Math.max(...rows.map((row) => row[field].length));
  const [what, before, after] = [width('what'), width('before'), width('after')];
  const lines = rows.map((row) =>
    [row.what.padEnd(what), row.before.padEnd(before), row.after.padEnd(after), row.ordinary].join('   ').trimEnd(),
  );
  return lines.join('\n');
}

/** What the attack had and had not, and what it shows that cannot be helped. */
export function notes({ of, looked, limits }: Findings): string[] {
  const megabytes = Math.round(looked.memoryBytes / 1_048_576);
  return [
    `It tried ${looked.keys} keys on ${looked.ciphertexts} ciphertexts of the person, and ${looked.needles} forms of what was planted on ${looked.files} files and ${megabytes} MiB of memory.`,
    `It had not: the master keys of the day before, of the keyring and of its replica. They were overwritten.`,
    `Had it kept a single one of them with the copy of that day, ${limits.withOldKey} of ${of.fields} fields would open.`,
    'Known limits:',
    `- order and times in a copy from before tie ${limits.byOrder} of ${of.tied} purchases to a random One ID, without any key;`,
    `- ${limits.besideGaps} of ${of.tied} purchases begin beside a gap in today's ledger: somebody's who was erased, not known whose;`,
    `- the running process has planted texts in ${limits.valuesInMemory} places of its memory (signatures: none; pictures: ${limits.picturesInMemory}):`,
    '  a text cannot be overwritten, and stays until its place is used again or the process ends;',
    '- what was sent lies on phones, and the card network has its own book: neither is ours to erase.',
  ];
}
