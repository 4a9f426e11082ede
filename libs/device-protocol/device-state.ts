import type { Activated } from './messages.ts';

/** What a device keeps across restarts; nothing of it is about a person. */
export interface DeviceState extends Activated {
  /** The value that the server gave last: it must be on disk before the answer that brought it is used. */
  readonly last: string;
}

/** `save` resolves when the state survives a power cut; it replaces the old one whole. */
export interface DeviceStore {
  load(): Promise<DeviceState | undefined>;
  save(state: DeviceState): Promise<void>;
}

/** For tests, and pages that are activated anew each time. */
export function memoryStore(initial?: DeviceState): DeviceStore {
  let kept = initial;
  return {
    load: async () => kept,
    save: async (state) => {
      kept = state;
    },
  };
}
