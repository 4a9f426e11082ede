import { Refused } from '#libs/domain/refused.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { newLook, recordLook } from '../look/record.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

const HOURS = 24;
const ASKED = 'export request';
const APPROVED = 'export approval';
/** Whoever presents a request to be approved is any admin; what is in it says who asked. */
const ANY_ADMIN = 'admin';

interface Wanted {
  readonly id: string;
  readonly auditor: string;
  readonly oneId: string;
  readonly reason: string;
  readonly until: string;
}

export interface RequestExport {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly oneId: string;
  readonly reason: string;
}

/** Something that its holder carries on and cannot read or change: nothing is kept of it here. */
export interface ExportRequested {
  readonly exportRequest: string;
  readonly until: string;
}

/** An auditor asks for an account's export with everything opened. To be handed to an admin, who approves it within a day. */
export async function requestExport(deps: Deps, input: RequestExport): Promise<ExportRequested> {
  const { caller, request, oneId, reason } = input;
  const { plan } = await claim<Wanted>(deps, request, whoOf(caller), async () => {
    const { state } = await load(deps.ledger, oneIds, `oneId-${oneId}`);
    if (state.status === 'unknown') throw new Refused('one-id-unknown', 'There is no such One ID.', 'missing');
    return { id: newId(), auditor: caller.principal, oneId, reason, until: inHours(deps) };
  });
  return { exportRequest: sealHandle(deps.keys.handleSecret, ASKED, ANY_ADMIN, plan), until: plan.until };
}

export interface ApproveExport {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly exportRequest: string;
}

export interface ExportApproved {
  /** Good once, within a day, for the auditor who asked. */
  readonly approval: string;
  readonly oneId: string;
  readonly auditor: string;
  readonly reason: string;
  readonly until: string;
  readonly position: bigint;
}

/** An admin who is not the auditor agrees; the member sees that too. Throws `export-request-invalid`, `four-eyes`. */
export async function approveExport(deps: Deps, input: ApproveExport): Promise<ExportApproved> {
  const { caller, request, exportRequest } = input;
  const wanted = openHandle<Wanted>(deps.keys.handleSecret, ASKED, ANY_ADMIN, exportRequest);
  if (wanted === undefined || isOver(deps, wanted)) throw invalid('export-request-invalid');
  const { auditor, oneId, reason } = wanted;
  if (auditor === caller.principal)
    throw new Refused('four-eyes', 'Somebody else than the auditor approves an export.', 'forbidden');
  const { plan } = await claim(deps, request, whoOf(caller), async () => {
    return { ...wanted, until: inHours(deps), look: await newLook(deps) };
  });
  const { look, ...approved } = plan;
  const { position } = await recordLook(deps, { caller, oneId, reason, askedFor: 'export-approval', look });
  const approval = sealHandle(deps.keys.handleSecret, APPROVED, auditor, approved);
  return { approval, oneId, auditor, reason, until: approved.until, position };
}

/**
 * Takes an approval, once: of many who present it one is let in, since its use is claimed on a stream of its own, which lives
 * longer than the approval does. Throws `approval-invalid`, `approval-used`.
 */
export async function useApproval(
  deps: Deps,
  { caller, oneId, approval }: { readonly caller: PrincipalCaller; readonly oneId: string; readonly approval: string },
): Promise<{ reason: string }> {
  const wanted = openHandle<Wanted>(deps.keys.handleSecret, APPROVED, caller.principal, approval);
  if (wanted?.oneId !== oneId || isOver(deps, wanted)) throw invalid('approval-invalid');
  const use = { caller: `export/${wanted.auditor}`, idempotencyKey: wanted.id, digest: wanted.id };
  const { fresh } = await claim(deps, use, whoOf(caller), async () => ({}));
  if (!fresh) throw new Refused('approval-used', 'An approval is good for one export.', 'gone');
  return { reason: wanted.reason };
}

function isOver({ clock }: Pick<Deps, 'clock'>, { until }: Wanted): boolean {
  return clock.now().toISOString() > until;
}

function inHours({ clock }: Pick<Deps, 'clock'>): string {
  return new Date(clock.now().getTime() + HOURS * 3_600_000).toISOString();
}

function invalid(code: 'export-request-invalid' | 'approval-invalid'): Refused {
  return new Refused(code, 'This was altered, is for something else, or its day is over.', 'forbidden');
}
