import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { toBase64url, utf8 } from '#libs/device-protocol/base64.ts';
import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';
import { sealCapture } from '#libs/device-protocol/seal-capture.ts';
import { signRequest } from '#libs/device-protocol/sign-request.ts';
import { signKey, type SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { Hand } from '#libs/domain/values.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { SignatureVault, ZoneDevice, ZoneParts } from './in-process/parts.ts';
import { pack } from './in-process/packing.ts';
import type { RecognitionPolicy } from './in-process/policy.ts';
import { signatureDrawer } from './matching/drawn-signatures.ts';
import type { ModelShape } from './matching/entry.ts';
import { startMatchingIndex } from './matching/matching-index.ts';
import { CODE_BYTES, VECTOR_LENGTH } from './palm/compare.ts';
import type { Capture, PalmReader, PalmReading, Signature } from './palm/port.ts';
import type { CaptureRequest, PalmEntry, SealingPlace } from './port.ts';

/** What the contract suite runs a zone with: true cryptography and a true index, and people who are drawn. */
export interface DrawnZone {
  readonly parts: ZoneParts;
  readonly till: DrawnDevice;
  readonly otherTill: DrawnDevice;
  /** Moves the wall clock and the monotonic one. */
  readonly pass: (milliseconds: number) => void;
  readonly vault: DrawnVault;
  readonly phones: Map<string, string[]>;
  readonly rootKey: string;
}

export interface DrawnDevice {
  readonly id: string;
  readonly merchant: string;
  readonly registered: ZoneDevice & { active: boolean };
  /** A request for this binding, with the picture sealed to the key and in a signed body. */
  readonly request: (
    key: SignedKey,
    picture: DrawnPicture,
    binding: CaptureBinding,
    more?: { lastFour?: string; sealedFor?: CaptureBinding },
  ) => Promise<CaptureRequest>;
  /** The same capture in a request that is signed anew, for another binding. */
  readonly resend: (request: CaptureRequest, binding: CaptureBinding) => Promise<CaptureRequest>;
}

/** A "picture" in these tests: who it is of, as bytes. `take`: another take of the same palm. */
export interface DrawnPicture {
  readonly person: number;
  readonly hand: Hand;
  readonly take: number;
  readonly nearInfrared?: boolean;
  /** The reader refuses it. */
  readonly dark?: boolean;
}

export interface DrawnVault extends SignatureVault {
  readonly destroy: (place: SealingPlace) => void;
}

export const drawnShape: ModelShape = { modelVersion: 'drawn-1', dimensions: VECTOR_LENGTH, codeBytes: CODE_BYTES };

/** Drawn palms of two people score about 0.45, two takes of one palm about 0.9. */
const policy: RecognitionPolicy = {
  thresholdFor: () => ({ threshold: 0.7, rate: 0.001, supported: true }),
  margin: 0.05,
  limitWithoutNearInfrared: { EUR: 5_000 },
  triesPerOneId: 3,
  triesPerDevice: 10,
  staleAfterMs: 10_000,
  deadlineMs: 1_000,
};

export async function drawnZone(changed: Partial<RecognitionPolicy> = {}): Promise<DrawnZone> {
  let now = Date.parse('2026-11-24T15:00:00.000Z');
  let elapsed = 0;
  const clock = { now: () => new Date(now) };
  const root = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const devices = new Map<string, ZoneDevice>();
  const phones = new Map<string, string[]>();
  const vault = drawnVault();
  const parts: ZoneParts = {
    clock,
    index: startMatchingIndex({ shapes: [drawnShape], deadlineMs: 10_000 }),
    models: [{ shape: drawnShape, reader: drawnReaderOf(drawnShape) }],
    vault,
    deviceOf: (device) => devices.get(device),
    phoneLastFour: async (oneId) => phones.get(oneId) ?? [],
    signKey: (key) => signKey('capture', key, root.privateKey),
    policy: { ...policy, ...changed },
    elapsed: () => elapsed,
  };
  return {
    parts,
    till: await drawnDevice('bakery', devices, clock),
    otherTill: await drawnDevice('bakery', devices, clock),
    pass: (milliseconds) => {
      now += milliseconds;
      elapsed += milliseconds;
    },
    vault,
    phones,
    rootKey: await publicKeyOf(root),
  };
}

/** What the feeder makes of an accepted enrolment once its event is in the ledger. */
export function entryOf(oneId: string, hand: Hand, place: SealingPlace, sealed: Uint8Array): PalmEntry {
  return { oneId, hand, modelVersion: drawnShape.modelVersion, place, sealed };
}

export function newPlace(oneId: string): SealingPlace {
  return { stream: `oneId-${oneId}`, eventId: crypto.randomUUID(), palm: newId() };
}

/** A drawn palm's signature as it is sealed. */
export function drawnBytes(person: number, hand: Hand): Uint8Array {
  return pack(drawnPalm(person, hand, drawnShape));
}

function drawnPalm(person: number, hand: Hand, shape: ModelShape): Signature {
  return signatureDrawer(person * 2 + (hand === 'left' ? 0 : 1), shape).somebody();
}

/** Reads drawn "pictures": stands where the model would, and overwrites what it is given, as the true one does. */
export function drawnReaderOf(shape: ModelShape): PalmReader {
  return {
    read: async ({ visible, nearInfrared }: Capture): Promise<PalmReading> => {
      const bytes = (visible ?? nearInfrared)!;
      const { person, hand, take, dark } = JSON.parse(Buffer.from(bytes).toString()) as DrawnPicture;
      visible?.fill(0);
      nearInfrared?.fill(0);
      if (dark) return { outcome: 'refused', reasons: ['too-dark'] };
      const signature = signatureDrawer(1_000_000 + take, shape).again(drawnPalm(person, hand, shape), 0.2);
      return { outcome: 'signature', signature, quality: 0.8, nearInfrared: nearInfrared !== undefined };
    },
    close: async () => {},
  };
}

async function drawnDevice(
  merchant: string,
  devices: Map<string, ZoneDevice>,
  clock: { now(): Date },
): Promise<DrawnDevice> {
  const id = newId();
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const registered = { publicKey: await publicKeyOf(pair), merchant, active: true };
  devices.set(id, registered);
  const send = async (capture: string, binding: CaptureBinding, lastFour?: string): Promise<CaptureRequest> => {
    const body = utf8(JSON.stringify({ capture, lastFour }));
    const url = 'https://palmledger.test/v1/captures';
    const asked = { method: 'POST', url, body, idempotencyKey: binding.request, last: 'none', keyid: id };
    const headers = await signRequest({ ...asked, privateKey: pair.privateKey, created: clock.now() });
    return { signed: { method: 'POST', url, headers, body }, capture, binding };
  };
  return {
    id,
    merchant,
    registered,
    request: async (key, picture, binding, { lastFour, sealedFor = binding } = {}) => {
      const bytes = utf8(JSON.stringify(picture));
      const pictures = picture.nearInfrared === true ? { visible: bytes, nearInfrared: bytes } : { visible: bytes };
      return send(await sealCapture(pictures, key, sealedFor), binding, lastFour);
    },
    resend: ({ capture }, binding) => send(capture, binding),
  };
}

async function publicKeyOf({ publicKey }: CryptoKeyPair): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
}

/** AES-256-GCM with a key for each palm, as the keyring does it, in this process's memory. */
function drawnVault(): DrawnVault {
  const keys = new Map<string, Buffer>();
  const contextOf = ({ stream, eventId, palm }: SealingPlace): Buffer => Buffer.from(`${stream}\n${eventId}\n${palm}`);
  const nameOf = ({ stream, palm }: SealingPlace): string => `${stream}/${palm}`;
  return {
    seal: async (place, bytes) => {
      const key = keys.get(nameOf(place)) ?? randomBytes(32);
      keys.set(nameOf(place), key);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(contextOf(place));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open: async ({ place, sealed }) => {
      const key = keys.get(nameOf(place));
      if (key === undefined) return 'gone';
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(contextOf(place));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    },
    destroy: (place) => void keys.delete(nameOf(place)),
  };
}
