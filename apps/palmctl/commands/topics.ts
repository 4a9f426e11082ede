import type { Command } from 'commander';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { commonOf, originOf, part, tokenOf } from '../asking.ts';

interface Options {
  readonly after?: string;
  readonly count?: string;
}

export function addTopics(program: Command, terminal: Terminal): void {
  const topics = program.command('topics').description('what services subscribe to; needs the role service');
  topics
    .command('tail')
    .description('follows a topic from its beginning, or from a cursor; ends with Ctrl-C')
    .argument('<topic>', 'one-ids, one-id-changes, purchases, visits, devices, merchants, erasures')
    .option('--after <cursor>', 'go on after this one, as a message before named it')
    .option('--count <n>', 'end after so many messages')
    .action(async (topic: string, _options, command: Command) => {
      const { after, count } = commonOf<Options>(command);
      if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count)) throw new CannotDo('--count takes a whole number');
      await follow(command, terminal, topic, after, count === undefined ? Infinity : Number(count));
    });
}

async function follow(
  command: Command,
  terminal: Terminal,
  topic: string,
  after: string | undefined,
  most: number,
): Promise<void> {
  const { url, json } = commonOf(command);
  const asked = new URL(`/service/v1/topics/${part(topic)}/stream`, originOf(url));
  if (after !== undefined) asked.searchParams.set('after', after);
  const cut = new AbortController();
  const answer = await fetch(asked, {
    headers: { authorization: `Bearer ${await tokenOf(command)}` },
    signal: cut.signal,
  });
  if (!answer.ok) throw new Problem(answer.status, (await answer.json()) as Record<string, unknown>);
  const frames = answer.body!.pipeThrough(new TextDecoderStream() as never).pipeThrough(new EventSourceParserStream());
  let seen = 0;
  try {
    for await (const { id, event, data } of frames as AsyncIterable<{ id?: string; event?: string; data: string }>) {
      if (event === 'too-old') throw new CannotDo('that cursor is too old: begin anew without --after');
      if (event === 'passed') continue;
      const message = JSON.parse(data) as Record<string, unknown>;
      terminal.out(json ? JSON.stringify({ cursor: id, ...message }) : lineOf(message));
      if ((seen += 1) >= most) return;
    }
  } finally {
    cut.abort();
  }
  throw new CannotDo('the service ended the stream; go on by --after with the last cursor (--json shows it)');
}

function lineOf({ sequence, time, type, key, json }: Record<string, unknown>): string {
  return [sequence, time, type, key, JSON.stringify(json)].map(String).join('  ');
}
