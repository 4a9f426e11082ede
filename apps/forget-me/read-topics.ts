import { createParser } from 'eventsource-parser';
import type { PersonApi } from '#libs/api-client/person-api.ts';

export const TOPICS = ['one-ids', 'one-id-changes', 'purchases', 'visits', 'devices', 'merchants', 'erasures'] as const;
const QUIET_MS = 700;
const MOST_MS = 3_000;

/** All topics from their beginning, as a subscriber receives them: the stream's text by topic. */
export async function readTopics(service: PersonApi): Promise<Record<string, string>> {
  const read = await Promise.all(TOPICS.map(async (topic) => [topic, await readTopic(service, topic)] as const));
  return Object.fromEntries(read);
}

/** Until nothing has come for a moment. A topic without messages answers only with its first beat: it is not waited for. */
async function readTopic(service: PersonApi, topic: string): Promise<string> {
  const asked = service.fetch('GET', `/service/v1/topics/${topic}/stream`);
  const answer = await Promise.race([asked, pause(MOST_MS)]);
  if (answer === undefined) {
    void asked.then(({ body }) => body?.cancel()).catch(() => undefined);
    return '';
  }
  if (!answer.ok || answer.body === null) throw new Error(`the topic ${topic} answers ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (const until = Date.now() + MOST_MS; Date.now() < until;) {
    const piece = await Promise.race([reader.read(), pause(QUIET_MS)]);
    if (piece === undefined || piece.done) break;
    text += piece.value;
  }
  await reader.cancel();
  return text;
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

/** The messages of such a text: CloudEvents as JSON. */
export function messagesIn(text: string): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const message = JSON.parse(data) as Record<string, unknown>;
      if (typeof message['id'] === 'string') messages.push(message);
    },
  });
  parser.feed(text);
  return messages;
}
