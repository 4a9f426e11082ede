import { DeviceClient, newDeviceKeys, newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { Capture } from '#libs/device-protocol/container.ts';
import { memoryStore } from '#libs/device-protocol/device-state.ts';
import type { IdentifyAsked, Ticket } from '#libs/device-protocol/messages.ts';
import type { Hand, Palms } from './palms.ts';

const TRIES = 3;

/** Somebody who holds a hand over a device. */
export interface Holder {
  readonly name: string;
  readonly lastFour?: string;
}

/** A device with its keys in memory, and people who hold their palms over it until it is content. */
export class Device {
  readonly client: DeviceClient;
  readonly #palms: Palms;

  private constructor(client: DeviceClient, palms: Palms) {
    this.client = client;
    this.#palms = palms;
  }

  static async activated(url: string, activationCode: string, palms: Palms, now: () => Date): Promise<Device> {
    const client = new DeviceClient({ baseUrl: url, keys: await newDeviceKeys(), store: memoryStore(), now });
    await client.activate(activationCode);
    return new Device(client, palms);
  }

  /** A ticket: asked for again with another capture where the picture was poor, with the phone's digits where they are wanted. */
  async identify(holder: Holder, hand: Hand, asked: IdentifyAsked): Promise<Ticket> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#identifyOnce(holder, hand, asked);
      } catch (error) {
        if (attempt >= TRIES || !(error instanceof Problem) || !/:(palm-refused|nobody)$/.test(error.type)) throw error;
      }
    }
  }

  async #identifyOnce(holder: Holder, hand: Hand, asked: IdentifyAsked): Promise<Ticket> {
    const options = { idempotencyKey: newIdempotencyKey() };
    const capture = await this.capture(holder.name, hand);
    try {
      return await this.client.identify(capture, asked, options);
    } catch (error) {
      if (!(error instanceof Problem) || !error.type.endsWith(':more-wanted') || holder.lastFour === undefined)
        throw error;
      const more = { ...asked, lastFour: holder.lastFour };
      return this.client.identify(await this.capture(holder.name, hand), more, options);
    }
  }

  async capture(person: string, hand: Hand): Promise<Capture> {
    return { visible: await this.#palms.capture(person, hand) };
  }
}
