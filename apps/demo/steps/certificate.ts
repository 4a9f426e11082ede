import { createPublicKey } from 'node:crypto';
import { verifyCertificate } from '#libs/evidence/certificate.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { expect } from '../report.ts';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import type { World } from '../world.ts';

export interface Status {
  readonly state: string;
  readonly done: readonly string[];
  readonly certificate?: string;
}

const PATIENCE_MS = 20_000;

/** The state of an erasure, by its receipt: nobody is signed in any more. */
export async function status(world: World, receipt: string): Promise<Status> {
  const answer = await fetch(new URL('/erasures/status', world.instance.url), {
    headers: { 'palmledger-receipt': receipt },
  });
  const body = (await answer.json()) as Status & Record<string, unknown>;
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

/** Waits for the certificate, acknowledging as the one service that has to, and verifies it with nothing but the public key. */
export async function certified(world: World, receipt: string) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    await acknowledge(world.notes.get<PersonApi>('service'));
    const { certificate } = await status(world, receipt);
    if (certificate !== undefined) return verified(world, certificate);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no certificate in time: ${JSON.stringify(await status(world, receipt))}`);
}

async function verified(world: World, certificate: string) {
  const { publicKey } = await world.nobody.get<{ publicKey: string }>('/evidence/v1/key');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  const body = verifyCertificate(Buffer.from(certificate, 'utf8'), key);
  const altered = Buffer.from(
    certificate.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
    'utf8',
  );
  expect(!holds(() => verifyCertificate(altered, key)), 'an altered certificate verifies');
  return body;
}

function holds(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

async function acknowledge(service: PersonApi): Promise<void> {
  const { items } = await service.get<{ items: readonly { erasure: string }[] }>('/service/v1/erasures');
  for (const { erasure } of items) await service.post(`/service/v1/erasures/${erasure}/acknowledgements`);
}
