import { Option, type Command } from 'commander';
import { Phone } from '#libs/api-client/phone.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { CardDetails } from '#libs/device-protocol/card.ts';
import type { DeviceClient } from '#libs/device-protocol/device-client.ts';
import type { Hand } from '#libs/device-protocol/messages.ts';
import { ROUTES } from '#libs/device-protocol/routes.ts';
import { defaultPolicy } from '#libs/use-cases/policy.ts';
import { atDevice, commonOf, show } from '../at-device.ts';
import { captureOf, type PictureOptions } from '../picture.ts';

export interface CodeOptions {
  readonly phone: string;
  readonly code?: string;
  readonly sent?: string;
}

interface Options extends PictureOptions, CodeOptions {
  readonly hand: Hand;
  readonly card: string;
  readonly expiry: string;
  readonly consent: string;
  readonly language: string;
}

export function addEnrol(program: Command, terminal: Terminal): void {
  program
    .command('enrol')
    .description('enrols somebody: consent, palm, card, phone, the code that was sent to it')
    .requiredOption('--palm <file>', 'a picture of the palm, PNG or JPEG')
    .option('--near-infrared <file>', 'the same palm at the same moment, in near infrared')
    .addOption(new Option('--hand <hand>', 'which one').choices(['left', 'right']).default('left'))
    .requiredOption('--card <number>', 'card number; - asks for it')
    .option('--expiry <year-month>', 'until when the card is good', inThreeYears(new Date()))
    .requiredOption('--phone <number>', 'with its country code')
    .option('--code <code>', 'the code, where it is known before it is asked for')
    .option('--sent <folder>', 'read the code from the folder that stands for phones')
    .option('--consent <version>', 'the text that the person agreed to', defaultPolicy.consentVersion)
    .option('--language <tag>', 'in which it was shown', 'en')
    .action(async (_options, command: Command) => {
      const options = commonOf<Options>(command);
      const card = await cardOf(options, terminal);
      captureOf(options);
      await atDevice(command, async (client) => {
        const { handle } = await client.startEnrolment({ version: options.consent, language: options.language });
        if (await takePalm(client, terminal, handle, options)) {
          terminal.err('palm: taken');
          show(command, terminal, await finish(client, terminal, handle, card, options));
        } else {
          show(command, terminal, { member: true });
        }
      });
    });
}

async function finish(
  client: DeviceClient,
  terminal: Terminal,
  handle: string,
  card: CardDetails,
  options: Options,
): Promise<object> {
  const { brand, lastFour } = await client.enrolCard<{ brand: string; lastFour: string }>(handle, card);
  terminal.err(`card: ${brand} ending in ${lastFour}`);
  const code = codeFor(options, terminal, 'phone-code');
  await code.before();
  await client.enrolPhone(handle, options.phone);
  await client.verifyPhone(handle, await code.read());
  terminal.err('phone: verified');
  return client.completeEnrolment<object>(handle);
}

/** False where the palm is a member's already, and whoever stands here showed by a code to be that member. */
async function takePalm(client: DeviceClient, terminal: Terminal, handle: string, options: Options): Promise<boolean> {
  try {
    await client.enrolPalm(handle, options.hand, captureOf(options));
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || !error.type.endsWith(':palm-known')) throw error;
    const { known } = error.problem as { known: string };
    terminal.err('this palm is a member already; a code goes to that member’s phone');
    const code = codeFor(options, terminal, 'change-code');
    await code.before();
    await client.request('POST', ROUTES.enrolmentKnown(handle), { known });
    await client.request('POST', ROUTES.enrolmentKnownVerify(handle), { known, code: await code.read() });
    return false;
  }
}

/** Where a code comes from: the option, the folder that stands for phones, or whoever sits here. */
export function codeFor(options: CodeOptions, terminal: Terminal, template: string) {
  const phone = options.sent === undefined ? undefined : new Phone(options.sent, digitsOf(options.phone));
  return {
    /** To be called before it is asked for, so that an older one is not taken for it. */
    before: async (): Promise<void> => phone?.readAll(),
    read: async (): Promise<string> => {
      if (options.code !== undefined) return checked(options.code);
      if (phone !== undefined) return phone.code(template);
      return checked((await terminal.ask('code that was sent to the phone: ')) ?? '');
    },
  };
}

function checked(code: string): string {
  if (/^\d{6}$/.test(code.trim())) return code.trim();
  throw new CannotDo('a code has six digits');
}

function digitsOf(phone: string): string {
  return phone.replaceAll(/[\s()/.-]/g, '');
}

async function cardOf({ card, expiry }: Options, terminal: Terminal): Promise<CardDetails> {
  const pan = (card === '-' ? ((await terminal.ask('card number: ')) ?? '') : card).replaceAll(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(pan)) throw new CannotDo('--card takes a number of 12 to 19 digits');
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(expiry)) throw new CannotDo('--expiry takes a year and a month: 2030-12');
  return { pan, expiry };
}

function inThreeYears(now: Date): string {
  return `${now.getUTCFullYear() + 3}-12`;
}
