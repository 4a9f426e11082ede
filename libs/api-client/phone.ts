import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Message {
  readonly id: string;
  readonly to: string;
  readonly template: string;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: string;
}

const PATIENCE_MS = 10_000;

/** A phone of the outside world: what was sent to its number lies in the folder that stands for it. */
export class Phone {
  readonly number: string;
  readonly #folder: string;
  readonly #read = new Set<string>();

  constructor(folder: string, number: string) {
    this.#folder = folder;
    this.number = number;
  }

  /** All that arrived, oldest first. */
  async messages(): Promise<readonly Message[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const messages = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#message(name)),
    );
    return messages
      .filter((message): message is Message => message?.to === this.number)
      .sort((a, b) => a.sentAt.localeCompare(b.sentAt));
  }

  /** What arrived until now counts as read. */
  async readAll(): Promise<void> {
    for (const { id } of await this.messages()) this.#read.add(id);
  }

  /** The next message of a kind that was not taken yet. Waits a little: messages are sent after the answer. */
  async next(template: string): Promise<Message> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      const fresh = (await this.messages()).find((one) => one.template === template && !this.#read.has(one.id));
      if (fresh !== undefined) {
        this.#read.add(fresh.id);
        return fresh;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no message of kind ${template} arrived`);
  }

  /** The six digits of the newest code message; those that came before are void. */
  async code(template: string): Promise<string> {
    const { text } = await this.next(template);
    for (const { id, template: kind } of await this.messages()) if (kind === template) this.#read.add(id);
    const digits = /\b\d{6}\b/.exec(text)?.[0];
    if (digits === undefined) throw new Error('a code message without a code');
    return digits;
  }

  async #message(name: string): Promise<Message | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as Message;
    } catch {
      return undefined;
    }
  }
}
