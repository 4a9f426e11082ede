export const topics = ['one-ids', 'one-id-changes', 'purchases', 'visits', 'devices', 'merchants', 'erasures'] as const;
export type Topic = (typeof topics)[number];

/** These name One IDs in the clear, so no merchant follows them: two merchants could join their customers by them. */
export const topicsOfOneIds: readonly Topic[] = ['one-ids', 'one-id-changes'];

export interface Subscription {
  readonly name: string;
  readonly merchant?: string;
  readonly topics: readonly Topic[];
  /** Each erasure waits, up to its last day, until this subscriber has acknowledged it. */
  readonly acknowledgesErasures: boolean;
}
export type SubscriberState =
  | { readonly phase: 'none' }
  | (Subscription & { readonly phase: 'active' })
  | (Subscription & { readonly phase: 'retired'; readonly reason: string });

export const noSubscriber: SubscriberState = { phase: 'none' };

export function isTopic(text: string): text is Topic {
  return (topics as readonly string[]).includes(text);
}

export function follows(state: SubscriberState, topic: Topic): boolean {
  return state.phase === 'active' && state.topics.includes(topic);
}
