import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sealCard } from '#libs/device-protocol/card.ts';
import type { EnrolPalm, OneIdCommand } from '#libs/domain/one-id/commands.ts';
import type { OneIdState } from '#libs/domain/one-id/state.ts';
import type { Hand } from '#libs/domain/values.ts';
import { sealSignature } from '#libs/event-codec/palm-signature.ts';
import { openTreeFile } from '#libs/evidence/tree-file.ts';
import { feedIndex } from '#libs/pipelines/index-feeder.ts';
import { noMetrics } from '#libs/pipelines/metrics.ts';
import { project } from '#libs/pipelines/projector.ts';
import { pack } from '#libs/recognition/in-process/packing.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import { evidenceOf } from '#libs/use-cases/evidence/sign-head.ts';
import type { PaymentAnswer } from '#libs/use-cases/payment/answer.ts';
import { payByPalm } from '#libs/use-cases/payment/pay.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { palmFeed } from '#libs/workflows/palm-feed.ts';
import type { WorkflowDeps } from '#libs/workflows/deps.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { drawnSignature } from './palms/drawn-signature.ts';
import { asked, openTown, VISA, type Town, type TownMember } from './town.ts';

/** A town with the loops that move events running in it; its workflows are stepped by the test. */
export interface Works {
  readonly town: Town;
  readonly deps: WorkflowDeps;
  /** Enrols with a palm drawn from the seed: the same seed is the same palm. Completed once the index has searched it. */
  member(seed: string, number: string): Promise<TownMember>;
  /** An enrolment that is left where it is; its palm is searched by the index. */
  enrolling(seed: string, number: string): Promise<TownMember>;
  pay(member: TownMember, shop: DeviceCaller, amount: number): Promise<PaymentAnswer>;
  decide(stream: string, ...commands: readonly OneIdCommand[]): Promise<void>;
  /** A further palm for a One ID, drawn from the seed, with its key. */
  signed(stream: string, seed: string, hand: Hand): Promise<EnrolPalm>;
  state(stream: string): Promise<OneIdState>;
  /** Once views, index and contacts have seen all that is in the ledger now. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const WHO = systemWho('works');

export async function openWorks(): Promise<Works> {
  const town = await openTown();
  const { parts, folder } = town.house;
  const tree = openTreeFile(join(folder, 'tree'));
  const evidence = evidenceOf({ ...parts, clock: town.house.clock }, tree, parts.ledger);
  const deps: WorkflowDeps = { ...town.deps, anchor: (record) => evidence.anchor(record) };
  const ending = new AbortController();
  const { signal } = ending;
  const handler = palmFeed(deps);
  const running = [
    project({ ...deps, signal, metrics: noMetrics }),
    handler.load().then((after) => {
      return feedIndex({ ledger: deps.ledger, handler, after, signal, metrics: noMetrics, everyMs: 50 });
    }),
  ];

  async function caughtUp(): Promise<void> {
    const head = await deps.ledger.head();
    await deps.views.waitFor(head, 10_000);
    await deps.contacts.reached(head, 10_000);
    await until(async () => deps.recognition.ready().position >= head);
  }
  const state = async (stream: string): Promise<OneIdState> => (await load(deps.ledger, oneIds, stream)).state;
  const decide = async (stream: string, ...commands: readonly OneIdCommand[]): Promise<void> => {
    await decideOn(deps, oneIds, stream, commands, WHO);
  };
  const enrolling = async (seed: string, number: string): Promise<TownMember> => {
    const member = await begin(deps, decide, seed, number);
    await until(async () => {
      const one = await state(member.stream);
      return 'palms' in one && one.palms.every(({ condition }) => condition !== 'new');
    });
    return member;
  };
  return {
    town,
    deps,
    enrolling,
    member: async (seed, number) => {
      const member = await enrolling(seed, number);
      const sealed = { durationMs: 40_000, device: 'device' };
      await decide(member.stream, { type: 'CompleteEnrolment', at: isoNow(deps.clock), sealed });
      return member;
    },
    pay: (member, caller, amount) => {
      const request = asked(caller);
      const ticket = town.ticket(member, 'pay', request);
      return payByPalm(deps, { caller, request, ticket, amount, currency: 'CHF' });
    },
    decide,
    signed: (stream, seed, hand) => signedPalm(deps, stream, seed, hand),
    state,
    caughtUp,
    close: async () => {
      ending.abort();
      await Promise.all(running);
      tree.close();
      await town.close();
    },
  };
}

/** Looks again and again, for what happens beside the test. */
export async function until(holds: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  for (const from = performance.now(); !(await holds());) {
    if (performance.now() - from > withinMs) throw new Error('it did not come to be in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function begin(deps: WorkflowDeps, decide: Works['decide'], seed: string, number: string): Promise<TownMember> {
  const [oneId] = await deps.keyring.reserve('oneId');
  const stream = `oneId-${oneId!}`;
  const [card, phone] = [newId(), newId()];
  await deps.keyring.make([card, phone].map((ref) => `${stream}/${ref}`));
  const at = isoNow(deps.clock);
  const enrolBy = new Date(Date.parse(at) + 86_400_000).toISOString();
  const place = { device: 'device', site: 'site', merchant: 'merchant' };
  const enrolled = await signedPalm(deps, stream, seed, 'left');
  const { palm } = enrolled;
  await decide(
    stream,
    { type: 'StartEnrolment', at, enrolBy, ticketHash: newId(), streams: [], sealed: place },
    { type: 'GiveConsent', at, version: deps.policy.consentVersion, sealed: { language: 'en', device: 'device' } },
    enrolled,
    { type: 'AddCard', at, card, sealed: await tokenised(deps, card) },
    { type: 'AddPhone', at, phone, sealed: { number } },
    { type: 'VerifyPhone', at, phone },
  );
  return {
    oneId: oneId!,
    stream,
    caller: { kind: 'member', oneId: oneId!, session: newId() },
    palm,
    card,
    phone,
    number,
  };
}

async function signedPalm(deps: WorkflowDeps, stream: string, seed: string, hand: Hand): Promise<EnrolPalm> {
  const [palm, eventId] = [newId(), randomUUID()];
  await deps.keyring.make([`${stream}/${palm}`]);
  const signature = drawnSignature(`${seed} ${hand}`, newId());
  const presealed = await sealSignature(deps.keyring, { stream, eventId, palm }, pack(signature));
  const { modelVersion } = signature;
  return { type: 'EnrolPalm', at: isoNow(deps.clock), palm, hand, modelVersion, eventId, sealed: { presealed } };
}

async function tokenised({ network }: WorkflowDeps, card: string) {
  const context = { sender: 'member', request: card };
  const sealed = await sealCard({ pan: VISA, expiry: '2031-12' }, await network.tokeniserKey(), context);
  const answer = await network.tokenise({ key: card, card: sealed, context });
  if (answer.outcome === 'refused') throw new Error(answer.reason);
  const { networkToken: token, brand, lastFour, expiry } = answer;
  return { token, brand, lastFour, expiry };
}
