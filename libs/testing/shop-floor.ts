import { drawnPalms, type Palms } from '#apps/demo/palms.ts';
import { Phone } from '#libs/api-client/phone.ts';
import { toBase64url } from '#libs/device-protocol/base64.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { Capture } from '#libs/device-protocol/container.ts';
import { DeviceClient, newDeviceKeys, newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import { memoryStore, type DeviceStore } from '#libs/device-protocol/device-state.ts';
import type { IdentifyAsked, Ticket } from '#libs/device-protocol/messages.ts';
import { ROUTES } from '#libs/device-protocol/routes.ts';
import { signRequest } from '#libs/device-protocol/sign-request.ts';

/** A device of which a test has everything: its key, its state, and its requests before they are sent. */
export interface OpenDevice {
  readonly client: DeviceClient;
  readonly keys: CryptoKeyPair;
  readonly store: DeviceStore;
  /** A request as this device would send it now. */
  sign(method: string, path: string, body?: object, more?: SignMore): Promise<SignedCall>;
  /** Sends it, and takes on the value that the answer brings. */
  send(call: SignedCall): Promise<Heard>;
  capture(person: string, hand?: 'left' | 'right'): Promise<Capture>;
  /** A ticket; another capture where the first was poor. */
  identify(person: string, asked: IdentifyAsked, lastFour?: string): Promise<Ticket>;
}

export interface SignMore {
  readonly idempotencyKey?: string;
  readonly created?: Date;
  readonly last?: string;
  readonly nonce?: string;
}

export interface SignedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Heard {
  readonly status: number;
  readonly type: string;
  readonly reason: string | undefined;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly next: string | null;
}

export async function openDevice(url: string, activationCode: string, now: () => Date): Promise<OpenDevice> {
  const keys = await newDeviceKeys();
  const store = memoryStore();
  const client = new DeviceClient({ baseUrl: url, keys, store, now, attempts: 1 });
  await client.activate(activationCode);
  const palms: Palms = drawnPalms();
  const capture = async (person: string, hand: 'left' | 'right' = 'left'): Promise<Capture> => ({
    visible: await palms.capture(person, hand),
  });
  return {
    client,
    keys,
    store,
    capture,
    sign: async (method, path, body, more = {}) => {
      const { device, last } = (await store.load())!;
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = await signRequest({
        method,
        url: url + path,
        body: new TextEncoder().encode(text),
        last: more.last ?? last,
        keyid: device,
        privateKey: keys.privateKey,
        created: more.created ?? now(),
        ...(method === 'GET' ? {} : { idempotencyKey: more.idempotencyKey ?? newIdempotencyKey() }),
        ...(more.nonce === undefined ? {} : { nonce: more.nonce }),
      });
      return { method, url: url + path, headers, body: text };
    },
    send: async (call) => {
      const heard = await sendAsItIs(call);
      const state = (await store.load())!;
      if (heard.next !== null) await store.save({ ...state, last: heard.next });
      return heard;
    },
    identify: (person, asked, lastFour) => identify(client, person, asked, capture, lastFour),
  };
}

/** Somebody's hands on a request: nobody learns the next value. */
export async function sendAsItIs({ method, url, headers, body }: SignedCall): Promise<Heard> {
  const answer = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) });
  const text = await answer.text();
  const said = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const type = typeof said['type'] === 'string' ? said['type'].replace('urn:palmledger:problem:', '') : '';
  const reason = typeof said['reason'] === 'string' ? said['reason'] : undefined;
  return { status: answer.status, type, reason, body: said, text, next: answer.headers.get('palmledger-next') };
}

const TRIES = 3;

async function identify(
  client: DeviceClient,
  person: string,
  asked: IdentifyAsked,
  capture: OpenDevice['capture'],
  lastFour: string | undefined,
): Promise<Ticket> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.identify(await capture(person), asked);
    } catch (error) {
      if (!(error instanceof Problem) || attempt >= TRIES) throw error;
      const wantsMore = error.type.endsWith(':more-wanted') && lastFour !== undefined;
      if (wantsMore) return client.identify(await capture(person), { ...asked, lastFour });
      if (!/:(palm-refused|nobody)$/.test(error.type)) throw error;
    }
  }
}

/** Enrols somebody at a device, by everything that a person does there. Answers with the phone. */
export async function enrolAt(
  { client, capture }: OpenDevice,
  person: string,
  number: string,
  outboxDir: string,
  pan = '4242424242424242',
): Promise<Phone> {
  const phone = new Phone(outboxDir, number);
  const { handle } = await client.startEnrolment({ version: '2026-11', language: 'en' });
  for (let attempt = 1; ; attempt++) {
    try {
      await client.enrolPalm(handle, 'left', await capture(person));
      break;
    } catch (error) {
      if (!(error instanceof Problem) || attempt >= TRIES) throw error;
    }
  }
  await client.enrolCard(handle, { pan, expiry: '2030-12' });
  await client.enrolPhone(handle, number);
  await client.verifyPhone(handle, await phone.code('phone-code'));
  await completed(client, handle);
  return phone;
}

/** The palm is searched by the index first, which takes a moment. */
async function completed(client: DeviceClient, handle: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { status } = await client.send('POST', ROUTES.enrolmentComplete(handle), {});
    if (status < 300) return;
    if (attempt >= 50) throw new Error(`the enrolment was not completed: ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function publicKeyOf({ keys }: OpenDevice): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)));
}
