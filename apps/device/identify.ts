import type { Command } from 'commander';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { newIdempotencyKey, type DeviceClient } from '#libs/device-protocol/device-client.ts';
import type { IdentifyAsked, Ticket } from '#libs/device-protocol/messages.ts';
import { captureOf, pictureIn, type PictureOptions } from './picture.ts';

export interface HeldOptions extends PictureOptions {
  readonly lastFour?: string;
  readonly otherPalm?: string;
}

/** The options of every command for which somebody holds a palm over the device. */
export function withPalm(command: Command): Command {
  return command
    .option('--palm <file>', 'a picture of the palm, PNG or JPEG')
    .option('--near-infrared <file>', 'the same palm at the same moment, in near infrared')
    .option('--other-palm <file>', 'the other hand, where the service asks for it')
    .option('--last-four <digits>', 'last four digits of the phone, where the service asks for them');
}

/** A ticket for what is asked. Where the service wants to be surer it gets the phone's digits, or the other hand. */
export async function identify(
  client: DeviceClient,
  terminal: Terminal,
  options: HeldOptions,
  asked: IdentifyAsked,
): Promise<Ticket> {
  if (options.lastFour !== undefined && !/^\d{4}$/.test(options.lastFour)) {
    throw new CannotDo('--last-four takes four digits');
  }
  const request = { idempotencyKey: newIdempotencyKey() };
  try {
    return await client.identify(captureOf(options), asked, request);
  } catch (error) {
    if (!(error instanceof Problem) || !error.type.endsWith(':more-wanted')) throw error;
    return surer(client, terminal, options, asked, request, error);
  }
}

async function surer(
  client: DeviceClient,
  terminal: Terminal,
  options: HeldOptions,
  asked: IdentifyAsked,
  request: { readonly idempotencyKey: string },
  { problem }: Problem,
): Promise<Ticket> {
  const wanted = Array.isArray(problem['wanted']) ? problem['wanted'] : [];
  if (options.otherPalm !== undefined && wanted.includes('otherHand') && typeof problem['try'] === 'string') {
    const other = { visible: pictureIn(options.otherPalm) };
    return client.identify(other, { ...asked, follows: problem['try'] }, request);
  }
  const lastFour = options.lastFour ?? (await terminal.ask('last four digits of the phone: '))?.trim();
  if (lastFour === undefined || !/^\d{4}$/.test(lastFour)) {
    throw new CannotDo('the service wants to be surer: give --last-four, or --other-palm');
  }
  return client.identify(captureOf(options), { ...asked, lastFour }, request);
}
