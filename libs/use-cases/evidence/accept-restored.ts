import { LedgerContradicted } from '#libs/evidence/errors.ts';
import type { LossAccepted, Witness } from '#libs/evidence/witness.ts';
import type { Evidence } from './sign-head.ts';

/**
 * An older ledger was restored on purpose, and who was erased since was erased again: it is signed as it is now, and the witness
 * begins anew with that. Whoever calls has verified both admins. `evidence` shows nobody its heads. Answers with the head.
 */
export async function acceptRestored(
  evidence: Pick<Evidence, 'sign'>,
  witness: Witness,
  accepted: LossAccepted,
): Promise<string> {
  if (accepted.by[0] === accepted.by[1]) throw new LedgerContradicted('two admins accept a loss, not one');
  const signed = await evidence.sign();
  await witness.beginAnew(signed, accepted);
  return signed;
}
