import {
  HttpException,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { PrincipalState } from '#libs/domain/principal/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { rightOf, type Action } from '#libs/identity/rights.ts';
import type { MemberSession, PrincipalSession, Session } from '#libs/identity/sessions.ts';
import { verifyToken } from '#libs/identity/tokens.ts';
import type { MemberCaller, PersonCaller, PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { principals } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { DEPS } from '../http/messages.ts';
import type { CallerRequest } from '../http/write.ts';
import { ACT_FOR_HEADER, actingGrant } from './acting-role.ts';
import { PEOPLE_EDGE, type PeopleEdge } from './edge.ts';

const NEEDS = 'palmledger:needs';
/** Whoever is signed in, in whatever role. */
export const ANYBODY = 'anybody';

/** What a route does, by the table of rights; on the controller or the method, which wins. A guarded route without it lets nobody in. */
export const Needs = (action: Action | typeof ANYBODY) => SetMetadata(NEEDS, action);

/** What `Needs` says of a method: its own word before its controller's. */
export function neededBy(method: object, controller: object): string | undefined {
  return (Reflect.getMetadata(NEEDS, method) ?? Reflect.getMetadata(NEEDS, controller)) as string | undefined;
}

/** A request whose bearer has been verified. */
export type BearerRequest = CallerRequest & { session?: Session };

/**
 * Lets in whoever bears a token of ours that holds and is not signed out since, in the one role that may do what the route
 * does. Roles are read from the principal's stream at each request, so that one that was taken away is gone at once.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  private readonly deps: Deps;
  private readonly edge: PeopleEdge;
  private readonly reflector: Reflector;

  constructor(@Inject(DEPS) deps: Deps, @Inject(PEOPLE_EDGE) edge: PeopleEdge, reflector: Reflector) {
    this.deps = deps;
    this.edge = edge;
    this.reflector = reflector;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<BearerRequest>();
    const action = this.reflector.getAllAndOverride<Action | typeof ANYBODY | undefined>(NEEDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (action === undefined) throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
    let state: PrincipalState = { phase: 'none' };
    const verified = await verifyToken(this.edge.tokens, tokenOf(request), async (session) => {
      if (session.kind === 'member') return this.edge.signOuts.notBefore(session);
      ({ state } = await load(this.deps.ledger, principals, `principal-${session.principal}`));
      return this.notBefore(session, state);
    });
    if (!verified.ok) throw unauthenticated(verified.reason);
    const { session } = verified.bearer;
    request.session = session;
    request.caller =
      session.kind === 'member'
        ? memberCaller(session, action)
        : principalCaller(session, state, action, actForOf(request));
    return true;
  }

  private notBefore(session: PrincipalSession, state: PrincipalState): string {
    // Later than any token: who was removed is out.
    if (state.phase !== 'present') return '9999-12-31T23:59:59.999Z';
    const signedOut = this.edge.signOuts.notBefore(session);
    return signedOut > state.notBefore ? signedOut : state.notBefore;
  }
}

function memberCaller({ oneId, session }: MemberSession, action: Action | typeof ANYBODY): MemberCaller {
  if (action !== ANYBODY && rightOf('member', action) === undefined)
    throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  return { kind: 'member', oneId, session };
}

function principalCaller(
  { principal }: PrincipalSession,
  state: PrincipalState,
  action: Action | typeof ANYBODY,
  actFor: string | undefined,
): PersonCaller {
  const grants = state.phase === 'present' ? state.grants : [];
  const [first] = grants;
  const grant = action === ANYBODY ? first : actingGrant(grants, action, actFor);
  if (grant === undefined) throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  const { role: kind, merchant, subscriber } = grant;
  return {
    kind,
    principal,
    ...(merchant === undefined ? {} : { merchant }),
    ...(subscriber === undefined ? {} : { subscriber }),
  } satisfies PrincipalCaller;
}

function tokenOf(request: BearerRequest): string {
  const given = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw unauthenticated('token-missing');
  return given;
}

function actForOf(request: BearerRequest): string | undefined {
  const given = request.headers[ACT_FOR_HEADER];
  return typeof given === 'string' ? given : undefined;
}

function unauthenticated(reason: 'token-missing' | 'invalid' | 'expired' | 'signed-out'): HttpException {
  return new HttpException({ code: 'unauthenticated', message: 'sign in first', extra: { reason } }, 401);
}
