import { createHash } from 'node:crypto';
import { openCapture } from '#libs/device-protocol/open-capture.ts';
import { verifyRequest } from '#libs/device-protocol/verify-request.ts';
import type { Capture } from '../palm/port.ts';
import type { CaptureRequest, ZoneReason } from '../port.ts';
import { printOf } from './bindings.ts';
import { inTime } from './doubt.ts';
import type { KeysOfTheDay } from './keys-of-the-day.ts';
import type { ZoneDevice, ZoneParts } from './parts.ts';
import { newShortLived } from './short-lived.ts';

/** A capture can be opened for as long as its key lives; the window of its signature is far shorter. */
const SEEN_MS = 10 * 60_000;

export type Admitted =
  | { readonly outcome: 'admitted'; readonly capture: Capture; readonly wipe: () => void }
  | { readonly outcome: 'refused'; readonly reasons: readonly ZoneReason[] };

/**
 * The zone's own look at a request, since it does not take the gateway's word: signed in time by an active device of that
 * merchant, for this idempotency key; the capture in the signed body, sealed for exactly this, and not seen for anything else.
 */
export function newAdmission(parts: ZoneParts, keys: KeysOfTheDay): (request: CaptureRequest) => Promise<Admitted> {
  const seen = newShortLived<string>(parts.clock, SEEN_MS);

  return async ({ signed, capture, binding }) => {
    if (binding.purpose === 'pay' && binding.amount === undefined) return refused('binding-invalid');
    const device = await inTime(parts.policy.deadlineMs, parts.deviceOf(binding.device));
    if (!(await trusted(parts, device, signed, binding))) return refused('request-not-trusted');
    if (!standsIn(signed.body, capture)) return refused('not-in-signed-body');
    const captureHash = createHash('sha256').update(capture).digest('base64url');
    const print = printOf(binding);
    // Retries of the same request pass. What is sealed for this binding cannot open for another, so this names the attempt.
    if ((seen.get(captureHash) ?? print) !== print) return refused('capture-used-before');
    const opened = await openCapture(capture, binding, keys.privateKeyOf);
    if (opened.outcome === 'opened') {
      seen.put(captureHash, print);
      return { outcome: 'admitted', capture: opened.capture, wipe: () => wipe(opened) };
    }
    if (opened.reason === 'key-unknown') return refused('capture-key-unknown');
    return refused(opened.reason === 'unreadable' ? 'unreadable' : 'capture-altered');
  };
}

async function trusted(
  { clock, authorities }: ZoneParts,
  device: ZoneDevice | undefined,
  signed: CaptureRequest['signed'],
  binding: CaptureRequest['binding'],
): Promise<boolean> {
  if (device === undefined || !device.active || device.merchant !== binding.merchant) return false;
  const verdict = await verifyRequest(signed, {
    now: clock.now(),
    publicKeyOf: (keyid) => (keyid === binding.device ? device.publicKey : undefined),
    ...(authorities === undefined ? {} : { authorities }),
  });
  return verdict.outcome === 'verified' && verdict.idempotencyKey === binding.request;
}

/** As a JSON string, whole. Both alphabets (base64url, digits) need no escapes. */
export function standsIn(body: Uint8Array, value: string): boolean {
  return (
    /^[A-Za-z0-9_-]+$/.test(value) && Buffer.from(body.buffer, body.byteOffset, body.length).includes(`"${value}"`)
  );
}

/** The reader may have taken the buffer over; then it overwrites it. */
function wipe({ capture, wipe }: { capture: Capture; wipe: () => void }): void {
  const picture = capture.visible ?? capture.nearInfrared;
  if (picture !== undefined && !(picture.buffer as ArrayBuffer).detached) wipe();
}

function refused(reason: ZoneReason): Admitted {
  return { outcome: 'refused', reasons: [reason] };
}
