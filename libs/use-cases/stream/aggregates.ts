import { checkDecider } from '#libs/domain/check/decider.ts';
import type { Decider } from '#libs/domain/decider.ts';
import { deviceDecider } from '#libs/domain/device/decider.ts';
import { erasureDecider } from '#libs/domain/erasure/decider.ts';
import type { DomainEvent } from '#libs/domain/event.ts';
import { lookDecider } from '#libs/domain/look/decider.ts';
import { merchantDecider } from '#libs/domain/merchant/decider.ts';
import { oneIdDecider } from '#libs/domain/one-id/decider.ts';
import { paymentDecider } from '#libs/domain/payment/decider.ts';
import { principalDecider } from '#libs/domain/principal/decider.ts';
import { subscriberDecider } from '#libs/domain/subscriber/decider.ts';
import { visitDecider } from '#libs/domain/visit/decider.ts';
import type { Aggregate } from './aggregate.ts';

/** Raise a fold's version whenever its `evolve` or its state changes: snapshots of the old one are dropped. */
export const oneIds = aggregate('oneId', 1, oneIdDecider);
export const payments = aggregate('payment', 1, paymentDecider);
export const visits = aggregate('visit', 2, visitDecider);
export const checks = aggregate('check', 1, checkDecider);
export const looks = aggregate('look', 1, lookDecider);
export const devices = aggregate('device', 1, deviceDecider);
export const merchants = aggregate('merchant', 1, merchantDecider);
export const principals = aggregate('principal', 1, principalDecider);
export const subscribers = aggregate('subscriber', 1, subscriberDecider);
export const erasures = aggregate('erasure', 1, erasureDecider);

function aggregate<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  kind: string,
  foldVersion: number,
  decider: Decider<State, Command, Event>,
): Aggregate<State, Command, Event> {
  return { kind, foldVersion, decider };
}
