import type { Command } from 'commander';
import { listing, table } from '#libs/command-line/table.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { apiOf, commonOf, part, tell } from '../asking.ts';

interface Replayed {
  readonly type: string;
  readonly at: string;
  readonly actor?: string;
  readonly who?: string;
  readonly device?: string;
  readonly [more: string]: unknown;
}
interface Replay {
  readonly oneId: string;
  readonly asOf: string;
  readonly look: string;
  readonly state?: object;
  readonly events: readonly Replayed[];
  readonly next?: string;
}
interface Options {
  readonly at?: string;
  readonly position?: string;
  readonly reason: string;
}

export function addReplay(program: Command, terminal: Terminal): void {
  program
    .command('replay')
    .description('an account as of a moment: what was known, and what led there. One look, which the member sees')
    .argument('<oneId>')
    .option('--at <moment>', 'ISO 8601; now where neither is said')
    .option('--position <n>', 'a position of the ledger instead')
    .requiredOption('--reason <word>', 'why, in lower-case words and hyphens')
    .action(async (oneId: string, _options, command: Command) => {
      const replay = await whole(command, oneId, commonOf<Options>(command));
      tell(command, terminal, replay, shown(replay));
    });
}

async function whole(command: Command, oneId: string, { at, position, reason }: Options): Promise<Replay> {
  if (at !== undefined && Number.isNaN(Date.parse(at)))
    throw new CannotDo('--at takes a moment such as 2026-11-24T15:00:00Z');
  const api = apiOf(command);
  const asked = new URLSearchParams({ reason, limit: '100' });
  if (at !== undefined) asked.set('at', at);
  if (position !== undefined) asked.set('position', position);
  const path = `/auditor/v1/accounts/${part(oneId)}/replay`;
  const { next: more, ...first } = await api.get<Replay>(`${path}?${asked}`);
  const events = [...first.events];
  for (let next = more; next !== undefined;) {
    const page: Replay = await api.get<Replay>(`${path}?${new URLSearchParams({ cursor: next, limit: '100' })}`);
    events.push(...page.events);
    next = page.next;
  }
  return { ...first, events };
}

function shown({ oneId, asOf, look, state, events }: Replay): string {
  const rows = events.map(({ at, type, actor, who, device }) => [at, type, actor, who, device]);
  return [
    listing([['one id', oneId], ['as of position', asOf], ['recorded as look', look], ...Object.entries(state ?? {})]),
    '',
    table(['at', 'event', 'actor', 'who', 'device'], rows),
  ].join('\n');
}
