import { randomUUID } from 'node:crypto';
import { sealCard } from '#libs/device-protocol/card.ts';
import { isLiving, usablePalms } from '#libs/domain/one-id/state.ts';
import type { Hand } from '#libs/domain/values.ts';
import type { DeviceCaller, PrincipalCaller } from '#libs/use-cases/callers.ts';
import { checkByPalm } from '#libs/use-cases/check/check.ts';
import { grantCredential } from '#libs/use-cases/credentials/grant.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { addEnrolmentCard } from '#libs/use-cases/enrolment/card.ts';
import { completeEnrolment } from '#libs/use-cases/enrolment/complete.ts';
import { enrolmentStream } from '#libs/use-cases/enrolment/handle.ts';
import { enrolPalm } from '#libs/use-cases/enrolment/palm.ts';
import { addEnrolmentPhone, verifyEnrolmentPhone } from '#libs/use-cases/enrolment/phone.ts';
import { startEnrolment } from '#libs/use-cases/enrolment/start.ts';
import { payByPalm } from '#libs/use-cases/payment/pay.ts';
import { refundPayment } from '#libs/use-cases/payment/refund.ts';
import { oneIds, payments as paymentStreams } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { enterByPalm } from '#libs/use-cases/visit/enter.ts';
import { moveItem } from '#libs/use-cases/visit/items.ts';
import { leaveByPalm } from '#libs/use-cases/visit/leave.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { SHOPS, TOWNS } from './merchants.ts';
import { seedPhones, stepClock, unlimitedCodes, type StepClock } from './moment.ts';
import { personOf, type Person } from './people.ts';
import type { SeedZone } from './seed-zone.ts';
import { lifeOf, townOf, type Action, type SeedPlan } from './timeline.ts';
import { requestOf, type OpenShop } from './town-life.ts';

export interface Acting {
  readonly deps: Deps;
  readonly zone: SeedZone;
  readonly plan: SeedPlan;
  readonly shops: readonly OpenShop[];
}

/** A member as later actions find it: from the ledger, by the claim of its own enrolment. */
interface Known {
  readonly oneId: string;
  readonly palm: string;
}

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;
type Phones = ReturnType<typeof seedPhones>;

/** Plays actions by the same use cases as everybody, each at its own moment, and again where it was played before. */
export function actor({ deps: parts, zone, plan, shops }: Acting): (action: Action) => Promise<void> {
  const codes = unlimitedCodes();
  const phones: Phones = seedPhones(parts.outbox);
  const members = new Map<number, Known>();
  const payments = new Map<string, string>();
  const expiry = `${new Date(plan.until).getUTCFullYear() + 4}-12`;

  const depsAt = (clock: StepClock, shown?: { palm: string; hand: Hand }): Deps => {
    return { ...parts, clock, codes, outbox: phones, recognition: zone.at(clock, shown) };
  };
  const about = (action: Action, step: string): string => `${plan.seed}/${action.member}/${action.number}/${step}`;
  const deviceFor = ({ member }: Action, shop: number): DeviceCaller => {
    return shops[shop]!.devices.get(townOf(plan.seed, member))!;
  };
  const person = (member: number): Person => {
    return { ...personOf(plan.seed, member, TOWNS.length, expiry), town: townOf(plan.seed, member) };
  };

  async function enrol(action: Of<'enrol'>): Promise<void> {
    const clock = stepClock(action.at);
    const { palm, phone, language, card, bothPalms, town } = person(action.member);
    const caller = shops.flatMap(({ devices }) => devices.get(town) ?? [])[action.member % 3]!;
    const asked = (step: string) => ({ caller, request: requestOf(caller, about(action, step)) });
    const deps = depsAt(clock);
    const consent = { version: deps.policy.consentVersion, language };
    const { handle: enrolment } = await startEnrolment(deps, { ...asked('start'), consent });
    const stream = enrolmentStream(deps, caller, enrolment);
    const { state } = await load(deps.ledger, oneIds, stream);
    if (!isLiving(state) || state.status !== 'enrolling') return remember(action.member, stream);
    for (const hand of bothPalms ? (['left', 'right'] as const) : (['left'] as const)) {
      clock.pass(6);
      await showPalm(depsAt(clock, { palm, hand }), asked(`palm/${hand}`), enrolment, stream, hand);
    }
    clock.pass(8);
    if (state.cards.length === 0) await addCard(deps, caller, about(action, 'card'), enrolment, card);
    clock.pass(7);
    await addEnrolmentPhone(deps, { ...asked('phone'), enrolment, number: phone });
    clock.pass(9);
    await verifyEnrolmentPhone(deps, { ...asked('verify'), enrolment, code: phones.codeOf(phone) });
    await completeEnrolment(deps, { ...asked('complete'), enrolment });
    await remember(action.member, stream);
  }

  /** The index searches each palm of a running system again; here it is known that no two are alike. */
  async function showPalm(
    deps: Deps,
    asked: { caller: DeviceCaller; request: ReturnType<typeof requestOf> },
    enrolment: string,
    stream: string,
    hand: Hand,
  ): Promise<void> {
    const signed = { method: 'POST', url: 'http://seed', headers: {}, body: new Uint8Array() };
    const { palm } = await enrolPalm(deps, { ...asked, enrolment, hand, signed, capture: 'drawn' });
    const command = { type: 'MarkPalmMatchable', at: deps.clock.now().toISOString(), palm } as const;
    await decideOn(deps, oneIds, stream, command, systemWho('palm-feed'));
  }

  /** Encrypting again makes other bytes: whoever was cut off before the card was added asks anew, under another key. */
  async function addCard(
    deps: Deps,
    caller: DeviceCaller,
    about: string,
    enrolment: string,
    card: Person['card'],
  ): Promise<void> {
    const request = requestOf(caller, `${about}/${randomUUID()}`);
    const binding = { sender: caller.device, request: request.idempotencyKey };
    const sealed = await sealCard(card, await deps.network.tokeniserKey(), binding);
    await addEnrolmentCard(deps, { caller, request, enrolment, card: sealed });
  }

  async function remember(member: number, stream: string): Promise<void> {
    const { state } = await load(parts.ledger, oneIds, stream);
    const palm = isLiving(state) ? usablePalms(state)[0]?.palm : undefined;
    if (palm !== undefined) members.set(member, { oneId: stream.slice('oneId-'.length), palm });
  }

  /** Whoever was enrolled by an earlier, unfinished seeding is found by enrolling again. */
  async function memberOf(action: Action): Promise<Known | undefined> {
    if (!members.has(action.member)) await enrol({ ...action, kind: 'enrol', number: 0 });
    return members.get(action.member);
  }

  async function ticketed(action: Action, shop: number, step: string) {
    const caller = deviceFor(action, shop);
    const request = requestOf(caller, about(action, step));
    const known = await memberOf(action);
    if (known === undefined) return undefined;
    return { caller, request, ticket: zone.ticket({ ...known, request: request.idempotencyKey }) };
  }

  async function pay(action: Of<'pay'>): Promise<void> {
    const asked = await ticketed(action, action.shop, 'pay');
    if (asked === undefined) return;
    const money = { amount: action.amount, currency: 'EUR' };
    const { payment, state } = await payByPalm(depsAt(stepClock(action.at)), { ...asked, ...money });
    if (state === 'captured') payments.set(`${action.member}/${action.number}`, payment);
  }

  async function refund({ of, share, ...action }: Of<'refund'>): Promise<void> {
    const payment = payments.get(`${action.member}/${of}`) ?? (await paidBefore(action.member, of));
    if (payment === undefined) return;
    payments.delete(`${action.member}/${of}`);
    const caller = deviceFor(action as Action, action.shop);
    const request = requestOf(caller, about(action as Action, 'refund'));
    const deps = depsAt(stepClock(action.at));
    const { state } = await load(deps.ledger, paymentStreams, `payment-${payment}`);
    const captured = 'terms' in state ? state.terms.amount : 0;
    const amount = Math.max(1, Math.round(captured * share));
    await refundPayment(deps, { caller, request, payment, amount, reason: 'returned' });
  }

  /** By a seeding that was cut off since: asking for the payment once more tells which it was. */
  async function paidBefore(member: number, number: number): Promise<string | undefined> {
    const paid = lifeOf(plan, member).find((one) => one.number === number);
    if (paid?.kind === 'pay') await pay(paid);
    return payments.get(`${member}/${number}`);
  }

  async function visit(action: Of<'visit'>): Promise<void> {
    const clock = stepClock(action.at);
    const deps = depsAt(clock);
    const asked = await ticketed(action, action.shop, 'enter');
    if (asked === undefined) return;
    const { visit } = await enterByPalm(deps, asked);
    const keeper: PrincipalCaller = { kind: 'merchant', principal: 'seed', merchant: asked.caller.merchant };
    for (const [at, article] of action.articles.entries()) {
      clock.pass(40);
      const [name, unitPrice] = SHOPS[action.shop]!.articles[article]!;
      const moved = { movement: 'taken', line: String(at), article: name, quantity: 1, unitPrice } as const;
      const request = requestOf(keeper, about(action, `item/${at}`));
      await moveItem(deps, { caller: keeper, request, visit, ...moved }).catch(unlessOver);
    }
    clock.pass(60);
    await leaveByPalm(deps, (await ticketed(action, action.shop, 'leave'))!);
  }

  async function credential(action: Of<'grant' | 'check'>): Promise<void> {
    const deps = depsAt(stepClock(action.at));
    const asked = await ticketed(action, action.shop, action.kind);
    if (asked === undefined) return;
    const kind = action.credential;
    if (action.kind === 'check') return void (await checkByPalm(deps, { ...asked, kind }));
    const reference = `${kind.slice(0, 1).toUpperCase()}-${100_000 + action.member}`;
    await grantCredential(deps, { ...asked, kind, reference, facts: {} });
  }

  return async (action) => {
    switch (action.kind) {
      case 'enrol':
        return enrol(action);
      case 'pay':
        return pay(action);
      case 'refund':
        return refund(action);
      case 'visit':
        return visit(action);
      case 'grant':
      case 'check':
        return credential(action);
    }
  };
}

/** A visit that an earlier, unfinished seeding ended already takes no more articles. */
function unlessOver(error: unknown): void {
  if (error instanceof Error && error.name === 'Refused') return;
  throw error;
}
