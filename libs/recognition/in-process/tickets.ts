import { createHash, randomBytes } from 'node:crypto';
import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import type { Redeemed, ZoneEvidence } from '../port.ts';
import { printOf } from './bindings.ts';
import { newShortLived } from './short-lived.ts';

const LIFE_MS = 2 * 60_000;
/** An expired ticket is known for this long, so that a device hears "expired" and not "unknown". */
const REMEMBERED_MS = 10 * 60_000;

export interface Recognised {
  readonly oneId: string;
  readonly palm: string;
  readonly evidence: ZoneEvidence;
}

/** Tickets in the zone's memory, by hash: who reads that memory holds no ticket. */
export interface Tickets {
  readonly issue: (who: Recognised, binding: CaptureBinding) => { ticket: string; expiresAt: string };
  readonly redeem: (ticket: string, binding: CaptureBinding) => Redeemed;
  readonly dropWhere: (gone: (who: Recognised) => boolean) => void;
}

export function newTickets(clock: Clock): Tickets {
  const held = newShortLived<Recognised & { readonly print: string; readonly expires: number }>(clock, REMEMBERED_MS);
  return {
    issue: (who, binding) => {
      const ticket = randomBytes(32).toString('base64url');
      const expires = clock.now().getTime() + LIFE_MS;
      held.put(ticketHash(ticket), { ...who, print: printOf(binding), expires });
      return { ticket, expiresAt: new Date(expires).toISOString() };
    },
    redeem: (ticket, binding): Redeemed => {
      const hash = ticketHash(ticket);
      const found = held.get(hash);
      if (found === undefined) return { outcome: 'refused', reason: 'ticket-unknown' };
      if (found.print !== printOf(binding)) return { outcome: 'refused', reason: 'ticket-bound-elsewhere' };
      if (found.expires <= clock.now().getTime()) return { outcome: 'refused', reason: 'ticket-expired' };
      const { oneId, palm, evidence } = found;
      const expiresAt = new Date(found.expires).toISOString();
      return { outcome: 'redeemed', oneId, palm, ticketHash: hash, expiresAt, evidence };
    },
    dropWhere: held.dropWhere,
  };
}

function ticketHash(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
