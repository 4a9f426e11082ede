import { EvidenceController } from './evidence.controller.ts';

/** What anybody checks. Needs EVIDENCE_EDGE. */
export const evidenceApi = { controllers: [EvidenceController], handlers: [] };
