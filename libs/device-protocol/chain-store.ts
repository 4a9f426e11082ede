import type { ChainRequest, ChainVerdict } from './device-chain.ts';

/** Keeps each device's chain (device-chain.ts). Stored before the request is answered. */
export interface ChainStore {
  /** A device that was just activated: the first value that it is given. What it had before is forgotten. */
  begin(device: string): Promise<string>;
  follow(device: string, request: ChainRequest): Promise<ChainVerdict>;
  close(): Promise<void>;
}
