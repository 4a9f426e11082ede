import { join, resolve } from 'node:path';
import { openSimulator, type SimulatedNetwork } from '#libs/card-network/simulator/simulator.ts';
import { openChainStore } from '#libs/device-protocol/embedded/chain-store.ts';
import type { ChainStore } from '#libs/device-protocol/chain-store.ts';
import { ContactIndex } from '#libs/identity/contact-index.ts';
import { InMemoryCodeStore } from '#libs/identity/in-memory/code-store.ts';
import { openServiceKeys } from '#libs/identity/service-keys.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { hasFileKeyring, makeFileKeyring, openFileKeyring, type CopyPlace } from '#libs/keyring/file/open.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { folderCarrier } from '#libs/notices/folder/carrier.ts';
import { openOutbox } from '#libs/notices/folder/outbox.ts';
import { palmReader } from '#libs/recognition/palm/palm-reader.ts';
import type { PalmReader } from '#libs/recognition/palm/port.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { createEmbeddedTopics } from '#libs/topics/embedded/topics.ts';
import type { Deps, Policy } from '#libs/use-cases/deps.ts';
import { defaultPolicy } from '#libs/use-cases/policy.ts';
import { openEmbeddedViews } from '#libs/views/embedded/views.ts';
import { openZone } from './zone.ts';

export interface PartsOptions {
  readonly dataDir: string;
  readonly keysDir: string;
  readonly outboxDir: string;
  /** The simulated card network's own folder: it stands for the outside world. */
  readonly cardNetworkDir: string;
  readonly replicas?: readonly CopyPlace[];
  readonly clock: Clock;
  /** Hosts (with port) that devices call it by. */
  readonly authorities: readonly string[];
  readonly falsePositiveRate: number;
  readonly visibleLightLimit: number;
  readonly policy?: Partial<Policy>;
  /** Another reader of palms than the model's: for who enters below recognition. */
  readonly reader?: PalmReader;
  /** Called when nobody knows what was written. Ends the process unless stated. */
  readonly onFatal?: (error: Error) => void;
}

/** The embedded parts, opened: what use cases need, with what only this process knows of them. */
export interface Parts extends Deps {
  readonly ledger: EmbeddedLedger;
  readonly network: SimulatedNetwork;
  readonly chains: ChainStore;
  close(): Promise<void>;
}

const OUTBOX_KEY = 'outbox';

/** Opens everything in order: the ledger first, since its lock keeps a second process out. Closes what it opened where a later part fails. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { dataDir, clock } = options;
  const closing: (() => Promise<void>)[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    closing.unshift(() => part.close());
    return part;
  };
  const close = async (): Promise<void> => {
    for (const end of closing) await end();
  };
  try {
    const onFatal = options.onFatal === undefined ? {} : { onFatal: options.onFatal };
    const ledger = keep(await openEmbeddedLedger({ dir: dataDir, ...onFatal }));
    const keyring = keep(await openKeyring(options));
    const keys = await openServiceKeys(keyring, dataDir);
    const chains = keep(openChainStore(join(dataDir, 'devices.db'), keys.chainSecret));
    const network = keep(await openSimulator({ folder: options.cardNetworkDir, clock }));
    const outbox = keep(await openOutboxIn(options, keyring));
    const topics = keep(createEmbeddedTopics({ ledger, source: '/palmledger' }));
    const views = keep(await openEmbeddedViews({ folder: join(dataDir, 'views') }));
    const contacts = new ContactIndex();
    const { authorities, falsePositiveRate, visibleLightLimit } = options;
    const reader = options.reader ?? palmReader();
    const zone = { ledger, keyring, contacts, keys, clock, reader, authorities, falsePositiveRate, visibleLightLimit };
    const recognition = keep(await openZone(zone));
    const policy = { ...defaultPolicy, ...options.policy };
    const codes = new InMemoryCodeStore();
    return {
      ledger,
      keyring,
      keys,
      chains,
      network,
      outbox,
      topics,
      views,
      contacts,
      recognition,
      codes,
      clock,
      policy,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openKeyring({ dataDir, keysDir, replicas = [] }: PartsOptions): Promise<Keyring> {
  const options = { dataDir: resolve(dataDir), keysDir: resolve(keysDir), replicas };
  return (await hasFileKeyring(options.dataDir)) ? openFileKeyring(options) : makeFileKeyring(options);
}

async function openOutboxIn({ dataDir, outboxDir, clock }: PartsOptions, keyring: Keyring) {
  await keyring.make([OUTBOX_KEY]);
  return openOutbox({
    folder: join(dataDir, 'outbox'),
    carrier: await folderCarrier(outboxDir, clock),
    ownKey: OUTBOX_KEY,
    clock,
    sealing: {
      seal: async (key, plaintext, context) => (await keyring.seal([{ key, plaintext, context }]))[0]!,
      open: async (key, ciphertext, context) => (await keyring.open([{ key, ciphertext, context }]))[0]!,
    },
  });
}
