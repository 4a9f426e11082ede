import type { Keyring } from '#libs/keyring/port.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { ContactIndex } from '#libs/identity/contact-index.ts';
import type { ServiceKeys } from '#libs/identity/service-keys.ts';
import { signKey } from '#libs/device-protocol/signed-key.ts';
import { keyInForce } from '#libs/domain/device/state.ts';
import { contextOf } from '#libs/event-codec/codec.ts';
import type { ZoneDevice } from '#libs/recognition/in-process/parts.ts';
import { startZone } from '#libs/recognition/in-process/zone.ts';
import { startMatchingIndex } from '#libs/recognition/matching/matching-index.ts';
import { CODE_BYTES, VECTOR_LENGTH } from '#libs/recognition/palm/compare.ts';
import { MODEL_VERSION } from '#libs/recognition/palm/model-version.ts';
import type { PalmReader } from '#libs/recognition/palm/port.ts';
import { loadCalibration, thresholdFor } from '#libs/recognition/palm/threshold.ts';
import type { Recognition, SealingPlace } from '#libs/recognition/port.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { devices } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';

export interface ZoneWiring {
  readonly ledger: Ledger;
  readonly keyring: Keyring;
  readonly contacts: ContactIndex;
  readonly keys: ServiceKeys;
  readonly clock: Clock;
  readonly reader: PalmReader;
  readonly authorities: readonly string[];
  /** Strangers wrongly taken for a member, for each time that one holds a palm over a device. */
  readonly falsePositiveRate: number;
  /** Minor units, of any of the currencies. */
  readonly visibleLightLimit: number;
}

/** Currencies whose limit for devices without near infrared is that of the settings; in others such devices take no payment. */
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF'];
const MARGIN = 0.02;

/** The recognition zone in this process: nothing outside it sees a picture or an opened signature. */
export async function openZone(wiring: ZoneWiring): Promise<Recognition> {
  const { ledger, keyring, contacts, keys, clock, reader, visibleLightLimit } = wiring;
  const rate = wiring.falsePositiveRate;
  const calibration = loadCalibration();
  const shape = { modelVersion: MODEL_VERSION, dimensions: VECTOR_LENGTH, codeBytes: CODE_BYTES };
  const rootKey = await crypto.subtle.importKey('pkcs8', pkcs8(keys), 'Ed25519', false, ['sign']);
  return startZone({
    clock,
    index: startMatchingIndex({ shapes: [shape] }),
    models: [{ shape, reader }],
    vault: vaultOf(keyring),
    deviceOf: (device) => deviceOf(ledger, device),
    phoneLastFour: async (oneId) => contacts.lastFour(oneId),
    signKey: (key) => signKey('capture', key, rootKey),
    authorities: wiring.authorities,
    policy: {
      thresholdFor: (palms) => {
        const { score, beyondEvidence } = thresholdFor({ palms, falsePositiveIdentificationRate: rate }, calibration);
        return { threshold: score, rate, supported: !beyondEvidence };
      },
      margin: MARGIN,
      limitWithoutNearInfrared: Object.fromEntries(CURRENCIES.map((currency) => [currency, visibleLightLimit])),
      triesPerOneId: 5,
      triesPerDevice: 20,
      staleAfterMs: 3_000,
      deadlineMs: 2_000,
    },
  });
}

function vaultOf(keyring: Keyring) {
  const keyOf = ({ stream, palm }: SealingPlace): string => `${stream}/${palm}`;
  return {
    seal: async (place: SealingPlace, bytes: Uint8Array) => {
      const context = contextOf(place.stream, place.eventId, 'data');
      const [sealed] = await keyring.seal([{ key: keyOf(place), plaintext: bytes, context }]);
      return sealed!;
    },
    open: async ({ place, sealed }: { place: SealingPlace; sealed: Uint8Array }) => {
      const context = contextOf(place.stream, place.eventId, 'data');
      const [opened] = await keyring.open([{ key: keyOf(place), ciphertext: sealed, context }]);
      return opened!;
    },
  };
}

async function deviceOf(ledger: Ledger, device: string): Promise<ZoneDevice | undefined> {
  const { state } = await load(ledger, devices, `device-${device}`);
  const publicKey = keyInForce(state);
  if (publicKey === undefined || state.phase !== 'active') return undefined;
  return { publicKey, merchant: state.place.merchant, active: true };
}

function pkcs8({ root }: ServiceKeys): Uint8Array<ArrayBuffer> {
  return new Uint8Array(root.privateKey.export({ format: 'der', type: 'pkcs8' }));
}
