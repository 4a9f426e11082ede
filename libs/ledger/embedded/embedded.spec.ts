import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafLogContract } from '../leaf-log.contract.ts';
import { ledgerContract } from '../ledger.contract.ts';
import { openEmbeddedLedger } from './open.ts';

const fresh = (positionStep: number) => async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ledger-'));
  const ledger = await openEmbeddedLedger({ dir, positionStep });
  const end = async (): Promise<void> => {
    await ledger.close();
    rmSync(dir, { recursive: true });
  };
  return { ledger, end };
};

ledgerContract('the embedded ledger', fresh(1));
ledgerContract('the embedded ledger with gaps', fresh(7));
leafLogContract('the embedded ledger', fresh(1));
leafLogContract('the embedded ledger with gaps', fresh(7));
