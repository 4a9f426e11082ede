import type { Recognition } from '../port.ts';
import { newAdmission } from './admit.ts';
import { inTime, withoutDoubt, withoutSilence } from './doubt.ts';
import { enrolPalm } from './enrol.ts';
import { forgetAll, loadPalms, removePalm, takePalm } from './feed.ts';
import { newFreshness } from './freshness.ts';
import { identifyPalm } from './identify.ts';
import { inOrder } from './in-order.ts';
import { keysOfTheDay } from './keys-of-the-day.ts';
import type { ZoneParts } from './parts.ts';
import { withPalm } from './read-palm.ts';
import { newReferences } from './references.ts';
import { newTickets } from './tickets.ts';
import { newTries } from './tries.ts';
import { dropTraces, type ZoneState } from './zone-state.ts';

const KNOWN_MS = 10 * 60_000;
const SECOND_LOOK_MS = 2 * 60_000;
const TRIES_MS = 15 * 60_000;

/** The secure zone in this process. Closing it closes the reader and the index. */
export function startZone(parts: ZoneParts): Recognition {
  const { clock, policy, index, models } = parts;
  const keys = keysOfTheDay(clock, parts.signKey);
  const admit = newAdmission(parts, keys);
  const state: ZoneState = {
    parts,
    freshness: newFreshness(policy.staleAfterMs, () => index.failed(), parts.elapsed),
    shapes: new Map(models.map(({ shape }) => [shape.modelVersion, shape])),
    tickets: newTickets(clock),
    known: newReferences(clock, KNOWN_MS),
    secondLooks: newReferences(clock, SECOND_LOOK_MS),
    triesOfOneId: newTries(clock, policy.triesPerOneId, TRIES_MS),
    triesOfDevice: newTries(clock, policy.triesPerDevice, TRIES_MS),
    closed: new Set(),
    underWay: new Set(),
    epoch: 0,
  };
  const change = inOrder();
  /** What fails is the feeder's to repeat. While it does, nobody reports the ledger's end, and the zone falls silent. */
  const feed = <Result>(work: () => Promise<Result>): Promise<Result> => change(() => withoutSilence(work));

  return {
    captureKey: () => withoutDoubt(() => inTime(policy.deadlineMs, keys.current())),
    enrol: (request) =>
      withoutDoubt(async () => {
        if (request.binding.purpose !== 'enrol') return { outcome: 'refused', reasons: ['binding-invalid'] };
        return withPalm(state, admit, request, (seen) => enrolPalm(state, request, seen));
      }),
    identify: (request) =>
      withoutDoubt(async () => {
        if (request.binding.purpose === 'enrol') return { outcome: 'refused', reasons: ['binding-invalid'] };
        return withPalm(state, admit, request, (seen) => identifyPalm(state, request, seen));
      }),
    redeem: async (ticket, binding) => state.tickets.redeem(ticket, binding),
    resolveKnown: async (knownRef, device) => {
      const known = state.known.resolve(knownRef, device);
      if (known === undefined) return { outcome: 'refused', reason: 'unknown' };
      return { outcome: 'resolved', oneId: known.oneId };
    },
    palmEnrolled: (entry) => feed(() => takePalm(state, entry)),
    palmsLoaded: (entries) => feed(() => loadPalms(state, entries)),
    palmRemoved: (oneId, palm) => feed(() => removePalm(state, oneId, palm)),
    oneIdClosed: async (oneId) => {
      state.closed.add(oneId);
      dropTraces(state, oneId);
    },
    oneIdReopened: async (oneId) => {
      state.closed.delete(oneId);
    },
    forget: (epoch, gone) => feed(() => forgetAll(state, epoch, gone)),
    passed: (position, atEnd) => state.freshness.passed(position, atEnd),
    ready: () => ({
      ...state.freshness.state(),
      palms: index.palms(),
      modelVersions: [...state.shapes.keys()],
      epoch: state.epoch,
    }),
    close: async () => {
      state.freshness.close();
      keys.close();
      await Promise.all([index.close(), ...models.map(({ reader }) => reader.close())]);
    },
  };
}
