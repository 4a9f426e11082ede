import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { LedgerContradicted } from '#libs/evidence/errors.ts';
import { openTreeFile } from '#libs/evidence/tree-file.ts';
import { fileWitness } from '#libs/evidence/witness-file/file-witness.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { FolderRefused } from '#libs/runtime/folder.ts';
import type { Settings } from '#libs/runtime/settings.ts';
import { checkLedger, type Checked } from '#libs/use-cases/evidence/check-ledger.ts';
import { keepVerified, type VerificationStatus } from '#libs/use-cases/evidence/keep-verified.ts';
import { showWitness } from '#libs/use-cases/evidence/show-witness.ts';
import { evidenceOf, type Evidence } from '#libs/use-cases/evidence/sign-head.ts';
import type { Parts } from './parts.ts';

/** The log of heads, its witness, and what verifies the ledger against them. */
export interface EvidenceKept extends Evidence {
  readonly checked: Checked;
  readonly verification: () => VerificationStatus;
  /** Goes on verifying; a ledger that is not what its heads say, whenever it is noticed, is told to `failed`. */
  readonly run: (failed: (error: unknown) => void) => void;
  /** Signs what is there, so that the next start knows all of it. */
  readonly stop: () => Promise<void>;
}

export interface EvidenceOptions {
  /** The witness could not be reached. */
  readonly away: (error: unknown) => void;
  /** Leaves read while the tree is brought up to the ledger's end. */
  readonly onLeaves: (done: bigint, of: bigint) => void;
}

/** Opens the evidence, and checks the ledger by it before anything is served. Throws `LedgerContradicted`, `FolderRefused`. */
export async function openEvidence(parts: Parts, settings: Settings, options: EvidenceOptions): Promise<EvidenceKept> {
  const { PALMLEDGER_DATA: dataDir, PALMLEDGER_WITNESS: witnessDir } = settings;
  mustBeOutside(dataDir, witnessDir);
  const { ledger, keys } = parts;
  const { publicKey } = keys.evidence;
  const witness = fileWitness(resolve(witnessDir), publicKey);
  const tree = openTreeFile(join(dataDir, 'tree'));
  const names = { ledger: dataDir, witness: witnessDir };
  try {
    await mustBeReadable(witness, witnessDir);
    const checking = { deps: parts, tree, log: ledger, witness, names, onLeaves: options.onLeaves };
    const checked = await checkLedger(checking);
    const ending = new AbortController();
    const show = showWitness({ witness, tree, publicKey, failed: options.away });
    const evidence = evidenceOf(parts, tree, ledger, show);
    let status = (): VerificationStatus => ({ state: 'running', done: '0', of: '0' });
    let verifying: Promise<void> = Promise.resolve();
    let tell: (error: unknown) => void = () => {};
    const watched =
      <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
      (...args: Args): Promise<T> =>
        call(...args).catch((error: unknown) => {
          if (error instanceof LedgerContradicted) tell(error);
          throw error;
        });
    return {
      ...evidence,
      sign: watched(() => evidence.sign()),
      anchor: watched((record: StoredRecord) => evidence.anchor(record)),
      checked,
      verification: () => status(),
      run: (failed) => {
        tell = failed;
        const { signal } = ending;
        const verifyStore = (until: AbortSignal) => ledger.verify(until);
        const kept = keepVerified({ deps: parts, log: ledger, evidence, verifyStore, signal });
        status = kept.status;
        verifying = kept.end.catch((error: unknown) => (signal.aborted ? undefined : failed(error)));
      },
      stop: async () => {
        ending.abort();
        await verifying;
        await evidence.sign().catch(() => undefined);
        tree.close();
      },
    };
  } catch (error) {
    tree.close();
    throw error;
  }
}

async function mustBeReadable(witness: { last(): Promise<unknown> }, folder: string): Promise<void> {
  try {
    await witness.last();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FolderRefused(
      `the witness's folder ${folder} cannot be read (${code ?? 'unknown'}); bring it back, or name another by PALMLEDGER_WITNESS`,
    );
  }
}

/** What can be taken with the data, and set back with it, is no witness. */
function mustBeOutside(dataDir: string, witnessDir: string): void {
  const way = relative(real(resolve(dataDir)), real(resolve(witnessDir)));
  if (way !== '' && (way === '..' || way.startsWith(`..${sep}`))) return;
  throw new FolderRefused(
    `the witness's folder ${witnessDir} lies inside the data folder ${dataDir}: set PALMLEDGER_WITNESS to a place outside it`,
  );
}

/** With what exists of it resolved. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(real(dirname(path)), basename(path));
  }
}
