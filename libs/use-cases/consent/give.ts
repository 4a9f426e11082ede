import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';

/** Agrees to the text in force: a newer one, or again after a withdrawal that was taken back. */
export async function giveConsent(
  deps: Deps,
  { version, language, ...asking }: Asking & { readonly version: string; readonly language: string },
): Promise<{ position: bigint }> {
  if (version !== deps.policy.consentVersion) {
    const inForce = { version: deps.policy.consentVersion };
    throw new Refused('consent-outdated', 'this is not the text in force', 'invalid', inForce);
  }
  const sealed = { language, device: 'platform' };
  const command = { type: 'GiveConsent', at: isoNow(deps.clock), version, sealed } as const;
  const { position } = await decideOnce(deps, asking, command, { type: 'ConsentGiven', version });
  return { position };
}
