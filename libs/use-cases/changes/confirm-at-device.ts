import type { OneIdCommand } from '#libs/domain/one-id/commands.ts';
import type { ChangeKind } from '#libs/domain/one-id/events.ts';
import { transactionByTicket, type OneIdState } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { languageOf } from '../contacts/contacts.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { startErasure } from '../erasure/start.ts';
import { manageCommand, nextNumber } from '../one-id/manage.ts';
import { ownOneId } from '../one-id/own.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { requireSiteOpen } from '../party/allowed.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { changeMeant } from './confirmation-code.ts';
import { detailsOf, seedIn, type ChangeDetails } from './details.ts';

export interface ConfirmAtDevice {
  readonly caller: DeviceCaller;
  readonly request: Request;
  /** Of an identification for `confirm`. */
  readonly ticket: string;
  /** That the change was announced with. */
  readonly code: string;
}

export interface Confirmed {
  readonly kind: ChangeKind;
  readonly position: bigint;
}

interface Plan extends Ticketed {
  readonly change: string;
  readonly kind: ChangeKind;
  readonly target: string;
}

/** The palm at a device, and the code that only the member was shown: an announced change is made at once. */
export async function confirmAtDevice(deps: Deps, input: ConfirmAtDevice): Promise<Confirmed> {
  const { caller, request } = input;
  const who = whoOf(caller);
  const { plan, key } = await claim<Plan>(deps, request, who, () => makePlan(deps, input));
  const stream = `oneId-${plan.oneId}`;
  const details = plan.kind === 'leave' ? await detailsOf(deps, stream, plan.change) : {};
  const made = await effectOf(deps, plan, details, who);
  const at = isoNow(deps.clock);
  const commands = (state: OneIdState): OneIdCommand[] => {
    const number = transactionByTicket(state, plan.ticketHash)?.number ?? nextNumber(state);
    return [
      manageCommand(deps, caller, plan, at, [key]),
      { ...made, at, transaction: number },
      { type: 'CloseTransaction', at, number, outcome: 'completed' },
    ];
  };
  const { position } = await decideOn(deps, oneIds, stream, commands, who);
  await tell(deps, stream, `change-done/${plan.change}`, 'change-done', { change: plan.kind });
  return { kind: plan.kind, position };
}

async function makePlan(deps: Deps, { caller, request, ticket, code }: ConfirmAtDevice): Promise<Plan> {
  await requireSiteOpen(deps, caller);
  const ticketed = await redeem(deps, caller, ticket, { purpose: 'confirm', request: request.idempotencyKey });
  const { stream, state } = await ownOneId(deps, ticketed);
  const { change, kind, target } = await changeMeant(deps, stream, state.waitingChanges, code);
  return { ...ticketed, change, kind, target };
}

type Made = Omit<Extract<OneIdCommand, { type: 'ConfirmChangeByPalm' | 'WithdrawConsent' }>, 'at' | 'transaction'>;

/** What the change comes to. Leaving, and a consent that is withdrawn, begin their erasure first. */
async function effectOf(deps: Deps, plan: Plan, details: ChangeDetails, who: ReturnType<typeof whoOf>) {
  const { oneId, change, kind, target } = plan;
  const confirm = { type: 'ConfirmChangeByPalm', change, kind, target, sealed: { details: {} } } as const;
  if (kind !== 'leave') return confirm satisfies Made;
  const reason = details['as'] === 'consent-withdrawn' ? 'consent-withdrawn' : 'member';
  const seed = seedIn(details);
  const erasure = await startErasure(deps, { oneId, reason, requestedBy: '', seed }, who);
  if (reason === 'member') return { ...confirm, erasure } satisfies Made;
  const language = await languageOf(deps, `oneId-${oneId}`);
  return { type: 'WithdrawConsent', sealed: { language }, erasure } as const satisfies Made;
}
