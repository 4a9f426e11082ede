import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything there was at a moment, as somebody took it away. */
export interface Copy {
  readonly name: 'before' | 'after';
  /** Data, the keyring and its replica, logs, outbox, topics as a subscriber saw them, backups, the witness. */
  readonly folder: string;
  /** The master keys of that moment, kept apart. */
  readonly masters: string;
}

export interface Place {
  readonly folder: string;
  readonly pid: number;
}

/** Folders of an instance that are taken. Not what was sent (it is on phones), and not the card network's own book. */
const TAKEN = ['data', 'replica/data', 'logs', 'backups', 'witness'];
const MASTERS = ['keys', 'replica/keys'];

/** Where an instance's second copy of the keyring lies: the setting that names it. */
export function replicaIn(folder: string): string {
  return `second=${join(folder, 'replica', 'data')},${join(folder, 'replica', 'keys')},another disk`;
}

/** The process stands still meanwhile, so that all files are of one moment: what a power cut would leave. */
export function takeCopy(name: Copy['name'], place: Place, topics: Readonly<Record<string, string>>): Copy {
  const folder = join(place.folder, 'copies', name);
  const masters = join(place.folder, 'copies', `${name}, master keys`);
  process.kill(place.pid, 'SIGSTOP');
  try {
    for (const part of TAKEN) cpSync(join(place.folder, part), join(folder, part), { recursive: true });
    for (const part of MASTERS) cpSync(join(place.folder, part), join(masters, part), { recursive: true });
  } finally {
    process.kill(place.pid, 'SIGCONT');
  }
  mkdirSync(join(folder, 'topics'), { recursive: true });
  for (const [topic, text] of Object.entries(topics)) writeFileSync(join(folder, 'topics', `${topic}.sse`), text);
  return { name, folder, masters };
}
