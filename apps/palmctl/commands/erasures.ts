import type { Command } from 'commander';
import { listing, table } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { all, apiOf, commonOf, part, tell } from '../asking.ts';

interface Erasure {
  readonly erasure: string;
  readonly state: string;
  readonly reason: string;
  readonly dueBy: string;
  readonly overdue: boolean;
  readonly needsApproval: boolean;
  readonly approvedBy?: string;
  readonly waitsFor?: string;
  readonly until?: string;
}

export function addErasures(program: Command, terminal: Terminal): void {
  const erasures = program.command('erasures').description('erasures, with due dates and what each waits for');
  erasures
    .command('due')
    .description('in progress, soonest due first')
    .option('--over', 'those that ended instead')
    .action(async (_options, command: Command) => {
      const { over } = commonOf<{ over?: true }>(command);
      const found = await all<Erasure>(apiOf(command), `/admin/v1/erasures${over ? '?over=true' : ''}`);
      tell(command, terminal, found, table(['erasure', 'due by', '', 'state', 'reason', 'waits for'], found.map(row)));
    });
  erasures
    .command('show')
    .argument('<erasure>')
    .option('--reason <word>', 'tells whose it is as well: a look, which the member sees with this reason')
    .action(async (id: string, _options, command: Command) => {
      const { reason } = commonOf<{ reason?: string }>(command);
      const path = `/admin/v1/erasures/${part(id)}`;
      const asked = reason === undefined ? path : `${path}/one-id?reason=${part(reason)}`;
      const one = await apiOf(command).get<object>(asked);
      tell(command, terminal, one, listing(Object.entries(one)));
    });
  erasures
    .command('approve')
    .description('as the second admin')
    .argument('<erasure>')
    .action(async (id: string, _options, command: Command) => {
      const answer = await apiOf(command).post<object>(`/admin/v1/erasures/${part(id)}/approval`);
      tell(command, terminal, answer, `approved: ${id}`);
    });
}

function row({
  erasure,
  dueBy,
  overdue,
  state,
  reason,
  needsApproval,
  approvedBy,
  waitsFor,
  until,
}: Erasure): unknown[] {
  const approval = needsApproval && approvedBy === undefined ? 'a second admin' : waitsFor;
  return [
    erasure,
    dueBy,
    overdue ? 'OVERDUE' : '',
    state,
    reason,
    until === undefined ? approval : `${approval} until ${until}`,
  ];
}
