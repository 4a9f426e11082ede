import { Refused } from '#libs/domain/refused.ts';
import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';
import type { Recognition } from '#libs/recognition/port.ts';
import type { DeviceCaller } from '../callers.ts';

export interface Ticketed {
  readonly oneId: string;
  readonly palm: string;
  readonly ticketHash: string;
  readonly ticketExpiresAt: string;
  readonly evidence: { score: number; threshold: number; rate: number; quality: number; model: string };
}

/**
 * Who holds the palm that this ticket stands for. Throws `ticket-unknown`, `ticket-expired` (410) or `ticket-bound-elsewhere`
 * where it was given for another device, merchant, purpose, amount or request.
 */
export async function redeem(
  deps: { readonly recognition: Pick<Recognition, 'redeem'> },
  caller: DeviceCaller,
  ticket: string,
  use: Pick<CaptureBinding, 'purpose' | 'amount' | 'currency' | 'request'>,
): Promise<Ticketed> {
  const binding = { device: caller.device, merchant: caller.merchant, ...use };
  const redeemed = await deps.recognition.redeem(ticket, binding);
  if (redeemed.outcome === 'refused') throw refusal(redeemed.reason);
  const { oneId, palm, ticketHash, expiresAt, evidence } = redeemed;
  const { score, threshold, rate, quality, model } = evidence;
  return { oneId, palm, ticketHash, ticketExpiresAt: expiresAt, evidence: { score, threshold, rate, quality, model } };
}

function refusal(reason: 'ticket-unknown' | 'ticket-expired' | 'ticket-bound-elsewhere'): Refused {
  if (reason === 'ticket-expired')
    return new Refused(reason, 'the ticket is over; hold the palm over the device again', 'gone');
  if (reason === 'ticket-unknown') return new Refused(reason, 'there is no such ticket', 'missing');
  return new Refused(reason, 'the ticket was given for something else', 'forbidden');
}
