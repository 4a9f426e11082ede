import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, type Running } from '#apps/palmledger/start.ts';
import { newId } from '#libs/runtime/ids.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import { registerDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';

/** The whole system in this process, in a temporary folder, with a merchant and an open site. */
export interface Started {
  readonly folder: string;
  readonly running: Running;
  readonly admin: PrincipalCaller;
  readonly merchant: string;
  readonly site: string;
  readonly outboxDir: string;
  /** A code for another device at the site. */
  activationCode(): Promise<string>;
  stop(): Promise<void>;
}

export async function startSystem(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'started-'));
  const outboxDir = join(folder, 'outbox');
  const running = await start(
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'data'),
      PALMLEDGER_KEYS: join(folder, 'keys'),
      PALMLEDGER_OUTBOX: outboxDir,
      PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'silent',
    }),
  );
  const { parts } = running;
  const admin = { kind: 'admin', principal: running.firstAdmin!.principal } as const;
  const asked = () => ({ caller: admin, request: { caller: 'test', idempotencyKey: newId(), digest: '' } });
  const { merchant } = await registerMerchant(parts, { ...asked(), name: 'Corner', country: 'DE', currency: 'EUR' });
  const place = { name: 'Main', place: 'Berlin', timeZone: 'Europe/Berlin' };
  const { site } = await openSite(parts, { ...asked(), merchant, ...place });
  const purposes = ['pay', 'visit', 'badge', 'loyalty', 'subscription', 'age'];
  await signContract(parts, { ...asked(), merchant, purposes });
  return {
    folder,
    running,
    admin,
    merchant,
    site,
    outboxDir,
    activationCode: async () => {
      const device = { merchant, site, kind: 'till', name: 'Till', nearInfrared: true } as const;
      return (await registerDevice(parts, { ...asked(), ...device })).activationCode;
    },
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
