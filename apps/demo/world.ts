import { Device, type Holder } from './device.ts';
import type { Instance } from './instance.ts';
import type { Palms } from './palms.ts';
import { PersonApi } from '#libs/api-client/person-api.ts';
import { Phone } from '#libs/api-client/phone.ts';

/** A company with its people's API and the devices at its site. */
export interface Company {
  readonly merchant: string;
  readonly site: string;
  readonly api: PersonApi;
  readonly devices: Readonly<Record<string, Device>>;
}

/** Somebody with a hand and a phone; a member once enrolled. */
export interface Person extends Holder {
  readonly phone: Phone;
  /** The platform, signed in by a code to the phone. */
  readonly api: PersonApi;
}

/** Everybody and everything that the demo plays with. Steps leave here what later ones need. */
export interface World {
  readonly instance: Instance;
  readonly palms: Palms;
  /** Without a token. */
  readonly nobody: PersonApi;
  readonly admin: PersonApi;
  readonly notes: Notes;
  /** As the instance's clock says it. */
  now(): Date;
  clockMoved(to: Date): void;
  person(name: string, number: string): Person;
  principal(credential: { principal: string; secret: string }): PersonApi;
  device(activationCode: string): Promise<Device>;
  close(): Promise<void>;
}

/** What one step found and another needs. Reading what no step has left ends the step that reads. */
export class Notes {
  readonly #notes = new Map<string, unknown>();

  put<T>(name: string, value: T): T {
    this.#notes.set(name, value);
    return value;
  }

  get<T>(name: string): T {
    if (!this.#notes.has(name)) throw new Error(`an earlier step did not leave "${name}"`);
    return this.#notes.get(name) as T;
  }
}

/** `play`: five digits that make other phone numbers of those in the steps; empty on an instance of its own. */
export function newWorld(instance: Instance, palms: Palms, play = ''): World {
  const { url, sent } = instance;
  let ahead = 0;
  const nobody = new PersonApi(url);
  const principal = (credential: { principal: string; secret: string }): PersonApi =>
    new PersonApi(url, async () => (await nobody.post<{ token: string }>('/auth/v1/token', credential)).token);
  return {
    instance,
    palms,
    nobody,
    admin: principal(instance.admin),
    notes: new Notes(),
    now: () => new Date(Date.now() + ahead),
    clockMoved: (to) => {
      ahead = to.getTime() - Date.now();
    },
    person: (name, written) => {
      const number = play === '' ? written : `${written.slice(0, -7)}${play}${written.slice(-2)}`;
      const phone = new Phone(sent, number);
      const api = new PersonApi(url, async () => {
        await nobody.post('/auth/v1/member/codes', { phone: number });
        const code = await phone.code('sign-in-code');
        return (await nobody.post<{ token: string }>('/auth/v1/member/token', { phone: number, code })).token;
      });
      return { name, phone, api, lastFour: number.slice(-4) };
    },
    principal,
    device: (activationCode) => Device.activated(url, activationCode, palms, () => new Date(Date.now() + ahead)),
    close: async () => undefined,
  };
}
