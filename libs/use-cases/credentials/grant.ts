import type { OneIdCommand } from '#libs/domain/one-id/commands.ts';
import { cameAlready } from '#libs/domain/one-id/guards.ts';
import { isLiving, transactionByTicket, type OneIdState } from '#libs/domain/one-id/state.ts';
import type { CredentialKind } from '#libs/domain/values.ts';
import { Refused } from '#libs/domain/refused.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type DeviceCaller, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { manageCommand, nextNumber } from '../one-id/manage.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { requireAllowed } from '../party/allowed.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface Grant {
  readonly caller: DeviceCaller;
  readonly request: Request;
  /** Of an identification for `manage`: the member is there and holds the palm over the third party's own device. */
  readonly ticket: string;
  readonly kind: CredentialKind;
  /** The third party's own: a badge's or a contract's number. */
  readonly reference: string;
  /** What may be told with it, such as `{ band: 'over-18' }`. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface Granted {
  /** To be given back to revoke it; it says nothing to anybody else. */
  readonly credential: string;
  readonly kind: CredentialKind;
  readonly pseudonym: string;
  readonly position: bigint;
}

interface Plan extends Ticketed {
  readonly credential: string;
}

/** A third party gives a member a badge, a loyalty card, a subscription or a proof of age. */
export async function grantCredential(deps: Deps, input: Grant): Promise<Granted> {
  const { caller, request, ticket, kind, reference, facts } = input;
  const who = whoOf(caller);
  const { plan, key } = await claim<Plan>(deps, request, who, async () => {
    await requireAllowed(deps, caller, kind);
    const ticketed = await redeem(deps, caller, ticket, { purpose: 'manage', request: request.idempotencyKey });
    return { ...ticketed, credential: newId() };
  });
  const stream = `oneId-${plan.oneId}`;
  const pseudonym = await pseudonymFor(deps.keyring, plan.oneId, `merchant-${caller.merchant}`);
  const held = { oneId: plan.oneId, credential: plan.credential };
  const credential = sealHandle(deps.keys.handleSecret, 'credential', caller.merchant, held);
  const { state, position: before } = await load(deps.ledger, oneIds, stream);
  if (isLiving(state) && cameAlready(state, 'credential', plan.credential)) {
    return { credential, kind, pseudonym, position: before };
  }
  await deps.keyring.make([`${stream}/${plan.credential}`]);
  const at = isoNow(deps.clock);
  const sealed = { thirdParty: caller.merchant, reference, facts };
  // One step: the palm is there, the credential is given, and nothing stays open.
  const commands = (one: OneIdState): OneIdCommand[] => {
    const number = transactionByTicket(one, plan.ticketHash)?.number ?? nextNumber(one);
    return [
      manageCommand(deps, caller, plan, at, [key]),
      { type: 'GrantCredential', at, credential: plan.credential, kind, sealed },
      { type: 'CloseTransaction', at, number, outcome: 'completed' },
    ];
  };
  const { position } = await decideOn(deps, oneIds, stream, commands, who);
  return { credential, kind, pseudonym, position };
}

export interface Revoke {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly credential: string;
}

/** The third party takes back what it granted. Throws `credential-unknown` for what is another's. */
export async function revokeCredential(
  deps: Deps,
  { caller, request, credential }: Revoke,
): Promise<{ position: bigint }> {
  const { handleSecret } = deps.keys;
  const held = openHandle<{ oneId: string; credential: string }>(
    handleSecret,
    'credential',
    caller.merchant ?? '',
    credential,
  );
  if (held === undefined) throw new Refused('credential-unknown', 'there is no such credential', 'missing');
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => held);
  const command = { type: 'RevokeCredential', at: isoNow(deps.clock), credential: plan.credential } as const;
  const { position } = await decideOn(deps, oneIds, `oneId-${plan.oneId}`, command, who);
  return { position };
}
