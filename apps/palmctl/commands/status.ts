import type { Command } from 'commander';
import { listing } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { apiOf, commonOf, tell } from '../asking.ts';
import { offlineStatus } from '../offline/status.ts';

interface Status {
  readonly now: string;
  readonly folder: { readonly purpose: string };
  readonly parts: Readonly<Record<string, string>>;
  readonly ledger: { readonly position: string };
  readonly views: { readonly lag: string; readonly parked: number; readonly damaged: boolean };
  readonly contacts: { readonly lag: string };
  readonly recognition: { readonly palms: number; readonly modelVersions: readonly string[] };
  readonly outbox: { readonly waiting: number };
  readonly keyring: {
    readonly epoch: number;
    readonly keys: number;
    readonly copies: readonly { name: string; state: string }[];
  };
  readonly erasures: { readonly inProgress: number; readonly overdue: number };
  readonly scheduler: { readonly stopped: boolean; readonly stoppedAt?: string; readonly waiting: number };
}

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('how each part is, what lags, what waits, what is overdue')
    .option('--offline [folder]', 'of a stopped data folder, or a backup, without a service')
    .action(async (_options, command: Command) => {
      const { offline } = commonOf<{ offline?: true | string }>(command);
      if (offline !== undefined) {
        const found = await offlineStatus(offline);
        return tell(command, terminal, found, listing(Object.entries(found)));
      }
      const status = await apiOf(command).get<Status>('/admin/v1/status');
      tell(command, terminal, status, shown(status));
    });
}

function shown(status: Status): string {
  const { ledger, views, contacts, recognition, outbox, keyring, erasures, scheduler } = status;
  const copies = keyring.copies.map(({ name, state }) => `${name} ${state}`).join(', ');
  return listing([
    ['now', `${status.now} (folder made for ${status.folder.purpose})`],
    ...Object.entries(status.parts).map(([part, how]) => [`part ${part}`, how] as const),
    ['ledger', `position ${ledger.position}`],
    ['views', `${views.lag} behind, ${views.parked} parked${views.damaged ? ', DAMAGED: rebuild them' : ''}`],
    ['contacts', `${contacts.lag} behind`],
    ['recognition', `${recognition.palms} palms, ${recognition.modelVersions.join(', ')}`],
    ['messages', `${outbox.waiting} waiting`],
    ['keyring', `${keyring.keys} keys, epoch ${keyring.epoch}; ${copies}`],
    ['erasures', `${erasures.inProgress} in progress, ${erasures.overdue} overdue`],
    [
      'scheduler',
      scheduler.stopped ? `sweep STOPPED since ${scheduler.stoppedAt ?? 'its start'}` : `${scheduler.waiting} waiting`,
    ],
  ]);
}
