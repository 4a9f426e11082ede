/** What the loops tell about themselves; an app hands in one that ends in its gauges and counters. */
export interface PipelineMetrics {
  /** How many ledger positions a pipeline is behind the ledger's head. */
  lag(pipeline: string, positions: number): void;
  /** So many messages were put aside. */
  parked(pipeline: string, messages: number): void;
  /** A pipeline failed and will try again. The error names no person. */
  failed(pipeline: string, error: unknown): void;
}

export const noMetrics: PipelineMetrics = { lag: () => {}, parked: () => {}, failed: () => {} };
