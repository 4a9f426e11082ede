import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { sealCard } from '#libs/device-protocol/card.ts';
import type { Hand } from '#libs/domain/values.ts';
import { sealSignature } from '#libs/event-codec/palm-signature.ts';
import type { CarriedNotice } from '#libs/notices/port.ts';
import type { EnrolOutcome, Recognition } from '#libs/recognition/port.ts';
import type { PalmReader } from '#libs/recognition/palm/port.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { callerId, type Caller, type DeviceCaller, type MemberCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { merchants, oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { feedContacts } from '#libs/workflows/contact-feed.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { openHouse, type House } from './house.ts';

/** A house with members and shops in it, who are entered below recognition: where pictures are not the point. */
export interface Town {
  readonly house: House;
  /** Real parts, but for a recognition zone that takes our word for whose palm it is. */
  readonly deps: Deps;
  member(phone?: string): Promise<TownMember>;
  shop(name?: string): Promise<DeviceCaller>;
  /** A ticket as the zone gives it, for the request under which it will be spent. */
  ticket(member: TownMember, purpose: string, request: Request): string;
  /** What the zone would hand to a device for a palm that is this member's already. */
  known(member: TownMember): string;
  /** All that has gone out to phones so far. */
  messages(): Promise<readonly CarriedNotice[]>;
  sealedCard(pan: string, request: Request, sender?: string): Promise<string>;
  close(): Promise<void>;
}

export interface TownMember {
  readonly oneId: string;
  readonly stream: string;
  readonly caller: MemberCaller;
  readonly palm: string;
  readonly card: string;
  readonly phone: string;
  readonly number: string;
}

export const VISA = '4111111111111111';
export const MASTERCARD = '5555555555554444';
const WHO = systemWho('town');

/** A request of this caller, as the edge would make it. */
export function asked(caller: Caller, about: string = randomUUID()): Request {
  return { caller: callerId(caller), idempotencyKey: about, digest: about };
}

export async function openTown(): Promise<Town> {
  const house = await openHouse({ reader: noReader });
  const tickets = new Map<string, { member: TownMember; purpose: string; request: string }>();
  const knownRefs = new Map<string, string>();
  const deps: Deps = { ...house.parts, clock: house.clock, recognition: zone(house, tickets, knownRefs) };
  const ending = new AbortController();
  const feeding = feedContacts({ ...deps, signal: ending.signal, metrics: { lag: () => {}, failed: () => {} } });
  let people = 0;
  return {
    house,
    deps,
    member: (phone = `+4179555${String((people += 1)).padStart(4, '0')}`) => enrol(deps, phone),
    shop: (name = 'Bakery') => openShop(deps, name),
    ticket: (member, purpose, request) => {
      const ticket = newId();
      tickets.set(ticket, { member, purpose, request: request.idempotencyKey });
      return ticket;
    },
    known: (member) => {
      const ref = newId();
      knownRefs.set(ref, member.oneId);
      return ref;
    },
    messages: async () => {
      await deps.outbox.deliver();
      const files = (await readdir(house.outboxDir)).filter((name) => name.endsWith('.json'));
      const texts = await Promise.all(files.map((name) => readFile(join(house.outboxDir, name), 'utf8')));
      return texts.map((text) => JSON.parse(text) as CarriedNotice);
    },
    sealedCard: async (pan, request, sender = 'member') =>
      sealCard({ pan, expiry: '2031-12' }, await deps.network.tokeniserKey(), {
        sender,
        request: request.idempotencyKey,
      }),
    close: async () => {
      ending.abort();
      await feeding;
      await house.close();
    },
  };
}

const noReader: PalmReader = {
  read: () => Promise.resolve({ outcome: 'refused', reasons: ['not-a-palm'] } as never),
  close: () => Promise.resolve(),
};

function zone(
  { parts, clock }: House,
  tickets: ReadonlyMap<string, { member: TownMember; purpose: string; request: string }>,
  knownRefs: ReadonlyMap<string, string>,
): Recognition {
  const evidence = { score: 0.93, threshold: 0.7, rate: 0.001, quality: 0.8, model: 'drawn-1', nearInfrared: true };
  return {
    ...parts.recognition,
    redeem: async (ticket, { purpose, request }) => {
      const known = tickets.get(ticket);
      if (known === undefined) return { outcome: 'refused', reason: 'ticket-unknown' };
      if (known.purpose !== purpose || known.request !== request)
        return { outcome: 'refused', reason: 'ticket-bound-elsewhere' };
      const { oneId, palm } = known.member;
      const expiresAt = new Date(clock.now().getTime() + 100_000).toISOString();
      return { outcome: 'redeemed', oneId, palm, ticketHash: `hash-${ticket}`, expiresAt, evidence };
    },
    enrol: async ({ place }): Promise<EnrolOutcome> => {
      const sealed = await sealSignature(parts.keyring, place, new Uint8Array(64));
      return { outcome: 'accepted', sealed, modelVersion: 'drawn-1', quality: 0.8, nearInfrared: true };
    },
    resolveKnown: async (ref) => {
      const oneId = knownRefs.get(ref);
      return oneId === undefined ? { outcome: 'refused', reason: 'unknown' } : { outcome: 'resolved', oneId };
    },
  };
}

async function enrol(deps: Deps, number: string): Promise<TownMember> {
  const [oneId] = await deps.keyring.reserve('oneId');
  const stream = `oneId-${oneId!}`;
  const [palm, card, phone] = [newId(), newId(), newId()];
  await deps.keyring.make([palm, card, phone].map((ref) => `${stream}/${ref}`));
  const at = isoNow(deps.clock);
  const place = { device: 'device', site: 'site', merchant: 'merchant' };
  await decideOn(
    deps,
    oneIds,
    stream,
    [
      {
        type: 'StartEnrolment',
        at,
        enrolBy: new Date(Date.parse(at) + 86_400_000).toISOString(),
        ticketHash: newId(),
        streams: [],
        sealed: place,
      },
      { type: 'GiveConsent', at, version: deps.policy.consentVersion, sealed: { language: 'en', device: 'device' } },
      await enrolPalm(deps, stream, palm, 'left', at),
      { type: 'MarkPalmMatchable', at, palm },
      { type: 'AddCard', at, card, sealed: await tokenised(deps, card) },
      { type: 'AddPhone', at, phone, sealed: { number } },
      { type: 'VerifyPhone', at, phone },
      { type: 'CompleteEnrolment', at, sealed: { durationMs: 40_000, device: 'device' } },
    ],
    WHO,
  );
  const caller = { kind: 'member', oneId: oneId!, session: newId() } as const;
  return { oneId: oneId!, stream, caller, palm, card, phone, number };
}

async function enrolPalm(deps: Deps, stream: string, palm: string, hand: Hand, at: string) {
  const eventId = randomUUID();
  const presealed = await sealSignature(deps.keyring, { stream, eventId, palm }, new Uint8Array(64));
  return { type: 'EnrolPalm', at, palm, hand, modelVersion: 'drawn-1', eventId, sealed: { presealed } } as const;
}

async function tokenised({ network }: Deps, card: string) {
  const binding = { sender: 'member', request: card };
  const sealed = await sealCard({ pan: VISA, expiry: '2031-12' }, await network.tokeniserKey(), binding);
  const answer = await network.tokenise({ key: card, card: sealed, context: binding });
  if (answer.outcome === 'refused') throw new Error(answer.reason);
  const { networkToken: token, brand, lastFour, expiry } = answer;
  return { token, brand, lastFour, expiry };
}

async function openShop(deps: Deps, name: string): Promise<DeviceCaller> {
  const [merchant = ''] = await deps.keyring.reserve('merchant');
  const [site, device] = [newId(), newId()];
  const at = isoNow(deps.clock);
  const purposes = ['pay', 'visit', 'badge', 'loyalty', 'subscription', 'age'];
  await decideOn(
    deps,
    merchants,
    `merchant-${merchant}`,
    [
      { type: 'RegisterMerchant', at, name, country: 'CH', currency: 'CHF' },
      { type: 'OpenSite', at, site, name: `${name} Central`, place: 'Zurich', timeZone: 'Europe/Zurich' },
      { type: 'SignContract', at, contract: newId(), purposes, from: at },
    ],
    WHO,
  );
  return { kind: 'device', device, merchant, site, deviceKind: 'till', nearInfrared: true };
}
