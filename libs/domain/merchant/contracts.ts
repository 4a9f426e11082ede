import { Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { EndContract, SignContract } from './commands.ts';
import type { MerchantEvent } from './events.ts';
import { requireRegistered } from './refusals.ts';
import { isPurpose, purposes as allowed } from './state.ts';
import type { MerchantState } from './state.ts';

export const maxContracts = 1_000;

export function signContract(command: SignContract, state: MerchantState): readonly MerchantEvent[] {
  const { contract, from } = command;
  const { contracts } = requireRegistered(state);
  const wanted = [...new Set(command.purposes)];
  const known = contracts.find((one) => one.contract === contract);
  if (known) {
    const same = known.from === from && known.purposes.join() === wanted.join();
    if (same) return [];
    throw new Refused('contract-reference-used', 'The reference belongs to another contract of this merchant.');
  }
  if (contracts.length >= maxContracts)
    throw new Refused('too-many-contracts', `A merchant has at most ${maxContracts} contracts.`);
  requireText('contract', contract, 64);
  if (wanted.length === 0 || !wanted.every(isPurpose))
    throw new Refused('invalid-purposes', `A contract names some of these: ${allowed.join(', ')}.`, 'invalid');
  if (Number.isNaN(Date.parse(from)))
    throw new Refused('invalid-from', 'The beginning is no ISO 8601 moment.', 'invalid');
  return [{ type: 'ContractSigned', clear: { contract, purposes: wanted, from } }];
}

export function endContract({ contract }: EndContract, state: MerchantState): readonly MerchantEvent[] {
  const known = requireRegistered(state).contracts.find((one) => one.contract === contract);
  if (!known) throw new Refused('contract-not-found', 'There is no such contract.', 'missing');
  return known.endedAt === undefined ? [{ type: 'ContractEnded', clear: { contract } }] : [];
}
