export type SubscriberCommand = RegisterSubscriber | ChangeSubscription | RetireSubscriber;

/** `topics`: of `topics` in state.ts. Whoever acknowledges erasures follows the topic `erasures`. */
export interface RegisterSubscriber {
  readonly type: 'RegisterSubscriber';
  readonly at: string;
  readonly name: string;
  readonly merchant?: string;
  readonly topics: readonly string[];
  readonly acknowledgesErasures: boolean;
}
export interface ChangeSubscription {
  readonly type: 'ChangeSubscription';
  readonly at: string;
  readonly topics: readonly string[];
  readonly acknowledgesErasures: boolean;
}
export interface RetireSubscriber {
  readonly type: 'RetireSubscriber';
  readonly at: string;
  readonly reason: string;
}
