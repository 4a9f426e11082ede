import { BundleController } from './bundle.controller.ts';
import { EvidenceController } from './evidence.controller.ts';

/** What anybody checks, and what auditors take away. Needs EVIDENCE_EDGE. */
export const evidenceApi = { controllers: [EvidenceController, BundleController], handlers: [] };
