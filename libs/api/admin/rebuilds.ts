import type { LoggerService } from '@nestjs/common';
import type { AdminEdge, RebuildProgress } from './edge.ts';

export interface RebuildStatus {
  readonly state: 'none' | 'running' | 'done' | 'failed';
  /** Ledger positions, decimal. */
  readonly done?: string;
  readonly of?: string;
  readonly parked?: number;
}

/** The rebuild that this process was asked for, which goes on after the answer; one at a time. */
export class Rebuilds {
  private readonly rebuild: AdminEdge['views']['rebuild'];
  private readonly logger: Pick<LoggerService, 'error'>;
  private state: RebuildStatus['state'] = 'none';
  private progress: RebuildProgress | undefined;

  constructor(rebuild: AdminEdge['views']['rebuild'], logger: Pick<LoggerService, 'error'>) {
    this.rebuild = rebuild;
    this.logger = logger;
  }

  /** False where one runs. */
  start(): boolean {
    if (this.state === 'running') return false;
    this.state = 'running';
    this.progress = undefined;
    this.rebuild((progress) => (this.progress = progress)).then(
      () => (this.state = 'done'),
      (error: unknown) => {
        this.state = 'failed';
        this.logger.error(error instanceof Error ? error.name : 'failed');
      },
    );
    return true;
  }

  status(): RebuildStatus {
    const { state, progress } = this;
    if (progress === undefined) return { state };
    return { state, done: progress.done.toString(), of: progress.of.toString(), parked: progress.parked };
  }
}
