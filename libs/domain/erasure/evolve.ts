import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { ErasureEvent } from './events.ts';
import { STEPS, type Destroying, type ErasureState, type Pending, type Step } from './state.ts';

type Event = Folded<ErasureEvent>;

export function evolve(state: ErasureState, event: Event): ErasureState {
  switch (state.status) {
    case 'unknown':
      return event.type === 'ErasureStarted' ? started(event) : state;
    case 'pending':
      return evolvePending(state, event);
    case 'destroying':
      return evolveDestroying(state, event);
    case 'certified':
    case 'refused':
    case 'withdrawn':
      return state;
    default:
      return never(state);
  }
}

function started(event: Extract<Event, { type: 'ErasureStarted' }>): Pending {
  return {
    status: 'pending',
    about: { ...event.clear },
    startedAt: event.at,
    approvedBy: null,
    holds: [],
    releasedHolds: [],
    doneSteps: 0,
  };
}

function evolvePending(state: Pending, event: Event): ErasureState {
  switch (event.type) {
    case 'ErasureApproved':
      return { ...state, approvedBy: event.clear.principal };
    case 'ErasureRefused':
      return { ...state, status: 'refused', by: event.clear.principal };
    case 'Withdrawn':
      return { ...state, status: 'withdrawn', by: event.clear.by };
    case 'Held':
      return { ...state, holds: [...state.holds, event.clear.hold] };
    case 'Released': {
      const { hold } = event.clear;
      const holds = state.holds.filter((one) => one !== hold);
      return { ...state, holds, releasedHolds: [...state.releasedHolds, hold] };
    }
    case 'TransactionsSettled':
      return { ...state, doneSteps: after(event.type) };
    case 'DestructionBegun':
      return { ...state, status: 'destroying', doneSteps: after(event.type), asked: null };
    default:
      return state;
  }
}

function evolveDestroying(state: Destroying, event: Event): ErasureState {
  switch (event.type) {
    case 'IndexCleared':
    case 'ViewsPurged':
    case 'LastMessageSent':
    case 'KeysDestroyed':
    case 'StreamPruned':
    case 'ErasureKeyDestroyed':
      return { ...state, doneSteps: after(event.type) };
    case 'TombstonesPublished': {
      const { subscribers, acknowledgeBy } = event.clear;
      const asked = { subscribers: [...subscribers], acknowledgeBy, acknowledged: [], overdue: [] };
      return { ...state, doneSteps: after(event.type), asked };
    }
    case 'SubscriberAcknowledged': {
      if (!state.asked) return state;
      const acknowledged = [...state.asked.acknowledged, event.clear.subscriber];
      const overdue = state.asked.overdue.filter((one) => one !== event.clear.subscriber);
      return { ...state, asked: { ...state.asked, acknowledged, overdue } };
    }
    case 'SubscriberOverdue': {
      if (!state.asked) return state;
      return { ...state, asked: { ...state.asked, overdue: [...state.asked.overdue, event.clear.subscriber] } };
    }
    case 'ErasureCertified':
      return { ...state, status: 'certified', doneSteps: after(event.type), certificate: event.clear.certificate };
    default:
      return state;
  }
}

function after(step: Step): number {
  return STEPS.indexOf(step) + 1;
}
