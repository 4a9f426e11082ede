import { createHash } from 'node:crypto';
import type { Hand } from '#libs/domain/values.ts';
import { sealSignature } from '#libs/event-codec/palm-signature.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { pack } from '#libs/recognition/in-process/packing.ts';
import { MODEL_VERSION } from '#libs/recognition/palm/model-version.ts';
import type { PalmReader } from '#libs/recognition/palm/port.ts';
import type { EnrolOutcome, Recognition, ZoneEvidence } from '#libs/recognition/port.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { drawnSignature } from '#libs/testing/palms/drawn-signature.ts';

/** A palm of a person who never was, as a seeding shows it to the zone. */
export interface DrawnHand {
  readonly palm: string;
  readonly hand: Hand;
}

interface Held {
  readonly oneId: string;
  readonly palm: string;
  readonly request: string;
}

/** A zone that is told whose palm it sees: it seals drawn signatures, and gives tickets for who is said to stand there. */
export interface SeedZone {
  /** The zone as the use cases call it, by one action's clock. `shown`: the hand that is held over the device. */
  at(clock: Clock, shown?: DrawnHand): Recognition;
  ticket(held: Held): string;
}

/** Pictures play no part here: whoever is asked for one has been called by mistake. */
export const noReader: PalmReader = {
  read: () => Promise.reject(new Error('a seeding reads no pictures')),
  close: async () => undefined,
};

const TICKET_MS = 100_000;

export function seedZone(zone: Recognition, keyring: Pick<Keyring, 'seal'>): SeedZone {
  const tickets = new Map<string, Held>();
  return {
    ticket: (held) => {
      const ticket = newId() + newId();
      tickets.set(ticket, held);
      return ticket;
    },
    at: (clock, shown) => ({
      ...zone,
      enrol: async ({ hand, place }): Promise<EnrolOutcome> => {
        if (shown === undefined || shown.hand !== hand) throw new Error('another hand is shown');
        const bytes = pack(drawnSignature(`${shown.palm}/${hand}`));
        const sealed = await sealSignature(keyring, place, bytes);
        bytes.fill(0);
        return { outcome: 'accepted', sealed, modelVersion: MODEL_VERSION, quality: 0.8, nearInfrared: true };
      },
      redeem: async (ticket, { request }) => {
        const held = tickets.get(ticket);
        tickets.delete(ticket);
        if (held === undefined) return { outcome: 'refused', reason: 'ticket-unknown' };
        if (held.request !== request) return { outcome: 'refused', reason: 'ticket-bound-elsewhere' };
        const ticketHash = createHash('sha256').update(ticket).digest('base64url');
        const expiresAt = new Date(clock.now().getTime() + TICKET_MS).toISOString();
        return { outcome: 'redeemed', oneId: held.oneId, palm: held.palm, ticketHash, expiresAt, evidence: evidence() };
      },
    }),
  };
}

function evidence(): ZoneEvidence {
  return { score: 0.88, threshold: 0.71, rate: 0.001, quality: 0.8, model: MODEL_VERSION, nearInfrared: true };
}
