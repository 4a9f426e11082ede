import type { Command } from 'commander';
import { listing } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { apiOf, commonOf, tell } from '../asking.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';

interface Rebuild {
  readonly state: string;
  readonly done?: string;
  readonly of?: string;
  readonly [more: string]: unknown;
}
interface Views {
  readonly generation: string;
  readonly parked: number;
  readonly damaged: boolean;
  readonly rebuild: Rebuild;
}

const LOOK_MS = 500;

export function addViews(program: Command, terminal: Terminal): void {
  const views = program.command('views').description('what is looked up');
  views
    .command('status')
    .description('which generation is live, and how far a rebuild is')
    .action(async (_options, command: Command) => {
      const status = await apiOf(command).get<Views>('/admin/v1/views');
      tell(command, terminal, status, shown(status));
    });
  views
    .command('rebuild')
    .description('builds them anew beside the live ones, which answer until they are swapped')
    .option('--no-wait', 'do not wait for its end')
    .action(async (_options, command: Command) => {
      const api = apiOf(command);
      const begun = await api.post<Rebuild>('/admin/v1/views/rebuild');
      if (!commonOf<{ wait: boolean }>(command).wait) return tell(command, terminal, begun, `rebuild ${begun.state}`);
      for (;;) {
        const status = await api.get<Views>('/admin/v1/views');
        if (status.rebuild.state !== 'running') {
          tell(command, terminal, status, shown(status));
          if (status.rebuild.state === 'failed') throw new CannotDo('the rebuild failed; the live views go on');
          return;
        }
        terminal.err(`${status.rebuild.done ?? 0} of ${status.rebuild.of ?? '?'}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    });
}

function shown({ generation, parked, damaged, rebuild }: Views): string {
  const { state, done, of } = rebuild;
  const far = done === undefined || of === undefined ? '' : ` (${done} of ${of})`;
  return listing([
    ['generation', generation],
    ['parked', parked],
    ['damaged', damaged ? 'yes: rebuild them' : 'no'],
    ['rebuild', `${state}${far}`],
  ]);
}
