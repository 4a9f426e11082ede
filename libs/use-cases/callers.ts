import type { DeviceKind } from '#libs/domain/device/events.ts';
import type { Role } from '#libs/domain/values.ts';
import type { Who } from './stream/decide.ts';

/** A device whose signature was verified, with the company that runs it and the place where it stands. */
export interface DeviceCaller {
  readonly kind: 'device';
  readonly device: string;
  readonly merchant: string;
  readonly site: string;
  readonly deviceKind: DeviceKind;
  readonly nearInfrared: boolean;
}

/** A member who signed in with a code to a verified phone. */
export interface MemberCaller {
  readonly kind: 'member';
  readonly oneId: string;
  readonly session: string;
}

/** Somebody who works with the system. One principal may hold several roles; a request acts in one of them. */
export interface PrincipalCaller {
  readonly kind: Role;
  readonly principal: string;
  /** Set for a merchant's people and services. */
  readonly merchant?: string;
  /** Set for a service that follows topics. */
  readonly subscriber?: string;
}

/** The system itself: schedulers and workflows. */
export interface SystemCaller {
  readonly kind: 'system';
  readonly part: string;
}

export type PersonCaller = MemberCaller | PrincipalCaller;
export type Caller = DeviceCaller | PersonCaller | SystemCaller;

/** A caller as idempotency keys are kept apart: nobody finds another's claim. */
export function callerId(caller: Caller): string {
  switch (caller.kind) {
    case 'device':
      return `device-${caller.device}`;
    case 'member':
      return caller.oneId;
    case 'system':
      return `system/${caller.part}`;
    default:
      return `principal-${caller.principal}`;
  }
}

/** Whose idempotency keys these are: those that a principal uses for one company are not those for another, or in another role. */
export function claimantOf(caller: Caller): string {
  if (!('principal' in caller)) return callerId(caller);
  return [callerId(caller), caller.kind, caller.merchant ?? caller.subscriber ?? ''].join('/');
}

/** A caller as it is sealed with each event that it causes. */
export function whoOf(caller: Caller, correlation?: string): Who {
  const about = {
    who: callerId(caller),
    ...(caller.kind === 'device' ? { device: caller.device } : {}),
    ...(correlation === undefined ? {} : { correlation }),
  };
  return { actor: caller.kind, about };
}
