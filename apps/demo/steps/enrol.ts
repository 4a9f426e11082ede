import type { CardDetails } from '#libs/device-protocol/card.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { Device } from '../device.ts';
import type { Hand } from '../palms.ts';
import { expect } from '../report.ts';
import type { Company, Person, World } from '../world.ts';
import type { Step } from './step.ts';

const PAN = '4242424242424242';
/** Good for years by the instance's clock, which a play moves on. */
export function cardOf(world: World, pan: string): CardDetails {
  return { pan, expiry: `${world.now().getUTCFullYear() + 5}-12` };
}

const CONSENT = { version: '2026-11', language: 'en' };
const TRIES = 3;

export const enrol: Step = {
  title: 'enrol: consent, left palm, card, phone, one-time code',
  run: async (world) => {
    const anna = world.notes.put('anna', world.person('anna', '+491701234567'));
    const { seconds } = await enrolAt(world, anna, 'left');
    expect(seconds < 60, `it took ${seconds} s, a minute is allowed`);
    return `in ${seconds.toFixed(1)} s`;
  },
};

export const enrolKnown: Step = {
  title: 'somebody tries to enrol a palm that is known already',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const device = till(world);
    const { handle } = await device.client.startEnrolment(CONSENT);
    try {
      await shown(() => palm(device, handle, anna.name, 'left'));
    } catch (error) {
      expect(error instanceof Problem && error.type.endsWith(':palm-known'), String(error));
      return '409 palm-known: it goes on only with a code to that phone';
    }
    throw new Error('the palm was taken a second time');
  },
};

export function till(world: World): Device {
  return world.notes.get<Company>('shop').devices['till']!;
}

/** From the first step to the last, as at a counter. */
export async function enrolAt(world: World, person: Person, hand: Hand, pan = PAN): Promise<{ seconds: number }> {
  const began = Date.now();
  const device = till(world);
  const { client } = device;
  const { handle } = await client.startEnrolment(CONSENT);
  await shown(() => palm(device, handle, person.name, hand));
  await client.enrolCard(handle, cardOf(world, pan));
  await client.enrolPhone(handle, person.phone.number);
  await client.verifyPhone(handle, await person.phone.code('phone-code'));
  await client.completeEnrolment(handle);
  return { seconds: (Date.now() - began) / 1_000 };
}

async function palm(device: Device, handle: string, person: string, hand: Hand): Promise<void> {
  await device.client.enrolPalm(handle, hand, await device.capture(person, hand));
}

/** A picture that could not be used is taken again. */
export async function shown(take: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await take();
    } catch (error) {
      const poor = error instanceof Problem && error.type.endsWith(':palm-refused');
      if (!poor || attempt >= TRIES) throw error;
    }
  }
}
