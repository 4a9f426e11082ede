import type { CertificateFacts } from '#libs/evidence/certificate-fields.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import type { Deps } from '#libs/use-cases/deps.ts';

/** What workflows need beyond what use cases do. */
export interface WorkflowDeps extends Deps {
  /** Shows that a record is in the log of a signed head (`Evidence.anchor` of use-cases/evidence/sign-head.ts). */
  readonly anchor: (record: StoredRecord) => Promise<CertificateFacts['anchor']>;
}
