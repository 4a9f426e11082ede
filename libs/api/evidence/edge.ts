import type { Evidence } from '#libs/use-cases/evidence/sign-head.ts';

/** The log of heads, as the app has opened it. */
export type EvidenceEdge = Evidence;

/** Its injection token. */
export const EVIDENCE_EDGE = Symbol('evidence edge');
