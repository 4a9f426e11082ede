import { isLiving, usablePalms } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';

export interface CompleteEnrolment {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly enrolment: string;
}

export interface EnrolmentCompleted {
  readonly completedAt: string;
  /** From the first step to here. */
  readonly durationMs: number;
  readonly position: bigint;
}

const PALM_WAIT_MS = 5_000;
const PALM_LOOK_MS = 50;

/** The last step. It waits a moment for the index to have searched the palm once more, in ledger order. */
export async function completeEnrolment(deps: Deps, input: CompleteEnrolment): Promise<EnrolmentCompleted> {
  const { caller, request, enrolment } = input;
  const stream = enrolmentStream(deps, caller, enrolment);
  const who = whoOf(caller);
  await palmSearched(deps, stream);
  await claim(deps, request, who, async () => ({ stream }));
  // Decided at the time that it is, also where an earlier try was refused: who came too late stays too late.
  const at = isoNow(deps.clock);
  const began = await timeOf(deps, stream, 'EnrolmentStarted');
  const sealed = { durationMs: Date.parse(at) - Date.parse(began), device: caller.device };
  const { position } = await decideOn(deps, oneIds, stream, { type: 'CompleteEnrolment', at, sealed }, who);
  const completedAt = await timeOf(deps, stream, 'EnrolmentCompleted');
  await tell(deps, stream, `enrolment-completed/${completedAt}`, 'enrolment-completed', { at: completedAt });
  return { completedAt, durationMs: Date.parse(completedAt) - Date.parse(began), position };
}

async function palmSearched(deps: Deps, stream: string): Promise<void> {
  for (let waited = 0; waited < PALM_WAIT_MS; waited += PALM_LOOK_MS) {
    const { state } = await load(deps.ledger, oneIds, stream);
    if (!isLiving(state) || state.palms.length === 0) return;
    if (usablePalms(state).length > 0) return;
    if (state.palms.every(({ condition }) => condition === 'duplicate')) return;
    await new Promise((resolve) => setTimeout(resolve, PALM_LOOK_MS));
  }
  throw new Refused('palm-not-searched', 'the palm is still being compared; try again in a moment', 'conflict', {
    retryAfter: 1,
  });
}

async function timeOf(deps: Deps, stream: string, type: 'EnrolmentStarted' | 'EnrolmentCompleted'): Promise<string> {
  for await (const record of readWhole(deps.ledger, stream, { limit: 50 }))
    if (record.type === type) return record.recordedAt;
  throw new Refused('enrolment-unknown', 'there is no such enrolment', 'missing');
}
