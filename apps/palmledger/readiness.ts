import type { Readiness } from '#libs/api/health/health.controller.ts';
import type { Parts } from './parts.ts';

/** Positions that a follower may be behind and still count as caught up: a busy shop writes while it is asked. */
const CLOSE = 2_000n;

/** Why a part is not ready, in a few words. Something that cannot be asked is not ready. */
export function readinessOf(parts: Parts): Readiness {
  return async () => {
    const { ledger, views, contacts, recognition, keyring } = parts;
    const head = await ledger.head().catch(() => undefined);
    const behind = (position: bigint): string | undefined =>
      head === undefined || position + CLOSE >= head ? undefined : `${head - position} positions behind`;
    return {
      ledger: head === undefined ? 'does not answer' : undefined,
      recognition: recognitionOf(recognition.ready()),
      views: await asked(async () => (await damaged(views)) ?? behind(await views.position())),
      contacts: behind(contacts.position),
      keyring: await asked(() => quorumOf(keyring)),
    };
  };
}

function recognitionOf({ ready, why }: ReturnType<Parts['recognition']['ready']>): string | undefined {
  return ready ? undefined : (why ?? 'not ready');
}

async function damaged(views: Parts['views']): Promise<string | undefined> {
  return (await views.status()).damaged ? 'damaged: being built anew' : undefined;
}

async function quorumOf(keyring: Parts['keyring']): Promise<string | undefined> {
  const { copies, quorum } = await keyring.status();
  const inStep = copies.filter(({ state }) => state === 'in-step').length;
  return inStep >= quorum ? undefined : `${inStep} of ${quorum} copies in step`;
}

async function asked(ask: () => Promise<string | undefined>): Promise<string | undefined> {
  return ask().catch((error: unknown) => (error instanceof Error ? error.name : 'does not answer'));
}
