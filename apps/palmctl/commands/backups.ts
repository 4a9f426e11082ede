import type { Command } from 'commander';
import { listing, table } from '#libs/command-line/table.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import type { BackupMade } from '#libs/ledger/backup.ts';
import { apiOf, commonOf, tell } from '../asking.ts';
import { backUpOffline } from '../offline/back-up.ts';
import { restore } from '../offline/restore.ts';
import { offlineSettings } from '../offline/settings.ts';

export function addBackups(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .description(
      "a copy of the ledger with a signed head, and no key of anything; lies in the service's PALMLEDGER_BACKUPS",
    )
    .option('--list', 'what backups there are')
    .option('--offline', 'of a stopped folder')
    .action(async (_options, command: Command) => {
      const { list, offline } = commonOf<{ list?: true; offline?: true }>(command);
      if (list) {
        const { items } = await apiOf(command).get<{ items: readonly BackupMade[] }>('/admin/v1/backups');
        const rows = items.map(({ id, madeAt, position, bytes }) => [id, madeAt, position, bytes]);
        return tell(command, terminal, items, table(['id', 'made at', 'position', 'bytes'], rows));
      }
      const made = offline
        ? await backUpOffline(offlineSettings())
        : await apiOf(command).post<BackupMade>('/admin/v1/backups');
      const { id, madeAt, position, bytes, sha256 } = made;
      tell(command, terminal, made, listing(Object.entries({ id, madeAt, position, bytes, sha256 })));
    });
  program
    .command('restore')
    .description(
      'puts the ledger of a backup into a stopped folder (PALMLEDGER_DATA) whose ledger is gone and whose keyring is whole.\n' +
        'Whoever lacks a key today was erased since the backup, and is erased again before anything is served. Says first what it\n' +
        'would do; does it with --yes.',
    )
    .argument('<backup>', 'its folder')
    .option('--offline', 'it always is: the service must be stopped')
    .option('--yes', 'do it')
    .action(async (backup: string, _options, command: Command) => {
      const { yes } = commonOf<{ yes?: true }>(command);
      const told = await restore(offlineSettings(), backup, yes === true);
      tell(command, terminal, told, listing(Object.entries(told)));
      if (!yes) throw new CannotDo('nothing was changed; --yes restores it');
    });
}
