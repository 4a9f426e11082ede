import type { ChainStore } from '#libs/device-protocol/chain-store.ts';
import type { NonceMemory } from '#libs/device-protocol/nonce-memory.ts';

/** What the edge needs to know devices by, besides their streams. */
export interface DeviceEdge {
  readonly chains: ChainStore;
  readonly nonces: NonceMemory;
  /** How devices reach this service: scheme and host. */
  readonly publicUrl: () => string;
  /** Hosts (with port) that it answers for. */
  readonly authorities: () => readonly string[];
}

/** Its injection token. */
export const DEVICE_EDGE = Symbol('device edge');
