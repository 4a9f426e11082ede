import type { Command } from 'commander';
import { listing, table } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { all, apiOf, commonOf, part, tell } from '../asking.ts';

interface Parked {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly message: {
    readonly type: string;
    readonly time: string;
    readonly sequence: string;
    readonly value: string | null;
  };
}
interface Outcome {
  readonly outcome: string;
  readonly taken?: number;
  readonly first?: string;
}

export function addParked(program: Command, terminal: Terminal): void {
  const parked = program
    .command('parked')
    .description('messages that could not be taken, with those of their key that follow');
  parked
    .command('list')
    .option('--topic <topic>', 'of one topic alone')
    .action(async (_options, command: Command) => {
      const { topic } = commonOf<{ topic?: string }>(command);
      const found = await all<Parked>(
        apiOf(command),
        `/admin/v1/parked${topic === undefined ? '' : `?topic=${part(topic)}`}`,
      );
      const rows = found.map(({ id, topic: of, reason, message }) => [id, of, message.type, message.time, reason]);
      tell(command, terminal, found, table(['id', 'topic', 'type', 'time', 'reason'], rows));
    });
  parked
    .command('show')
    .argument('<id>')
    .action(async (id: string, _options, command: Command) => {
      const one = await apiOf(command).get<Parked>(`/admin/v1/parked/${part(id)}`);
      const { message, ...about } = one;
      tell(command, terminal, one, listing([...Object.entries(about), ...Object.entries(message)]));
    });
  for (const [name, what] of [
    ['retry', 'takes it once more, and those that follow'],
    ['skip', 'lets it go for good; those that follow are taken'],
  ] as const) {
    parked
      .command(name)
      .description(what)
      .argument('<id>')
      .action(async (id: string, _options, command: Command) => {
        const answer = await apiOf(command).post<Outcome>(`/admin/v1/parked/${part(id)}/${name}`);
        tell(command, terminal, answer, listing(Object.entries(answer)));
        if (answer.outcome !== 'done') throw new CannotDo(`not done: ${answer.outcome}, see ${answer.first ?? id}`);
      });
  }
}
